package combine

import (
	"hash/maphash"

	"fanfare/providers/travel"
)

// wholes is what partners ask for flights on one ticket, in micro-euros: the cheapest.
type wholes map[sold]int64

// sold is one partner's flights, by their hash.
type sold struct {
	partner string
	flights uint64
}

var seed = maphash.MakeSeed()

func wholePrices(results []travel.Result) wholes {
	w := make(wholes, len(results))
	for i := range results {
		if len(results[i].SelfTransfer) > 0 {
			continue
		}
		for _, q := range results[i].Quotes { // cheapest first
			k := sold{q.Partner, flights(&q.Offer.Itinerary)}
			if least, known := w[k]; !known || q.EURMicros < least {
				w[k] = q.EURMicros
			}
		}
	}
	return w
}

// undercut reports whether a seller of the combination sells its flights on one ticket at no
// higher a price: then nobody needs two.
func (w wholes) undercut(q *travel.Quote) bool {
	k := sold{flights: flights(&q.Offer.Itinerary)}
	for _, k.partner = range q.Sellers() {
		if least, known := w[k]; known && least <= q.EURMicros {
			return true
		}
	}
	return false
}

// flights hashes where and when each segment goes, by one partner's own word. Where slices
// begin is not in it.
func flights(it *travel.Itinerary) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for i := range it.Slices {
		for j := range it.Slices[i].Segments {
			s := &it.Slices[i].Segments[j]
			h.WriteString(string(s.Origin))
			h.WriteString(string(s.Destination))
			maphash.WriteComparable(&h, [2]int64{s.Departs.Unix, s.Arrives.Unix})
		}
	}
	return h.Sum64()
}
