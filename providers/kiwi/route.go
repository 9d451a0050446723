package kiwi

import (
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// leg is one flight of a route as the document states it: strings are views but where
// they are kept.
type leg struct {
	id, combination      string
	carrier, number      string
	operator, operatorNo string
	from, to             travel.Airport
	direction            int // as route[].return
	slice                int // of a nested route, else 0
	departs, arrives     clocks
	basis, brand         string
	cabin                travel.Cabin
	recheck, interlining bool
	aircraft, ground     string // ground: BUS or TRN
}

// clocks is one point in time on two clocks, in the words of release 2 and the seconds of
// release 1; 0 is not stated.
type clocks struct {
	local, utc         string
	localUnix, utcUnix int
}

const (
	legID = iota
	legCombinationID
	legAirline
	legFlightNo
	legOperatingCarrier
	legOperatingFlightNo
	legFlyFrom
	legFlyTo
	legReturn
	legDTime
	legDTimeUTC
	legATime
	legATimeUTC
	legLocalDeparture
	legUtcDeparture
	legLocalArrival
	legUtcArrival
	legFareBasis
	legFareCategory
	legFareFamily
	legBagsRecheckRequired
	legViConnection
	legEquipment
	legVehicleType
	legRoute
)

var legKeys = document.NewKeys([]string{
	legID: "id", legCombinationID: "combination_id", legAirline: "airline", legFlightNo: "flight_no",
	legOperatingCarrier: "operating_carrier", legOperatingFlightNo: "operating_flight_no", legFlyFrom: "flyFrom", legFlyTo: "flyTo",
	legReturn: "return", legDTime: "dTime", legDTimeUTC: "dTimeUTC", legATime: "aTime", legATimeUTC: "aTimeUTC",
	legLocalDeparture: "local_departure", legUtcDeparture: "utc_departure", legLocalArrival: "local_arrival",
	legUtcArrival: "utc_arrival", legFareBasis: "fare_basis", legFareCategory: "fare_category", legFareFamily: "fare_family",
	legBagsRecheckRequired: "bags_recheck_required", legViConnection: "vi_connection", legEquipment: "equipment",
	legVehicleType: "vehicle_type", legRoute: "route",
}...)

// readRoute reads the flights of an offer. An element with a route of its own is one
// direction of a trip to several cities.
func (d *decoder) readRoute() {
	slice := 0
	for a := d.r.Array(); a.Next(); {
		first := len(d.legs)
		l, nested := d.readLeg(true)
		if !nested {
			d.addLeg(l)
		} else {
			slice++
		}
		for i := first; i < len(d.legs); i++ {
			d.legs[i].slice = slice
		}
	}
}

// maxLegs is more flights than anybody takes in one trip. An offer with more is over_limit.
const maxLegs = 60

func (d *decoder) addLeg(l leg) {
	if len(d.legs) == maxLegs {
		d.tooMuch = true
		return
	}
	d.legs = append(d.legs, l)
}

// readLeg reads one flight, or appends those that it consists of.
func (d *decoder) readLeg(outer bool) (l leg, nested bool) {
	r := d.r
	for o := r.Object(legKeys); o.Next(); {
		switch o.Key() {
		case legID:
			l.id = r.View()
		case legCombinationID:
			l.combination = r.View()
		case legAirline:
			l.carrier = r.Intern()
		case legFlightNo:
			l.number = r.Intern()
		case legOperatingCarrier:
			l.operator = r.Intern()
		case legOperatingFlightNo:
			l.operatorNo = r.Intern()
		case legFlyFrom:
			l.from = travel.Airport(r.Intern())
		case legFlyTo:
			l.to = travel.Airport(r.Intern())
		case legReturn:
			l.direction, _ = r.Int()
		case legDTime:
			l.departs.localUnix, _ = r.Int()
		case legDTimeUTC:
			l.departs.utcUnix, _ = r.Int()
		case legATime:
			l.arrives.localUnix, _ = r.Int()
		case legATimeUTC:
			l.arrives.utcUnix, _ = r.Int()
		case legLocalDeparture:
			l.departs.local = r.View()
		case legUtcDeparture:
			l.departs.utc = r.View()
		case legLocalArrival:
			l.arrives.local = r.View()
		case legUtcArrival:
			l.arrives.utc = r.View()
		case legFareBasis:
			l.basis = r.Intern()
		case legFareCategory:
			l.cabin = cabins[r.View()]
		case legFareFamily:
			l.brand = r.Name()
		case legBagsRecheckRequired:
			l.recheck = r.Bool() == travel.Yes
		case legViConnection:
			l.interlining = r.Bool() == travel.Yes
		case legEquipment:
			l.aircraft = r.Intern()
		case legVehicleType:
			switch r.View() {
			case "bus":
				l.ground = "BUS" // IATA's aircraft type of a bus, as TRN of a train
			case "train":
				l.ground = "TRN"
			}
		case legRoute:
			if !outer || r.Kind() != '[' {
				break
			}
			for a := r.Array(); a.Next(); {
				nested = true
				inner, _ := d.readLeg(false)
				d.addLeg(inner)
			}
		}
	}
	return l, nested
}

// readRoutes reads the ends of each direction: [["LHR","JFK"],["JFK","LHR"]].
func (d *decoder) readRoutes() {
	r := d.r
	for a := r.Array(); a.Next(); {
		var ends [2]string
		i := 0
		for e := r.Array(); e.Next(); i++ {
			if code := r.View(); i < 2 {
				ends[i] = code
			}
		}
		if len(d.routes) < maxRoutes {
			d.routes = append(d.routes, ends)
		}
	}
}

// maxRoutes is more directions than anybody flies in one trip.
const maxRoutes = 20

// fly turns the legs into segments, and counts those of each slice.
func (d *decoder) fly() {
	d.segments = d.segments[:0]
	for i := range d.legs {
		l := &d.legs[i]
		s := travel.Segment{Marketing: travel.NewFlight(l.carrier, l.number), Origin: l.from, Destination: l.to, Aircraft: l.aircraft}
		if l.ground != "" {
			s.Aircraft = l.ground
		}
		if l.operator != "" {
			s.Operating = travel.NewFlight(l.operator, l.operatorNo)
			if s.Operating.Number == "" && s.Operating.Carrier == s.Marketing.Carrier {
				s.Operating.Number = s.Marketing.Number // one carrier, one number: it is the same flight
			}
		}
		s.Departs = d.readTime(&l.departs, l.from)
		s.Arrives = d.readTime(&l.arrives, l.to)
		d.segments = append(d.segments, s)
		if i == 0 || l.direction != d.legs[i-1].direction || l.slice != d.legs[i-1].slice {
			d.counts = append(d.counts, 0)
		}
		d.counts[len(d.counts)-1]++
	}
	if len(d.counts) == 1 && len(d.routes) > 1 {
		d.cutByRoutes()
	}
}

// cutByRoutes finds the slices of a trip whose flights all say the same about their
// direction, by where its directions end and begin. If they cannot be found it is one.
func (d *decoder) cutByRoutes() {
	counts := []int{0}
	for i := range d.segments {
		k := len(counts)
		if counts[k-1] > 0 && k < len(d.routes) && string(d.segments[i-1].Destination) == d.routes[k-1][1] && string(d.segments[i].Origin) == d.routes[k][0] {
			counts = append(counts, 0)
		}
		counts[len(counts)-1]++
	}
	if len(counts) == len(d.routes) {
		d.counts = append(d.counts[:0], counts...)
	}
}

// The offsets that places have or had, in seconds: from -12 to +14 hours, and a little
// more for what history and partners add.
const (
	maxOffset  = 15 * 3600
	offsetStep = 60
)

// readTime is a point in time with the local offset. Why it is none is kept for the offer.
func (d *decoder) readTime(c *clocks, airport travel.Airport) travel.LocalTime {
	wall, hasWall := document.ParseWall(c.local)
	if hasWall && wall.Zone == document.Offset {
		t, _ := wall.At(airport, d.atlas, "") // a real offset: it needs no help
		return t
	}
	if !hasWall && c.localUnix != 0 {
		t := time.Unix(int64(c.localUnix), 0).UTC()
		hasWall = true
		wall = document.Wall{Year: t.Year(), Month: t.Month(), Day: t.Day(), Hour: t.Hour(), Minute: t.Minute(), Second: t.Second()}
	}
	wall.Zone = document.NoZone // whatever it says
	at := int64(c.utcUnix)
	if w, ok := document.ParseWall(c.utc); ok {
		at = w.Instant(time.UTC).Unix()
	}
	switch {
	case hasWall && at != 0:
		return d.both(wall, at, airport)
	case hasWall:
		t, rule := wall.At(airport, d.atlas, "")
		d.because(rule)
		return t
	case at != 0:
		zone := d.atlas.ZoneOn(airport, travel.DateOf(time.Unix(at, 0).UTC()))
		if zone == nil {
			d.because(travel.RuleUnknownZone)
			return travel.LocalTime{}
		}
		return travel.LocalTimeOf(time.Unix(at, 0).In(zone))
	}
	return travel.LocalTime{}
}

// both is a point in time of which both clocks are stated.
func (d *decoder) both(wall document.Wall, at int64, airport travel.Airport) travel.LocalTime {
	ours, known := d.atlas.Local(airport, wall.Year, wall.Month, wall.Day, wall.Hour, wall.Minute, wall.Second)
	if known && ours.Unix == at {
		return ours
	}
	offset := wall.Instant(time.UTC).Unix() - at
	if offset < -maxOffset || offset > maxOffset || offset%offsetStep != 0 {
		d.because(travel.RuleBadTime)
		return travel.LocalTime{}
	}
	if known { // in the hour that clocks show twice both are right
		_, theirs := time.Unix(at, 0).In(d.atlas.ZoneOn(airport, wall.Date())).Zone()
		d.differs = d.differs || int64(theirs) != offset
	}
	return travel.LocalTime{Unix: at, OffsetSeconds: int32(offset)}
}

func (d *decoder) because(rule string) {
	if d.timeRule == "" {
		d.timeRule = rule
	}
}
