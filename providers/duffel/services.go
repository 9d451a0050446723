package duffel

import (
	"slices"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// service is a bag that can be bought beside the offer, by one passenger for some
// segments. The ids are views.
type service struct {
	checked              bool // else for the cabin
	passengers, segments []string
	price                travel.Money
}

// maxServices is how many of an offer are looked at: bags of nine passengers on six
// directions, in four sorts.
const maxServices = 250

const (
	serviceType = iota
	serviceMetadata
	servicePassengerIDs
	serviceSegmentIDs
	serviceTotalAmount
	serviceTotalCurrency
	serviceMaximumQuantity
)

var serviceKeys = document.NewKeys([]string{
	serviceType: "type", serviceMetadata: "metadata", servicePassengerIDs: "passenger_ids", serviceSegmentIDs: "segment_ids",
	serviceTotalAmount: "total_amount", serviceTotalCurrency: "total_currency", serviceMaximumQuantity: "maximum_quantity",
}...)

var metadataKeys = document.NewKeys("type")

func (d *decoder) readService() {
	r := d.r
	var (
		s                          service
		kind, bag, amount, of      string // views
		most, limited, tooManyRead = 0, false, len(d.services) == maxServices
	)
	for o := r.Object(serviceKeys); o.Next(); {
		switch o.Key() {
		case serviceType:
			kind = r.View()
		case serviceMetadata:
			for m := r.Object(metadataKeys); m.Next(); {
				bag = r.View()
			}
		case servicePassengerIDs:
			s.passengers = d.readIDs()
		case serviceSegmentIDs:
			s.segments = d.readIDs()
		case serviceTotalAmount:
			amount = r.View()
		case serviceTotalCurrency:
			of = r.Intern()
		case serviceMaximumQuantity:
			most, limited = r.Int()
		}
	}
	s.price, s.checked = document.Advisory(amount, of), bag == "checked"
	if tooManyRead || kind != "baggage" || bag != "checked" && bag != "carry_on" || !s.price.Known() || s.price.Minor < 0 || limited && most < 1 {
		return
	}
	d.services = append(d.services, s)
}

func (d *decoder) readIDs() (ids []string) {
	for a := d.r.Array(); a.Next(); {
		if len(ids) < maxServices {
			ids = append(ids, d.r.View())
		}
	}
	return ids
}

// bagPrice is what one more bag costs for all seated passengers without one, on all
// segments where they have none: not stated unless the services cover them all. A service
// is for the whole trip or for one slice; the cheaper way counts.
func (d *decoder) bagPrice(checked bool) travel.Money {
	var total travel.Money
	for _, passenger := range d.seated() {
		var lacking []int // segments
		for i := range d.seats {
			s := &d.seats[i]
			n := s.carryOn
			if checked {
				n = s.checked
			}
			switch {
			case s.passenger != passenger:
			case n < 0:
				return travel.Money{}
			case n == 0:
				lacking = append(lacking, s.segment)
			}
		}
		if len(lacking) == 0 {
			continue
		}
		price := d.cheapestService(checked, passenger, lacking)
		if bySlice := d.bySlice(checked, passenger, lacking); bySlice.Known() && (!price.Known() || bySlice.Currency == price.Currency && bySlice.Minor < price.Minor) {
			price = bySlice
		}
		if total.Known() {
			price = total.Plus(price)
		}
		if total = price; !total.Known() {
			return total
		}
	}
	return total
}

// seated is the ids of the passengers with a seat.
func (d *decoder) seated() (ids []string) {
	for i := range d.seats {
		if id := d.seats[i].passenger; !slices.Contains(ids, id) && !slices.Contains(d.lap, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// bySlice is the sum of the cheapest services for each slice with a segment that lacks a bag.
func (d *decoder) bySlice(checked bool, passenger string, lacking []int) (sum travel.Money) {
	first := 0
	for _, count := range d.counts {
		var of []int
		for _, segment := range lacking {
			if segment >= first && segment < first+count {
				of = append(of, segment)
			}
		}
		if first += count; len(of) == 0 {
			continue
		}
		price := d.cheapestService(checked, passenger, of)
		if sum.Known() {
			price = sum.Plus(price)
		}
		if sum = price; !sum.Known() {
			return sum
		}
	}
	return sum
}

func (d *decoder) cheapestService(checked bool, passenger string, segments []int) (least travel.Money) {
	for i := range d.services {
		s := &d.services[i]
		covers := s.checked == checked && slices.Contains(s.passengers, passenger)
		for _, segment := range segments {
			covers = covers && slices.Contains(s.segments, d.ids[segment])
		}
		if covers && (!least.Known() || s.price.Currency == least.Currency && s.price.Minor < least.Minor) {
			least = s.price
		}
	}
	return least
}
