package partnersim

import (
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// Version 17.2: offers first, then lists. Offers are for one direction each, with
// flights to choose from, unless the partner combines.

// root172 writes the message element.
func (p *ndc) root172(x *xmlWriter, now time.Time, inside func()) {
	attrs := at{"xmlns", ndc172Space}
	if p.habits.prefixes == 2 {
		x.prefix, attrs = "ns2:", at{"xmlns:ns2", ndc172Space}
	}
	x.in("AirShoppingRS", append(attrs, "PrimaryLangID", "en", "TimeStamp", now.Format(ndcZoned), "Version", "17.2"), func() {
		x.in("Document", nil, func() {
			x.leaf("Name", p.spec.DisplayName)
			x.leaf("ReferenceVersion", "1.0")
		})
		inside()
	})
	x.prefix = ""
}

// ndcZoned is how instants stand in attributes of 17.2.
const ndcZoned = "2006-01-02T15:04:05.000-07:00"

// ndcCabinLetters are the codes of cabins in 17.2.
var ndcCabinLetters = map[travel.Cabin]string{travel.First: "F", travel.Business: "J", travel.PremiumEconomy: "PY", travel.Economy: "Y"}

func (a *ndcPlan) write172(x *xmlWriter) {
	a.root172(x, a.now, func() {
		x.empty("Success")
		if a.habits.warnings {
			x.in("Warnings", nil, func() {
				x.leaf("Warning", "Some cabins may not be available on all flights <of this itinerary> & are sold as economy", "Code", "680", "Type", "11.EWT")
			})
		}
		if a.habits.comments {
			x.comment("offers of " + a.spec.Name + ", cheapest brands first")
		}
		x.in("OffersGroup", nil, func() {
			x.in("AirlineOffers", nil, func() {
				for i := range a.offers {
					a.offer172(x, &a.offers[i], i+1)
				}
			})
		})
		x.in("DataLists", nil, func() { a.lists172(x) })
		if a.lean {
			return
		}
		x.in("Metadata", nil, func() {
			x.in("Other", nil, func() {
				x.in("OtherMetadata", nil, func() {
					x.in("CurrencyMetadatas", nil, func() {
						x.in("CurrencyMetadata", at{"MetadataKey", string(a.spec.Currency)}, func() {
							exponent, _ := a.spec.Currency.Exponent()
							x.leaf("Decimals", strconv.Itoa(exponent))
						})
					})
				})
			})
		})
		if a.habits.augment {
			x.in("AugmentationPoint", nil, func() {
				x.buf = append(x.buf, `<sim:Weather xmlns:sim="urn:fanfare:partnersim">fair</sim:Weather>`...)
			})
		}
	})
}

func (a *ndcPlan) lists172(x *xmlWriter) {
	x.in("PassengerList", nil, func() {
		for i, pax := range a.req.people {
			x.in("Passenger", at{"PassengerID", pax.id}, func() {
				x.leaf("PTC", pax.ptc)
				if lap := a.lapOf(i); lap != "" {
					x.leaf("InfantRef", lap)
				}
			})
		}
	})
	a.bags172(x)
	x.in("FlightSegmentList", nil, func() {
		for i := range a.legs.all {
			a.segment172(x, i+1)
		}
	})
	if a.combined {
		x.in("FlightList", nil, func() {
			for n, j := range a.journeys.all {
				x.in("Flight", at{"FlightKey", "FLT" + strconv.Itoa(n+1)}, func() {
					x.in("Journey", nil, func() { x.leaf("Time", a.habits.duration(j.minutes)) })
					x.leaf("SegmentReferences", joined("SEG", j.legs))
				})
			}
		})
	}
	x.in("OriginDestinationList", nil, func() { a.directions172(x) })
	a.penalties172(x)
	x.in("PriceClassList", nil, func() {
		for i, b := range a.classes.all {
			x.in("PriceClass", at{"PriceClassID", "PC" + strconv.Itoa(i+1)}, func() {
				a.habits.name(x, "Name", b.Name)
				if !a.lean {
					x.in("Descriptions", nil, func() {
						x.in("Description", nil, func() { x.leaf("Text", b.Name+": "+strconv.Itoa(b.Checked)+" checked bag(s)") })
					})
				}
			})
		}
	})
	if a.habits.optional {
		x.in("ServiceDefinitionList", nil, func() {
			x.in("ServiceDefinition", at{"ServiceDefinitionID", "SRV1"}, func() {
				name, _ := a.sideItem(&a.offers[0])
				x.leaf("Name", name)
			})
		})
	}
}

// directions172 is each way to fly a slice, by its segments; or, combined, each slice with its flights.
func (a *ndcPlan) directions172(x *xmlWriter) {
	entry := func(key int, from, to travel.Airport, flights string) {
		x.in("OriginDestination", at{"OriginDestinationKey", "OD" + strconv.Itoa(key)}, func() {
			x.leaf("DepartureCode", string(from))
			x.leaf("ArrivalCode", string(to))
			x.leaf("FlightReferences", flights)
		})
	}
	if !a.combined {
		for n, j := range a.journeys.all {
			entry(n+1, j.from, j.to, joined("SEG", j.legs))
		}
		return
	}
	for i := range a.req.slices {
		var flights []int
		for n, j := range a.journeys.all {
			if j.slice == i {
				flights = append(flights, n+1)
			}
		}
		entry(i+1, a.req.from[i], a.req.to[i], joined("FLT", flights))
	}
}

// bags172 is the allowances: in one list if the partner combines, else in the two that older versions have.
func (a *ndcPlan) bags172(x *xmlWriter) {
	pieces := func(n int) {
		x.in("PieceAllowance", nil, func() {
			x.leaf("ApplicableParty", "Traveler")
			x.leaf("TotalQuantity", strconv.Itoa(n))
		})
	}
	if a.combined {
		x.in("BaggageAllowanceList", nil, func() {
			for i, bag := range a.bags.keys {
				x.in("BaggageAllowance", at{"BaggageAllowanceID", "BAG" + strconv.Itoa(i+1)}, func() {
					category := "CarryOn"
					if bag.checked {
						category = "Checked"
					}
					x.leaf("BaggageCategory", category)
					pieces(bag.pieces)
				})
			}
		})
		return
	}
	for _, checked := range []bool{true, false} {
		name := "CarryOnAllowance"
		if checked {
			name = "CheckedBagAllowance"
		}
		x.in(name+"List", nil, func() {
			for i, bag := range a.bags.keys {
				if bag.checked == checked {
					x.in(name, at{"ListKey", "BAG" + strconv.Itoa(i+1)}, func() { pieces(bag.pieces) })
				}
			}
		})
	}
}

func (a *ndcPlan) segment172(x *xmlWriter, id int) {
	leg := &a.legs.all[id-1]
	x.in("FlightSegment", at{"SegmentKey", "SEG" + strconv.Itoa(id)}, func() {
		x.in("Departure", nil, func() { a.station172(x, leg.dep, leg.from, leg.fromTerm) })
		x.in("Arrival", nil, func() { a.station172(x, leg.arr, leg.to, leg.term) })
		x.in("MarketingCarrier", nil, func() {
			x.leaf("AirlineID", string(leg.by.Code))
			a.habits.name(x, "Name", leg.by.Name)
			x.leaf("FlightNumber", a.habits.number(leg.byNumber))
			x.leaf("ResBookDesigCode", string(rune(leg.rbd)))
		})
		if leg.operatorUnsaid {
			x.in("OperatingCarrier", nil, func() {
				x.in("Disclosures", nil, func() {
					x.in("Description", nil, func() { x.leaf("Text", "Operated by a partner airline") })
				})
			})
		} else {
			x.in("OperatingCarrier", nil, func() {
				x.leaf("AirlineID", string(leg.Code))
				a.habits.name(x, "Name", leg.Name)
				if !leg.opNumberUnsaid {
					x.leaf("FlightNumber", a.habits.number(leg.flight.number))
				}
			})
		}
		x.in("Equipment", nil, func() { x.leaf("AircraftCode", leg.plane.Code) })
		x.in("ClassOfService", nil, func() {
			seats := a.dice.str("seats").num(int64(leg.id)).num(int64(leg.rbd)).between(1, 14)
			x.leaf("Code", string(rune(leg.rbd)), "SeatsLeft", strconv.Itoa(min(seats, 9)))
		})
		x.in("FlightDetail", nil, func() {
			x.in("FlightDuration", nil, func() { x.leaf("Value", a.habits.duration(leg.minutes())) })
			x.in("Stops", nil, func() { x.leaf("StopQuantity", "0") })
		})
	})
}

func (a *ndcPlan) station172(x *xmlWriter, when time.Time, where *airport, terminal string) {
	x.leaf("AirportCode", string(where.Code))
	x.leaf("Date", when.Format(time.DateOnly))
	x.leaf("Time", when.Format("15:04"))
	if a.habits.stations {
		a.habits.name(x, "AirportName", stationName(where))
	}
	if terminal != "" {
		x.in("Terminal", nil, func() { x.leaf("Name", terminal) })
	}
}
