package ndc

import (
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// flight is a segment, or one of what later releases split it into: the dated marketing
// segment, the dated operating segment and its legs. Each states some of it.
type flight struct {
	dep, arr        stop
	carrier, number string // marketing
	operating       string
	operatingNumber string
	disclosed       bool // there is an operating carrier, if only in words
	old             bool // a FlightSegment, as up to 17.2
	aircraft        string
	duration        string // a view
	cabin           travel.Cabin
	seats           int // 0 is unknown
	marketingID     int32
	operatingID     int32
	legs            span // of legIDs
}

// stop is a departure or an arrival. When and time are views.
type stop struct {
	airport  string
	when     string // a date and time, or a date
	time     string
	zone     string // an IANA name or an offset
	terminal string
	days     int  // after the departure, if the date is not stated
	byLeg    bool // taken from a leg, behind which another may come
}

// journey is segments in the order flown.
type journey struct {
	segments span // of listIDs
	duration string
}

// pair is an origin and destination, with the flights between them: either several, or
// in some documents the segments of one.
type pair struct {
	origin, destination string
	refs                span // of listIDs
}

type class struct {
	name  string
	cabin travel.Cabin
}

// allowance is what may be taken along. Pieces below zero are unknown.
type allowance struct {
	checked, carryOn bool // by its type, or the list that it is in
	pieces           int
}

type passenger struct{ lap bool }

const (
	listPassengerList = iota
	listPaxList
	listFlightSegmentList
	listPaxSegmentList
	listFlightList
	listPaxJourneyList
	listOriginDestinationList
	listOriginDestList
	listPriceClassList
	listPenaltyList
	listBaggageAllowanceList
	listCheckedBagAllowanceList
	listCarryOnAllowanceList
	listDatedMarketingSegmentList
	listDatedOperatingSegmentList
	listDatedOperatingLegList
)

var listNames = document.NewKeys([]string{
	listPassengerList: "PassengerList", listPaxList: "PaxList", listFlightSegmentList: "FlightSegmentList",
	listPaxSegmentList: "PaxSegmentList", listFlightList: "FlightList", listPaxJourneyList: "PaxJourneyList",
	listOriginDestinationList: "OriginDestinationList", listOriginDestList: "OriginDestList", listPriceClassList: "PriceClassList",
	listPenaltyList: "PenaltyList", listBaggageAllowanceList: "BaggageAllowanceList",
	listCheckedBagAllowanceList: "CheckedBagAllowanceList", listCarryOnAllowanceList: "CarryOnAllowanceList",
	listDatedMarketingSegmentList: "DatedMarketingSegmentList", listDatedOperatingSegmentList: "DatedOperatingSegmentList",
	listDatedOperatingLegList: "DatedOperatingLegList",
}...)

// bags of lists that say what is in them.
const (
	anyBags = iota
	checkedBags
	carryOnBags
)

func (d *decoder) readLists() {
	for c := d.x.Children(listNames); c.Next(); {
		switch c.Key() {
		case listPassengerList, listPaxList:
			d.each(paxesNames, d.readPassenger)
		case listFlightSegmentList:
			d.each(flightsNames, func() { d.readFlight(segmentKind, true) })
		case listPaxSegmentList:
			d.each(flightsNames, func() { d.readFlight(segmentKind, false) })
		case listFlightList, listPaxJourneyList:
			d.each(journeysNames, d.readJourney)
		case listOriginDestinationList, listOriginDestList:
			d.each(pairsNames, d.readPair)
		case listPriceClassList:
			d.each(classesNames, d.readClass)
		case listPenaltyList:
			d.each(penaltiesNames, func() { d.readPenalty(nil) })
		case listBaggageAllowanceList:
			d.each(bagsNames, func() { d.readBag(anyBags) })
		case listCheckedBagAllowanceList:
			d.each(bagsNames, func() { d.readBag(checkedBags) })
		case listCarryOnAllowanceList:
			d.each(bagsNames, func() { d.readBag(carryOnBags) })
		case listDatedMarketingSegmentList:
			d.each(flightsNames, func() { d.readFlight(marketingKind, false) })
		case listDatedOperatingSegmentList:
			d.each(flightsNames, func() { d.readFlight(operatingKind, false) })
		case listDatedOperatingLegList:
			d.each(flightsNames, func() { d.readFlight(legKind, false) })
		}
	}
}

func (d *decoder) each(names *document.Keys, read func()) {
	for c := d.x.Children(names); c.Next(); {
		read()
	}
}

var (
	paxesNames     = document.NewKeys("Passenger", "Pax")
	flightsNames   = document.NewKeys("FlightSegment", "PaxSegment", "DatedMarketingSegment", "DatedOperatingSegment", "DatedOperatingLeg")
	journeysNames  = document.NewKeys("Flight", "PaxJourney")
	pairsNames     = document.NewKeys("OriginDestination", "OriginDest")
	classesNames   = document.NewKeys("PriceClass")
	penaltiesNames = document.NewKeys("Penalty")
	bagsNames      = document.NewKeys("BaggageAllowance", "CheckedBagAllowance", "CarryOnAllowance")
)

// key is the id that the element carries as an attribute, as up to 17.2, "" without.
func (d *decoder) key(names ...string) string {
	for _, name := range names {
		if v := d.x.Attr(name); v != "" {
			return v
		}
	}
	return ""
}

const (
	paxPTC = iota
	paxID
	paxPassengerID
)

var paxNames = document.NewKeys([]string{paxPTC: "PTC", paxID: "PaxID", paxPassengerID: "PassengerID"}...)

func (d *decoder) readPassenger() {
	key, p := d.key("PassengerID", "PaxID"), passenger{}
	for c := d.x.Children(paxNames); c.Next(); {
		if c.Key() == paxPTC {
			p.lap = d.x.View() == "INF"
		} else {
			key = d.x.View()
		}
	}
	d.pax = append(d.pax, p)
	d.define(key, paxKind, len(d.pax)-1)
}

const (
	journeyPaxJourneyID = iota
	journeyPaxSegmentRefID
	journeySegmentReferences
	journeyDuration
	journeyJourney
	journeyPaxSegmentRef
	journeyFlightKey
	journeyTime
)

var journeyNames = document.NewKeys([]string{
	journeyPaxJourneyID: "PaxJourneyID", journeyPaxSegmentRefID: "PaxSegmentRefID", journeySegmentReferences: "SegmentReferences",
	journeyDuration: "Duration", journeyJourney: "Journey", journeyPaxSegmentRef: "PaxSegmentRef", journeyFlightKey: "FlightKey",
	journeyTime: "Time",
}...)

func (d *decoder) readJourney() {
	key := d.key("FlightKey", "PaxJourneyID")
	j := journey{segments: here(d.listIDs)}
	d.readJourneyParts(&key, &j)
	j.segments.to = int32(len(d.listIDs))
	d.journeys = append(d.journeys, j)
	d.define(key, journeyKind, len(d.journeys)-1)
}

func (d *decoder) readJourneyParts(key *string, j *journey) {
	x := d.x
	for c := x.Children(journeyNames); c.Next(); {
		switch c.Key() {
		case journeyPaxJourneyID, journeyFlightKey:
			*key = x.View()
		case journeyPaxSegmentRefID:
			d.one(&d.listIDs)
		case journeySegmentReferences:
			d.many(&d.listIDs)
		case journeyDuration, journeyTime:
			j.duration = x.View()
		default:
			if x.Nested() {
				d.readJourneyParts(key, j)
			} else if c.Key() == journeyPaxSegmentRef {
				d.one(&d.listIDs)
			}
		}
	}
}

const (
	pairOriginDestID = iota
	pairOriginDestinationKey
	pairDepartureCode
	pairOriginCode
	pairArrivalCode
	pairDestCode
	pairFlightReferences
	pairPaxJourneyRefID
	pairPaxJourneyRef
)

var pairNames = document.NewKeys([]string{
	pairOriginDestID: "OriginDestID", pairOriginDestinationKey: "OriginDestinationKey", pairDepartureCode: "DepartureCode",
	pairOriginCode: "OriginCode", pairArrivalCode: "ArrivalCode", pairDestCode: "DestCode", pairFlightReferences: "FlightReferences",
	pairPaxJourneyRefID: "PaxJourneyRefID", pairPaxJourneyRef: "PaxJourneyRef",
}...)

func (d *decoder) readPair() {
	x := d.x
	key := d.key("OriginDestinationKey", "OriginDestID")
	p := pair{refs: here(d.listIDs)}
	for c := x.Children(pairNames); c.Next(); {
		switch c.Key() {
		case pairOriginDestID, pairOriginDestinationKey:
			key = x.View()
		case pairDepartureCode, pairOriginCode:
			p.origin = x.Intern()
		case pairArrivalCode, pairDestCode:
			p.destination = x.Intern()
		case pairFlightReferences:
			d.many(&d.listIDs)
		case pairPaxJourneyRefID:
			d.one(&d.listIDs)
		case pairPaxJourneyRef:
			if !x.Nested() {
				d.one(&d.listIDs)
				continue
			}
			for r := x.Children(viewNames); r.Next(); {
				d.one(&d.listIDs)
			}
		}
	}
	p.refs.to = int32(len(d.listIDs))
	d.pairs = append(d.pairs, p)
	d.define(key, pairKind, len(d.pairs)-1)
	for _, n := range p.refs.of(d.listIDs) {
		if d.ids[n].listed == 0 {
			d.ids[n].listed = int32(len(d.pairs))
		}
	}
}

const (
	classPriceClassID = iota
	className
	classCabinType
	classOfService
)

var classNames = document.NewKeys([]string{
	classPriceClassID: "PriceClassID", className: "Name", classCabinType: "CabinType", classOfService: "ClassOfService",
}...)

func (d *decoder) readClass() {
	key, p := d.key("PriceClassID", "ListKey"), class{}
	for c := d.x.Children(classNames); c.Next(); {
		switch c.Key() {
		case classPriceClassID:
			key = d.x.View()
		case className:
			p.name = d.x.Name()
		case classCabinType:
			p.cabin = d.readCabin()
		}
	}
	d.classes = append(d.classes, p)
	d.define(key, classKind, len(d.classes)-1)
}

const (
	bagBaggageAllowanceID = iota
	bagTypeCode
	bagBaggageCategory
	bagPieceAllowance
	bagWeightAllowance
	bagTypeOfAllowance
)

var bagNames = document.NewKeys([]string{
	bagBaggageAllowanceID: "BaggageAllowanceID", bagTypeCode: "TypeCode", bagBaggageCategory: "BaggageCategory",
	bagPieceAllowance: "PieceAllowance", bagWeightAllowance: "WeightAllowance", bagTypeOfAllowance: "TypeOfAllowance",
}...)

const (
	pieceTotalQty = iota
	pieceTotalQuantity
	pieceApplicablePartyText
	pieceApplicableParty
)

var pieceNames = document.NewKeys([]string{
	pieceTotalQty: "TotalQty", pieceTotalQuantity: "TotalQuantity", pieceApplicablePartyText: "ApplicablePartyText",
	pieceApplicableParty: "ApplicableParty",
}...)

var (
	weightNames   = document.NewKeys("MaximumWeightMeasure", "MaximumWeight", "Value")
	neverCombined = "party"
)

// readBag reads an allowance. A weight alone is at least one piece.
func (d *decoder) readBag(kind int) {
	x := d.x
	key := d.key("BaggageAllowanceID", "ListKey")
	b := allowance{checked: kind == checkedBags, carryOn: kind == carryOnBags, pieces: -1}
	weight := -1
	for c := x.Children(bagNames); c.Next(); {
		switch c.Key() {
		case bagBaggageAllowanceID:
			key = x.View()
		case bagTypeCode, bagBaggageCategory:
			switch t := strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(x.View())); {
			case strings.HasPrefix(t, "checked"):
				b.checked = true
			case strings.HasPrefix(t, "carryon"), t == "cabin", t == "hand", t == "handbaggage":
				b.carryOn = true
			}
		case bagPieceAllowance:
			pieces, shared := -1, false
			for p := x.Children(pieceNames); p.Next(); {
				if p.Key() == pieceApplicablePartyText || p.Key() == pieceApplicableParty {
					shared = strings.EqualFold(x.View(), neverCombined)
				} else if n, ok := x.Int(); ok && n >= 0 {
					pieces = min(n, 100)
				}
			}
			if pieces >= 0 && (!shared || pieces == 0) {
				b.pieces = max(b.pieces, 0) + pieces
			}
		case bagWeightAllowance:
			weight = max(weight, d.readWeight())
		}
	}
	if b.pieces < 0 && weight >= 0 {
		b.pieces = min(weight, 1)
	}
	d.bags = append(d.bags, b)
	d.define(key, bagKind, len(d.bags)-1)
}

// readWeight is 0 for no weight, 1 for some, -1 if none is stated.
func (d *decoder) readWeight() int {
	weight := -1
	for c := d.x.Children(weightNames); c.Next(); {
		if d.x.Nested() {
			weight = max(weight, d.readWeight())
			continue
		}
		if text := d.x.View(); text != "" {
			weight = 0
			if strings.ContainsAny(text, "123456789") {
				weight = 1
			}
		}
	}
	return weight
}
