// Package merge turns the same itinerary or property from several partners into
// one Result. It is pure: the same answers give the same results, in whatever
// order they come, and merging twice changes nothing.
//
// Seal runs once an Answer and computes what depends on that answer alone: keys,
// ids and a digest. Flights and Stays then merge sealed answers. Ranking and the
// choice of what to show are left to others.
package merge

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"time"

	"fanfare/providers/travel"
)

// Version names the rules of this package; it is part of the state hash.
const Version = "m3"

// Context is what sealing needs to know besides the answer.
type Context struct {
	SearchID string
	// Micros is a price in millionths of a euro, false without a rate for its currency.
	Micros func(travel.Money) (int64, bool)
	// Rates identifies the table behind Micros, so that SealedWith can compare.
	Rates any
	// Now is the time from which the answer is shown. Offers and rates whose hard limit has
	// passed by then are left out. The zero time leaves out nothing.
	Now time.Time
}

// Sealed is an Answer ready to be merged. It is immutable.
type Sealed struct {
	Answer travel.Answer // after rule no_rate; offers of one key not yet collapsed
	Digest [sha256.Size]byte

	offers  []sealedOffer // after collapse within an offer key, by id
	sold    []ticketing   // what offers are for; of some none may be left
	flown   []segment     // the distinct segments of offers
	rates   []sealedRate  // after collapse, by id
	listed  []profile     // of the properties that rates are of, by id
	ratesOf [][]int32     // the rates of each of them, as positions

	ratedBy any            // Context.Rates
	until   time.Time      // the earliest hard limit among offers and rates; zero without any
	whole   *travel.Answer // the answer before rule no_rate; nil if that dropped nothing
}

type sealedOffer struct {
	quote travel.Quote
	sold  int // position in Sealed.sold
}

// ticketing is the flights of a partner's offers that are sold as the same segments, on as
// many tickets.
type ticketing struct {
	variant key             // by the partner's own word
	plain   bool            // every segment is known by its operating flight, without conflict
	flown   []int           // positions in Sealed.flown, over all slices
	quotes  []*travel.Quote // for it, cheapest first
}

// Seal takes over a; it must not be used otherwise afterwards.
func Seal(a travel.Answer, c Context) *Sealed {
	s := &Sealed{Answer: a, ratedBy: c.Rates}
	s.dropUnrated(c)
	s.sealOffers(c)
	s.sealRates(c)
	s.Digest = s.digest()
	return s
}

// Again seals the same answer for another time or other exchange rates. s is unchanged; the
// two share the partner's offers and rates.
func (s *Sealed) Again(c Context) *Sealed {
	if s.whole != nil {
		return Seal(*s.whole, c)
	}
	return Seal(s.Answer, c)
}

// SealedWith reports whether the answer was sealed with the exchange rates that rates
// identifies.
func (s *Sealed) SealedWith(rates any) bool { return s.ratedBy == rates }

// Until returns the earliest hard limit among the offers or rates, from which on Again leaves
// something out. It is zero if there are none.
func (s *Sealed) Until() time.Time { return s.until }

// note takes a hard limit into until.
func (s *Sealed) note(hard time.Time) {
	if s.until.IsZero() || hard.Before(s.until) {
		s.until = hard
	}
}

// Offers counts the offers or rates after collapse.
func (s *Sealed) Offers() int { return len(s.offers) + len(s.rates) }

// Flights counts the itineraries, as they are ticketed, that the answer has offers for.
func (s *Sealed) Flights() int {
	n := 0
	seen := make(map[key]bool, len(s.sold))
	for i := range s.sold {
		if t := &s.sold[i]; len(t.quotes) > 0 && !seen[t.variant] {
			seen[t.variant] = true
			n++
		}
	}
	return n
}

// Listings counts the properties that have rates.
func (s *Sealed) Listings() int { return len(s.listed) }

// Cheapest is the smallest total among the offers or rates, in micro-euros; 0 without any.
func (s *Sealed) Cheapest() int64 {
	least := int64(0)
	note := func(micros int64) {
		if least == 0 || micros < least {
			least = micros
		}
	}
	for i := range s.offers {
		note(s.offers[i].quote.EURMicros)
	}
	for i := range s.rates {
		note(s.rates[i].quote.EURMicros)
	}
	return least
}

// dropUnrated applies rule no_rate: what cannot be ranked is not shown. The answer as it
// came is kept for Again, because other exchange rates may have the currency.
func (s *Sealed) dropUnrated(c Context) {
	a := &s.Answer
	unrated := 0
	rated := func(m travel.Money) bool {
		_, ok := c.Micros(m)
		if !ok {
			unrated++
		}
		return ok
	}
	for i := range a.Offers {
		rated(a.Offers[i].Price.Total)
	}
	for i := range a.Stays {
		for j := range a.Stays[i].Rates {
			rated(a.Stays[i].Rates[j].Price.Total)
		}
	}
	if unrated == 0 {
		return
	}
	whole := *a
	s.whole = &whole
	a.Drops = cloneCounts(a.Drops)
	a.Drop(travel.RuleNoRate, unrated)
	a.Offers = travel.Keep(slices.Clone(a.Offers), func(o *travel.Offer) bool { return rated(o.Price.Total) })
	a.Stays = slices.Clone(a.Stays)
	for i := range a.Stays {
		a.Stays[i].Rates = travel.Keep(slices.Clone(a.Stays[i].Rates), func(r *travel.Rate) bool { return rated(r.Price.Total) })
	}
	a.Stays = travel.Keep(a.Stays, func(st *travel.Stay) bool { return len(st.Rates) > 0 })
}

func cloneCounts(m map[string]int) map[string]int {
	c := make(map[string]int, len(m)+1)
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (s *Sealed) sealOffers(c Context) {
	a := &s.Answer
	segments := 0
	for i := range a.Offers {
		segments += a.Offers[i].Itinerary.SegmentCount()
	}
	index := newSegmentIndex(segments)
	all := make([]sealedOffer, 0, len(a.Offers))
	flown := make([][]int, 0, len(a.Offers))
	for i := range a.Offers {
		offer := &a.Offers[i]
		o := sealedOffer{quote: travel.Quote{Offer: offer, Partner: a.Partner, AsOf: a.AsOf}}
		o.quote.FreshUntil, o.quote.HardUntil = lifetime(a, offer.ExpiresAt, scarce(offer.SeatsLeft))
		if c.past(a.AsOf, o.quote.HardUntil) {
			continue
		}
		all = append(all, o)
		flown = append(flown, index.add(&offer.Itinerary))
	}
	s.flown = index.segments
	separateConflicts(s.flown)
	s.sealItineraries(all, flown)

	var h hasher
	best := make(map[key]int, len(all))
	kept := all[:0]
	for i := range all {
		o := &all[i]
		offer := o.quote.Offer
		k := offerKey(&h, s.sold[o.sold].variant, offer, a.Partner)
		o.quote.EURMicros, _ = c.Micros(offer.Price.Total)
		if j, taken := best[k]; taken {
			if compareSame(&kept[j], o) > 0 {
				o.quote.ID = kept[j].quote.ID
				kept[j] = *o
			}
			continue
		}
		best[k] = len(kept)
		o.quote.ID = h.id(c.SearchID, k)
		kept = append(kept, *o)
	}
	shown := kept[:0]
	for i := range kept {
		q := &kept[i].quote
		if s.twoSchedules(&kept[i]) {
			q.FreshUntil, q.HardUntil = lifetime(a, q.Offer.ExpiresAt, true)
		}
		if !c.past(a.AsOf, q.HardUntil) {
			s.note(q.HardUntil)
			shown = append(shown, kept[i])
		}
	}
	kept = shown
	slices.SortFunc(kept, func(x, y sealedOffer) int { return cmp.Compare(x.quote.ID, y.quote.ID) })
	s.offers = kept
	s.quote()
}

// sealItineraries finds what each offer is for. flown is the segments of each.
func (s *Sealed) sealItineraries(all []sealedOffer, flown [][]int) {
	var h hasher
	at := make(map[key]int, len(all)/2)
	for i := range all {
		o := &all[i]
		if i > 0 && &flown[i][0] == &flown[i-1][0] && slices.Equal(o.quote.Offer.SelfTransfer, all[i-1].quote.Offer.SelfTransfer) {
			o.sold = all[i-1].sold
			continue
		}
		t := ticketing{flown: flown[i]}
		t.variant, t.plain = variantKey(&h, o.quote.Offer, t.flown, s.flown)
		j, known := at[t.variant]
		if !known || !slices.Equal(s.sold[j].flown, t.flown) { // sold under other numbers, say
			j = len(s.sold)
			at[t.variant] = j
			s.sold = append(s.sold, t)
		}
		o.sold = j
	}
}

// quote lists the quotes of each ticketing.
func (s *Sealed) quote() {
	count := make([]int, len(s.sold))
	for i := range s.offers {
		count[s.offers[i].sold]++
	}
	all := make([]*travel.Quote, len(s.offers))
	for i := range s.sold {
		s.sold[i].quotes, all = all[:0:count[i]], all[count[i]:]
	}
	for i := range s.offers {
		t := &s.sold[s.offers[i].sold]
		t.quotes = append(t.quotes, &s.offers[i].quote)
	}
	for i := range s.sold {
		slices.SortFunc(s.sold[i].quotes, compareQuotes)
	}
}

// compareSame orders two offers of one offer key, the better first: the one that is kept.
// Cheaper comes before all, then cheaper bags. The order covers all that the digest covers
// before anything that it leaves out, and the partner's own id comes last: equal answers
// keep equal offers, whatever their ids and their order in the document.
func compareSame(x, y *sealedOffer) int {
	a, b := x.quote.Offer, y.quote.Offer
	return cmp.Or(
		comparePrices(&a.Price, &b.Price),
		compareBagPrices(a.Fare.CheckedBagPrice, b.Fare.CheckedBagPrice),
		compareBagPrices(a.Fare.CabinBagPrice, b.Fare.CabinBagPrice),
		cmp.Compare(b.SeatsLeft, a.SeatsLeft),
		compareMoney(a.Fare.ChangeFee, b.Fare.ChangeFee),
		compareMoney(a.Fare.RefundFee, b.Fare.RefundFee),
		slices.Compare(a.Fare.Basis, b.Fare.Basis),
		compareFlags(a.Test, b.Test),
		compareSold(&a.Itinerary, &b.Itinerary),
		b.ExpiresAt.Compare(a.ExpiresAt),
		cmp.Compare(a.Travellers, b.Travellers),
		cmp.Compare(a.Seller.Name, b.Seller.Name),
		cmp.Compare(a.PartnerRef, b.PartnerRef),
	)
}

func comparePrices(a, b *travel.Price) int {
	return cmp.Or(compareMoney(a.Total, b.Total), compareMoney(a.Base, b.Base), compareMoney(a.Taxes, b.Taxes), cmp.Compare(a.Kind, b.Kind))
}

func compareMoney(a, b travel.Money) int {
	return cmp.Or(cmp.Compare(a.Minor, b.Minor), cmp.Compare(a.Currency, b.Currency))
}

// compareBagPrices puts a price that is stated before one that is not.
func compareBagPrices(a, b travel.Money) int {
	return cmp.Or(compareFlags(b.Known(), a.Known()), compareMoney(a, b))
}

func compareFlags(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareSold orders itineraries of one ticketing variant by what may differ within it.
func compareSold(a, b *travel.Itinerary) int {
	for i := range a.Slices {
		c := slices.CompareFunc(a.Slices[i].Segments, b.Slices[i].Segments, func(s, t travel.Segment) int {
			return cmp.Or(
				cmp.Compare(s.Departs.Unix, t.Departs.Unix), cmp.Compare(s.Arrives.Unix, t.Arrives.Unix),
				s.Marketing.Compare(t.Marketing), s.Operating.Compare(t.Operating),
				cmp.Compare(s.DepartureTerminal, t.DepartureTerminal), cmp.Compare(s.ArrivalTerminal, t.ArrivalTerminal),
				cmp.Compare(s.Aircraft, t.Aircraft),
			)
		})
		if c != 0 {
			return c
		}
	}
	return 0
}

// A price that is likelier than others to change is trusted for a third of the time
// (docs/definitions.md 6): with so few seats left, or if the answer itself states two
// schedules of one of its flights. The definitions name two more signs, the floor of the
// fare bucket and a flag for a changed schedule: no protocol that is built states either.
const (
	scarceSeats = 3
	unsureShare = 3
)

const (
	// leaveTogether is how much before its hard limit a price may leave, so that prices whose
	// limits are close make one revision and not many.
	leaveTogether = time.Second
	// leaveTogetherLife is how long a price must live for that second not to matter.
	leaveTogetherLife = time.Minute
)

// past reports whether a price of asOf with the hard limit is not to be shown at c.Now.
func (c *Context) past(asOf, hard time.Time) bool {
	if c.Now.IsZero() {
		return false
	}
	if hard.Sub(asOf) >= leaveTogetherLife {
		hard = hard.Add(-leaveTogether)
	}
	return !c.Now.Before(hard)
}

// lifetime is until when one price of the answer is fresh, and shown at all.
func lifetime(a *travel.Answer, expires time.Time, unsure bool) (fresh, hard time.Time) {
	fresh, hard = a.FreshUntil, a.HardUntil
	if unsure {
		fresh = a.AsOf.Add(fresh.Sub(a.AsOf) / unsureShare)
		hard = a.AsOf.Add(hard.Sub(a.AsOf) / unsureShare)
	}
	if !expires.IsZero() && expires.Before(hard) {
		hard = expires
		if fresh.After(hard) {
			fresh = hard
		}
	}
	return fresh, hard
}

// scarce reports whether so few seats or rooms are left that the price is unsure; 0 is unknown.
func scarce(left int) bool { return left > 0 && left <= scarceSeats }

// twoSchedules reports whether the answer states times of one of the offer's flights that
// are too far apart for one schedule.
func (s *Sealed) twoSchedules(o *sealedOffer) bool {
	return slices.ContainsFunc(s.sold[o.sold].flown, func(f int) bool { return s.flown[f].cluster != 0 })
}
