package ndc

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

const (
	flightPaxSegmentID = iota
	flightDatedMarketingSegmentID
	flightDatedOperatingSegmentID
	flightDatedOperatingLegID
	flightSegmentKey
	flightDep
	flightDeparture
	flightArrival
	flightMarketingCarrierInfo
	flightMarketingCarrier
	flightOperatingCarrierInfo
	flightOperatingCarrier
	flightCarrierDesigCode
	flightCarrierName
	flightMarketingCarrierFlightNumberText
	flightOperatingCarrierFlightNumberText
	flightDuration
	flightDetail
	flightEquipment
	flightCarrierAircraftType
	flightIATAAircraftType
	flightClassOfService
	flightCabinTypeAssociationChoice
	flightSegmentCabinType
	flightCabinType
	flightDatedOperatingLeg
	flightDatedMarketingSegmentRefID
	flightDatedOperatingSegmentRefID
	flightDatedOperatingLegRefID
	flightDatedMarketingSegment
	flightDatedOperatingSegment
	flightSeatsLeft
)

var flightNames = document.NewKeys([]string{
	flightPaxSegmentID: "PaxSegmentID", flightDatedMarketingSegmentID: "DatedMarketingSegmentId",
	flightDatedOperatingSegmentID: "DatedOperatingSegmentId", flightDatedOperatingLegID: "DatedOperatingLegID",
	flightSegmentKey: "SegmentKey", flightDep: "Dep", flightDeparture: "Departure", flightArrival: "Arrival",
	flightMarketingCarrierInfo: "MarketingCarrierInfo", flightMarketingCarrier: "MarketingCarrier",
	flightOperatingCarrierInfo: "OperatingCarrierInfo", flightOperatingCarrier: "OperatingCarrier",
	flightCarrierDesigCode: "CarrierDesigCode", flightCarrierName: "CarrierName",
	flightMarketingCarrierFlightNumberText: "MarketingCarrierFlightNumberText",
	flightOperatingCarrierFlightNumberText: "OperatingCarrierFlightNumberText", flightDuration: "Duration", flightDetail: "FlightDetail",
	flightEquipment: "Equipment", flightCarrierAircraftType: "CarrierAircraftType", flightIATAAircraftType: "IATA_AircraftType",
	flightClassOfService: "ClassOfService", flightCabinTypeAssociationChoice: "CabinTypeAssociationChoice",
	flightSegmentCabinType: "SegmentCabinType", flightCabinType: "CabinType", flightDatedOperatingLeg: "DatedOperatingLeg",
	flightDatedMarketingSegmentRefID: "DatedMarketingSegmentRefId", flightDatedOperatingSegmentRefID: "DatedOperatingSegmentRefId",
	flightDatedOperatingLegRefID: "DatedOperatingLegRefID", flightDatedMarketingSegment: "DatedMarketingSegment",
	flightDatedOperatingSegment: "DatedOperatingSegment", flightSeatsLeft: "SeatsLeft",
}...)

// readFlight reads a segment of any release, or a part of one, and defines its id.
func (d *decoder) readFlight(of kind, old bool) {
	key := d.key("SegmentKey", "PaxSegmentID")
	f := flight{old: old, marketingID: unstated, operatingID: unstated, legs: here(d.legIDs)}
	d.readFlightParts(&f, &key, of)
	f.legs.to = int32(len(d.legIDs))
	d.flights = append(d.flights, f)
	d.define(key, of, len(d.flights)-1)
}

func (d *decoder) readFlightParts(f *flight, key *string, of kind) {
	x := d.x
	for c := x.Children(flightNames); c.Next(); {
		switch c.Key() {
		case flightPaxSegmentID, flightDatedMarketingSegmentID, flightDatedOperatingSegmentID, flightDatedOperatingLegID, flightSegmentKey:
			*key = x.View()
		case flightDep, flightDeparture:
			d.readStop(&f.dep)
		case flightArrival:
			d.readStop(&f.arr)
		case flightMarketingCarrierInfo, flightMarketingCarrier:
			d.readCarrier(&f.carrier, &f.number, f)
		case flightOperatingCarrierInfo, flightOperatingCarrier:
			f.disclosed = true
			d.readCarrier(&f.operating, &f.operatingNumber, nil)
		case flightCarrierDesigCode:
			if of == operatingKind {
				f.operating, f.disclosed = x.Intern(), true
			} else {
				f.carrier = x.Intern()
			}
		case flightCarrierName:
			if f.carrier != "" {
				d.carrierName(f.carrier)
			}
		case flightMarketingCarrierFlightNumberText:
			f.number = x.Intern()
		case flightOperatingCarrierFlightNumberText:
			f.operatingNumber = x.Intern()
		case flightDuration:
			f.duration = x.View()
		case flightDetail:
			d.readFlightDetail(f)
		case flightEquipment, flightCarrierAircraftType, flightIATAAircraftType:
			d.readAircraft(f, c.Key() == flightIATAAircraftType)
		case flightClassOfService:
			d.readClassOfService(f)
		case flightCabinTypeAssociationChoice:
			d.readCabins(f)
		case flightSegmentCabinType, flightCabinType:
			f.cabin = d.readCabin()
		case flightDatedOperatingLeg:
			d.readLeg(f)
		case flightDatedMarketingSegmentRefID:
			f.marketingID = d.number(x.View())
		case flightDatedOperatingSegmentRefID:
			f.operatingID = d.number(x.View())
		case flightDatedOperatingLegRefID:
			d.one(&d.legIDs)
		case flightDatedMarketingSegment:
			var inner string
			d.readFlightParts(f, &inner, marketingKind)
		case flightDatedOperatingSegment:
			var inner string
			d.readFlightParts(f, &inner, operatingKind)
		case flightSeatsLeft:
			if n, ok := x.Int(); ok && n > 0 {
				f.seats = n
			}
		}
	}
}

// readLeg reads a leg inside a segment: the segment departs with the first and arrives
// with the last, as far as it does not say itself.
func (d *decoder) readLeg(f *flight) {
	leg := flight{marketingID: unstated, operatingID: unstated}
	var key string
	d.readFlightParts(&leg, &key, legKind)
	f.dep.fill(&leg.dep)
	if f.arr.byLeg {
		f.arr = stop{}
	}
	if f.arr.airport == "" {
		f.arr = leg.arr
		f.arr.byLeg = true
	} else {
		f.arr.fill(&leg.arr)
	}
	if f.aircraft == "" {
		f.aircraft = leg.aircraft
	}
}

const (
	stopIATALocationCode = iota
	stopAirportCode
	stopAircraftScheduledDateTime
	stopDate
	stopTime
	stopTerminal
	stopTerminalName
	stopChangeOfDay
)

var stopNames = document.NewKeys([]string{
	stopIATALocationCode: "IATA_LocationCode", stopAirportCode: "AirportCode", stopAircraftScheduledDateTime: "AircraftScheduledDateTime",
	stopDate: "Date", stopTime: "Time", stopTerminal: "Terminal", stopTerminalName: "TerminalName", stopChangeOfDay: "ChangeOfDay",
}...)

func (d *decoder) readStop(s *stop) {
	x := d.x
	for c := x.Children(stopNames); c.Next(); {
		switch c.Key() {
		case stopIATALocationCode, stopAirportCode:
			s.airport = x.Intern()
		case stopAircraftScheduledDateTime:
			s.zone = x.AttrIntern("TimeZoneCode")
			s.when = x.View()
		case stopDate:
			s.when = x.View()
		case stopTime:
			s.time = x.View()
		case stopTerminal:
			if !x.Nested() {
				s.terminal = x.Name()
				continue
			}
			for t := x.Children(terminalNames); t.Next(); {
				s.terminal = x.Name()
			}
		case stopTerminalName:
			s.terminal = x.Name()
		case stopChangeOfDay:
			if n, ok := x.Int(); ok {
				s.days = min(max(n, -1), 3)
			}
		}
	}
	if n := len(s.when); n > 0 && s.when[n-1] == 'Z' {
		d.zulu = true
	}
}

// fill takes what is missing from another statement of the same stop.
func (s *stop) fill(from *stop) {
	if s.airport == "" {
		s.airport = from.airport
	}
	if s.when == "" {
		s.when, s.time, s.zone, s.days = from.when, from.time, from.zone, from.days
	}
	if s.zone == "" {
		s.zone = from.zone
	}
	if s.terminal == "" {
		s.terminal = from.terminal
	}
}

var terminalNames = document.NewKeys("Name", "TerminalName")

const (
	carrierAirlineID = iota
	carrierDesigCode
	carrierFlightNumber
	carrierMarketingCarrierFlightNumberText
	carrierOperatingCarrierFlightNumberText
	carrierName
	carrierCarrierName
)

var carrierNames = document.NewKeys([]string{
	carrierAirlineID: "AirlineID", carrierDesigCode: "CarrierDesigCode", carrierFlightNumber: "FlightNumber",
	carrierMarketingCarrierFlightNumberText: "MarketingCarrierFlightNumberText",
	carrierOperatingCarrierFlightNumberText: "OperatingCarrierFlightNumberText", carrierName: "Name", carrierCarrierName: "CarrierName",
}...)

// readCarrier reads a carrier with its number. f is nil for the operating one.
func (d *decoder) readCarrier(carrier, number *string, f *flight) {
	x := d.x
	for c := x.Children(carrierNames); c.Next(); {
		switch c.Key() {
		case carrierAirlineID, carrierDesigCode:
			*carrier = x.Intern()
		case carrierFlightNumber, carrierMarketingCarrierFlightNumberText, carrierOperatingCarrierFlightNumberText:
			*number = x.Intern()
		default:
			if f != nil && *carrier != "" {
				d.carrierName(*carrier)
			}
		}
	}
}

// carrierName remembers how the document calls a carrier.
func (d *decoder) carrierName(code string) {
	for i := range d.carriers {
		if d.carriers[i].Code == code {
			return
		}
	}
	if len(d.carriers) < maxCarriers {
		d.carriers = append(d.carriers, travel.Seller{Code: code, Name: d.x.Name()})
	}
}

const maxCarriers = 64

var (
	detailNames   = document.NewKeys("FlightDuration", "Value")
	aircraftNames = document.NewKeys("AircraftCode", "CarrierAircraftTypeCode", "IATA_AircraftTypeCode")
)

const (
	classOfServiceCode = iota
	classOfServiceMarketingName
	classOfServiceCabinDesignator
)

var classOfServiceNames = document.NewKeys([]string{
	classOfServiceCode: "Code", classOfServiceMarketingName: "MarketingName", classOfServiceCabinDesignator: "CabinDesignator",
}...)

func (d *decoder) readFlightDetail(f *flight) {
	for c := d.x.Children(detailNames); c.Next(); {
		if d.x.Nested() {
			d.readFlightDetail(f)
		} else {
			f.duration = d.x.View()
		}
	}
}

func (d *decoder) readAircraft(f *flight, iata bool) {
	for c := d.x.Children(aircraftNames); c.Next(); {
		if code := d.x.Intern(); iata || f.aircraft == "" {
			f.aircraft = code
		}
	}
}

// readClassOfService reads what 17.2 says of a segment's class: seats and cabin.
func (d *decoder) readClassOfService(f *flight) {
	x := d.x
	for c := x.Children(classOfServiceNames); c.Next(); {
		switch c.Key() {
		case classOfServiceCode:
			if n, ok := wholeNumber(x.Attr("SeatsLeft")); ok && n > 0 {
				f.seats = n
			}
		case classOfServiceMarketingName:
			cabin := cabinByCode(x.Attr("CabinDesignator"))
			if named := cabinByName(x.View()); named.Known() {
				cabin = named
			}
			f.cabin = cabin
		case classOfServiceCabinDesignator:
			f.cabin = cabinByCode(x.View())
		}
	}
}

func wholeNumber(text string) (n int, ok bool) {
	if text == "" || len(text) > 6 {
		return 0, false
	}
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}

var choiceNames = document.NewKeys("SegmentCabinType", "CabinType")

const (
	cabinTypeCode = iota
	cabinTypeName
)

var cabinNames = document.NewKeys([]string{cabinTypeCode: "CabinTypeCode", cabinTypeName: "CabinTypeName"}...)

func (d *decoder) readCabins(f *flight) {
	for c := d.x.Children(choiceNames); c.Next(); {
		f.cabin = d.readCabin()
	}
}

// readCabin reads the cabin of one segment.
func (d *decoder) readCabin() travel.Cabin {
	code, name := d.readCabinText()
	return cabinOf(code, name, 0, 1)
}

// readCabinText reads code and name of a cabin, either of which may be a list.
func (d *decoder) readCabinText() (code, name string) {
	if !d.x.Nested() { // 17.2 also has <CabinType>5</CabinType>
		text := d.x.View()
		return text, text
	}
	for c := d.x.Children(cabinNames); c.Next(); {
		if c.Key() == cabinTypeCode {
			code = d.x.View()
		} else {
			name = d.x.View()
		}
	}
	return code, name
}

// cabinOf is the cabin of segment i of n by its name, else by its code: some partners put a
// booking class into the code, and others a brand into the name.
func cabinOf(code, name string, i, n int) travel.Cabin {
	if named := cabinByName(name); named.Known() {
		return named
	}
	if named := cabinByName(document.Word(name, i, n)); named.Known() {
		return named
	}
	return cabinByCode(document.Word(code, i, n))
}

// cabinByCode is the cabin of a code of IATA's list 9800 or of a booking class letter
// that every airline uses for one cabin. 3 and letters such as L or R differ by airline.
func cabinByCode(code string) travel.Cabin {
	switch code {
	case "1", "F":
		return travel.First
	case "2", "C", "J":
		return travel.Business
	case "4", "W":
		return travel.PremiumEconomy
	case "5", "Y", "M":
		return travel.Economy
	}
	return travel.CabinUnknown
}

// cabinByName knows names that begin with a cabin, such as "Business Class (lowest)".
// Airlines' own words, such as "Upper Class" or "Premium", stay unknown, and so does a list of
// cabins.
func cabinByName(name string) travel.Cabin {
	for _, c := range []struct {
		prefix string
		cabin  travel.Cabin
	}{
		{"premium economy", travel.PremiumEconomy}, {"premium_economy", travel.PremiumEconomy}, {"premium-economy", travel.PremiumEconomy},
		{"premiumeconomy", travel.PremiumEconomy}, {"economy premium", travel.PremiumEconomy}, {"economy_premium", travel.PremiumEconomy},
		{"economy", travel.Economy}, {"coach", travel.Economy}, {"business", travel.Business}, {"first", travel.First},
	} {
		if len(name) >= len(c.prefix) && strings.EqualFold(name[:len(c.prefix)], c.prefix) {
			if namesCabin(name[len(c.prefix):]) {
				return travel.CabinUnknown
			}
			return c.cabin
		}
	}
	return travel.CabinUnknown
}

// namesCabin reports whether one of the words is a cabin.
func namesCabin(text string) bool {
	for word := range strings.FieldsSeq(text) {
		for _, cabin := range [...]string{"economy", "premium", "coach", "business", "first"} {
			if strings.EqualFold(word, cabin) {
				return true
			}
		}
	}
	return false
}
