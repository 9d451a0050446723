package merge

import (
	"cmp"
	"slices"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

type preparedRate struct {
	quote    travel.RateQuote
	property *travel.Property
	listing  int // position in Prepared.listed
}

func (s *Prepared) prepareRates(c Context) {
	a := &s.Answer
	var h hasher
	rooms := keyed{map[string]string{}, map[key]string{}}
	best := map[key]int{}
	for i := range a.Stays {
		stay := &a.Stays[i]
		for j := range stay.Rates {
			r := preparedRate{property: &stay.Property}
			rate := &stay.Rates[j]
			r.quote.FreshUntil, r.quote.HardUntil = lifetime(a, rate.ExpiresAt, scarce(rate.RoomsLeft))
			if c.past(a.AsOf, r.quote.HardUntil) {
				continue
			}
			k := rateKey(&h, a.Partner, &stay.Property, rate)
			r.quote.Rate, r.quote.Partner, r.quote.AsOf = rate, a.Partner, a.AsOf
			r.quote.ID = h.id(c.SearchID, k)
			rooms.set(&h, &r.quote)
			r.quote.EURMicros, _ = c.Micros(rate.Price.Total)
			at, taken := best[k]
			if !taken {
				best[k] = len(s.rates)
				s.rates = append(s.rates, r)
			} else if compareRates(&r, &s.rates[at]) < 0 {
				s.rates[at] = r
			}
		}
	}
	for i := range s.rates {
		s.note(s.rates[i].quote.HardUntil)
	}
	slices.SortFunc(s.rates, func(x, y preparedRate) int { return cmp.Compare(x.quote.ID, y.quote.ID) })
	s.list()
}

// list takes the profile of each property that has rates, sorted by the partner's id.
func (s *Prepared) list() {
	if len(s.rates) == 0 {
		return
	}
	words := map[string]*travel.Property{}
	for i := range s.rates {
		p := s.rates[i].property
		if known := words[p.ID]; known == nil || compareProperties(p, known) < 0 {
			words[p.ID] = p
		}
	}
	s.listed = match.Profiles(words)
	at := make(map[string]int, len(s.listed))
	for i := range s.listed {
		at[s.listed[i].Property.ID] = i
	}
	s.ratesOf = make([][]int32, len(s.listed))
	count := make([]int, len(s.listed))
	for i := range s.rates {
		s.rates[i].listing = at[s.rates[i].property.ID]
		count[s.rates[i].listing]++
	}
	all := make([]int32, len(s.rates))
	for i, n := range count {
		s.ratesOf[i], all = all[:0:n], all[n:]
	}
	for i := range s.rates {
		of := &s.ratesOf[s.rates[i].listing]
		*of = append(*of, int32(i))
	}
}

// compareRates orders two rates of one key as compareSame does offers.
func compareRates(x, y *preparedRate) int {
	a, b := x.quote.Rate, y.quote.Rate
	return cmp.Or(
		comparePrices(&a.Price, &b.Price),
		compareMoney(a.PayAtProperty, b.PayAtProperty),
		cmp.Compare(b.RoomsLeft, a.RoomsLeft),
		slices.CompareFunc(a.Cancellation.Steps, b.Cancellation.Steps, func(x, y travel.CancellationStep) int {
			return cmp.Or(x.From.Compare(y.From), compareMoney(x.Fee, y.Fee))
		}),
		compareFlags(a.Test, b.Test),
		b.ExpiresAt.Compare(a.ExpiresAt),
		compareProperties(x.property, y.property),
		cmp.Compare(a.PartnerRef, b.PartnerRef),
	)
}

// rateKey is partner, property and room key (docs/definitions.md 5.7): room, occupancy,
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

// Stays merges the rates of several answers into properties, sorted by id. Rates never
// borrow from each other: each stands as its partner said it.
//
// Which listings are one property is judged by docs/definitions.md 5: vetoes first, then the
// evidence, and never two listings of one partner. It is derived from the answers alone,
// so that an answer that goes, or a veto or a judgement in apart that comes, splits what
// was merged. Properties that may be the same name each other in MayBe.
func Stays(answers []*Prepared, doNotMerge ...DoNotMerge) []travel.StayResult {
	return new(Merger).Stays(answers, doNotMerge...)
}

// compareProperties only makes the choice among one partner's words for one property stable.
func compareProperties(a, b *travel.Property) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon),
		cmp.Compare(a.Stars, b.Stars), cmp.Compare(a.Address, b.Address),
		cmp.Compare(a.PostCode, b.PostCode), cmp.Compare(a.City, b.City), cmp.Compare(a.Phone, b.Phone), cmp.Compare(a.Website, b.Website),
		cmp.Compare(a.GIATA, b.GIATA), cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.GuestScore, b.GuestScore), cmp.Compare(a.GuestReviews, b.GuestReviews))
}
