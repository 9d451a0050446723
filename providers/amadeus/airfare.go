package amadeus

import (
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// fareDetail is the fare of one traveller with a seat on one segment.
type fareDetail struct {
	segment        string // id, a view
	cabin          travel.Cabin
	basis          string
	cabinBags      int // pieces, -1 is not stated
	checkedBags    int
	refund, change amenity
	seat           travel.SeatChoice
}

// amenity is whether a branded fare has one.
type amenity uint8

const (
	notListed amenity = iota
	atACharge
	free
)

const (
	travelerType = iota
	travelerPrice
	travelerFareDetailsBySegment
)

var travelerKeys = document.NewKeys([]string{
	travelerType: "travelerType", travelerPrice: "price", travelerFareDetailsBySegment: "fareDetailsBySegment",
}...)

const (
	fareSegmentID = iota
	fareCabin
	fareBasis
	fareBrandedFare
	fareBrandedFareLabel
	fareIncludedCheckedBags
	fareIncludedCabinBags
	fareAmenities
)

var fareKeys = document.NewKeys([]string{
	fareSegmentID: "segmentId", fareCabin: "cabin", fareBasis: "fareBasis", fareBrandedFare: "brandedFare",
	fareBrandedFareLabel: "brandedFareLabel", fareIncludedCheckedBags: "includedCheckedBags", fareIncludedCabinBags: "includedCabinBags",
	fareAmenities: "amenities",
}...)

const (
	bagQuantity = iota
	bagWeight
)

var bagKeys = document.NewKeys([]string{bagQuantity: "quantity", bagWeight: "weight"}...)

const (
	amenityDescription = iota
	amenityIsChargeable
	amenityType
)

var amenityKeys = document.NewKeys([]string{
	amenityDescription: "description", amenityIsChargeable: "isChargeable", amenityType: "amenityType",
}...)

// readTraveler reads the price of a traveller, and the fares of one with a seat.
func (d *airDecoder) readTraveler(prices *travelerPrices) {
	r := d.r
	first, brands, lap := len(d.fares), len(d.brands), false
	var p price
	for o := r.Object(travelerKeys); o.Next(); {
		switch o.Key() {
		case travelerType:
			lap = r.View() == "HELD_INFANT"
		case travelerPrice:
			p = d.readPrice()
		case travelerFareDetailsBySegment:
			for a := r.Array(); a.Next(); {
				d.readDetail()
			}
		}
	}
	prices.add(&p)
	if lap {
		d.fares, d.brands = d.fares[:first], d.brands[:brands]
		return
	}
	d.seated++
}

func (d *airDecoder) readDetail() {
	r := d.r
	f := fareDetail{cabinBags: -1, checkedBags: -1}
	brand, label := "", ""
	for o := r.Object(fareKeys); o.Next(); {
		switch o.Key() {
		case fareSegmentID:
			f.segment = r.View()
		case fareCabin:
			f.cabin = cabinOf(r.View())
		case fareBasis:
			f.basis = r.Intern()
		case fareBrandedFare:
			brand = r.Name()
		case fareBrandedFareLabel:
			label = r.Name()
		case fareIncludedCheckedBags:
			f.checkedBags = d.readBags()
		case fareIncludedCabinBags:
			f.cabinBags = d.readBags()
		case fareAmenities:
			d.readAmenities(&f)
		}
	}
	if label != "" {
		brand = label
	}
	if brand != "" && !slices.Contains(d.brands, brand) {
		d.brands = append(d.brands, brand)
	}
	if len(d.fares) == maxFares {
		d.tooMuch = true
		return
	}
	d.fares = append(d.fares, f)
}

// readBags is a number of pieces, -1 if none is stated. A weight alone is one piece.
func (d *airDecoder) readBags() int {
	r := d.r
	pieces, weight := -1, -1
	for o := r.Object(bagKeys); o.Next(); {
		n, ok := r.Int()
		switch {
		case !ok || n < 0:
		case o.Key() == bagQuantity:
			pieces = min(n, 100)
		default:
			weight = n
		}
	}
	if pieces < 0 && weight >= 0 {
		pieces = min(weight, 1)
	}
	return pieces
}

// readAmenities looks for those of a branded fare that are conditions.
func (d *airDecoder) readAmenities(f *fareDetail) {
	r := d.r
	for a := r.Array(); a.Next(); {
		var (
			description, sort string // views
			chargeable        travel.Answered
		)
		for o := r.Object(amenityKeys); o.Next(); {
			switch o.Key() {
			case amenityDescription:
				description = r.View()
			case amenityIsChargeable:
				chargeable = r.Bool()
			case amenityType:
				sort = r.View()
			}
		}
		if sort == "PRE_RESERVED_SEAT" {
			f.seat = max(f.seat, seatOf(chargeable))
		}
		has := atACharge
		if chargeable == travel.No {
			has = free
		}
		switch {
		case strings.EqualFold(description, "REFUNDABLE TICKET"):
			f.refund = max(f.refund, has)
		case strings.EqualFold(description, "CHANGEABLE TICKET"):
			f.change = max(f.change, has)
		}
	}
}

// seatOf is what an amenity says of choosing a seat. Of several the best counts: standard
// seats are often free where those with more room are not.
func seatOf(chargeable travel.Answered) travel.SeatChoice {
	switch chargeable {
	case travel.No:
		return travel.SeatIncluded
	case travel.Yes:
		return travel.SeatAtAPrice
	}
	return travel.SeatUnknown
}

// cabinOf is the vendor's word in ours, or unknown.
func cabinOf(name string) travel.Cabin {
	switch name {
	case "ECONOMY":
		return travel.Economy
	case "PREMIUM_ECONOMY":
		return travel.PremiumEconomy
	case "BUSINESS":
		return travel.Business
	case "FIRST":
		return travel.First
	}
	return travel.CabinUnknown
}

// fare fills in what the fares of the segments say: cabin and fare basis of each segment,
// and the least bags that any traveller with a seat has on any of them. A fare of a
// segment that is not there is against the offer.
func (d *airDecoder) fare(f *travel.Fare, currency travel.Currency) (rule string) {
	var (
		cabinBags   travel.Fewest
		checkedBags travel.Fewest
		cabins      = assemble.Cleared(&d.cabinOf, len(d.segments))
		bases       = assemble.Cleared(&d.basisOf, len(d.segments))
		served      = assemble.Cleared(&d.served, len(d.segments))
		refund      = free
		change      = free
		seat        = travel.SeatIncluded
	)
	for i := range d.fares {
		x := &d.fares[i]
		at := slices.Index(d.ids, x.segment)
		if at < 0 || x.segment == "" {
			return travel.RuleDanglingRef
		}
		served[at]++
		cabinBags.Add(x.cabinBags)
		checkedBags.Add(x.checkedBags)
		refund, change = min(refund, x.refund), min(change, x.change)
		seat = seat.And(x.seat)
		if x.cabin.Known() && (cabins[at] == travel.CabinUnknown || x.cabin.Below(cabins[at])) {
			cabins[at] = x.cabin
		}
		if bases[at] == "" {
			bases[at] = x.basis
		}
	}
	if slices.Min(served) < max(d.seated, 1) {
		cabinBags.Add(-1)
		checkedBags.Add(-1)
		refund, change, seat = notListed, notListed, travel.SeatUnknown
	}
	f.Seat = seat
	f.CabinBags, f.CheckedBags = cabinBags.Pieces(), checkedBags.Pieces()
	grant(&f.Refundable, &f.RefundFee, refund, currency)
	grant(&f.Changeable, &f.ChangeFee, change, currency)
	d.shared.Fare(f, cabins, bases)
	f.Brand = strings.Join(d.brands, " / ")
	return ""
}

// grant states a condition that the rules of the fare have not stated. What one costs
// that is not free, an amenity does not say.
func grant(allowed *travel.Answered, fee *travel.Money, has amenity, currency travel.Currency) {
	if *allowed != travel.Unknown || has == notListed {
		return
	}
	*allowed = travel.Yes
	if has == free {
		*fee = travel.Money{Currency: currency}
	}
}
