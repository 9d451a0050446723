package amadeus

import (
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	offerType = iota
	offerID
	offerItineraries
	offerPrice
	offerTravelerPricings
	offerValidatingAirlineCodes
	offerNumberOfBookableSeats
	offerLastTicketingDate
	offerLastTicketingDateTime
	offerPricingOptions
	offerFareRules
)

var offerKeys = document.NewKeys([]string{
	offerType: "type", offerID: "id", offerItineraries: "itineraries", offerPrice: "price", offerTravelerPricings: "travelerPricings",
	offerValidatingAirlineCodes: "validatingAirlineCodes", offerNumberOfBookableSeats: "numberOfBookableSeats",
	offerLastTicketingDate: "lastTicketingDate", offerLastTicketingDateTime: "lastTicketingDateTime",
	offerPricingOptions: "pricingOptions", offerFareRules: "fareRules",
}...)

var optionsKeys = document.NewKeys("refundableFare")

// readOffer reads one offer and keeps or drops it.
func (d *airDecoder) readOffer() {
	r := d.r
	var (
		o                  travel.Offer
		price              price
		rules              fareRules
		lastDate, lastTime string // views
		flies, refundable  bool
		travelers          travelerPrices
	)
	d.segments, d.ids, d.counts, d.stated = d.segments[:0], d.ids[:0], d.counts[:0], d.stated[:0]
	d.fares, d.brands, d.timeRule, d.stops, d.seated, d.tooMuch = d.fares[:0], d.brands[:0], "", 0, 0, false
	for obj := r.Object(offerKeys); obj.Next(); {
		switch obj.Key() {
		case offerType:
			flies = flies || r.View() == "flight-offer"
		case offerID:
			o.PartnerRef = r.Text()
		case offerItineraries:
			flies = true
			for a := r.Array(); a.Next(); {
				d.readItinerary()
			}
		case offerPrice:
			price = d.readPrice()
		case offerTravelerPricings:
			for a := r.Array(); a.Next(); o.Travellers++ {
				d.readTraveler(&travelers)
			}
		case offerValidatingAirlineCodes:
			o.Seller.Code = d.readValidating()
		case offerNumberOfBookableSeats:
			seats, _ := r.Int()
			o.SeatsLeft = max(seats, 0)
		case offerLastTicketingDate:
			lastDate = r.View()
		case offerLastTicketingDateTime:
			lastTime = r.View()
		case offerPricingOptions:
			for w := r.Object(optionsKeys); w.Next(); {
				refundable = r.Bool() == travel.Yes
			}
		case offerFareRules:
			d.readRules(&rules)
		}
	}
	if r.Err() != nil {
		return
	}
	d.listed++
	if flies {
		d.wanted++
	}
	d.answer.OffersIn++
	rule := ""
	if o.Price, rule = price.of(&travelers); rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	rules.apply(&o.Fare, o.Price.Total.Currency)
	if rule = d.complete(&o, lastDate, lastTime); rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	if n, known := o.Fare.CheckedBags.Count(); known && n == 0 && o.Travellers == 1 && len(o.Itinerary.Slices) == 1 {
		o.Fare.CheckedBagPrice = document.Advisory(price.bag, string(o.Price.Total.Currency))
	}
	if refundable && o.Fare.Refundable == travel.Unknown {
		o.Fare.Refundable = travel.Yes
	}
	d.answer.Offers = append(d.answer.Offers, o)
}

// readValidating is the first carrier of the list: who issues the ticket.
func (d *airDecoder) readValidating() string {
	if d.r.Kind() == '"' {
		return d.r.Intern()
	}
	first := ""
	for a := d.r.Array(); a.Next(); {
		if code := d.r.Intern(); first == "" {
			first = code
		}
	}
	return first
}

// complete fills in itinerary, fare and expiry, or names the rule against the offer.
func (d *airDecoder) complete(o *travel.Offer, lastDate, lastTime string) (rule string) {
	if d.tooMuch {
		return travel.RuleTooMany
	}
	d.cut = assemble.CutSlices(d.cut[:0], d.segments, d.counts)
	o.Itinerary = travel.Itinerary{Slices: d.cut}
	rule = o.Check()
	if rule == travel.RuleBadTime && d.timeRule != "" {
		rule = d.timeRule
	}
	if rule == "" {
		var differ int
		rule, differ = assemble.CompareTimes(d.stated, d.segments)
		d.answer.Note("duration_differs", differ)
	}
	if rule == "" {
		rule = d.fare(&o.Fare, o.Price.Total.Currency)
	}
	if rule != "" {
		return rule
	}
	o.Itinerary = d.shared.Itinerary(o.Itinerary)
	o.ExpiresAt = d.expiry(lastDate, lastTime)
	d.answer.Note("technical_stops", d.stops)
	return ""
}

// expiry is until when the ticket can be bought: the last second of a date, or a time, at
// the origin, but never later than the departure.
func (d *airDecoder) expiry(date, clock string) time.Time {
	w, ok := document.ParseWall(clock)
	if !ok {
		if _, err := travel.ParseDate(date); err != nil {
			return time.Time{}
		}
		w, _ = document.ParseWall(date + "T23:59:59")
	}
	first := &d.segments[0]
	t, rule := w.At(first.Origin, d.atlas, "")
	if rule != "" {
		return time.Time{}
	}
	return time.Unix(min(t.Unix, first.Departs.Unix), 0).UTC()
}

const (
	rulesCurrency = iota
	rulesRules
)

var rulesKeys = document.NewKeys([]string{rulesCurrency: "currency", rulesRules: "rules"}...)

const (
	ruleCategory = iota
	ruleNotApplicable
	ruleMaxPenaltyAmount
)

var ruleKeys = document.NewKeys([]string{
	ruleCategory: "category", ruleNotApplicable: "notApplicable", ruleMaxPenaltyAmount: "maxPenaltyAmount",
}...)

// fareRules is what the rules of the fare say about giving back and changing.
type fareRules struct {
	currency       string
	refund, change condition
}

type condition struct {
	allowed travel.Answered
	fee     string // a view, the largest; "" is unknown
	of      string // the category that said it
}

func (d *airDecoder) readRules(f *fareRules) {
	r := d.r
	for o := r.Object(rulesKeys); o.Next(); {
		if o.Key() == rulesCurrency {
			f.currency = r.Intern()
			continue
		}
		for a := r.Array(); a.Next(); {
			var category, fee string
			not := travel.Unknown
			for x := r.Object(ruleKeys); x.Next(); {
				switch x.Key() {
				case ruleCategory:
					category = r.View()
				case ruleNotApplicable:
					not = r.Bool()
				case ruleMaxPenaltyAmount:
					fee = r.View()
				}
			}
			switch category = strings.ToUpper(category); category {
			case "REFUND", "CANCELLATION":
				f.refund.add(category, "REFUND", not, fee)
			case "EXCHANGE", "REISSUE", "REBOOK":
				f.change.add(category, "EXCHANGE", not, fee)
			}
		}
	}
}

// add takes a rule in. The first category outweighs the others, which partners use for
// parts of it; a prohibition outweighs a permission of the same category.
func (c *condition) add(category, first string, not travel.Answered, fee string) {
	allowed := travel.Unknown
	switch {
	case not == travel.Yes:
		allowed, fee = travel.No, ""
	case not == travel.No || fee != "":
		allowed = travel.Yes
	default:
		return
	}
	switch {
	case c.allowed == travel.Unknown, category == first && c.of != first:
		*c = condition{allowed, fee, category}
	case category != c.of || c.allowed == travel.No:
	case allowed == travel.No:
		c.allowed, c.fee = travel.No, ""
	default: // of two fees the larger
		a, _ := document.Money(c.fee, "EUR")
		if b, rule := document.Money(fee, "EUR"); rule == "" && b.Minor > a.Minor {
			c.fee = fee
		}
	}
}

// apply states the conditions, with fees in the rules' currency or else the price's.
func (f *fareRules) apply(fare *travel.Fare, priced travel.Currency) {
	currency := f.currency
	if currency == "" {
		currency = string(priced)
	}
	fee := func(c condition) travel.Money {
		if m := document.Advisory(c.fee, currency); m.Minor >= 0 {
			return m
		}
		return travel.Money{}
	}
	fare.Refundable, fare.RefundFee = f.refund.allowed, fee(f.refund)
	fare.Changeable, fare.ChangeFee = f.change.allowed, fee(f.change)
}
