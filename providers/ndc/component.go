package ndc

import (
	"strings"

	"fanfare/providers/document"
)

const (
	componentFareBasis = iota
	componentFareBasisCode
	componentCabinType
	componentSegmentRefs
	componentSegmentRef
	componentSegmentReference
	componentPaxSegmentRefID
	componentPaxSegmentRef
	componentPriceClassRef
	componentPriceClassRefID
	componentCancelRestrictions
	componentChangeRestrictions
	componentFareRules
	componentRBD
	componentPenaltyRefID
	componentPenaltyRefs
	componentPenaltyRef
	componentPenalty
	componentSeatsLeft
	componentRBDAvail
	componentRBDAvailQty
	componentFareRule
)

var componentNames = document.NewKeys([]string{
	componentFareBasis: "FareBasis", componentFareBasisCode: "FareBasisCode", componentCabinType: "CabinType",
	componentSegmentRefs: "SegmentRefs", componentSegmentRef: "SegmentRef", componentSegmentReference: "SegmentReference",
	componentPaxSegmentRefID: "PaxSegmentRefID", componentPaxSegmentRef: "PaxSegmentRef", componentPriceClassRef: "PriceClassRef",
	componentPriceClassRefID: "PriceClassRefID", componentCancelRestrictions: "CancelRestrictions",
	componentChangeRestrictions: "ChangeRestrictions", componentFareRules: "FareRules", componentRBD: "RBD",
	componentPenaltyRefID: "PenaltyRefID", componentPenaltyRefs: "PenaltyRefs", componentPenaltyRef: "PenaltyRef",
	componentPenalty: "Penalty", componentSeatsLeft: "SeatsLeft", componentRBDAvail: "RBD_Avail", componentRBDAvailQty: "RBD_AvailQty",
	componentFareRule: "FareRule",
}...)

func (d *decoder) readComponent() {
	p := component{class: unstated, segments: here(d.partIDs), terms: here(d.terms)}
	d.partPens = d.partPens[:0]
	d.readComponentParts(&p, &d.partPens)
	p.segments.to, p.terms.to = int32(len(d.partIDs)), int32(len(d.terms))
	p.penalties = keep(&d.penIDs, d.partPens)
	d.parts = append(d.parts, p)
}

func (d *decoder) readComponentParts(p *component, penalties *[]int32) {
	x := d.x
	for c := x.Children(componentNames); c.Next(); {
		switch c.Key() {
		case componentFareBasis, componentFareRules, componentRBD, componentFareRule:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			}
		case componentFareBasisCode:
			d.readBasis(p)
		case componentCabinType:
			p.cabinCode, p.cabinName = d.readCabinText()
		case componentSegmentRefs, componentSegmentRef, componentSegmentReference:
			d.many(&d.partIDs)
		case componentPaxSegmentRefID:
			d.one(&d.partIDs)
		case componentPaxSegmentRef:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			} else {
				d.one(&d.partIDs)
			}
		case componentPriceClassRef, componentPriceClassRefID:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			} else {
				d.readClasses(p, x.View())
			}
		case componentCancelRestrictions:
			d.readTerm(false)
		case componentChangeRestrictions:
			d.readTerm(true)
		case componentPenaltyRefID:
			d.one(penalties)
		case componentPenaltyRefs, componentPenaltyRef:
			d.many(penalties)
		case componentPenalty:
			d.readPenalty(penalties)
		default:
			if n, ok := x.Int(); ok && n > 0 {
				p.seats = n
			}
		}
	}
}

// readClasses reads a reference to a price class, or one for each segment.
func (d *decoder) readClasses(p *component, refs string) {
	if !document.IsList(refs) {
		p.class = d.number(refs)
		return
	}
	p.classes = here(d.classRefs)
	d.split(refs, &d.classRefs)
	p.classes.to = int32(len(d.classRefs))
}

var codeNames = document.NewKeys("Code")

// readBasis reads a fare basis, which is a text, or in 17.2 the Code inside.
func (d *decoder) readBasis(p *component) {
	if !d.x.Nested() {
		p.basis = d.x.Intern()
		return
	}
	for c := d.x.Children(codeNames); c.Next(); {
		p.basis = d.x.Intern()
	}
}

const (
	termAllowedModificationInd = iota
	termFee
	termJourneyStageCode
)

var termNames = document.NewKeys([]string{
	termAllowedModificationInd: "AllowedModificationInd", termFee: "Fee", termJourneyStageCode: "JourneyStageCode",
}...)

var feeNames = document.NewKeys("Amount", "MaximumAmount", "PenaltyAmount")

// readTerm reads a restriction, and keeps it if it holds before departure.
func (d *decoder) readTerm(change bool) {
	x := d.x
	t, after := term{change: change}, false
	for c := x.Children(termNames); c.Next(); {
		switch c.Key() {
		case termAllowedModificationInd:
			t.allowed = x.Bool()
		case termFee:
			currency := d.currency("")
			for f := x.Children(feeNames); f.Next(); {
				t.fee = d.amount(currency)
			}
		case termJourneyStageCode:
			after = afterDeparture(x.View())
		}
	}
	if !after {
		d.terms = append(d.terms, t)
	}
}

// afterDeparture reports whether a stage of the journey is one that does not matter to
// who books: after departure, or not showing up.
func afterDeparture(stage string) bool {
	for _, mark := range [...]string{"after", "no show", "noshow", "no-show"} {
		for i := 0; i+len(mark) <= len(stage); i++ {
			if strings.EqualFold(stage[i:i+len(mark)], mark) {
				return true
			}
		}
	}
	return false
}

const (
	bagUseBaggageAllowanceRefID = iota
	bagUseBaggageAllowanceRef
	bagUsePaxRefID
	bagUsePassengerRefs
	bagUseBaggageFlightAssociations
	bagUseOfferFlightAssociations
	bagUsePaxJourneyRef
	bagUsePaxJourneyRefID
	bagUsePaxSegmentRef
	bagUsePaxSegmentRefID
	bagUseFlightRefs
	bagUseSegmentRefs
	bagUseFlightAssociations
)

var bagUseNames = document.NewKeys([]string{
	bagUseBaggageAllowanceRefID: "BaggageAllowanceRefID", bagUseBaggageAllowanceRef: "BaggageAllowanceRef", bagUsePaxRefID: "PaxRefID",
	bagUsePassengerRefs: "PassengerRefs", bagUseBaggageFlightAssociations: "BaggageFlightAssociations",
	bagUseOfferFlightAssociations: "OfferFlightAssociations", bagUsePaxJourneyRef: "PaxJourneyRef",
	bagUsePaxJourneyRefID: "PaxJourneyRefID", bagUsePaxSegmentRef: "PaxSegmentRef", bagUsePaxSegmentRefID: "PaxSegmentRefID",
	bagUseFlightRefs: "FlightRefs", bagUseSegmentRefs: "SegmentRefs", bagUseFlightAssociations: "FlightAssociations",
}...)

func (d *decoder) readBagUse() {
	u := bagUse{bag: unstated, pax: here(d.paxIDs), routes: here(d.bagIDs)}
	d.readBagUseParts(&u)
	u.pax.to, u.routes.to = int32(len(d.paxIDs)), int32(len(d.bagIDs))
	d.bagUses = append(d.bagUses, u)
}

func (d *decoder) readBagUseParts(u *bagUse) {
	x := d.x
	for c := x.Children(bagUseNames); c.Next(); {
		if x.Nested() {
			d.readBagUseParts(u)
			continue
		}
		switch c.Key() {
		case bagUseBaggageAllowanceRefID, bagUseBaggageAllowanceRef:
			u.bag = d.number(x.View())
		case bagUsePaxRefID, bagUsePassengerRefs:
			d.many(&d.paxIDs)
		default:
			d.many(&d.bagIDs)
		}
	}
}
