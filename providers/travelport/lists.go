package travelport

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// lists is the document as read. Spans are parts of the tables beside.
type lists struct {
	segments  []segment
	segmentAt map[string]int32
	details   []flightDetail
	detailAt  map[string]int32
	fares     []fareInfo
	fareAt    map[string]int32
	brands    map[string]brand // by BrandID
	legAt     map[string]int   // position of a leg by its key

	points   []point
	infos    []pricing
	choices  []choice
	options  []option
	bookings []booking
}

// segment is a flight of the list.
type segment struct {
	travel.Segment
	rule    string // why it cannot be sold, "" if it can
	group   string // which direction it is of
	minutes time.Duration
	counts  string // J4|C4|Y9: seats by booking code
	detail  []string
}

type flightDetail struct{ from, to, equipment string }

// brand is what the document says of a brand.
type brand struct {
	name string
	seat travel.SeatChoice
}

// fareInfo is the fare of one passenger type over some segments.
type fareInfo struct {
	basis, brandID, brand string
	pieces                int // of checked bags, -1 unknown
}

const (
	listFlightDetailsList = iota
	listAirSegmentList
	listFareInfoList
	listRouteList
	listBrandList
	listAirPricePointList
	listAirPricingSolution
	listResponseMessage
	listAirPricePoint
)

var listNames = document.NewKeys([]string{
	listFlightDetailsList: "FlightDetailsList", listAirSegmentList: "AirSegmentList", listFareInfoList: "FareInfoList",
	listRouteList: "RouteList", listBrandList: "BrandList", listAirPricePointList: "AirPricePointList",
	listAirPricingSolution: "AirPricingSolution", listResponseMessage: "ResponseMessage", listAirPricePoint: "AirPricePoint",
}...)

// readFlights reads the answer to a low fare search.
func (d *decoder) readFlights() {
	x := d.x
	for c := x.Children(listNames); c.Next(); {
		switch c.Key() {
		case listFlightDetailsList:
			d.readDetails()
		case listAirSegmentList:
			for s := x.Children(segmentList); s.Next(); {
				d.readSegment()
			}
		case listFareInfoList:
			for f := x.Children(fareList); f.Next(); {
				d.readFare()
			}
		case listRouteList:
			d.readRoutes()
		case listBrandList:
			d.readBrands()
		case listAirPricePointList:
			for p := x.Children(pointList); p.Next(); {
				d.readPoint()
			}
		case listAirPricingSolution, listAirPricePoint:
			d.readPoint()
		case listResponseMessage:
			d.readMessage()
		}
	}
}

var (
	detailList  = document.NewKeys("FlightDetails")
	segmentList = document.NewKeys("AirSegment")
)

const (
	segmentCodeshareInfo = iota
	segmentAirAvailInfo
	segmentFlightDetailsRef
	segmentFlightDetails
)

var segmentNames = document.NewKeys([]string{
	segmentCodeshareInfo: "CodeshareInfo", segmentAirAvailInfo: "AirAvailInfo", segmentFlightDetailsRef: "FlightDetailsRef",
	segmentFlightDetails: "FlightDetails",
}...)

var (
	availNames = document.NewKeys("BookingCodeInfo")
	fareList   = document.NewKeys("FareInfo")
)

const (
	fareBaggageAllowance = iota
	fareBrand
)

var fareNames = document.NewKeys([]string{fareBaggageAllowance: "BaggageAllowance", fareBrand: "Brand"}...)

const (
	bagNumberOfPieces = iota
	bagMaxWeight
)

var bagNames = document.NewKeys([]string{bagNumberOfPieces: "NumberOfPieces", bagMaxWeight: "MaxWeight"}...)

var (
	routeNames = document.NewKeys("Route")
	legNames   = document.NewKeys("Leg")
	brandNames = document.NewKeys("Brand")
)

const (
	titleTitle = iota
	titleOptionalServices
)

var titleNames = document.NewKeys([]string{titleTitle: "Title", titleOptionalServices: "OptionalServices"}...)

var (
	serviceNames = document.NewKeys("OptionalService")
	pointList    = document.NewKeys("AirPricePoint", "AirPricingSolution")
)

func (d *decoder) readDetails() {
	x := d.x
	for c := x.Children(detailList); c.Next(); {
		d.readDetail()
	}
}

func (d *decoder) readDetail() {
	x := d.x
	d.detailAt[x.Attr("Key")] = int32(len(d.details))
	d.details = append(d.details, flightDetail{x.AttrIntern("OriginTerminal"), x.AttrIntern("DestinationTerminal"), x.AttrIntern("Equipment")})
}

// readSegment reads a flight. Its times carry the offsets of their airports.
func (d *decoder) readSegment() {
	x := d.x
	var s segment
	key := x.Attr("Key")
	s.Marketing = travel.NewFlight(x.AttrIntern("Carrier"), x.AttrIntern("FlightNumber"))
	s.Origin, s.Destination = travel.Airport(x.AttrIntern("Origin")), travel.Airport(x.AttrIntern("Destination"))
	s.Aircraft, s.group = x.AttrIntern("Equipment"), x.Attr("Group")
	departs, good := document.ParseWall(x.Attr("DepartureTime"))
	arrives, fine := document.ParseWall(x.Attr("ArrivalTime"))
	if n, err := strconv.Atoi(x.Attr("FlightTime")); err == nil {
		s.minutes = time.Duration(n) * time.Minute
	}
	for c := x.Children(segmentNames); c.Next(); {
		switch c.Key() {
		case segmentCodeshareInfo:
			if s.Operating = travel.NewFlight(x.AttrIntern("OperatingCarrier"), x.AttrIntern("OperatingFlightNumber")); s.Operating.Number == "" && s.Operating.Carrier == s.Marketing.Carrier {
				s.Operating.Number = s.Marketing.Number
			}
		case segmentAirAvailInfo:
			for a := x.Children(availNames); a.Next(); {
				if counts := x.Attr("BookingCounts"); counts != "" {
					s.counts = counts
				}
			}
		case segmentFlightDetailsRef, segmentFlightDetails:
			s.detail = append(s.detail, x.Attr("Key"))
			if c.Key() == segmentFlightDetails {
				d.readDetail()
			}
		}
	}
	switch {
	case !good || !fine:
		s.rule = travel.RuleBadTime
	default:
		if s.Departs, s.rule = departs.At(s.Origin, d.atlas, ""); s.rule == "" {
			s.Arrives, s.rule = arrives.At(s.Destination, d.atlas, "")
		}
	}
	if _, twice := d.segmentAt[key]; !twice {
		d.segmentAt[key] = int32(len(d.segments))
		d.segments = append(d.segments, s)
	}
}

// finish adds what the details of a segment say, once all are read.
func (d *decoder) finish(s *segment) {
	for i, key := range s.detail {
		at, ok := d.detailAt[key]
		if !ok {
			continue
		}
		f := &d.details[at]
		if i == 0 {
			s.DepartureTerminal = f.from
		}
		if i == len(s.detail)-1 {
			s.ArrivalTerminal = f.to
		}
		if s.Aircraft == "" {
			s.Aircraft = f.equipment
		}
	}
	s.detail = nil
}

func (d *decoder) readFare() {
	x := d.x
	f := fareInfo{basis: x.AttrIntern("FareBasis"), pieces: -1}
	key := x.Attr("Key")
	for c := x.Children(fareNames); c.Next(); {
		if c.Key() == fareBrand {
			f.brandID, f.brand = x.Attr("BrandID"), x.AttrIntern("Name")
			continue
		}
		weighed := false
		for b := x.Children(bagNames); b.Next(); {
			if b.Key() == bagMaxWeight {
				n, err := strconv.ParseFloat(x.Attr("Value"), 64)
				weighed = err == nil && n > 0
			} else if n, ok := x.Int(); ok && n >= 0 {
				f.pieces = n
			}
		}
		if f.pieces < 0 && weighed {
			f.pieces = 1
		}
	}
	if _, twice := d.fareAt[key]; !twice {
		d.fareAt[key] = int32(len(d.fares))
		d.fares = append(d.fares, f)
	}
}

func (d *decoder) readRoutes() {
	x := d.x
	for r := x.Children(routeNames); r.Next(); {
		n := 0
		for l := x.Children(legNames); l.Next(); n++ {
			at := n
			if group, err := strconv.Atoi(x.Attr("Group")); err == nil {
				at = group
			}
			d.legAt[x.Attr("Key")] = at
		}
	}
}

// readBrands keeps the names of brands, the one of the list or else its external title,
// and whether they let travellers choose a seat.
func (d *decoder) readBrands() {
	x := d.x
	for c := x.Children(brandNames); c.Next(); {
		id, b := x.Attr("BrandID"), brand{name: x.AttrName("Name")}
		for t := x.Children(titleNames); t.Next(); {
			switch {
			case t.Key() == titleOptionalServices:
				for s := x.Children(serviceNames); s.Next(); {
					if x.Attr("Type") == "PreReservedSeatAssignment" {
						b.seat = max(b.seat, seatOf(x.Attr("Chargeable")))
					}
				}
			case b.name == "" && strings.EqualFold(x.Attr("Type"), "External"):
				b.name = x.Name()
			}
		}
		if id != "" {
			d.brands[id] = b
		}
	}
}

// seatOf is the vendor's word for how a brand has a service. Of several seats the best
// counts: standard ones may be free where those with more room are not.
func seatOf(chargeable string) travel.SeatChoice {
	switch strings.ToLower(chargeable) {
	case "included in the brand":
		return travel.SeatIncluded
	case "available for a charge":
		return travel.SeatAtAPrice
	case "not offered":
		return travel.SeatNotOffered
	}
	return travel.SeatUnknown
}

// seats is how many are left by a booking code in a list such as J4|C4|Y9, 0 if the list
// does not say.
func seats(counts, code string) int {
	for code != "" && counts != "" {
		var one string
		one, counts, _ = strings.Cut(counts, "|")
		if n, ok := strings.CutPrefix(strings.TrimSpace(one), code); ok && countOf(n) > 0 {
			return countOf(n)
		}
	}
	return 0
}
