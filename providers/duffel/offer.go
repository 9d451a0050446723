package duffel

import (
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// seat is one passenger on one segment, as far as fares and bags go.
type seat struct {
	segment   int
	passenger string // id, a view
	cabin     travel.Cabin
	basis     string
	carryOn   int // pieces, -1 is not stated
	checked   int
}

const (
	offerID = iota
	offerTotalAmount
	offerTotalCurrency
	offerBaseAmount
	offerBaseCurrency
	offerTaxAmount
	offerTaxCurrency
	offerOwner
	offerSlices
	offerPassengers
	offerConditions
	offerExpiresAt
	offerLiveMode
	offerPartial
	offerAvailableServices
)

var offerKeys = document.NewKeys([]string{
	offerID: "id", offerTotalAmount: "total_amount", offerTotalCurrency: "total_currency", offerBaseAmount: "base_amount",
	offerBaseCurrency: "base_currency", offerTaxAmount: "tax_amount", offerTaxCurrency: "tax_currency", offerOwner: "owner",
	offerSlices: "slices", offerPassengers: "passengers", offerConditions: "conditions", offerExpiresAt: "expires_at",
	offerLiveMode: "live_mode", offerPartial: "partial", offerAvailableServices: "available_services",
}...)

const (
	ownerIATACode = iota
	ownerName
)

var ownerKeys = document.NewKeys([]string{ownerIATACode: "iata_code", ownerName: "name"}...)

const (
	passengerID = iota
	passengerType
	passengerAge
)

var passengerKeys = document.NewKeys([]string{passengerID: "id", passengerType: "type", passengerAge: "age"}...)

// readOffer reads one offer and keeps or drops it.
func (d *decoder) readOffer() {
	r := d.r
	var (
		o                  travel.Offer
		total, base, tax   string // views
		inTotal, inBase    string
		inTax              string
		partial, priceRule = false, ""
		wanted             bool
	)
	d.segments, d.counts, d.seats, d.lap, d.brands, d.stated = d.segments[:0], d.counts[:0], d.seats[:0], d.lap[:0], d.brands[:0], d.stated[:0]
	d.ids, d.services, d.seat = d.ids[:0], d.services[:0], travel.SeatUnknown
	d.timeRule, d.stops, d.changes = "", 0, assemble.MostRestrictive{}
	for obj := r.Object(offerKeys); obj.Next(); {
		wanted = wanted || obj.Key() == offerTotalAmount || obj.Key() == offerSlices
		switch obj.Key() {
		case offerID:
			o.PartnerRef = r.Text()
		case offerTotalAmount:
			total = r.View()
		case offerTotalCurrency:
			inTotal = r.Intern()
		case offerBaseAmount:
			base = r.View()
		case offerBaseCurrency:
			inBase = r.Intern()
		case offerTaxAmount:
			tax = r.View()
		case offerTaxCurrency:
			inTax = r.Intern()
		case offerOwner:
			for w := r.Object(ownerKeys); w.Next(); {
				if w.Key() == ownerIATACode {
					o.Seller.Code = r.Name()
				} else {
					o.Seller.Name = r.Name()
				}
			}
		case offerSlices:
			for a := r.Array(); a.Next(); {
				d.readSlice()
			}
		case offerPassengers:
			o.Travellers = d.readPassengers()
		case offerConditions:
			d.readConditions(&o.Fare)
		case offerExpiresAt:
			o.ExpiresAt = document.ParseInstant(r.View())
		case offerLiveMode:
			o.Test = r.Bool() == travel.No
		case offerPartial:
			partial = r.Bool() == travel.Yes
		case offerAvailableServices:
			for a := r.Array(); a.Next(); {
				d.readService()
			}
		}
	}
	if r.Err() != nil {
		return
	}
	d.listed++
	if wanted {
		d.wanted++
	}
	d.answer.OffersIn++
	o.Price.Kind = travel.Live
	o.Price.Total, priceRule = document.Money(total, inTotal)
	o.Price.Base = document.Advisory(base, inBase)
	o.Price.Taxes = document.Advisory(tax, inTax)
	if partial {
		d.answer.Drop(travel.RulePartial, 1)
		return
	}
	if priceRule != "" {
		d.answer.Drop(priceRule, 1)
		return
	}
	d.keep(o)
}

// keep completes an offer whose price is good with its itinerary and fare, and
// keeps it unless a rule forbids it.
func (d *decoder) keep(o travel.Offer) {
	d.cut = assemble.CutSlices(d.cut[:0], d.segments, d.counts)
	flown := travel.Itinerary{Slices: d.cut}
	o.Itinerary = flown
	rule := o.Check()
	if rule == travel.RuleBadTime && d.timeRule != "" {
		rule = d.timeRule
	}
	if rule == "" {
		var differ int
		rule, differ = assemble.CompareTimes(d.stated, d.segments)
		d.answer.Note("duration_differs", differ)
	}
	if rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	o.Itinerary = d.shared.Itinerary(flown)
	if o.Fare.Changeable == travel.Unknown {
		o.Fare.Changeable, o.Fare.ChangeFee = d.changes.Result()
	}
	d.fare(&o.Fare)
	d.answer.Note("technical_stops", d.stops)
	d.answer.Offers = append(d.answer.Offers, o)
}

// lapAge is the age from which on a passenger of no type has a seat.
const lapAge = 2

// readPassengers counts whom the offer is for, and finds out who has no seat: their bags do
// not count.
func (d *decoder) readPassengers() (n int) {
	r := d.r
	for a := r.Array(); a.Next(); n++ {
		var id, kind string
		age, aged := 0, false
		for o := r.Object(passengerKeys); o.Next(); {
			switch o.Key() {
			case passengerID:
				id = r.View()
			case passengerType:
				kind = r.View()
			case passengerAge:
				age, aged = r.Int()
			}
		}
		if kind == "infant_without_seat" || kind == "" && aged && age < lapAge {
			d.lap = append(d.lap, id)
		}
	}
	return n
}

const (
	conditionsRefundBeforeDeparture = iota
	conditionsChangeBeforeDeparture
)

var conditionsKeys = document.NewKeys([]string{
	conditionsRefundBeforeDeparture: "refund_before_departure", conditionsChangeBeforeDeparture: "change_before_departure",
}...)

const (
	conditionAllowed = iota
	conditionPenaltyAmount
	conditionPenaltyCurrency
)

var conditionKeys = document.NewKeys([]string{
	conditionAllowed: "allowed", conditionPenaltyAmount: "penalty_amount", conditionPenaltyCurrency: "penalty_currency",
}...)

// readConditions reads the conditions of the whole offer.
func (d *decoder) readConditions(f *travel.Fare) {
	for o := d.r.Object(conditionsKeys); o.Next(); {
		allowed, fee := d.readCondition()
		if o.Key() == conditionsRefundBeforeDeparture {
			f.Refundable, f.RefundFee = allowed, fee
		} else {
			f.Changeable, f.ChangeFee = allowed, fee
		}
	}
}

func (d *decoder) readCondition() (allowed travel.Answered, fee travel.Money) {
	r := d.r
	var amount, currency string
	for o := r.Object(conditionKeys); o.Next(); {
		switch o.Key() {
		case conditionAllowed:
			allowed = r.Bool()
		case conditionPenaltyAmount:
			amount = r.View()
		case conditionPenaltyCurrency:
			currency = r.Intern()
		}
	}
	if allowed == travel.Yes {
		if fee = document.Advisory(amount, currency); fee.Minor < 0 {
			fee = travel.Money{}
		}
	}
	return allowed, fee
}

// fare fills in what the passengers of the segments say: cabin and fare basis of
// each segment, and the least bags that any seated passenger has on any of them.
func (d *decoder) fare(f *travel.Fare) {
	var (
		carryOn travel.Fewest
		checked travel.Fewest
		cabins  = assemble.Cleared(&d.cabinOf, len(d.segments))
		bases   = assemble.Cleared(&d.basisOf, len(d.segments))
		served  = assemble.Cleared(&d.served, len(d.segments))
	)
	for _, s := range d.seats {
		if slices.Contains(d.lap, s.passenger) {
			continue
		}
		served[s.segment] = true
		carryOn.Add(s.carryOn)
		checked.Add(s.checked)
		if s.cabin.Known() && (cabins[s.segment] == travel.CabinUnknown || s.cabin.Below(cabins[s.segment])) {
			cabins[s.segment] = s.cabin
		}
		if bases[s.segment] == "" {
			bases[s.segment] = s.basis
		}
	}
	if slices.Contains(served, false) {
		carryOn.Add(-1)
		checked.Add(-1)
	}
	f.CabinBags, f.CheckedBags, f.Seat = carryOn.Pieces(), checked.Pieces(), d.seat
	if len(d.services) > 0 {
		f.CabinBagPrice, f.CheckedBagPrice = d.bagPrice(false), d.bagPrice(true)
	}
	d.shared.Fare(f, cabins, bases)
	f.Brand = strings.Join(d.brands, " / ")
}
