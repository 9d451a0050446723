package opentravel

import (
	"strings"

	"fanfare/providers/travel"
)

// passengerFare reads what a passenger's fare has besides amounts.
func (l *lowFare) passengerFare(key int) {
	switch key {
	case sumPenaltiesInfo:
		l.penalties()
	case sumTPAExtensions:
		l.passengerExtensions()
	case sumFareBaggageAllowance:
		l.allowance()
	}
}

var penaltiesNames = NewNames("Penalty")

const (
	penaltyType = iota + amountKeyCount
	penaltyApplicability
	penaltyRefundable
	penaltyChangeable
)

var penaltyNames = NewNames([]string{
	amountAmount: "Amount", amountCurrencyCode: "CurrencyCode", amountDecimalPlaces: "DecimalPlaces", penaltyType: "Type",
	penaltyApplicability: "Applicability", penaltyRefundable: "Refundable", penaltyChangeable: "Changeable",
}...)

// Penalty is one of Sabre's: an Exchange or a Refund, Before departure or After.
type Penalty struct {
	Type, Applicability    string // views
	Refundable, Changeable travel.Answered
	Fee                    Amount
}

// AddPenalty adds what a penalty says; one of another type says nothing.
func (g *Gatherer) AddPenalty(p Penalty) {
	t := Term{After: strings.EqualFold(p.Applicability, "After"), Fee: p.Fee}
	switch strings.ToLower(p.Type) {
	case "exchange", "change", "reissue":
		t.Change, t.Allowed = true, p.Changeable
	case "refund", "cancel", "cancellation":
		t.Allowed = p.Refundable
	default:
		return
	}
	g.AddTerm(t)
}

// penalties reads a PenaltiesInfo.
func (l *lowFare) penalties() {
	d := l.d
	for p := d.Fields(penaltiesNames); p.Next(); {
		var t Penalty
		for f := d.Fields(penaltyNames); f.Next(); {
			switch f.Key() {
			case penaltyType:
				t.Type = d.View()
			case penaltyApplicability:
				t.Applicability = d.View()
			case penaltyRefundable:
				t.Refundable = d.Bool()
			case penaltyChangeable:
				t.Changeable = d.Bool()
			default:
				d.amountField(&t.Fee, f.Key())
			}
		}
		l.g.AddPenalty(t)
	}
}

var rulesNames = NewNames("ChargesRules")

const (
	chargesVoluntaryChanges = iota
	chargesVoluntaryRefunds
)

var chargesNames = NewNames([]string{chargesVoluntaryChanges: "VoluntaryChanges", chargesVoluntaryRefunds: "VoluntaryRefunds"}...)

const (
	voluntaryVolChangeInd = iota
	voluntaryPenalty
)

var voluntaryNames = NewNames([]string{voluntaryVolChangeInd: "VolChangeInd", voluntaryPenalty: "Penalty"}...)

const chargeDepartureStatus = amountKeyCount

var chargeNames = NewNames([]string{
	amountAmount: "Amount", amountCurrencyCode: "CurrencyCode", amountDecimalPlaces: "DecimalPlaces",
	chargeDepartureStatus: "DepartureStatus",
}...)

// rules reads what the standard's own RuleInfo says of changes and refunds.
func (l *lowFare) rules() {
	d := l.d
	for r := d.Fields(rulesNames); r.Next(); {
		for c := d.Fields(chargesNames); c.Next(); {
			first, allowed := len(l.g.terms), travel.Unknown
			change := c.Key() == chargesVoluntaryChanges
			for v := d.Fields(voluntaryNames); v.Next(); {
				if v.Key() == voluntaryVolChangeInd {
					allowed = d.Bool()
					continue
				}
				t := Term{Change: change}
				for f := d.Fields(chargeNames); f.Next(); {
					if f.Key() == chargeDepartureStatus {
						t.After = strings.HasPrefix(strings.ToLower(d.View()), "after")
					} else {
						d.amountField(&t.Fee, f.Key())
					}
				}
				l.g.AddTerm(t)
			}
			if first == len(l.g.terms) {
				l.g.AddTerm(Term{Change: change})
			}
			for i := first; i < len(l.g.terms); i++ {
				l.g.terms[i].Allowed = allowed
			}
		}
	}
}

const (
	paxExtensionBaggageInformationList = iota
	paxExtensionFareComponents
)

var paxExtensionNames = NewNames([]string{
	paxExtensionBaggageInformationList: "BaggageInformationList", paxExtensionFareComponents: "FareComponents",
}...)

var baggageNames = NewNames("BaggageInformation")

const (
	bagProvisionType = iota
	bagSegment
	bagAllowance
)

var bagNames = NewNames([]string{bagProvisionType: "ProvisionType", bagSegment: "Segment", bagAllowance: "Allowance"}...)

var bagSegmentNames = NewNames("Id")

const (
	allowancePieces = iota
	allowanceWeight
)

var allowanceNames = NewNames([]string{allowancePieces: "Pieces", allowanceWeight: "Weight"}...)

var brandsNames = NewNames("FareComponent")

const (
	brandName = iota
	brandID
	brandSegment
	brandFeatureRef
)

var brandNames = NewNames([]string{
	brandName: "BrandName", brandID: "BrandID", brandSegment: "Segment", brandFeatureRef: "BrandFeatureRef",
}...)

const (
	brandSegmentLegIndex = iota
	brandSegmentFlightIndex
)

var brandSegmentNames = NewNames([]string{brandSegmentLegIndex: "LegIndex", brandSegmentFlightIndex: "FlightIndex"}...)

var featureRef = NewNames("FeatureId")

func (l *lowFare) passengerExtensions() {
	d := l.d
	for e := d.Fields(paxExtensionNames); e.Next(); {
		if e.Key() == paxExtensionBaggageInformationList {
			for b := d.Fields(baggageNames); b.Next(); {
				l.baggage()
			}
			continue
		}
		for b := d.Fields(brandsNames); b.Next(); {
			l.brand()
		}
	}
}

// baggage reads one BaggageInformation, whose segments are counted from 0.
func (l *lowFare) baggage() {
	d := l.d
	b := Bag{Pieces: -1}
	kind := ""
	for f := d.Fields(bagNames); f.Next(); {
		switch f.Key() {
		case bagProvisionType:
			kind = d.View()
		case bagSegment:
			for s := d.Fields(bagSegmentNames); s.Next(); {
				if n, ok := d.Int(); ok {
					b.Flights |= FlightBit(n)
				}
			}
		case bagAllowance:
			for a := d.Fields(allowanceNames); a.Next(); {
				b.Pieces = Allowed(b.Pieces, d, a.Key() == allowanceWeight)
			}
		}
	}
	l.g.AddProvision(kind, b)
}

// Allowed reads pieces, or a weight, of an allowance: pieces count, and a weight alone is
// one piece, or none if it is zero.
func Allowed(pieces int, d *Document, weight bool) int {
	n, ok := d.Int()
	switch {
	case !ok || n < 0:
	case !weight:
		return n
	case pieces < 0:
		return min(n, 1)
	}
	return pieces
}

// AddProvision adds an allowance of Sabre's ProvisionType: A is for the hold, B for the
// cabin, and others are charges and restrictions.
func (g *Gatherer) AddProvision(kind string, b Bag) {
	if b.Checked = kind == "A"; b.Checked || kind == "B" {
		g.AddBag(b)
	}
}

func (l *lowFare) brand() {
	d := l.d
	first := len(l.g.places)
	name, code, seat := "", "", travel.SeatUnknown
	l.g.AddBrand(Brand{})
	for f := d.Fields(brandNames); f.Next(); {
		switch f.Key() {
		case brandName:
			name = d.Name()
		case brandID:
			code = d.Name()
		case brandSegment:
			leg, flight := 0, 0
			for s := d.Fields(brandSegmentNames); s.Next(); {
				if s.Key() == brandSegmentLegIndex {
					leg, _ = d.Int()
				} else {
					flight, _ = d.Int()
				}
			}
			l.g.BrandAt(leg-1, flight-1)
		case brandFeatureRef:
			for r := d.Fields(featureRef); r.Next(); {
				seat = max(seat, l.seats[d.View()])
			}
		}
	}
	if name == "" {
		name = code
	}
	if name == "" { // a fare component without a brand says nothing
		l.g.places, l.g.brands = l.g.places[:first], l.g.brands[:len(l.g.brands)-1]
		return
	}
	b := &l.g.brands[len(l.g.brands)-1]
	b.Name, b.Seat = name, seat
}

const (
	fareBagUnitOfMeasureQuantity = iota
	fareBagUnitOfMeasure
	fareBagUnitOfMeasureCode
	fareBagFlightSegmentRPH
)

var fareBagNames = NewNames([]string{
	fareBagUnitOfMeasureQuantity: "UnitOfMeasureQuantity", fareBagUnitOfMeasure: "UnitOfMeasure",
	fareBagUnitOfMeasureCode: "UnitOfMeasureCode", fareBagFlightSegmentRPH: "FlightSegmentRPH",
}...)

// allowance reads the standard's own FareBaggageAllowance, which is for the hold.
func (l *lowFare) allowance() {
	d := l.d
	b, n, ok, unit := Bag{Checked: true}, 0, false, ""
	for f := d.Fields(fareBagNames); f.Next(); {
		switch f.Key() {
		case fareBagUnitOfMeasureQuantity:
			n, ok = d.Int()
		case fareBagUnitOfMeasure, fareBagUnitOfMeasureCode:
			unit = d.View()
		case fareBagFlightSegmentRPH:
			b.RPH = d.View()
		}
	}
	if !ok || n < 0 {
		return
	}
	if b.Pieces = n; isWeight(unit) || n > 9 { // nobody has ten bags
		b.Pieces = min(n, 1)
	}
	l.g.AddBag(b)
}

func isWeight(unit string) bool {
	switch unit = strings.ToUpper(unit); {
	case strings.HasPrefix(unit, "K"), strings.HasPrefix(unit, "L"), strings.HasPrefix(unit, "POUND"), strings.HasPrefix(unit, "WEIGHT"):
		return true
	}
	return false
}
