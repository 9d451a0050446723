package partnersim

import (
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// Version 21.3: lists first, then offers of whole trips. Elements of the message's
// own namespace hold elements of the common one; partners mark that in three ways.

// root213 writes the message element.
func (p *ndc) root213(x *xmlWriter, inside func()) {
	const name = "IATA_AirShoppingRS"
	attrs := at{"xmlns", ndc213Outer}
	switch p.habits.prefixes {
	case 1:
		x.prefix, attrs = "ns2:", at{"xmlns", ndc213Inner, "xmlns:ns2", ndc213Outer}
	case 2:
		x.prefix, attrs = "msg:", at{"xmlns:msg", ndc213Outer, "xmlns:cns", ndc213Inner}
	}
	x.in(name, attrs, inside)
	x.prefix = ""
}

// outer213 writes an element of the message's namespace.
func (p *ndc) outer213(x *xmlWriter, name string, inside func()) {
	x.in(name, nil, func() {
		kept := x.prefix
		if x.prefix = ""; p.habits.prefixes == 2 {
			x.prefix = "cns:"
		}
		inside()
		x.prefix = kept
	})
}

// top213 is the attributes that the topmost common elements need.
func (p *ndc) top213() at {
	if p.habits.prefixes == 0 {
		return at{"xmlns", ndc213Inner}
	}
	return nil
}

// inside213 writes a topmost common element that holds text.
func (p *ndc) inside213(x *xmlWriter, name, text string) { x.leaf(name, text, p.top213()...) }

// ndcCabinCodes are the IATA numbers of cabins; 5 is what airlines use for economy.
var ndcCabinCodes = map[travel.Cabin]string{travel.First: "1", travel.Business: "2", travel.PremiumEconomy: "4", travel.Economy: "5"}

const ndcLocal = "2006-01-02T15:04:05"

func (a *ndcPlan) write213(x *xmlWriter) {
	a.root213(x, func() {
		if a.habits.augment {
			x.in("AugmentationPoint", nil, func() {
				x.buf = append(x.buf, `<sim:Weather xmlns:sim="urn:fanfare:partnersim">fair</sim:Weather>`...)
			})
		}
		a.outer213(x, "Response", func() {
			x.in("DataLists", a.top213(), func() { a.lists213(x) })
			if a.habits.comments {
				x.comment("offers of " + a.spec.Name + ", cheapest brands first")
			}
			x.in("OffersGroup", a.top213(), func() {
				x.in("CarrierOffers", nil, func() {
					for i := range a.offers {
						a.offer213(x, &a.offers[i])
					}
				})
			})
			if a.habits.warnings {
				x.in("Warning", a.top213(), func() {
					x.leaf("Code", "680")
					x.leaf("DescText", "Some cabins may not be available on all flights <of this itinerary> & are sold as economy")
					x.leaf("LangCode", "EN")
					x.leaf("TypeCode", "Business")
				})
			}
		})
	})
}

func (a *ndcPlan) lists213(x *xmlWriter) {
	a.bags213(x)
	x.in("DatedMarketingSegmentList", nil, func() {
		for i := range a.legs.all {
			a.marketing213(x, i+1)
		}
	})
	x.in("DatedOperatingSegmentList", nil, func() {
		for i := range a.legs.all {
			a.operating213(x, i+1)
		}
	})
	x.in("OriginDestList", nil, func() {
		for i := range a.req.slices {
			x.in("OriginDest", nil, func() {
				x.leaf("DestCode", string(a.req.to[i]))
				x.leaf("OriginCode", string(a.req.from[i]))
				x.leaf("OriginDestID", "OD"+strconv.Itoa(i+1))
				for n, j := range a.journeys.all {
					if j.slice == i {
						x.leaf("PaxJourneyRefID", "JOUR"+strconv.Itoa(n+1))
					}
				}
			})
		}
	})
	x.in("PaxJourneyList", nil, func() {
		for n, j := range a.journeys.all {
			x.in("PaxJourney", nil, func() {
				x.leaf("Duration", a.habits.duration(j.minutes))
				x.leaf("PaxJourneyID", "JOUR"+strconv.Itoa(n+1))
				for _, leg := range j.legs {
					x.leaf("PaxSegmentRefID", "SEG"+strconv.Itoa(leg))
				}
			})
		}
	})
	x.in("PaxList", nil, func() {
		for i, pax := range a.req.people {
			x.in("Pax", nil, func() {
				x.leaf("PaxID", pax.id)
				if lap := a.lapOf(i); lap != "" {
					x.leaf("PaxRefID", lap)
				}
				x.leaf("PTC", pax.ptc)
			})
		}
	})
	a.segments213(x)
	x.in("PriceClassList", nil, func() {
		for i, b := range a.classes.all {
			x.in("PriceClass", nil, func() {
				a.habits.name(x, "Name", b.Name)
				x.leaf("PriceClassID", "PC"+strconv.Itoa(i+1))
			})
		}
	})
	if a.habits.optional {
		x.in("ServiceDefinitionList", nil, func() {
			x.in("ServiceDefinition", nil, func() {
				name, _ := a.sideItem(&a.offers[0])
				x.leaf("Name", name)
				x.leaf("ServiceDefinitionID", "SRV1")
			})
		})
	}
}

func (a *ndcPlan) bags213(x *xmlWriter) {
	x.in("BaggageAllowanceList", nil, func() {
		for i, bag := range a.bags.keys {
			x.in("BaggageAllowance", nil, func() {
				x.leaf("BaggageAllowanceID", "BAG"+strconv.Itoa(i+1))
				kind, text, kilos := "CarryOn", "Cabin baggage", "10"
				if bag.checked {
					kind, text, kilos = "Checked", "Checked baggage", "23"
				}
				if !a.lean {
					x.leaf("DescText", text+", up to "+kilos+" kg each")
				}
				x.in("PieceAllowance", nil, func() { x.leaf("TotalQty", strconv.Itoa(bag.pieces)) })
				x.leaf("TypeCode", kind)
				if bag.pieces > 0 && !a.lean {
					x.in("WeightAllowance", nil, func() {
						x.leaf("MaximumWeightMeasure", kilos)
						x.leaf("WeightUnitOfMeasurement", "KGM")
					})
				}
			})
		}
	})
}

func (a *ndcPlan) marketing213(x *xmlWriter, id int) {
	leg := &a.legs.all[id-1]
	x.in("DatedMarketingSegment", nil, func() {
		x.in("Arrival", nil, func() { a.station213(x, leg.arr.Format(ndcLocal), leg.to, leg.term) })
		x.leaf("CarrierDesigCode", string(leg.by.Code))
		a.carrierName213(x, leg.by)
		x.leaf("DatedMarketingSegmentId", "DMS"+strconv.Itoa(id))
		x.leaf("DatedOperatingSegmentRefId", "DOS"+strconv.Itoa(id))
		x.in("Dep", nil, func() { a.station213(x, leg.dep.Format(ndcLocal), leg.from, leg.fromTerm) })
		x.leaf("MarketingCarrierFlightNumberText", a.habits.number(leg.byNumber))
	})
}

func (a *ndcPlan) carrierName213(x *xmlWriter, c *carrier) {
	if !a.lean {
		a.habits.name(x, "CarrierName", c.Name)
	}
}

func (a *ndcPlan) station213(x *xmlWriter, when string, where *airport, terminal string) {
	x.leaf("AircraftScheduledDateTime", when)
	x.leaf("IATA_LocationCode", string(where.Code))
	if a.habits.stations {
		a.habits.name(x, "StationName", stationName(where))
		if terminal != "" {
			x.leaf("TerminalName", terminal)
		}
	}
}

func (a *ndcPlan) operating213(x *xmlWriter, id int) {
	leg := &a.legs.all[id-1]
	x.in("DatedOperatingSegment", nil, func() {
		if !leg.operatorUnsaid {
			x.leaf("CarrierDesigCode", string(leg.Code))
			a.carrierName213(x, leg.carrier)
		}
		x.leaf("DatedOperatingSegmentId", "DOS"+strconv.Itoa(id))
		x.leaf("Duration", a.habits.duration(leg.minutes()))
		if !leg.operatorUnsaid && !leg.opNumberUnsaid {
			x.leaf("OperatingCarrierFlightNumberText", a.habits.number(leg.flight.number))
		}
	})
}

func (a *ndcPlan) segments213(x *xmlWriter) {
	x.in("PaxSegmentList", nil, func() {
		for i, leg := range a.legs.all {
			x.in("PaxSegment", nil, func() {
				x.in("CabinTypeAssociationChoice", nil, func() {
					x.in("SegmentCabinType", nil, func() {
						x.leaf("CabinTypeCode", ndcCabinCodes[leg.cabin])
						x.leaf("CabinTypeName", cabinTitle[leg.cabin])
					})
				})
				x.leaf("DatedMarketingSegmentRefId", "DMS"+strconv.Itoa(i+1))
				x.leaf("MarketingCarrierRBD_Code", string(rune(leg.rbd)))
				x.leaf("PaxSegmentID", "SEG"+strconv.Itoa(i+1))
			})
		}
	})
}

// refs writes one element for each reference.
func refs(x *xmlWriter, name, prefix string, ids ...int) {
	for _, id := range ids {
		x.leaf(name, prefix+strconv.Itoa(id))
	}
}

func each(x *xmlWriter, name string, texts []string) {
	for _, text := range texts {
		x.leaf(name, text)
	}
}

func joined(prefix string, ids []int) string {
	var all []string
	for _, id := range ids {
		all = append(all, prefix+strconv.Itoa(id))
	}
	return strings.Join(all, " ")
}
