package merge

import (
	"unsafe"

	"fanfare/providers/travel"
)

// Bytes is about how much memory the prepared answer holds: its structs and slices,
// and the strings that each offer has to itself. Names and codes are shared between
// offers and are not counted.
func (s *Prepared) Bytes() int64 {
	n := int64(unsafe.Sizeof(*s))
	n += int64(cap(s.Answer.Offers)) * int64(unsafe.Sizeof(travel.Offer{}))
	for i := range s.Answer.Offers {
		n += offerBytes(&s.Answer.Offers[i])
	}
	for i := range s.Answer.Stays {
		n += stayBytes(&s.Answer.Stays[i])
	}
	n += int64(cap(s.offers))*int64(unsafe.Sizeof(preparedOffer{})) + int64(cap(s.rates))*int64(unsafe.Sizeof(preparedRate{}))
	n += int64(cap(s.segments)) * int64(unsafe.Sizeof(segment{}))
	n += int64(len(s.offers)+2*len(s.rates)) * idBytes // a rate has a room key of its own, mostly
	n += int64(cap(s.variants))*int64(unsafe.Sizeof(variant{})) + int64(len(s.offers))*int64(unsafe.Sizeof(&s.offers[0].quote))
	for i := range s.variants {
		n += int64(len(s.variants[i].flown)) * int64(unsafe.Sizeof(int(0)))
	}
	n += int64(len(s.rates)) * int64(unsafe.Sizeof(int32(0)))
	for i := range s.listed {
		n += s.listed[i].Bytes() + int64(unsafe.Sizeof(s.ratesOf[i]))
	}
	if s.whole != nil { // arrays of its own; what they point at is counted already, or unrated
		n += int64(unsafe.Sizeof(*s.whole)) + int64(cap(s.whole.Offers))*int64(unsafe.Sizeof(travel.Offer{}))
		for i := range s.whole.Stays {
			n += int64(unsafe.Sizeof(s.whole.Stays[i])) + int64(cap(s.whole.Stays[i].Rates))*int64(unsafe.Sizeof(travel.Rate{}))
		}
	}
	return n
}

// idBytes is an id of 24 characters in Go's size classes.
const idBytes = 24

func offerBytes(o *travel.Offer) int64 {
	n := int64(len(o.PartnerRef))
	n += int64(cap(o.SelfTransfer)) * int64(unsafe.Sizeof(int(0)))
	n += int64(cap(o.Itinerary.Slices)) * int64(unsafe.Sizeof(travel.Slice{}))
	for i := range o.Itinerary.Slices {
		n += int64(cap(o.Itinerary.Slices[i].Segments)) * int64(unsafe.Sizeof(travel.Segment{}))
	}
	n += int64(cap(o.Fare.Basis)+cap(o.Fare.Cabin)) * int64(unsafe.Sizeof(""))
	return n
}

func stayBytes(s *travel.Stay) int64 {
	n := int64(unsafe.Sizeof(*s)) + int64(len(s.Property.ID)+len(s.Property.Name)+len(s.Property.Address)+len(s.Property.City)+len(s.Property.PostCode)+len(s.Property.Country)+len(s.Property.Phone)+len(s.Property.Website)+len(s.Property.GIATA))
	n += int64(cap(s.Rates)) * int64(unsafe.Sizeof(travel.Rate{}))
	for i := range s.Rates {
		r := &s.Rates[i]
		n += int64(len(r.PartnerRef))
		n += int64(cap(r.Rooms))*int64(unsafe.Sizeof(travel.RateRoom{})) + int64(cap(r.Cancellation.Steps))*int64(unsafe.Sizeof(travel.CancellationStep{}))
	}
	return n
}
