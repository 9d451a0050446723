package merge

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

type sealedRate struct {
	quote    travel.RateQuote
	property *travel.Property
}

func (s *Sealed) sealRates(c Context) {
	a := &s.Answer
	var h hasher
	best := map[key]int{}
	for i := range a.Stays {
		stay := &a.Stays[i]
		for j := range stay.Rates {
			r := sealedRate{property: &stay.Property}
			rate := &stay.Rates[j]
			k := rateKey(&h, a.Partner, &stay.Property, rate)
			r.quote.Rate, r.quote.Partner, r.quote.AsOf = rate, a.Partner, a.AsOf
			r.quote.ID = h.id(c.SearchID, k)
			r.quote.EURMicros, _ = c.Micros(rate.Price.Total)
			r.quote.FreshUntil, r.quote.HardUntil = lifetime(a, rate.ExpiresAt, rate.RoomsLeft)
			at, taken := best[k]
			if !taken {
				best[k] = len(s.rates)
				s.rates = append(s.rates, r)
			} else if compareRates(rate, s.rates[at].quote.Rate) < 0 {
				s.rates[at] = r
			}
		}
	}
	slices.SortFunc(s.rates, func(x, y sealedRate) int { return cmp.Compare(x.quote.ID, y.quote.ID) })
}

// compareRates orders two rates of one key as compareSame does offers.
func compareRates(a, b *travel.Rate) int {
	return cmp.Or(
		comparePrices(&a.Price, &b.Price),
		compareMoney(a.PayAtProperty, b.PayAtProperty),
		cmp.Compare(b.RoomsLeft, a.RoomsLeft),
		slices.CompareFunc(a.Cancellation.Steps, b.Cancellation.Steps, func(x, y travel.CancellationStep) int {
			return cmp.Or(x.From.Compare(y.From), compareMoney(x.Fee, y.Fee))
		}),
		compareFlags(a.Test, b.Test),
		a.ExpiresAt.Compare(b.ExpiresAt),
		cmp.Compare(a.PartnerRef, b.PartnerRef),
	)
}

// rateKey is partner, property and room key (definitions 5.8): room, occupancy,
// board, refund deadline, pay now or later; and the currency.
func rateKey(h *hasher, partner string, p *travel.Property, r *travel.Rate) key {
	h.text(partner)
	h.text(p.ID)
	h.text(r.Room)
	h.text(r.RoomCode)
	h.text(string(r.Board))
	h.text(string(r.Payment))
	h.number(int64(r.Cancellation.Refundable))
	if !r.Cancellation.FreeUntil.IsZero() {
		h.number(r.Cancellation.FreeUntil.Unix())
	}
	for _, room := range r.Rooms {
		h.number(int64(room.Count))
		h.number(int64(room.Occupancy.Adults))
		for _, age := range room.Occupancy.ChildAges {
			h.number(int64(age))
		}
	}
	h.text(string(r.Price.Total.Currency))
	return h.key()
}

// Stays merges the rates of several answers into properties, sorted by id.
//
// Properties of different partners are one only where that is beyond doubt: the
// same name after folding, at most sameSpotMetres apart, stars that do not
// contradict, and never two of one partner. Rates never borrow from each other.
func Stays(answers []*Sealed) []travel.StayResult {
	answers = onePerPartner(answers)
	listings := map[listing]*travel.Property{}
	for _, a := range answers {
		for i := range a.rates {
			l := listing{a.Answer.Partner, a.rates[i].property.ID}
			if p, known := listings[l]; !known || compareProperties(a.rates[i].property, p) < 0 {
				listings[l] = a.rates[i].property
			}
		}
	}
	lead := cluster(listings)
	groups := map[listing]*travel.StayResult{}
	var h hasher
	for _, a := range answers {
		for i := range a.rates {
			l := lead[listing{a.Answer.Partner, a.rates[i].property.ID}]
			g := groups[l]
			if g == nil {
				h.text(l.partner)
				h.text(l.id)
				g = &travel.StayResult{ID: h.key().id(), Property: *listings[l]}
				groups[l] = g
			}
			g.Quotes = append(g.Quotes, a.rates[i].quote)
		}
	}
	results := make([]travel.StayResult, 0, len(groups))
	for _, g := range groups {
		slices.SortFunc(g.Quotes, func(a, b travel.RateQuote) int {
			return cmp.Or(cmp.Compare(a.EURMicros, b.EURMicros), cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.ID, b.ID))
		})
		results = append(results, *g)
	}
	slices.SortFunc(results, func(a, b travel.StayResult) int { return cmp.Compare(a.ID, b.ID) })
	return results
}

// compareProperties only makes the choice among one partner's words for one property stable.
func compareProperties(a, b *travel.Property) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon),
		cmp.Compare(a.Stars, b.Stars), cmp.Compare(a.Address, b.Address))
}

// listing is a property as one partner lists it.
type listing struct{ partner, id string }

func (l listing) compare(m listing) int {
	return cmp.Or(cmp.Compare(l.partner, m.partner), cmp.Compare(l.id, m.id))
}

// sameSpotMetres is how far apart partners put one building that they name alike.
const sameSpotMetres = 200

// cluster returns for each listing the lowest member of its cluster.
func cluster(listings map[listing]*travel.Property) map[listing]listing {
	lead := make(map[listing]listing, len(listings))
	named := map[string][]listing{}
	for l, p := range listings {
		lead[l] = l
		if name := fold(p.Name); name != "" && p.HasGeo {
			named[name] = append(named[name], l)
		}
	}
	for _, group := range named {
		if len(group) < 2 {
			continue
		}
		slices.SortFunc(group, listing.compare)
		for _, set := range nearSets(group, listings) {
			if distinctPartners(set) {
				for _, l := range set {
					lead[l] = set[0]
				}
			}
		}
	}
	return lead
}

// nearSets links listings that are near and do not contradict each other, transitively.
func nearSets(group []listing, listings map[listing]*travel.Property) [][]listing {
	set := make([]int, len(group))
	for i := range set {
		set[i] = i
		for j := range i {
			if set[i] == set[j] || !sameSpot(listings[group[i]], listings[group[j]]) {
				continue
			}
			from, to := max(set[i], set[j]), min(set[i], set[j])
			for k := range i + 1 {
				if set[k] == from {
					set[k] = to
				}
			}
		}
	}
	sets := make([][]listing, len(group))
	for i, s := range set {
		sets[s] = append(sets[s], group[i])
	}
	return slices.DeleteFunc(sets, func(s []listing) bool { return len(s) < 2 })
}

func sameSpot(a, b *travel.Property) bool {
	if a.Stars > 0 && b.Stars > 0 && math.Abs(a.Stars-b.Stars) >= 2 {
		return false
	}
	return places.DistanceMetres(a.Lat, a.Lon, b.Lat, b.Lon) <= sameSpotMetres
}

// distinctPartners: two listings of one partner are two places by its own word.
func distinctPartners(set []listing) bool {
	for i := 1; i < len(set); i++ { // sorted by partner
		if set[i].partner == set[i-1].partner {
			return false
		}
	}
	return true
}

// fold keeps what tells one property's name from another's: letters and digits in
// lower case, word by word, without "hotel" and "the".
func fold(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool { return w == "hotel" || w == "the" })
	slices.Sort(words)
	return strings.Join(words, " ")
}
