package partnersim

import (
	"slices"
)

// exclusivePermille of all flights and properties are sold by one partner only.
const exclusivePermille = 50

// assortment is one partner's part of the world: what it sells, and under which numbers.
type assortment struct {
	w    *World
	name string
	spec *Seller
	dice dice
}

// newAssortment is what the seller has of the world.
func newAssortment(w *World, s Seller) *assortment {
	return &assortment{w: w, name: s.Name, spec: &s, dice: w.dice("partner").str(s.Name)}
}

// exclusive names the one partner that sells an exclusive thing, or "": among all
// of the market that joined the world, the one with the highest dice.
func (w *World) exclusive(m market, id dice) string {
	if !id.str("exclusive").chance(exclusivePermille) {
		return ""
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	owner, best := "", dice(0)
	for _, p := range w.partners[m] {
		if d := id.str(p); d >= best {
			owner, best = p, d
		}
	}
	return owner
}

// sells tells whether the partner has a thing of the world: Share of all, chosen thing by thing.
func (a *assortment) sells(m market, id dice) bool {
	if owner := a.w.exclusive(m, id); owner != "" {
		return owner == a.name
	}
	return a.dice.str("sells").num(int64(id)).unit() < a.spec.Share*1000/(1000-exclusivePermille)
}

// sellsJourney tells whether the partner sells a journey: it does if it sells its
// longest flight, unless a shorter one is another's exclusively.
func (a *assortment) sellsJourney(j *journey) bool {
	main := j.main()
	for _, f := range j.legs {
		if len(a.spec.Carriers) > 0 && !slices.Contains(a.spec.Carriers, f.Code) {
			return false
		}
		if owner := a.w.exclusive(flightsMarket, f.id); f != main && owner != "" && owner != a.name {
			return false
		}
	}
	return a.sells(flightsMarket, main.id)
}

// sold is a flight as one partner sells it.
type sold struct {
	*flight
	by             *carrier
	byNumber       int
	operatorUnsaid bool // the partner leaves the operating carrier out
	opNumberUnsaid bool // the partner leaves the operating flight's number out
}

// codesharePermille of flights that others sell too are sold under their numbers, by each partner its own choice.
const codesharePermille = 320

// sell is how the partner writes a flight on its tickets.
func (a *assortment) sell(f *flight) sold {
	d := a.dice.str("ticket").num(int64(f.id))
	s := sold{flight: f, by: f.carrier, byNumber: f.number}
	if len(f.shares) > 0 && d.chance(codesharePermille) {
		sh := pick(d.str("by"), f.shares)
		s.by, s.byNumber = sh.carrier, sh.base+f.slot
	}
	s.opNumberUnsaid = a.spec.Operating != OperatingStated
	s.operatorUnsaid = a.spec.Operating == OperatingOftenUnsaid && d.str("operator").chance(150)
	return s
}
