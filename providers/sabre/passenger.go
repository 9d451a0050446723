package sabre

import (
	"fanfare/providers/opentravel"
)

const (
	infoPassengerInfo = iota
	infoPassengerNotAvailableInfo
)

var infoNames = opentravel.NewNames([]string{
	infoPassengerInfo: "PassengerInfo", infoPassengerNotAvailableInfo: "PassengerNotAvailableInfo",
}...)

// passengers reads a type of passenger, which JSON wraps once more than XML. A fare that
// some type cannot have is none for the party.
func (d *grouped) passengers(q *opentravel.Quote) {
	if d.d.IsXML() {
		d.passenger()
		return
	}
	for f := d.d.Fields(infoNames); f.Next(); {
		if f.Key() == infoPassengerNotAvailableInfo {
			q.Partial = true
			continue
		}
		d.passenger()
	}
}

const (
	passengerType = iota
	passengerNumber
	passengerNonRefundable
	passengerFareComponent
	passengerTotalFare
	passengerBaggageInformation
	passengerPenaltiesInfo
)

var passengerNames = opentravel.NewNames([]string{
	passengerType: "PassengerType", passengerNumber: "PassengerNumber", passengerNonRefundable: "NonRefundable",
	passengerFareComponent: "FareComponent|fareComponents", passengerTotalFare: "PassengerTotalFare",
	passengerBaggageInformation: "BaggageInformation", passengerPenaltiesInfo: "PenaltiesInfo",
}...)

const (
	paxFareRef = iota
	paxFareSegment
	paxFareBeginAirport
	paxFareEndAirport
	paxFareBrand
)

var paxFareNames = opentravel.NewNames([]string{
	paxFareRef: "Ref", paxFareSegment: "Segment|segments", paxFareBeginAirport: "BeginAirport", paxFareEndAirport: "EndAirport",
	paxFareBrand: "Brand",
}...)

const (
	seatCabinCode = iota
	seatSeatsAvailable
	seatInner
	seatSurface
)

var seatNames = opentravel.NewNames([]string{
	seatCabinCode: "CabinCode", seatSeatsAvailable: "SeatsAvailable", seatInner: "Inner|segment", seatSurface: "Surface",
}...)

const (
	bagUseProvisionType = iota
	bagUseSegment
	bagUseAllowance
)

var bagUseNames = opentravel.NewNames([]string{
	bagUseProvisionType: "ProvisionType", bagUseSegment: "Segment|segments", bagUseAllowance: "Allowance",
}...)

var idNames = opentravel.NewNames("ID")

func (d *grouped) passenger() {
	g := d.g
	g.BeginPax()
	p := g.Pax()
	at := 0
	for f := d.d.Fields(passengerNames); f.Next(); {
		switch f.Key() {
		case passengerType:
			p.Code = d.d.View()
		case passengerNumber:
			if n, ok := d.d.Int(); ok && n >= 0 && n < 1000 {
				p.Count = n
			}
		case passengerNonRefundable:
			p.NonRefundable = d.d.Bool()
		case passengerFareComponent:
			at = d.fareComponent(at)
		case passengerTotalFare:
			d.sum(&p.Sum, eachNames)
		case passengerBaggageInformation:
			d.bagUse()
		case passengerPenaltiesInfo:
			d.penalties()
		}
	}
	g.EndPax()
}

// fareComponent reads one, which is for the next segments from at on, and returns where
// the one behind it begins.
func (d *grouped) fareComponent(at int) int {
	g := d.g
	var (
		where opentravel.Where
		c     *component
		brand string
		count int
	)
	for f := d.d.Fields(paxFareNames); f.Next(); {
		switch f.Key() {
		case paxFareRef:
			ref, _ := d.d.Int()
			if c = d.components.find(ref); c == nil {
				d.dangling = true
			}
		case paxFareSegment:
			info := opentravel.Info{Where: opentravel.Where{Flights: opentravel.FlightBit(at + count)}}
			if !d.seat(&info) {
				continue
			}
			where.Flights |= info.Flights
			if info.Flights != 0 {
				g.AddInfo(info)
			}
			count++
		case paxFareBeginAirport:
			where.From = d.d.View()
		case paxFareEndAirport:
			where.To = d.d.View()
		case paxFareBrand:
			brand = d.brand()
		}
	}
	if c == nil {
		return at + count
	}
	if count == 0 {
		for range min(c.segments, maxLegs) {
			where.Flights |= opentravel.FlightBit(at + count)
			count++
		}
	}
	if where.Flights != 0 || where.From != "" {
		if brand == "" {
			brand = c.brand
		}
		g.AddBasis(opentravel.Basis{Where: where, Code: c.basis, Cabin: c.cabin, Cabins: c.cabins})
		if brand != "" {
			g.AddBrand(opentravel.Brand{Where: where, Name: brand})
		}
	}
	return at + count
}

// seat reads cabin and seats left of a segment, which JSON wraps once more than XML. It is
// false of a way on the ground, which is none of the itinerary's segments.
func (d *grouped) seat(i *opentravel.Info) (flown bool) {
	flown = true
	for f := d.d.Fields(seatNames); f.Next(); {
		switch f.Key() {
		case seatCabinCode:
			i.Cabin, i.Cabins = opentravel.CabinsOf(d.d.View())
		case seatSeatsAvailable:
			if n, ok := d.d.Int(); ok && n > 0 {
				i.Seats = n
			}
		case seatInner:
			d.seat(i)
		case seatSurface:
			flown = false
		}
	}
	return flown
}

func (d *grouped) bagUse() {
	b := opentravel.Bag{Pieces: -1}
	kind := ""
	for f := d.d.Fields(bagUseNames); f.Next(); {
		switch f.Key() {
		case bagUseProvisionType:
			kind = d.d.View()
		case bagUseSegment:
			for s := d.d.Fields(idNames); s.Next(); {
				if n, ok := d.d.Int(); ok {
					b.Flights |= opentravel.FlightBit(n)
				}
			}
		case bagUseAllowance:
			for r := d.d.Fields(refNames); r.Next(); {
				ref, _ := d.d.Int()
				if pieces := d.bags.find(ref); pieces != nil {
					b.Pieces = *pieces
				} else {
					d.g.Answer.Note("dangling_details", 1)
				}
			}
		}
	}
	d.g.AddProvision(kind, b)
}

var penaltiesNames = opentravel.NewNames("Penalty|penalties")

const (
	penaltyType = iota
	penaltyApplicability
	penaltyChangeable
	penaltyRefundable
	penaltyAmount
	penaltyCurrency
)

var penaltyNames = opentravel.NewNames([]string{
	penaltyType: "Type", penaltyApplicability: "Applicability", penaltyChangeable: "Changeable", penaltyRefundable: "Refundable",
	penaltyAmount: "Amount", penaltyCurrency: "Currency",
}...)

func (d *grouped) penalties() {
	for p := d.d.Fields(penaltiesNames); p.Next(); {
		var t opentravel.Penalty
		for f := d.d.Fields(penaltyNames); f.Next(); {
			switch f.Key() {
			case penaltyType:
				t.Type = d.d.View()
			case penaltyApplicability:
				t.Applicability = d.d.View()
			case penaltyChangeable:
				t.Changeable = d.d.Bool()
			case penaltyRefundable:
				t.Refundable = d.d.Bool()
			case penaltyAmount:
				t.Fee.Text = d.d.View()
			case penaltyCurrency:
				t.Fee.Currency = d.d.Intern()
			}
		}
		d.g.AddPenalty(t)
	}
}
