package sabre

import (
	"strconv"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

const (
	groupDescription = iota
	groupItinerary
)

var groupNames = opentravel.NewNames([]string{groupDescription: "GroupDescription", groupItinerary: "Itinerary|itineraries"}...)

var (
	descriptionNames = opentravel.NewNames("LegDescription|legDescriptions")
	dateNames        = opentravel.NewNames("DepartureDate")
)

const (
	itineraryID = iota
	itineraryLeg
	itineraryPricingInformation
)

var itineraryNames = opentravel.NewNames([]string{
	itineraryID: "ID", itineraryLeg: "Leg|legs", itineraryPricingInformation: "PricingInformation|pricingInformation",
}...)

const (
	legRefRef = iota
	legRefDepartureDate
)

var legRefNames = opentravel.NewNames([]string{legRefRef: "Ref", legRefDepartureDate: "DepartureDate"}...)

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
		if f.Key() == groupDescription {
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
		case itineraryID:
			label = d.d.Intern()
		case itineraryLeg:
			ref, date := 0, travel.Date(0)
			for l := d.d.Fields(legRefNames); l.Next(); {
				if l.Key() == legRefRef {
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
		case itineraryPricingInformation:
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
func wall(day travel.Date, at string) document.Wall {
	if day <= 0 || len(at) > 24 {
		return document.Wall{}
	}
	w := opentravel.Wall(day.String() + "T" + at)
	if w.Zone == document.UTC {
		w.Zone, w.OffsetSeconds = document.Offset, 0
	}
	return w
}

const (
	pricingFare = iota
	pricingOffer
	pricingSoldOut
	pricingBrand
)

var pricingNames = opentravel.NewNames([]string{
	pricingFare: "Fare", pricingOffer: "Offer", pricingSoldOut: "SoldOut", pricingBrand: "Brand",
}...)

const (
	offerID = iota
	offerTTL
)

var offerNames = opentravel.NewNames([]string{offerID: "OfferID|offerId", offerTTL: "TTL|ttl"}...)

const (
	fareValidatingCarrierCode = iota
	fareLastTicketDate
	fareLastTicketTime
	farePassengerInfo
	fareTotalFare
	fareValidatingCarrier
	farePassengerNotAvailableInfo
)

var fareNames = opentravel.NewNames([]string{
	fareValidatingCarrierCode: "ValidatingCarrierCode", fareLastTicketDate: "LastTicketDate", fareLastTicketTime: "LastTicketTime",
	farePassengerInfo: "PassengerInfo|passengerInfoList", fareTotalFare: "TotalFare",
	fareValidatingCarrier: "ValidatingCarrier|validatingCarriers", farePassengerNotAvailableInfo: "PassengerNotAvailableInfo",
}...)

const (
	totalPrice = iota
	totalCurrency
	totalTaxes
	totalBaseFareAmount
	totalBaseFareCurrency
	totalEquivalentAmount
	totalEquivalentCurrency
)

var totalNames = opentravel.NewNames([]string{
	totalPrice: "TotalPrice|totalPrice|totalFare", totalCurrency: "Currency", totalTaxes: "TotalTaxes|totalTaxAmount|totalTaxes",
	totalBaseFareAmount: "BaseFareAmount", totalBaseFareCurrency: "BaseFareCurrency", totalEquivalentAmount: "EquivalentAmount",
	totalEquivalentCurrency: "EquivalentCurrency",
}...)

// eachNames are those of totalNames as they are spelt in the fare of one passenger.
var eachNames = opentravel.NewNames([]string{
	totalPrice: "TotalFare|totalFare|totalPrice", totalCurrency: "Currency", totalTaxes: "TotalTaxes|totalTaxAmount|totalTaxes",
	totalBaseFareAmount: "BaseFareAmount", totalBaseFareCurrency: "BaseFareCurrency", totalEquivalentAmount: "EquivalentAmount",
	totalEquivalentCurrency: "EquivalentCurrency",
}...)

var refNames = opentravel.NewNames("Ref")

// quote reads one PricingInformation.
func (d *grouped) quote() {
	g := d.g
	g.BeginQuote()
	q := opentravel.Quote{Additional: true} // one that is sold out is no offer, whichever it is
	fare := false
	d.dangling = false
	for f := d.d.Fields(pricingNames); f.Next(); {
		switch f.Key() {
		case pricingFare:
			fare = true
			d.fare(&q)
		case pricingOffer:
			for o := d.d.Fields(offerNames); o.Next(); {
				if o.Key() == offerID {
					q.PartnerRef = d.d.View()
				} else if minutes, ok := d.d.Int(); ok && minutes > 0 {
					q.Lasts = time.Duration(minutes) * time.Minute
				}
			}
		case pricingSoldOut:
			q.NotPriced = true
		case pricingBrand:
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
		case fareValidatingCarrierCode:
			if code := d.d.Name(); code != "" {
				q.Seller.Code = code
			}
		case fareLastTicketDate:
			q.LastDate = d.d.View()
		case fareLastTicketTime:
			q.LastTime = d.d.View()
		case farePassengerInfo:
			d.passengers(q)
		case fareTotalFare:
			d.sum(&q.Sum, totalNames)
		case fareValidatingCarrier:
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
		case farePassengerNotAvailableInfo:
			q.Partial = true
		}
	}
}

// sum reads a fare, for everybody or for one passenger by its names.
func (d *grouped) sum(s *opentravel.Sum, names *opentravel.Names) {
	for f := d.d.Fields(names); f.Next(); {
		switch f.Key() {
		case totalPrice:
			s.Total.Text = d.d.View()
		case totalCurrency:
			s.Total.Currency = d.d.Intern()
		case totalTaxes:
			s.Taxes.Text = d.d.View()
		case totalBaseFareAmount:
			s.Base.Text = d.d.View()
		case totalBaseFareCurrency:
			s.Base.Currency = d.d.Intern()
		case totalEquivalentAmount:
			s.Equiv.Text = d.d.View()
		case totalEquivalentCurrency:
			s.Equiv.Currency = d.d.Intern()
		}
	}
}
