package world

import (
	"slices"

	"fanfare/providers/partnersim/rng"
)

// exclusivePermille of all flights and properties are sold by one partner only.
const exclusivePermille = 50

// Inventory is one partner's part of the world: what it sells, and under which numbers.
type Inventory struct {
	World  *World
	Name   string
	Seller *Seller
	RNG    rng.RNG
}

// NewInventory is what the seller has of the world.
func NewInventory(w *World, s Seller) *Inventory {
	return &Inventory{World: w, Name: s.Name, Seller: &s, RNG: w.rng("partner").Str(s.Name)}
}

// Exclusive names the one partner that sells an exclusive thing, or "": among all
// of the market that joined the world, the one with the highest number drawn.
func (w *World) Exclusive(m Market, id rng.RNG) string {
	if !id.Str("exclusive").Chance(exclusivePermille) {
		return ""
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	owner, best := "", rng.RNG(0)
	for _, p := range w.partners[m] {
		if d := id.Str(p); d >= best {
			owner, best = p, d
		}
	}
	return owner
}

// Sells reports whether the partner has a thing of the world: Share of all, chosen thing by thing.
func (a *Inventory) Sells(m Market, id rng.RNG) bool {
	if owner := a.World.Exclusive(m, id); owner != "" {
		return owner == a.Name
	}
	return a.RNG.Str("sells").Num(int64(id)).Unit() < a.Seller.Share*1000/(1000-exclusivePermille)
}

// sellsJourney reports whether the partner sells a journey: it does if it sells its
// longest flight, unless a shorter one is another's exclusively.
func (a *Inventory) sellsJourney(j *Journey) bool {
	main := j.main()
	for _, f := range j.Legs {
		if len(a.Seller.Carriers) > 0 && !slices.Contains(a.Seller.Carriers, f.Code) {
			return false
		}
		if owner := a.World.Exclusive(FlightsMarket, f.ID); f != main && owner != "" && owner != a.Name {
			return false
		}
	}
	return a.Sells(FlightsMarket, main.ID)
}

// Sold is a flight as one partner sells it.
type Sold struct {
	*Flight
	By             *Carrier
	ByNumber       int
	OperatorUnsaid bool // the partner leaves the operating carrier out
	OpNumberUnsaid bool // the partner leaves the operating flight's number out
}

// codesharePermille of flights that others sell too are sold under their numbers, by each partner its own choice.
const codesharePermille = 320

// Sell is how the partner writes a flight on its tickets.
func (a *Inventory) Sell(f *Flight) Sold {
	d := a.RNG.Str("ticket").Num(int64(f.ID))
	s := Sold{Flight: f, By: f.Carrier, ByNumber: f.Number}
	if len(f.Shares) > 0 && d.Chance(codesharePermille) {
		sh := rng.Pick(d.Str("by"), f.Shares)
		s.By, s.ByNumber = sh.Carrier, sh.Base+f.Slot
	}
	s.OpNumberUnsaid = a.Seller.Operating != OperatingStated
	s.OperatorUnsaid = a.Seller.Operating == OperatingOftenUnsaid && d.Str("operator").Chance(150)
	return s
}
