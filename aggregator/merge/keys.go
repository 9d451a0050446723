package merge

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"fanfare/providers/travel"
)

// key is the first 16 bytes of a SHA-256: 2^64 itineraries are needed for a collision to be likely.
type key [16]byte

// hasher builds hashes over length-prefixed parts, so that no two lists of parts
// read the same. Its buffer is reused.
type hasher struct{ buf []byte }

func (h *hasher) text(s string) {
	h.buf = binary.AppendUvarint(h.buf, uint64(len(s)))
	h.buf = append(h.buf, s...)
}

func (h *hasher) number(n int64) { h.buf = binary.AppendVarint(h.buf, n) }

func (h *hasher) money(m travel.Money) {
	h.number(m.Minor)
	h.text(string(m.Currency))
}

func (h *hasher) sum() [sha256.Size]byte {
	sum := sha256.Sum256(h.buf)
	h.buf = h.buf[:0]
	return sum
}

func (h *hasher) key() key {
	sum := h.sum()
	return key(sum[:16])
}

// id is an identifier that travellers see, bound to one search.
func (h *hasher) id(searchID string, k key) string {
	h.text(searchID)
	h.buf = append(h.buf, k[:]...)
	sum := h.sum()
	return travel.EncodeID(sum[:15])
}

func (k key) id() string { return travel.EncodeID(k[:15]) }

// variantKey is the ticketing variant (docs/definitions.md 4): the segments' own keys slice
// by slice, and where the tickets change. plain is false if another partner's word
// could still change what a segment is.
func variantKey(h *hasher, o *travel.Offer, flown []int, segments []segment) (k key, plain bool) {
	plain = true
	n := 0
	for i := range o.Itinerary.Slices {
		count := len(o.Itinerary.Slices[i].Segments)
		h.number(int64(count))
		for range count {
			s := &segments[flown[n]]
			s.hash(h, s.cluster)
			plain = plain && s.strong() && s.cluster == 0
			n++
		}
	}
	h.selfTransfer(o.SelfTransfer)
	return h.key(), plain
}

func (h *hasher) selfTransfer(positions []int) {
	h.number(int64(len(positions)))
	for _, p := range positions {
		h.number(int64(p))
	}
}

// offerKey is the fare key with partner, seller of record and currency (docs/definitions.md
// 4). Whether a seat may be chosen is one of the fare's conditions. What bags cost is a
// price: as the total it is not in the key, so that a new one is a change of the same offer.
// Passengers and point of sale are the query's: they are in the search id that the
// key is bound to.
func offerKey(h *hasher, variant key, o *travel.Offer, partner string) key {
	h.buf = append(h.buf, variant[:]...)
	h.number(int64(len(o.Fare.Cabin)))
	for _, c := range o.Fare.Cabin {
		h.text(string(c))
	}
	h.text(o.Fare.Brand)
	h.number(int64(o.Fare.CabinBags))
	h.number(int64(o.Fare.CheckedBags))
	h.number(int64(o.Fare.RefundCondition()))
	h.number(int64(o.Fare.ChangeCondition()))
	h.number(int64(o.Fare.Seat))
	h.text(partner)
	h.text(o.Seller.Code)
	h.text(string(o.Price.Total.Currency))
	return h.key()
}

// hashVersion names the form of the digest; it is part of the state hash.
const hashVersion = "h2"

// digest covers what the answer says, and no instant, duration or partner's own id (docs/definitions.md 2).
func (s *Prepared) digest() (sum [sha256.Size]byte) {
	var h hasher
	whole := sha256.New()
	for i := range s.offers {
		h.flush(whole)
		o := s.offers[i].quote.Offer
		h.text(s.offers[i].quote.ID)
		h.buf = append(h.buf, s.variants[s.offers[i].sold].variant[:]...)
		h.price(o.Price)
		h.fare(&o.Fare)
		h.number(int64(o.SeatsLeft))
		h.flag(o.Test)
	}
	for i := range s.rates {
		h.flush(whole)
		r := s.rates[i].quote.Rate
		h.text(s.rates[i].quote.ID)
		h.text(s.rates[i].property.ID)
		h.price(r.Price)
		h.rate(r)
		h.number(int64(r.RoomsLeft))
		h.flag(r.Test)
	}
	h.flush(whole)
	whole.Sum(sum[:0])
	return sum
}

// flush moves what has been written into w, so that the buffer stays small.
func (h *hasher) flush(w hash.Hash) {
	_, _ = w.Write(h.buf) // a hash takes everything
	h.buf = h.buf[:0]
}

func (h *hasher) price(p travel.Price) {
	h.money(p.Total)
	h.money(p.Base)
	h.money(p.Taxes)
	h.text(string(p.Kind))
}

func (h *hasher) fare(f *travel.Fare) {
	h.text(f.Brand)
	h.number(int64(len(f.Basis)))
	for _, b := range f.Basis {
		h.text(b)
	}
	h.number(int64(len(f.Cabin)))
	for _, c := range f.Cabin {
		h.text(string(c))
	}
	h.number(int64(f.CabinBags))
	h.number(int64(f.CheckedBags))
	h.number(int64(f.Refundable))
	h.number(int64(f.Changeable))
	h.money(f.RefundFee)
	h.money(f.ChangeFee)
	h.number(int64(f.Seat))
	h.money(f.CabinBagPrice)
	h.money(f.CheckedBagPrice)
}

// rate hashes the conditions. The instants among them are conditions, not ages.
func (h *hasher) rate(r *travel.Rate) {
	h.text(r.Room)
	h.text(string(r.Board))
	h.text(string(r.Payment))
	h.money(r.PayAtProperty)
	h.number(int64(r.Cancellation.Refundable))
	h.number(int64(len(r.Cancellation.Steps)))
	for _, step := range r.Cancellation.Steps {
		h.number(step.From.Unix())
		h.money(step.Fee)
	}
}

func (h *hasher) flag(b bool) {
	if b {
		h.number(1)
	} else {
		h.number(0)
	}
}

// PartnerState is one partner's part of the state hash.
type PartnerState struct {
	Name     string
	Status   string
	Prepared *Prepared // nil without an answer
}

// StateHash is the same for the same answers, in any order, on any transport,
// replica and view (docs/definitions.md 2). partners are sorted by name.
func StateHash(searchID string, partners []PartnerState) string {
	var h hasher
	h.text(hashVersion)
	h.text(searchID)
	h.text(Version)
	for _, p := range partners {
		h.text(p.Name)
		h.text(p.Status)
		if p.Prepared != nil {
			h.buf = append(h.buf, p.Prepared.Digest[:]...)
		} else {
			h.text("")
		}
	}
	sum := h.sum()
	return hex.EncodeToString(sum[:16])
}
