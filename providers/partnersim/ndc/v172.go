package ndc

import (
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// Version 17.2: offers first, then lists. Offers are for one direction each, with
// flights to choose from, unless the partner combines.

// root172 writes the message element.
func (p *service) root172(x *exchange.XMLWriter, now time.Time, inside func()) {
	attrs := exchange.At{"xmlns", ndc172Space}
	if p.quirks.prefixes == 2 {
		x.Prefix, attrs = "ns2:", exchange.At{"xmlns:ns2", ndc172Space}
	}
	x.In("AirShoppingRS", append(attrs, "PrimaryLangID", "en", "TimeStamp", now.Format(zoned), "Version", "17.2"), func() {
		x.In("Document", nil, func() {
			x.Leaf("Name", p.Seller.DisplayName)
			x.Leaf("ReferenceVersion", "1.0")
		})
		inside()
	})
	x.Prefix = ""
}

// zoned is how instants stand in attributes of 17.2.
const zoned = "2006-01-02T15:04:05.000-07:00"

// cabinLetters are the codes of cabins in 17.2.
var cabinLetters = map[travel.Cabin]string{travel.First: "F", travel.Business: "J", travel.PremiumEconomy: "PY", travel.Economy: "Y"}

func (a *planDoc) write172(x *exchange.XMLWriter) {
	a.root172(x, a.now, func() {
		x.Empty("Success")
		if a.quirks.warnings {
			x.In("Warnings", nil, func() {
				x.Leaf("Warning", "Some cabins may not be available on all flights <of this itinerary> & are sold as economy", "Code", "680", "Type", "11.EWT")
			})
		}
		if a.quirks.comments {
			x.Comment("offers of " + a.Seller.Name + ", cheapest brands first")
		}
		x.In("OffersGroup", nil, func() {
			x.In("AirlineOffers", nil, func() {
				for i := range a.offers {
					a.offer172(x, &a.offers[i], i+1)
				}
			})
		})
		x.In("DataLists", nil, func() { a.lists172(x) })
		if a.lean {
			return
		}
		x.In("Metadata", nil, func() {
			x.In("Other", nil, func() {
				x.In("OtherMetadata", nil, func() {
					x.In("CurrencyMetadatas", nil, func() {
						x.In("CurrencyMetadata", exchange.At{"MetadataKey", string(a.Seller.Currency)}, func() {
							exponent, _ := a.Seller.Currency.Exponent()
							x.Leaf("Decimals", strconv.Itoa(exponent))
						})
					})
				})
			})
		})
		if a.quirks.augment {
			x.In("AugmentationPoint", nil, func() {
				x.Buf = append(x.Buf, `<sim:Weather xmlns:sim="urn:fanfare:partnersim">fair</sim:Weather>`...)
			})
		}
	})
}

func (a *planDoc) lists172(x *exchange.XMLWriter) {
	x.In("PassengerList", nil, func() {
		for i, pax := range a.req.people {
			x.In("Passenger", exchange.At{"PassengerID", pax.id}, func() {
				x.Leaf("PTC", pax.ptc)
				if lap := a.lapOf(i); lap != "" {
					x.Leaf("InfantRef", lap)
				}
			})
		}
	})
	a.bags172(x)
	x.In("FlightSegmentList", nil, func() {
		for i := range a.legs.all {
			a.segment172(x, i+1)
		}
	})
	if a.combined {
		x.In("FlightList", nil, func() {
			for n, j := range a.journeys.all {
				x.In("Flight", exchange.At{"FlightKey", "FLT" + strconv.Itoa(n+1)}, func() {
					x.In("Journey", nil, func() { x.Leaf("Time", a.quirks.duration(j.minutes)) })
					x.Leaf("SegmentReferences", joined("SEG", j.legs))
				})
			}
		})
	}
	x.In("OriginDestinationList", nil, func() { a.directions172(x) })
	a.penalties172(x)
	x.In("PriceClassList", nil, func() {
		for i, b := range a.classes.all {
			x.In("PriceClass", exchange.At{"PriceClassID", "PC" + strconv.Itoa(i+1)}, func() {
				a.quirks.name(x, "Name", b.Name)
				if !a.lean {
					x.In("Descriptions", nil, func() {
						x.In("Description", nil, func() { x.Leaf("Text", b.Name+": "+strconv.Itoa(b.Checked)+" checked bag(s)") })
					})
				}
			})
		}
	})
	if a.quirks.optional {
		x.In("ServiceDefinitionList", nil, func() {
			x.In("ServiceDefinition", exchange.At{"ServiceDefinitionID", "SRV1"}, func() {
				name, _ := a.sideItem(&a.offers[0])
				x.Leaf("Name", name)
			})
		})
	}
}

// directions172 is each way to fly a slice, by its segments; or, combined, each slice with its flights.
func (a *planDoc) directions172(x *exchange.XMLWriter) {
	entry := func(key int, from, to travel.Airport, flights string) {
		x.In("OriginDestination", exchange.At{"OriginDestinationKey", "OD" + strconv.Itoa(key)}, func() {
			x.Leaf("DepartureCode", string(from))
			x.Leaf("ArrivalCode", string(to))
			x.Leaf("FlightReferences", flights)
		})
	}
	if !a.combined {
		for n, j := range a.journeys.all {
			entry(n+1, j.from, j.to, joined("SEG", j.legs))
		}
		return
	}
	for i := range a.req.Slices {
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
func (a *planDoc) bags172(x *exchange.XMLWriter) {
	pieces := func(n int) {
		x.In("PieceAllowance", nil, func() {
			x.Leaf("ApplicableParty", "Traveler")
			x.Leaf("TotalQuantity", strconv.Itoa(n))
		})
	}
	if a.combined {
		x.In("BaggageAllowanceList", nil, func() {
			for i, bag := range a.bags.keys {
				x.In("BaggageAllowance", exchange.At{"BaggageAllowanceID", "BAG" + strconv.Itoa(i+1)}, func() {
					category := "CarryOn"
					if bag.checked {
						category = "Checked"
					}
					x.Leaf("BaggageCategory", category)
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
		x.In(name+"List", nil, func() {
			for i, bag := range a.bags.keys {
				if bag.checked == checked {
					x.In(name, exchange.At{"ListKey", "BAG" + strconv.Itoa(i+1)}, func() { pieces(bag.pieces) })
				}
			}
		})
	}
}

func (a *planDoc) segment172(x *exchange.XMLWriter, id int) {
	leg := &a.legs.all[id-1]
	x.In("FlightSegment", exchange.At{"SegmentKey", "SEG" + strconv.Itoa(id)}, func() {
		x.In("Departure", nil, func() { a.station172(x, leg.Dep, leg.From, leg.FromTerm) })
		x.In("Arrival", nil, func() { a.station172(x, leg.Arr, leg.To, leg.Term) })
		x.In("MarketingCarrier", nil, func() {
			x.Leaf("AirlineID", string(leg.By.Code))
			a.quirks.name(x, "Name", leg.By.Name)
			x.Leaf("FlightNumber", a.quirks.number(leg.ByNumber))
			x.Leaf("ResBookDesigCode", string(rune(leg.rbd)))
		})
		if leg.OperatorUnsaid {
			x.In("OperatingCarrier", nil, func() {
				x.In("Disclosures", nil, func() {
					x.In("Description", nil, func() { x.Leaf("Text", "Operated by a partner airline") })
				})
			})
		} else {
			x.In("OperatingCarrier", nil, func() {
				x.Leaf("AirlineID", string(leg.Code))
				a.quirks.name(x, "Name", leg.Name)
				if !leg.OpNumberUnsaid {
					x.Leaf("FlightNumber", a.quirks.number(leg.Flight.Number))
				}
			})
		}
		x.In("Equipment", nil, func() { x.Leaf("AircraftCode", leg.Plane.Code) })
		x.In("ClassOfService", nil, func() {
			seats := a.RNG.Str("seats").Num(int64(leg.ID)).Num(int64(leg.rbd)).Between(1, 14)
			x.Leaf("Code", string(rune(leg.rbd)), "SeatsLeft", strconv.Itoa(min(seats, 9)))
		})
		x.In("FlightDetail", nil, func() {
			x.In("FlightDuration", nil, func() { x.Leaf("Value", a.quirks.duration(leg.Minutes())) })
			x.In("Stops", nil, func() { x.Leaf("StopQuantity", "0") })
		})
	})
}

func (a *planDoc) station172(x *exchange.XMLWriter, when time.Time, where *world.Airport, terminal string) {
	x.Leaf("AirportCode", string(where.Code))
	x.Leaf("Date", when.Format(time.DateOnly))
	x.Leaf("Time", when.Format("15:04"))
	if a.quirks.stations {
		a.quirks.name(x, "AirportName", stationName(where))
	}
	if terminal != "" {
		x.In("Terminal", nil, func() { x.Leaf("Name", terminal) })
	}
}
