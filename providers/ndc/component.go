package ndc

import (
	"strings"

	"fanfare/providers/wire"
)

var componentNames = wire.NewKeys("FareBasis", "FareBasisCode", "CabinType", "SegmentRefs", "SegmentRef", "SegmentReference", "PaxSegmentRefID", "PaxSegmentRef",
	"PriceClassRef", "PriceClassRefID", "CancelRestrictions", "ChangeRestrictions", "FareRules", "RBD", "PenaltyRefID", "PenaltyRefs", "PenaltyRef", "Penalty",
	"SeatsLeft", "RBD_Avail", "RBD_AvailQty", "FareRule")

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
		case 0, 12, 13, 21:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			}
		case 1:
			d.readBasis(p)
		case 2:
			p.cabinCode, p.cabinName = d.readCabinText()
		case 3, 4, 5:
			d.many(&d.partIDs)
		case 6:
			d.one(&d.partIDs)
		case 7:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			} else {
				d.one(&d.partIDs)
			}
		case 8, 9:
			if x.Nested() {
				d.readComponentParts(p, penalties)
			} else {
				d.readClasses(p, x.View())
			}
		case 10:
			d.readTerm(false)
		case 11:
			d.readTerm(true)
		case 14:
			d.one(penalties)
		case 15, 16:
			d.many(penalties)
		case 17:
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
	if !wire.IsList(refs) {
		p.class = d.number(refs)
		return
	}
	p.classes = here(d.classRefs)
	d.split(refs, &d.classRefs)
	p.classes.to = int32(len(d.classRefs))
}

var codeNames = wire.NewKeys("Code")

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

var (
	termNames = wire.NewKeys("AllowedModificationInd", "Fee", "JourneyStageCode")
	feeNames  = wire.NewKeys("Amount", "MaximumAmount", "PenaltyAmount")
)

// readTerm reads a restriction, and keeps it if it holds before departure.
func (d *decoder) readTerm(change bool) {
	x := d.x
	t, after := term{change: change}, false
	for c := x.Children(termNames); c.Next(); {
		switch c.Key() {
		case 0:
			t.allowed = x.Bool()
		case 1:
			currency := d.currency("")
			for f := x.Children(feeNames); f.Next(); {
				t.fee = d.amount(currency)
			}
		case 2:
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

var bagUseNames = wire.NewKeys("BaggageAllowanceRefID", "BaggageAllowanceRef", "PaxRefID", "PassengerRefs", "BaggageFlightAssociations", "OfferFlightAssociations",
	"PaxJourneyRef", "PaxJourneyRefID", "PaxSegmentRef", "PaxSegmentRefID", "FlightRefs", "SegmentRefs", "FlightAssociations")

func (d *decoder) readBagUse() {
	u := bagUse{bag: unstated, pax: here(d.paxIDs), routes: here(d.bagIDs)}
	d.readBagUseParts(&u)
	u.pax.to, u.routes.to = int32(len(d.paxIDs)), int32(len(d.bagIDs))
	d.bagUses = append(d.bagUses, u)
}

func (d *decoder) readBagUseParts(u *bagUse) {
	x := d.x
	for c := x.Children(bagUseNames); c.Next(); {
		switch {
		case x.Nested():
			d.readBagUseParts(u)
		case c.Key() <= 1:
			u.bag = d.number(x.View())
		case c.Key() <= 3:
			d.many(&d.paxIDs)
		default:
			d.many(&d.bagIDs)
		}
	}
}
