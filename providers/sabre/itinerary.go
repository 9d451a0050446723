package sabre

import (
	"strconv"
	"time"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
	"fanfare/providers/wire/opentravel"
)

var (
	groupNames       = opentravel.NewNames("GroupDescription", "Itinerary|itineraries")
	descriptionNames = opentravel.NewNames("LegDescription|legDescriptions")
	dateNames        = opentravel.NewNames("DepartureDate")
	itineraryNames   = opentravel.NewNames("ID", "Leg|legs", "PricingInformation|pricingInformation")
	legRefNames      = opentravel.NewNames("Ref", "DepartureDate")
)

// group reads one ItineraryGroup. An itinerary that comes ahead of the group's description
// has no dates yet: the document is read once more, with those of this time.
func (d *grouped) group() {
	number := d.number
	d.number++
	if d.only && number < len(d.dates) {
		d.legDays = d.dates[number]
	} else {
		d.legDays = nil
	}
	for f := d.d.Fields(groupNames); f.Next(); {
		if f.Key() == 0 {
			d.legDays = d.description()
			continue
		}
		d.behind = d.behind || d.legDays == nil
		d.itinerary()
	}
	if !d.only && len(d.dates) < maxGroups {
		d.dates = append(d.dates, d.legDays)
	}
}

// description is the dates of a group's legs.
func (d *grouped) description() []travel.Date {
	days := []travel.Date{}
	for l := d.d.Fields(descriptionNames); l.Next(); {
		day := travel.Date(0)
		for g := d.d.Fields(dateNames); g.Next(); {
			day = d.date()
		}
		if len(days) < maxLegs {
			days = append(days, day)
		}
	}
	return days
}

// maxGroups bounds what is remembered of groups: one for each pair of dates and airports.
const maxGroups = 4096

// maxLegs bounds the legs of an itinerary; a question has six.
const maxLegs = 16

// itinerary reads one, and makes offers of its prices.
func (d *grouped) itinerary() {
	g := d.g
	label, count, broken := "", 0, false
	g.Begin()
	for f := d.d.Fields(itineraryNames); f.Next(); {
		switch f.Key() {
		case 0:
			label = d.d.Intern()
		case 1:
			ref, date := 0, travel.Date(0)
			for l := d.d.Fields(legRefNames); l.Next(); {
				if l.Key() == 0 {
					ref, _ = d.d.Int()
				} else {
					date = d.date()
				}
			}
			if date == 0 && count < len(d.legDays) {
				date = d.legDays[count]
			}
			count++
			broken = !d.fly(ref, date) || broken
		case 2:
			d.quote()
		}
	}
	if d.d.Err() != nil {
		return
	}
	if quotes := g.Quotes(); broken {
		for i := range quotes {
			quotes[i].Dangling = true
		}
	}
	d.itinerariesRead++
	if label == "" {
		label = strconv.Itoa(d.itinerariesRead)
	}
	g.Finish(label)
}

// fly adds the slice that a leg is on a day, false if it refers to what is not there.
func (d *grouped) fly(ref int, day travel.Date) bool {
	l := d.legs.find(ref)
	if l == nil {
		return false
	}
	for _, at := range d.stops[l.from:l.to] {
		s := d.schedules.find(at.ref)
		if s == nil {
			return false
		}
		departs := at.date
		if departs == 0 && day != 0 {
			departs = day.AddDays(at.days + s.outDays)
		}
		segment := s.segment
		segment.Out, segment.In = wall(departs, s.departs), wall(departs.AddDays(s.inDays), s.arrives)
		d.g.AddSegment(&segment)
	}
	d.g.EndSlice(l.minutes)
	return true
}

// wall is a time of a day, such as 18:20:00+03:00. A Z is the offset of London in winter.
func wall(day travel.Date, at string) wire.Wall {
	if day <= 0 || len(at) > 24 {
		return wire.Wall{}
	}
	w := opentravel.Wall(day.String() + "T" + at)
	if w.Zone == wire.UTC {
		w.Zone, w.OffsetSeconds = wire.Offset, 0
	}
	return w
}

var (
	pricingNames = opentravel.NewNames("Fare", "Offer", "SoldOut", "Brand")
	offerNames   = opentravel.NewNames("OfferID|offerId", "TTL|ttl")
	fareNames    = opentravel.NewNames("ValidatingCarrierCode", "LastTicketDate", "LastTicketTime", "PassengerInfo|passengerInfoList", "TotalFare", "ValidatingCarrier|validatingCarriers", "PassengerNotAvailableInfo")
	infoNames    = opentravel.NewNames("PassengerInfo", "PassengerNotAvailableInfo")
	totalNames   = opentravel.NewNames("TotalPrice|totalPrice|totalFare", "Currency", "TotalTaxes|totalTaxAmount|totalTaxes", "BaseFareAmount", "BaseFareCurrency", "EquivalentAmount", "EquivalentCurrency")
	eachNames    = opentravel.NewNames("TotalFare|totalFare|totalPrice", "Currency", "TotalTaxes|totalTaxAmount|totalTaxes", "BaseFareAmount", "BaseFareCurrency", "EquivalentAmount", "EquivalentCurrency")
	refNames     = opentravel.NewNames("Ref")
)

// quote reads one PricingInformation.
func (d *grouped) quote() {
	g := d.g
	g.BeginQuote()
	q := opentravel.Quote{Additional: true} // one that is sold out is no offer, whichever it is
	fare := false
	d.dangling = false
	for f := d.d.Fields(pricingNames); f.Next(); {
		switch f.Key() {
		case 0:
			fare = true
			d.fare(&q)
		case 1:
			for o := d.d.Fields(offerNames); o.Next(); {
				if o.Key() == 0 {
					q.PartnerRef = d.d.View()
				} else if minutes, ok := d.d.Int(); ok && minutes > 0 {
					q.Lasts = time.Duration(minutes) * time.Minute
				}
			}
		case 2:
			q.NotPriced = true
		case 3:
			if name := d.brand(); name != "" {
				q.Brand = name
			}
		}
	}
	q.NotPriced = q.NotPriced && !fare
	q.Dangling = d.dangling
	g.EndQuote(q)
}

func (d *grouped) fare(q *opentravel.Quote) {
	for f := d.d.Fields(fareNames); f.Next(); {
		switch f.Key() {
		case 0:
			if code := d.d.Name(); code != "" {
				q.Seller.Code = code
			}
		case 1:
			q.LastDate = d.d.View()
		case 2:
			q.LastTime = d.d.View()
		case 3:
			d.passengers(q)
		case 4:
			d.sum(&q.Sum, totalNames)
		case 5:
			for r := d.d.Fields(refNames); r.Next(); {
				ref, _ := d.d.Int()
				code := d.carriers.find(ref)
				switch {
				case code == nil:
					d.g.Answer.Note("dangling_details", 1)
				case q.Seller.Code == "":
					q.Seller.Code = *code
				}
			}
		case 6:
			q.Partial = true
		}
	}
}

// sum reads a fare, for everybody or for one passenger by its names.
func (d *grouped) sum(s *opentravel.Sum, names *opentravel.Names) {
	for f := d.d.Fields(names); f.Next(); {
		switch f.Key() {
		case 0:
			s.Total.Text = d.d.View()
		case 1:
			s.Total.Currency = d.d.Intern()
		case 2:
			s.Taxes.Text = d.d.View()
		case 3:
			s.Base.Text = d.d.View()
		case 4:
			s.Base.Currency = d.d.Intern()
		case 5:
			s.Equiv.Text = d.d.View()
		case 6:
			s.Equiv.Currency = d.d.Intern()
		}
	}
}

// passengers reads a type of passenger, which JSON wraps once more than XML. A fare that
// some type cannot have is none for the party.
func (d *grouped) passengers(q *opentravel.Quote) {
	if d.d.IsXML() {
		d.passenger()
		return
	}
	for f := d.d.Fields(infoNames); f.Next(); {
		if f.Key() == 1 {
			q.Partial = true
			continue
		}
		d.passenger()
	}
}

var (
	passengerNames = opentravel.NewNames("PassengerType", "PassengerNumber", "NonRefundable", "FareComponent|fareComponents", "PassengerTotalFare", "BaggageInformation",
		"PenaltiesInfo")
	paxFareNames = opentravel.NewNames("Ref", "Segment|segments", "BeginAirport", "EndAirport", "Brand")
	seatNames    = opentravel.NewNames("CabinCode", "SeatsAvailable", "Inner|segment", "Surface")
	bagUseNames  = opentravel.NewNames("ProvisionType", "Segment|segments", "Allowance")
	idNames      = opentravel.NewNames("ID")
)

func (d *grouped) passenger() {
	g := d.g
	g.BeginPax()
	p := g.Pax()
	at := 0
	for f := d.d.Fields(passengerNames); f.Next(); {
		switch f.Key() {
		case 0:
			p.Code = d.d.View()
		case 1:
			if n, ok := d.d.Int(); ok && n >= 0 && n < 1000 {
				p.Count = n
			}
		case 2:
			p.NonRefundable = d.d.Bool()
		case 3:
			at = d.fareComponent(at)
		case 4:
			d.sum(&p.Sum, eachNames)
		case 5:
			d.bagUse()
		case 6:
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
		case 0:
			ref, _ := d.d.Int()
			if c = d.components.find(ref); c == nil {
				d.dangling = true
			}
		case 1:
			info := opentravel.Info{Where: opentravel.Where{Flights: opentravel.FlightBit(at + count)}}
			if !d.seat(&info) {
				continue
			}
			where.Flights |= info.Flights
			if info.Flights != 0 {
				g.AddInfo(info)
			}
			count++
		case 2:
			where.From = d.d.View()
		case 3:
			where.To = d.d.View()
		case 4:
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
		case 0:
			i.Cabin, i.Cabins = opentravel.CabinsOf(d.d.View())
		case 1:
			if n, ok := d.d.Int(); ok && n > 0 {
				i.Seats = n
			}
		case 2:
			d.seat(i)
		case 3:
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
		case 0:
			kind = d.d.View()
		case 1:
			for s := d.d.Fields(idNames); s.Next(); {
				if n, ok := d.d.Int(); ok {
					b.Flights |= opentravel.FlightBit(n)
				}
			}
		case 2:
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

var (
	penaltiesNames = opentravel.NewNames("Penalty|penalties")
	penaltyNames   = opentravel.NewNames("Type", "Applicability", "Changeable", "Refundable", "Amount", "Currency")
)

func (d *grouped) penalties() {
	for p := d.d.Fields(penaltiesNames); p.Next(); {
		var t opentravel.Penalty
		for f := d.d.Fields(penaltyNames); f.Next(); {
			switch f.Key() {
			case 0:
				t.Type = d.d.View()
			case 1:
				t.Applicability = d.d.View()
			case 2:
				t.Changeable = d.d.Bool()
			case 3:
				t.Refundable = d.d.Bool()
			case 4:
				t.Fee.Text = d.d.View()
			case 5:
				t.Fee.Currency = d.d.Intern()
			}
		}
		d.g.AddPenalty(t)
	}
}
