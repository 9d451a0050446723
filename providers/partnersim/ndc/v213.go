package ndc

import (
	"strconv"
	"strings"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// Version 21.3: lists first, then offers of whole trips. Elements of the message's
// own namespace hold elements of the common one; partners mark that in three ways.

// root213 writes the message element.
func (p *service) root213(x *exchange.XMLWriter, inside func()) {
	const name = "IATA_AirShoppingRS"
	attrs := exchange.At{"xmlns", ndc213Outer}
	switch p.quirks.prefixes {
	case 1:
		x.Prefix, attrs = "ns2:", exchange.At{"xmlns", ndc213Inner, "xmlns:ns2", ndc213Outer}
	case 2:
		x.Prefix, attrs = "msg:", exchange.At{"xmlns:msg", ndc213Outer, "xmlns:cns", ndc213Inner}
	}
	x.In(name, attrs, inside)
	x.Prefix = ""
}

// outer213 writes an element of the message's namespace.
func (p *service) outer213(x *exchange.XMLWriter, name string, inside func()) {
	x.In(name, nil, func() {
		kept := x.Prefix
		if x.Prefix = ""; p.quirks.prefixes == 2 {
			x.Prefix = "cns:"
		}
		inside()
		x.Prefix = kept
	})
}

// top213 is the attributes that the topmost common elements need.
func (p *service) top213() exchange.At {
	if p.quirks.prefixes == 0 {
		return exchange.At{"xmlns", ndc213Inner}
	}
	return nil
}

// inside213 writes a topmost common element that holds text.
func (p *service) inside213(x *exchange.XMLWriter, name, text string) {
	x.Leaf(name, text, p.top213()...)
}

// cabinCodes are the IATA numbers of cabins; 5 is what airlines use for economy.
var cabinCodes = map[travel.Cabin]string{travel.First: "1", travel.Business: "2", travel.PremiumEconomy: "4", travel.Economy: "5"}

const local = "2006-01-02T15:04:05"

func (a *planDoc) write213(x *exchange.XMLWriter) {
	a.root213(x, func() {
		if a.quirks.augment {
			x.In("AugmentationPoint", nil, func() {
				x.Buf = append(x.Buf, `<sim:Weather xmlns:sim="urn:fanfare:partnersim">fair</sim:Weather>`...)
			})
		}
		a.outer213(x, "Response", func() {
			x.In("DataLists", a.top213(), func() { a.lists213(x) })
			if a.quirks.comments {
				x.Comment("offers of " + a.Seller.Name + ", cheapest brands first")
			}
			x.In("OffersGroup", a.top213(), func() {
				x.In("CarrierOffers", nil, func() {
					for i := range a.offers {
						a.offer213(x, &a.offers[i])
					}
				})
			})
			if a.quirks.warnings {
				x.In("Warning", a.top213(), func() {
					x.Leaf("Code", "680")
					x.Leaf("DescText", "Some cabins may not be available on all flights <of this itinerary> & are sold as economy")
					x.Leaf("LangCode", "EN")
					x.Leaf("TypeCode", "Business")
				})
			}
		})
	})
}

func (a *planDoc) lists213(x *exchange.XMLWriter) {
	a.bags213(x)
	x.In("DatedMarketingSegmentList", nil, func() {
		for i := range a.legs.all {
			a.marketing213(x, i+1)
		}
	})
	x.In("DatedOperatingSegmentList", nil, func() {
		for i := range a.legs.all {
			a.operating213(x, i+1)
		}
	})
	x.In("OriginDestList", nil, func() {
		for i := range a.req.Slices {
			x.In("OriginDest", nil, func() {
				x.Leaf("DestCode", string(a.req.to[i]))
				x.Leaf("OriginCode", string(a.req.from[i]))
				x.Leaf("OriginDestID", "OD"+strconv.Itoa(i+1))
				for n, j := range a.journeys.all {
					if j.slice == i {
						x.Leaf("PaxJourneyRefID", "JOUR"+strconv.Itoa(n+1))
					}
				}
			})
		}
	})
	x.In("PaxJourneyList", nil, func() {
		for n, j := range a.journeys.all {
			x.In("PaxJourney", nil, func() {
				x.Leaf("Duration", a.quirks.duration(j.minutes))
				x.Leaf("PaxJourneyID", "JOUR"+strconv.Itoa(n+1))
				for _, leg := range j.legs {
					x.Leaf("PaxSegmentRefID", "SEG"+strconv.Itoa(leg))
				}
			})
		}
	})
	x.In("PaxList", nil, func() {
		for i, pax := range a.req.people {
			x.In("Pax", nil, func() {
				x.Leaf("PaxID", pax.id)
				if lap := a.lapOf(i); lap != "" {
					x.Leaf("PaxRefID", lap)
				}
				x.Leaf("PTC", pax.ptc)
			})
		}
	})
	a.segments213(x)
	x.In("PriceClassList", nil, func() {
		for i, b := range a.classes.all {
			x.In("PriceClass", nil, func() {
				a.quirks.name(x, "Name", b.Name)
				x.Leaf("PriceClassID", "PC"+strconv.Itoa(i+1))
			})
		}
	})
	if a.quirks.optional {
		x.In("ServiceDefinitionList", nil, func() {
			x.In("ServiceDefinition", nil, func() {
				name, _ := a.sideItem(&a.offers[0])
				x.Leaf("Name", name)
				x.Leaf("ServiceDefinitionID", "SRV1")
			})
		})
	}
}

func (a *planDoc) bags213(x *exchange.XMLWriter) {
	x.In("BaggageAllowanceList", nil, func() {
		for i, bag := range a.bags.keys {
			x.In("BaggageAllowance", nil, func() {
				x.Leaf("BaggageAllowanceID", "BAG"+strconv.Itoa(i+1))
				kind, text, kilos := "CarryOn", "Cabin baggage", "10"
				if bag.checked {
					kind, text, kilos = "Checked", "Checked baggage", "23"
				}
				if !a.lean {
					x.Leaf("DescText", text+", up to "+kilos+" kg each")
				}
				x.In("PieceAllowance", nil, func() { x.Leaf("TotalQty", strconv.Itoa(bag.pieces)) })
				x.Leaf("TypeCode", kind)
				if bag.pieces > 0 && !a.lean {
					x.In("WeightAllowance", nil, func() {
						x.Leaf("MaximumWeightMeasure", kilos)
						x.Leaf("WeightUnitOfMeasurement", "KGM")
					})
				}
			})
		}
	})
}

func (a *planDoc) marketing213(x *exchange.XMLWriter, id int) {
	leg := &a.legs.all[id-1]
	x.In("DatedMarketingSegment", nil, func() {
		x.In("Arrival", nil, func() { a.station213(x, leg.Arr.Format(local), leg.To, leg.Term) })
		x.Leaf("CarrierDesigCode", string(leg.By.Code))
		a.carrierName213(x, leg.By)
		x.Leaf("DatedMarketingSegmentId", "DMS"+strconv.Itoa(id))
		x.Leaf("DatedOperatingSegmentRefId", "DOS"+strconv.Itoa(id))
		x.In("Dep", nil, func() { a.station213(x, leg.Dep.Format(local), leg.From, leg.FromTerm) })
		x.Leaf("MarketingCarrierFlightNumberText", a.quirks.number(leg.ByNumber))
	})
}

func (a *planDoc) carrierName213(x *exchange.XMLWriter, c *world.Carrier) {
	if !a.lean {
		a.quirks.name(x, "CarrierName", c.Name)
	}
}

func (a *planDoc) station213(x *exchange.XMLWriter, when string, where *world.Airport, terminal string) {
	x.Leaf("AircraftScheduledDateTime", when)
	x.Leaf("IATA_LocationCode", string(where.Code))
	if a.quirks.stations {
		a.quirks.name(x, "StationName", stationName(where))
		if terminal != "" {
			x.Leaf("TerminalName", terminal)
		}
	}
}

func (a *planDoc) operating213(x *exchange.XMLWriter, id int) {
	leg := &a.legs.all[id-1]
	x.In("DatedOperatingSegment", nil, func() {
		if !leg.OperatorUnsaid {
			x.Leaf("CarrierDesigCode", string(leg.Code))
			a.carrierName213(x, leg.Carrier)
		}
		x.Leaf("DatedOperatingSegmentId", "DOS"+strconv.Itoa(id))
		x.Leaf("Duration", a.quirks.duration(leg.Minutes()))
		if !leg.OperatorUnsaid && !leg.OpNumberUnsaid {
			x.Leaf("OperatingCarrierFlightNumberText", a.quirks.number(leg.Flight.Number))
		}
	})
}

func (a *planDoc) segments213(x *exchange.XMLWriter) {
	x.In("PaxSegmentList", nil, func() {
		for i, leg := range a.legs.all {
			x.In("PaxSegment", nil, func() {
				x.In("CabinTypeAssociationChoice", nil, func() {
					x.In("SegmentCabinType", nil, func() {
						x.Leaf("CabinTypeCode", cabinCodes[leg.cabin])
						x.Leaf("CabinTypeName", world.CabinTitle[leg.cabin])
					})
				})
				x.Leaf("DatedMarketingSegmentRefId", "DMS"+strconv.Itoa(i+1))
				x.Leaf("MarketingCarrierRBD_Code", string(rune(leg.rbd)))
				x.Leaf("PaxSegmentID", "SEG"+strconv.Itoa(i+1))
			})
		}
	})
}

// refs writes one element for each reference.
func refs(x *exchange.XMLWriter, name, prefix string, ids ...int) {
	for _, id := range ids {
		x.Leaf(name, prefix+strconv.Itoa(id))
	}
}

func each(x *exchange.XMLWriter, name string, texts []string) {
	for _, text := range texts {
		x.Leaf(name, text)
	}
}

func joined(prefix string, ids []int) string {
	var all []string
	for _, id := range ids {
		all = append(all, prefix+strconv.Itoa(id))
	}
	return strings.Join(all, " ")
}
