// Package merge turns the same itinerary or property from several partners into
// one Result. It is pure: the same answers give the same results, in whatever
// order they come, and merging twice changes nothing.
//
// Prepare runs once an Answer and computes what depends on that answer alone: keys,
// ids and a digest. Flights and Stays then merge prepared answers. Ranking and the
// choice of what to show are left to others.
package merge

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"time"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// Version names the rules of this package; it is part of the state hash.
const Version = "m3"

// Context is what preparing needs to know besides the answer.
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

// Prepared is an Answer ready to be merged. It is immutable.
type Prepared struct {
	Answer travel.Answer // after rule no_rate; offers of one key not yet collapsed
	Digest [sha256.Size]byte

	offers   []preparedOffer // after collapse within an offer key, by id
	variants []variant       // what offers are for; of some none may be left
	segments []segment       // the distinct segments of offers
	rates    []preparedRate  // after collapse, by id
	listed   []match.Profile // of the properties that rates are of, by id
	ratesOf  [][]int32       // the rates of each of them, as positions

	ratedBy any            // Context.Rates
	until   time.Time      // the earliest hard limit among offers and rates; zero without any
	whole   *travel.Answer // the answer before rule no_rate; nil if that dropped nothing
}

type preparedOffer struct {
	quote travel.Quote
	sold  int // position in Prepared.sold
}

// variant is the flights of a partner's offers that are sold as the same segments, on as
// many tickets.
type variant struct {
	variant key             // by the partner's own word
	plain   bool            // every segment is known by its operating flight, without conflict
	flown   []int           // positions in Prepared.flown, over all slices
	quotes  []*travel.Quote // for it, cheapest first
}

// Prepare takes over a; it must not be used otherwise afterwards.
func Prepare(a travel.Answer, c Context) *Prepared {
	s := &Prepared{Answer: a, ratedBy: c.Rates}
	s.dropUnrated(c)
	s.prepareOffers(c)
	s.prepareRates(c)
	s.Digest = s.digest()
	return s
}

// PrepareAgain prepares the same answer for another time or other exchange rates. s is unchanged; the
// two share the partner's offers and rates.
func (s *Prepared) PrepareAgain(c Context) *Prepared {
	if s.whole != nil {
		return Prepare(*s.whole, c)
	}
	return Prepare(s.Answer, c)
}

// PreparedWith reports whether the answer was prepared with the exchange rates that rates
// identifies.
func (s *Prepared) PreparedWith(rates any) bool { return s.ratedBy == rates }

// Until returns the earliest hard limit among the offers or rates, from which on Again leaves
// something out. It is zero if there are none.
func (s *Prepared) Until() time.Time { return s.until }

// note takes a hard limit into until.
func (s *Prepared) note(hard time.Time) {
	if s.until.IsZero() || hard.Before(s.until) {
		s.until = hard
	}
}

// Offers counts the offers or rates after collapse.
func (s *Prepared) Offers() int { return len(s.offers) + len(s.rates) }

// Flights counts the itineraries, as they are ticketed, that the answer has offers for.
func (s *Prepared) Flights() int {
	n := 0
	seen := make(map[key]bool, len(s.variants))
	for i := range s.variants {
		if t := &s.variants[i]; len(t.quotes) > 0 && !seen[t.variant] {
			seen[t.variant] = true
			n++
		}
	}
	return n
}

// Listings counts the properties that have rates.
func (s *Prepared) Listings() int { return len(s.listed) }

// Cheapest is the smallest total among the offers or rates, in micro-euros; 0 without any.
func (s *Prepared) Cheapest() int64 {
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
func (s *Prepared) dropUnrated(c Context) {
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
	a.Offers = travel.Filter(slices.Clone(a.Offers), func(o *travel.Offer) bool { return rated(o.Price.Total) })
	a.Stays = slices.Clone(a.Stays)
	for i := range a.Stays {
		a.Stays[i].Rates = travel.Filter(slices.Clone(a.Stays[i].Rates), func(r *travel.Rate) bool { return rated(r.Price.Total) })
	}
	a.Stays = travel.Filter(a.Stays, func(st *travel.Stay) bool { return len(st.Rates) > 0 })
}

func cloneCounts(m map[string]int) map[string]int {
	c := make(map[string]int, len(m)+1)
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (s *Prepared) prepareOffers(c Context) {
	a := &s.Answer
	segments := 0
	for i := range a.Offers {
		segments += a.Offers[i].Itinerary.SegmentCount()
	}
	index := newSegmentIndex(segments)
	all := make([]preparedOffer, 0, len(a.Offers))
	flown := make([][]int, 0, len(a.Offers))
	for i := range a.Offers {
		offer := &a.Offers[i]
		o := preparedOffer{quote: travel.Quote{Offer: offer, Partner: a.Partner, AsOf: a.AsOf}}
		o.quote.FreshUntil, o.quote.HardUntil = lifetime(a, offer.ExpiresAt, scarce(offer.SeatsLeft))
		if c.past(a.AsOf, o.quote.HardUntil) {
			continue
		}
		all = append(all, o)
		flown = append(flown, index.add(&offer.Itinerary))
	}
	s.segments = index.segments
	separateConflicts(s.segments)
	s.prepareItineraries(all, flown)

	var h hasher
	best := make(map[key]int, len(all))
	kept := all[:0]
	for i := range all {
		o := &all[i]
		offer := o.quote.Offer
		k := offerKey(&h, s.variants[o.sold].variant, offer, a.Partner)
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
	slices.SortFunc(kept, func(x, y preparedOffer) int { return cmp.Compare(x.quote.ID, y.quote.ID) })
	s.offers = kept
	s.quote()
}

// prepareItineraries finds what each offer is for. flown is the segments of each.
func (s *Prepared) prepareItineraries(all []preparedOffer, flown [][]int) {
	var h hasher
	at := make(map[key]int, len(all)/2)
	for i := range all {
		o := &all[i]
		if i > 0 && &flown[i][0] == &flown[i-1][0] && slices.Equal(o.quote.Offer.SelfTransfer, all[i-1].quote.Offer.SelfTransfer) {
			o.sold = all[i-1].sold
			continue
		}
		t := variant{flown: flown[i]}
		t.variant, t.plain = variantKey(&h, o.quote.Offer, t.flown, s.segments)
		j, known := at[t.variant]
		if !known || !slices.Equal(s.variants[j].flown, t.flown) { // sold under other numbers, say
			j = len(s.variants)
			at[t.variant] = j
			s.variants = append(s.variants, t)
		}
		o.sold = j
	}
}

// quote lists the quotes of each ticketing.
func (s *Prepared) quote() {
	count := make([]int, len(s.variants))
	for i := range s.offers {
		count[s.offers[i].sold]++
	}
	all := make([]*travel.Quote, len(s.offers))
	for i := range s.variants {
		s.variants[i].quotes, all = all[:0:count[i]], all[count[i]:]
	}
	for i := range s.offers {
		t := &s.variants[s.offers[i].sold]
		t.quotes = append(t.quotes, &s.offers[i].quote)
	}
	for i := range s.variants {
		slices.SortFunc(s.variants[i].quotes, compareQuotes)
	}
}

// compareSame orders two offers of one offer key, the better first: the one that is kept.
// Cheaper comes before all, then cheaper bags. The order covers all that the digest covers
// before anything that it leaves out, and the partner's own id comes last: equal answers
// keep equal offers, whatever their ids and their order in the document.
func compareSame(x, y *preparedOffer) int {
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
func (s *Prepared) twoSchedules(o *preparedOffer) bool {
	return slices.ContainsFunc(s.variants[o.sold].flown, func(f int) bool { return s.segments[f].cluster != 0 })
}
