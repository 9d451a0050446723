package sabre

import (
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

// descriptions are those of one kind by their ids, which are their places unless they say
// otherwise.
type descriptions[T any] struct {
	all  []T
	ids  []int
	byID map[int]int // made when places do not do
}

// maxDescriptions bounds each kind; documents with 200 itineraries have some thousands.
const maxDescriptions = 1 << 15

func (l *descriptions[T]) add(id int, t T) {
	if len(l.all) >= maxDescriptions {
		return
	}
	if id <= 0 {
		id = len(l.all) + 1
	}
	l.all, l.ids, l.byID = append(l.all, t), append(l.ids, id), nil
}

// find is the description that a reference leads to, nil if it leads nowhere.
func (l *descriptions[T]) find(ref int) *T {
	if ref > 0 && ref <= len(l.ids) && l.ids[ref-1] == ref {
		return &l.all[ref-1]
	}
	if l.byID == nil {
		l.byID = make(map[int]int, len(l.ids))
		for i, id := range l.ids {
			if _, twice := l.byID[id]; !twice {
				l.byID[id] = i
			}
		}
	}
	if i, ok := l.byID[ref]; ok {
		return &l.all[i]
	}
	return nil
}

// schedule is a flight on any day.
type schedule struct {
	segment          opentravel.Segment // without times
	departs, arrives string             // views, of the day
	outDays, inDays  int                // beyond the day of the leg, and of departure
	outStops, hidden int
}

// leg is one direction: the schedules from stops[from] to before stops[to].
type leg struct{ from, to, minutes int }

// stop is a schedule's place in a leg.
type stop struct {
	ref, days int
	date      travel.Date // of departure, 0 if it follows from the leg's
}

// component is what a fare says of some segments.
type component struct {
	basis, brand string
	cabin        travel.Cabin
	cabins       string // a list instead
	segments     int
}

const (
	scheduleID = iota
	scheduleDeparture
	scheduleArrival
	scheduleCarrier
	scheduleElapsedTime
	scheduleStops
	scheduleHiddenStop
)

var scheduleNames = opentravel.NewNames([]string{
	scheduleID: "ID", scheduleDeparture: "Departure", scheduleArrival: "Arrival", scheduleCarrier: "Carrier",
	scheduleElapsedTime: "ElapsedTime", scheduleStops: "Stops|stopCount|stops", scheduleHiddenStop: "HiddenStop|hiddenStops",
}...)

const (
	placeAirport = iota
	placeTime
	placeTerminal
	placeDateAdjustment
)

var placeNames = opentravel.NewNames([]string{
	placeAirport: "Airport", placeTime: "Time", placeTerminal: "Terminal", placeDateAdjustment: "DateAdjustment",
}...)

const (
	carrierMarketing = iota
	carrierMarketingFlightNumber
	carrierOperating
	carrierOperatingFlightNumber
	carrierDisclosure
	carrierEquipment
)

var carrierNames = opentravel.NewNames([]string{
	carrierMarketing: "Marketing", carrierMarketingFlightNumber: "MarketingFlightNumber", carrierOperating: "Operating",
	carrierOperatingFlightNumber: "OperatingFlightNumber", carrierDisclosure: "Disclosure", carrierEquipment: "Equipment",
}...)

var codeNames = opentravel.NewNames("Code")

func (d *grouped) schedule() {
	id := 0
	var s schedule
	for f := d.d.Fields(scheduleNames); f.Next(); {
		switch f.Key() {
		case scheduleID:
			id, _ = d.d.Int()
		case scheduleDeparture:
			s.segment.Origin, s.segment.DepartureTerminal, s.departs, s.outDays = d.place()
		case scheduleArrival:
			s.segment.Destination, s.segment.ArrivalTerminal, s.arrives, s.inDays = d.place()
		case scheduleCarrier:
			d.flight(&s.segment)
		case scheduleElapsedTime:
			s.segment.Minutes = opentravel.Minutes(d.d.View())
		case scheduleStops:
			if n, ok := d.d.Int(); ok && n > 0 && n < 10 {
				s.outStops = n
			}
		case scheduleHiddenStop:
			s.hidden++
		}
	}
	s.segment.Stops = max(s.outStops, min(s.hidden, 9))
	d.schedules.add(id, s)
}

func (d *grouped) place() (code travel.Airport, terminal, time string, days int) {
	for f := d.d.Fields(placeNames); f.Next(); {
		switch f.Key() {
		case placeAirport:
			code = travel.Airport(d.d.Intern())
		case placeTime:
			time = d.d.View()
		case placeTerminal:
			terminal = d.d.Name()
		case placeDateAdjustment:
			days = d.days()
		}
	}
	return code, terminal, time, days
}

// days is a number of days to add; no flight takes a week.
func (d *grouped) days() int {
	if n, ok := d.d.Int(); ok && n > -7 && n < 7 {
		return n
	}
	return 0
}

func (d *grouped) flight(s *opentravel.Segment) {
	var marketing, number, operating, flown, disclosed string
	for f := d.d.Fields(carrierNames); f.Next(); {
		switch f.Key() {
		case carrierMarketing:
			marketing = d.d.Intern()
		case carrierMarketingFlightNumber:
			number = d.d.Intern()
		case carrierOperating:
			operating = d.d.Intern()
		case carrierOperatingFlightNumber:
			flown = d.d.Intern()
		case carrierDisclosure:
			disclosed = d.d.Intern()
		case carrierEquipment:
			for e := d.d.Fields(codeNames); e.Next(); {
				if code := d.d.View(); s.Aircraft == "" && len(code) <= 4 {
					s.Aircraft = d.d.Keep(code)
				}
			}
		}
	}
	s.Marketing = travel.NewFlight(marketing, number)
	s.Operating = opentravel.Operator(s.Marketing, operating, flown, disclosed)
}

const (
	legID = iota
	legElapsedTime
	legSchedule
)

var legNames = opentravel.NewNames([]string{legID: "ID", legElapsedTime: "ElapsedTime", legSchedule: "Schedule|schedules"}...)

const (
	legStopRef = iota
	legStopDepartureDateAdjustment
	legStopDepartureDate
)

var legStopNames = opentravel.NewNames([]string{
	legStopRef: "Ref", legStopDepartureDateAdjustment: "DepartureDateAdjustment", legStopDepartureDate: "DepartureDate",
}...)

const (
	componentID = iota
	componentFareBasisCode
	componentCabinCode
	componentSegment
	componentBrand
)

var componentNames = opentravel.NewNames([]string{
	componentID: "ID", componentFareBasisCode: "FareBasisCode", componentCabinCode: "CabinCode", componentSegment: "Segment|segments",
	componentBrand: "Brand",
}...)

const (
	brandName = iota
	brandCode
)

var brandNames = opentravel.NewNames([]string{brandName: "BrandName", brandCode: "Code"}...)

const (
	bagID = iota
	bagPieces
	bagWeight
)

var bagNames = opentravel.NewNames([]string{bagID: "ID", bagPieces: "Pieces|pieceCount|pieces", bagWeight: "Weight"}...)

const (
	validateID = iota
	validateDefault
)

var validateNames = opentravel.NewNames([]string{validateID: "ID", validateDefault: "Default"}...)

func (d *grouped) leg() {
	id := 0
	l := leg{from: len(d.stops)}
	for f := d.d.Fields(legNames); f.Next(); {
		switch f.Key() {
		case legID:
			id, _ = d.d.Int()
		case legElapsedTime:
			l.minutes = opentravel.Minutes(d.d.View())
		case legSchedule:
			var s stop
			for r := d.d.Fields(legStopNames); r.Next(); {
				switch r.Key() {
				case legStopRef:
					s.ref, _ = d.d.Int()
				case legStopDepartureDateAdjustment:
					s.days = d.days()
				case legStopDepartureDate:
					s.date = d.date()
				}
			}
			if len(d.stops) < 4*maxDescriptions {
				d.stops = append(d.stops, s)
			}
		}
	}
	l.to = len(d.stops)
	d.legs.add(id, l)
}

// date is a day, 0 if it is none.
func (d *grouped) date() travel.Date {
	day, err := travel.ParseDate(d.d.View())
	if err != nil {
		return 0
	}
	return day
}

func (d *grouped) component() {
	id := 0
	var c component
	for f := d.d.Fields(componentNames); f.Next(); {
		switch f.Key() {
		case componentID:
			id, _ = d.d.Int()
		case componentFareBasisCode:
			c.basis = d.d.Intern()
		case componentCabinCode:
			c.cabin, c.cabins = opentravel.CabinsOf(d.d.View())
		case componentSegment:
			if d.seat(&opentravel.Info{}) {
				c.segments++
			}
		case componentBrand:
			c.brand = d.brand()
		}
	}
	d.components.add(id, c)
}

func (d *grouped) brand() (name string) {
	code := ""
	for f := d.d.Fields(brandNames); f.Next(); {
		if f.Key() == brandName {
			name = d.d.Name()
		} else {
			code = d.d.Name()
		}
	}
	if name == "" {
		name = code
	}
	return name
}

func (d *grouped) bag() {
	id, pieces := 0, -1
	for f := d.d.Fields(bagNames); f.Next(); {
		if f.Key() == bagID {
			id, _ = d.d.Int()
		} else {
			pieces = opentravel.Allowed(pieces, d.d, f.Key() == bagWeight)
		}
	}
	d.bags.add(id, pieces)
}

func (d *grouped) carrier() {
	id, code := 0, ""
	for f := d.d.Fields(validateNames); f.Next(); {
		if f.Key() == validateID {
			id, _ = d.d.Int()
			continue
		}
		for c := d.d.Fields(codeNames); c.Next(); {
			code = d.d.Name()
		}
	}
	d.carriers.add(id, code)
}
