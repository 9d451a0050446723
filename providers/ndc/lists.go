package ndc

import (
	"strings"

	"fanfare/providers/travel"
	"fanfare/providers/wire"
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

type penalty struct {
	refundable, changeable travel.Answered
	cancelFee, changeFee   amount
	freeCancel, freeChange bool // a fee is denied
}

type passenger struct{ lap bool }

var listNames = wire.NewKeys("PassengerList", "PaxList", "FlightSegmentList", "PaxSegmentList", "FlightList", "PaxJourneyList", "OriginDestinationList", "OriginDestList",
	"PriceClassList", "PenaltyList", "BaggageAllowanceList", "CheckedBagAllowanceList", "CarryOnAllowanceList", "DatedMarketingSegmentList",
	"DatedOperatingSegmentList", "DatedOperatingLegList")

// bags of lists that say what is in them.
const (
	anyBags = iota
	checkedBags
	carryOnBags
)

func (d *decoder) readLists() {
	for c := d.x.Children(listNames); c.Next(); {
		switch c.Key() {
		case 0, 1:
			d.each(paxesNames, d.readPassenger)
		case 2:
			d.each(flightsNames, func() { d.readFlight(segmentKind, true) })
		case 3:
			d.each(flightsNames, func() { d.readFlight(segmentKind, false) })
		case 4, 5:
			d.each(journeysNames, d.readJourney)
		case 6, 7:
			d.each(pairsNames, d.readPair)
		case 8:
			d.each(classesNames, d.readClass)
		case 9:
			d.each(penaltiesNames, func() { d.readPenalty(nil) })
		case 10:
			d.each(bagsNames, func() { d.readBag(anyBags) })
		case 11:
			d.each(bagsNames, func() { d.readBag(checkedBags) })
		case 12:
			d.each(bagsNames, func() { d.readBag(carryOnBags) })
		case 13:
			d.each(flightsNames, func() { d.readFlight(marketingKind, false) })
		case 14:
			d.each(flightsNames, func() { d.readFlight(operatingKind, false) })
		case 15:
			d.each(flightsNames, func() { d.readFlight(legKind, false) })
		}
	}
}

func (d *decoder) each(names *wire.Keys, read func()) {
	for c := d.x.Children(names); c.Next(); {
		read()
	}
}

var (
	paxesNames     = wire.NewKeys("Passenger", "Pax")
	flightsNames   = wire.NewKeys("FlightSegment", "PaxSegment", "DatedMarketingSegment", "DatedOperatingSegment", "DatedOperatingLeg")
	journeysNames  = wire.NewKeys("Flight", "PaxJourney")
	pairsNames     = wire.NewKeys("OriginDestination", "OriginDest")
	classesNames   = wire.NewKeys("PriceClass")
	penaltiesNames = wire.NewKeys("Penalty")
	bagsNames      = wire.NewKeys("BaggageAllowance", "CheckedBagAllowance", "CarryOnAllowance")
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

var paxNames = wire.NewKeys("PTC", "PaxID", "PassengerID")

func (d *decoder) readPassenger() {
	key, p := d.key("PassengerID", "PaxID"), passenger{}
	for c := d.x.Children(paxNames); c.Next(); {
		if c.Key() == 0 {
			p.lap = d.x.View() == "INF"
		} else {
			key = d.x.View()
		}
	}
	d.pax = append(d.pax, p)
	d.define(key, paxKind, len(d.pax)-1)
}

var journeyNames = wire.NewKeys("PaxJourneyID", "PaxSegmentRefID", "SegmentReferences", "Duration", "Journey", "PaxSegmentRef", "FlightKey", "Time")

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
		case 0, 6:
			*key = x.View()
		case 1:
			d.one(&d.listIDs)
		case 2:
			d.many(&d.listIDs)
		case 3, 7:
			j.duration = x.View()
		default:
			if x.Nested() {
				d.readJourneyParts(key, j)
			} else if c.Key() == 5 {
				d.one(&d.listIDs)
			}
		}
	}
}

var pairNames = wire.NewKeys("OriginDestID", "OriginDestinationKey", "DepartureCode", "OriginCode", "ArrivalCode", "DestCode", "FlightReferences", "PaxJourneyRefID", "PaxJourneyRef")

func (d *decoder) readPair() {
	x := d.x
	key := d.key("OriginDestinationKey", "OriginDestID")
	p := pair{refs: here(d.listIDs)}
	for c := x.Children(pairNames); c.Next(); {
		switch c.Key() {
		case 0, 1:
			key = x.View()
		case 2, 3:
			p.origin = x.Intern()
		case 4, 5:
			p.destination = x.Intern()
		case 6:
			d.many(&d.listIDs)
		case 7:
			d.one(&d.listIDs)
		case 8:
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

var classNames = wire.NewKeys("PriceClassID", "Name", "CabinType", "ClassOfService")

func (d *decoder) readClass() {
	key, p := d.key("PriceClassID", "ListKey"), class{}
	for c := d.x.Children(classNames); c.Next(); {
		switch c.Key() {
		case 0:
			key = d.x.View()
		case 1:
			p.name = d.x.Name()
		case 2:
			p.cabin = d.readCabin()
		}
	}
	d.classes = append(d.classes, p)
	d.define(key, classKind, len(d.classes)-1)
}

var (
	bagNames      = wire.NewKeys("BaggageAllowanceID", "TypeCode", "BaggageCategory", "PieceAllowance", "WeightAllowance", "TypeOfAllowance")
	pieceNames    = wire.NewKeys("TotalQty", "TotalQuantity", "ApplicablePartyText", "ApplicableParty")
	weightNames   = wire.NewKeys("MaximumWeightMeasure", "MaximumWeight", "Value")
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
		case 0:
			key = x.View()
		case 1, 2:
			switch t := strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(x.View())); {
			case strings.HasPrefix(t, "checked"):
				b.checked = true
			case strings.HasPrefix(t, "carryon"), t == "cabin", t == "hand", t == "handbaggage":
				b.carryOn = true
			}
		case 3:
			pieces, shared := -1, false
			for p := x.Children(pieceNames); p.Next(); {
				if p.Key() > 1 {
					shared = strings.EqualFold(x.View(), neverCombined)
				} else if n, ok := x.Int(); ok && n >= 0 {
					pieces = min(n, 100)
				}
			}
			if pieces >= 0 && (!shared || pieces == 0) {
				b.pieces = max(b.pieces, 0) + pieces
			}
		case 4:
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

var (
	penaltyNames = wire.NewKeys("PenaltyID", "CancelFeeInd", "ChangeFeeInd", "RefundableInd", "ChangeAllowedInd", "Details", "Detail", "TypeCode", "PenaltyAmount",
		"AppCode", "Type", "Application", "Amounts", "Amount", "CurrencyAmountValue", "JourneyStageCode", "AmountApplication")
)

// readPenalty reads a penalty of the list, or one that stands in an offer: that one is a
// reference if it has refs, and else gets into refs itself.
func (d *decoder) readPenalty(refs *[]int32) {
	x := d.x
	if named := d.key("refs", "PenaltyRefs"); named != "" && refs != nil {
		d.split(named, refs)
	}
	p := penalty{refundable: wire.XMLBool(x.Attr("RefundableInd")), changeable: wire.XMLBool(x.Attr("ChangeAllowedInd"))}
	cancelFee, changeFee := wire.XMLBool(x.Attr("CancelFeeInd")), wire.XMLBool(x.Attr("ChangeFeeInd"))
	key := d.key("PenaltyID", "ObjectKey", "ListKey")
	var detail detail
	for c := x.Children(penaltyNames); c.Next(); {
		switch c.Key() {
		case 0:
			key = x.View()
		case 1:
			cancelFee = x.Bool()
		case 2:
			changeFee = x.Bool()
		case 3:
			p.refundable = x.Bool()
		case 4:
			p.changeable = x.Bool()
		case 5, 6:
			d.readDetails(&p, c.Key() == 6)
		default:
			d.readDetail(&detail, c.Key())
		}
	}
	detail.into(&p)
	if detail.after { // it says nothing of what may be done before
		p, cancelFee, changeFee = penalty{}, travel.Unknown, travel.Unknown
	}
	p.freeCancel, p.freeChange = cancelFee == travel.No, changeFee == travel.No
	if p.refundable == travel.Unknown && cancelFee == travel.Yes && p.cancelFee.text != "" {
		p.refundable = travel.Yes // what has a fee is allowed
	}
	if p.changeable == travel.Unknown && changeFee == travel.Yes && p.changeFee.text != "" {
		p.changeable = travel.Yes
	}
	if refs != nil && p == (penalty{}) {
		return
	}
	d.penalties = append(d.penalties, p)
	switch {
	case refs == nil:
		d.define(key, penaltyKind, len(d.penalties)-1)
	default:
		own := id{}
		own.is[penaltyKind] = int32(len(d.penalties))
		d.ids = append(d.ids, own)
		*refs = append(*refs, int32(len(d.ids)-1))
	}
}

// detail is a fee with what it is for.
type detail struct {
	kind  string
	after bool
	fee   amount
}

// into gives the penalty the fee, if it is one before departure.
func (t *detail) into(p *penalty) {
	if t.after || t.fee.text == "" {
		return
	}
	switch kind := strings.ToLower(t.kind); {
	case strings.Contains(kind, "change"), strings.Contains(kind, "reissue"), strings.Contains(kind, "exchange"):
		p.changeFee = t.fee
	case strings.Contains(kind, "cancel"), strings.Contains(kind, "refund"):
		p.cancelFee = t.fee
	}
}

// readDetails reads Details with a Detail each, or one Detail.
func (d *decoder) readDetails(p *penalty, one bool) {
	var t detail
	for c := d.x.Children(penaltyNames); c.Next(); {
		if c.Key() == 6 && !one {
			d.readDetails(p, true)
		} else {
			d.readDetail(&t, c.Key())
		}
	}
	t.into(p)
}

func (d *decoder) readDetail(t *detail, key int) {
	x := d.x
	switch key {
	case 7, 10:
		t.kind = x.View()
	case 9, 11, 15, 16:
		t.after = t.after || afterDeparture(x.View())
	case 8, 12, 13, 14:
		if !x.Nested() {
			t.fee = d.amount("")
			return
		}
		for c := x.Children(penaltyNames); c.Next(); {
			d.readDetail(t, c.Key())
		}
	}
}
