package kiwi

import (
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	offerID = iota
	offerPrice
	offerRoute
	offerRoutes
	offerDuration
	offerAvailability
	offerBagsPrice
	offerBaglimit
	offerPNRCount
	offerVirtualInterlining
	offerHasAirportChange
	offerTechnicalStops
	offerConversion
	offerFlyFrom
)

var offerKeys = document.NewKeys([]string{
	offerID: "id", offerPrice: "price", offerRoute: "route", offerRoutes: "routes", offerDuration: "duration",
	offerAvailability: "availability", offerBagsPrice: "bags_price", offerBaglimit: "baglimit", offerPNRCount: "pnr_count",
	offerVirtualInterlining: "virtual_interlining", offerHasAirportChange: "has_airport_change", offerTechnicalStops: "technical_stops",
	offerConversion: "conversion", offerFlyFrom: "flyFrom",
}...)

// The duration of each direction, by the index of its slice.
const (
	durationDeparture = iota
	durationReturn
	directions // how many there are
)

var durationKeys = document.NewKeys([]string{durationDeparture: "departure", durationReturn: "return"}...)

var availabilityKeys = document.NewKeys("seats")

// readOffer reads one offer and keeps or drops it.
func (d *decoder) readOffer() {
	r := d.r
	var (
		o           travel.Offer
		price       string // a view
		t           tickets
		bags        bagPrices
		stops       int
		change, has bool
	)
	d.legs, d.counts, d.routes, d.times, d.timeRule, d.differs = d.legs[:0], d.counts[:0], d.routes[:0], [directions]float64{}, "", false
	d.conversions, d.tooMuch = d.conversions[:0], false
	for obj := r.Object(offerKeys); obj.Next(); {
		switch obj.Key() {
		case offerID:
			o.PartnerRef = r.Text()
		case offerPrice:
			price = r.View()
		case offerRoute:
			has = has || r.Kind() == '[' || r.Kind() == '{'
			d.readRoute()
		case offerRoutes:
			d.readRoutes()
		case offerDuration:
			for w := r.Object(durationKeys); w.Next(); {
				if seconds, ok := r.Float(); ok && seconds > 0 && seconds < 1e7 {
					d.times[w.Key()] = seconds
				}
			}
		case offerAvailability:
			for w := r.Object(availabilityKeys); w.Next(); {
				n, _ := r.Int()
				o.SeatsLeft = max(n, 0)
			}
		case offerBagsPrice:
			d.readBagPrices(&bags)
		case offerBaglimit:
			bags.sized = d.readBagLimit()
		case offerPNRCount:
			t.count, _ = r.Int()
		case offerVirtualInterlining:
			t.interlining = r.Bool() == travel.Yes
		case offerHasAirportChange:
			change = r.Bool() == travel.Yes
		case offerTechnicalStops:
			stops, _ = r.Int()
		case offerConversion:
			if d.currency == "" {
				d.readConversion()
			}
		case offerFlyFrom:
			has = true
		}
	}
	if r.Err() != nil {
		return
	}
	d.listed++
	if has {
		d.offers++
	}
	d.answer.OffersIn++
	currency, rule := d.currency, ""
	if currency == "" {
		currency = d.converted(price)
	}
	o.Price.Kind = travel.Live
	if o.Price.Total, rule = document.Money(price, currency); rule == "" {
		rule = d.complete(&o, &t)
	}
	if rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	o.Fare.CabinBags, o.Fare.CheckedBags = bags.cabin(), bags.checked()
	bags.costs(&o.Fare, o.Price.Total.Currency)
	if change {
		d.answer.Note("airport_changes", 1)
	}
	d.answer.Note("technical_stops", min(max(stops, 0), 100))
	d.answer.Offers = append(d.answer.Offers, o)
}

// complete fills in itinerary, tickets and fare, or names the rule against the offer.
func (d *decoder) complete(o *travel.Offer, t *tickets) (rule string) {
	if d.tooMuch {
		return travel.RuleTooMany
	}
	d.fly()
	d.cut = assemble.CutSlices(d.cut[:0], d.segments, d.counts)
	o.Itinerary = travel.Itinerary{Slices: d.cut}
	rule = o.Check()
	if rule == travel.RuleBadTime && d.timeRule != "" {
		rule = d.timeRule
	}
	if rule == "" {
		rule = d.checkDurations()
	}
	if rule != "" {
		return rule
	}
	o.Itinerary = d.shared.Itinerary(o.Itinerary)
	o.SelfTransfer = d.changes(t)
	d.fare(&o.Fare)
	if o.PartnerRef == "" {
		o.PartnerRef = d.madeRef()
	}
	if d.differs {
		d.answer.Note("offset_differs", 1)
	}
	for i := range d.legs {
		if d.legs[i].ground != "" {
			d.answer.Note("ground_segments", 1)
		}
	}
	return ""
}

// madeRef is an id for an offer without one: its flights' own, or the flights.
func (d *decoder) madeRef() string {
	parts := make([]string, len(d.legs))
	for i := range d.legs {
		if parts[i] = d.legs[i].id; parts[i] == "" {
			s := &d.segments[i]
			parts[i] = s.Marketing.String() + string(s.Origin) + s.Departs.Date().String()
		}
	}
	return strings.Join(parts, "|")
}

// checkDurations compares the stated durations of there and back with those by the clock:
// a small difference is noted, a day is a wrong time.
func (d *decoder) checkDurations() string {
	if len(d.cut) > 2 {
		return ""
	}
	differ := 0
	for i := range d.cut {
		stated, computed := time.Duration(d.times[i])*time.Second, d.cut[i].Duration()
		if travel.DurationMismatch(stated, computed) {
			return travel.RuleDurationMismatch
		}
		if stated > 0 && stated != computed {
			differ = 1
		}
	}
	d.answer.Note("duration_differs", differ)
	return ""
}

// fare fills in cabin, fare basis and brand of each segment.
func (d *decoder) fare(f *travel.Fare) {
	d.cabinOf, d.basisOf = d.cabinOf[:0], d.basisOf[:0]
	brand := ""
	for i := range d.legs {
		l := &d.legs[i]
		d.cabinOf, d.basisOf = append(d.cabinOf, l.cabin), append(d.basisOf, l.basis)
		switch {
		case l.brand == "" || slices.Contains(strings.Split(brand, " / "), l.brand):
		case brand == "":
			brand = l.brand
		default:
			brand += " / " + l.brand
		}
	}
	d.shared.Fare(f, d.cabinOf, d.basisOf)
	f.Brand = brand
}

// currencies are those that conversion is searched for where a document does not state
// its own: the ones that the vendor's pages can be shown in, as far as they are written down.
var (
	currencies = []string{"EUR", "USD", "GBP", "CZK", "PLN", "CHF", "SEK", "NOK", "DKK", "HUF", "RON", "BGN", "TRY", "RUB", "UAH", "ILS", "AED", "SAR", "INR", "JPY",
		"KRW", "CNY", "HKD", "TWD", "SGD", "THB", "MYR", "IDR", "PHP", "VND", "AUD", "NZD", "CAD", "MXN", "BRL", "ARS", "CLP", "COP", "PEN", "ZAR", "EGP", "KWD", "QAR", "ISK", "KZT", "GEL"}
	conversionKeys = document.NewKeys(currencies...)
)

// conversion is the price in a currency; the amount is a view.
type conversion struct{ currency, amount string }

func (d *decoder) readConversion() {
	for o := d.r.Object(conversionKeys); o.Next(); {
		d.conversions = append(d.conversions, conversion{currencies[o.Key()], d.r.View()})
	}
}

// converted is the one currency with exactly the price, "" if there is none or several.
func (d *decoder) converted(price string) (currency string) {
	for _, c := range d.conversions {
		switch {
		case c.amount != price || price == "":
		case currency != "":
			return ""
		default:
			currency = c.currency
		}
	}
	return currency
}
