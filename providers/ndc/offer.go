package ndc

import (
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// offer is one offer as read.
type offer struct {
	id        string // a view
	owner     string
	ownerName string
	price     price
	items     span // of items
	overview  span // of overview
	bags      span // of bagUses
	penalties span // of penIDs
	expires   string
}

// overview is a journey of an offer with its price class, either of which may be unstated.
type overview struct{ journey, class int32 }

// item is a part of an offer: fares for some passengers, or a service beside them.
type item struct {
	price     price
	mandatory travel.Answered
	fares     span // of fares
	flights   span // of flightIDs
	segments  span // of segmentID
	pax       span // of paxIDs: of the services
	classes   span // of classIDs
	defined   bool // some service is one of a catalogue, such as a seat or a meal
}

// fare is the fare of some passengers of an item.
type fare struct {
	price price // for one passenger
	pax   span  // of paxIDs
	parts span  // of parts
}

// component is a fare for some segments.
type component struct {
	basis     string // may be a list, as the two below: see document.Word
	cabinCode string // a view
	cabinName string // a view
	class     int32
	classes   span // of classRefs, instead of class: one for each segment
	segments  span // of partIDs
	terms     span // of terms
	penalties span // of penIDs
	seats     int
}

// term is whether a fare may be given back or changed before departure.
type term struct {
	change  bool
	allowed travel.Answered
	fee     amount
}

// bagUse says for whom and where an allowance holds; an empty span is everybody and everywhere.
type bagUse struct {
	bag    int32
	pax    span // of paxIDs
	routes span // of bagIDs
}

var groupsNames = document.NewKeys("AirlineOffers", "CarrierOffers")

const (
	groupOffer = iota
	groupOwner
	groupOwnerCode
)

var groupNames = document.NewKeys([]string{groupOffer: "Offer", groupOwner: "Owner", groupOwnerCode: "OwnerCode"}...)

// readGroups reads the offers of all carriers.
func (d *decoder) readGroups() {
	for g := d.x.Children(groupsNames); g.Next(); {
		owner := d.x.AttrIntern("Owner")
		for c := d.x.Children(groupNames); c.Next(); {
			if c.Key() == groupOffer {
				d.readOffer(owner)
			} else {
				owner = d.x.Intern()
			}
		}
	}
}

const (
	offerID = iota
	offerOwnerCode
	offerOwner
	offerOwnerName
	offerTotalPrice
	offerItem
	offerJourneyOverview
	offerFlightsOverview
	offerExpirationTimeLimitDateTime
	offerExpirationDateTime
	offerTimeLimits
	offerBaggageAllowance
	offerBaggageAssociations
	offerPenaltyRefID
	offerPenaltyRefs
	offerPenaltyRef
	offerPenalty
)

var offerNames = document.NewKeys([]string{
	offerID: "OfferID", offerOwnerCode: "OwnerCode", offerOwner: "Owner", offerOwnerName: "OwnerName", offerTotalPrice: "TotalPrice",
	offerItem: "OfferItem", offerJourneyOverview: "JourneyOverview", offerFlightsOverview: "FlightsOverview",
	offerExpirationTimeLimitDateTime: "OfferExpirationTimeLimitDateTime", offerExpirationDateTime: "OfferExpirationDateTime",
	offerTimeLimits: "TimeLimits", offerBaggageAllowance: "BaggageAllowance", offerBaggageAssociations: "BaggageAssociations",
	offerPenaltyRefID: "PenaltyRefID", offerPenaltyRefs: "PenaltyRefs", offerPenaltyRef: "PenaltyRef", offerPenalty: "Penalty",
}...)

func (d *decoder) readOffer(owner string) {
	x := d.x
	o := offer{id: x.Attr("OfferID"), owner: x.AttrIntern("Owner"), items: here(d.items), overview: here(d.overview), bags: here(d.bagUses)}
	penalties := &d.penScratch
	*penalties = (*penalties)[:0]
	for c := x.Children(offerNames); c.Next(); {
		switch c.Key() {
		case offerID:
			o.id = x.View()
		case offerOwnerCode, offerOwner:
			o.owner = x.Intern()
		case offerOwnerName:
			o.ownerName = x.Name()
		case offerTotalPrice:
			d.readPrice(&o.price, "")
		case offerItem:
			d.readItem(penalties)
		case offerJourneyOverview, offerFlightsOverview:
			d.readOverview()
		case offerExpirationTimeLimitDateTime, offerExpirationDateTime:
			o.expires = x.View()
		case offerTimeLimits:
			d.readTimeLimits(&o)
		case offerBaggageAllowance, offerBaggageAssociations:
			d.readBagUse()
		case offerPenaltyRefID:
			d.one(penalties)
		case offerPenaltyRefs, offerPenaltyRef:
			d.many(penalties)
		case offerPenalty:
			d.readPenalty(penalties)
		}
	}
	if o.owner == "" {
		o.owner = owner
	}
	o.items.to, o.overview.to, o.bags.to = int32(len(d.items)), int32(len(d.overview)), int32(len(d.bagUses))
	o.penalties = keep(&d.penIDs, *penalties)
	d.offers = append(d.offers, o)
}

// here is a span that begins at the end of a table.
func here[T any](table []T) span { return span{int32(len(table)), int32(len(table))} }

func keep(table *[]int32, ids []int32) span {
	s := here(*table)
	*table = append(*table, ids...)
	s.to = int32(len(*table))
	return s
}

const (
	overviewJourneyPriceClass = iota
	overviewFlightRef
)

var overviewNames = document.NewKeys([]string{overviewJourneyPriceClass: "JourneyPriceClass", overviewFlightRef: "FlightRef"}...)

const (
	viewPaxJourneyRefID = iota
	viewPriceClassRefID
	viewPaxJourneyRef
	viewPriceClassRef
)

var viewNames = document.NewKeys([]string{
	viewPaxJourneyRefID: "PaxJourneyRefID", viewPriceClassRefID: "PriceClassRefID", viewPaxJourneyRef: "PaxJourneyRef",
	viewPriceClassRef: "PriceClassRef",
}...)

// readOverview reads which journeys are in the offer: elements for each, or, in 17.2, a
// key with attributes.
func (d *decoder) readOverview() {
	x := d.x
	for c := x.Children(overviewNames); c.Next(); {
		v := overview{unstated, unstated}
		if c.Key() == overviewFlightRef {
			v.class = d.number(x.Attr("PriceClassRef"))
			v.journey = d.number(x.View())
		} else {
			d.readView(&v)
		}
		d.overview = append(d.overview, v)
	}
}

func (d *decoder) readView(v *overview) {
	for c := d.x.Children(viewNames); c.Next(); {
		switch {
		case d.x.Nested():
			d.readView(v)
		case c.Key() == viewPaxJourneyRefID || c.Key() == viewPaxJourneyRef:
			v.journey = d.number(d.x.View())
		default:
			v.class = d.number(d.x.View())
		}
	}
}

var limitNames = document.NewKeys("OfferExpiration", "OfferExpirationDateTime", "OfferExpirationTimeLimitDateTime", "DateTime")

// readTimeLimits finds when the offer ends, in an attribute or as a text.
func (d *decoder) readTimeLimits(o *offer) {
	for c := d.x.Children(limitNames); c.Next(); {
		if at := d.x.Attr("DateTime"); at != "" {
			o.expires = at
		} else if at := d.x.Attr("Timestamp"); at != "" {
			o.expires = at
		} else if d.x.Nested() {
			d.readTimeLimits(o)
		} else {
			o.expires = d.x.View()
		}
	}
}

const (
	itemMandatoryInd = iota
	itemTotalPriceDetail
	itemPrice
	itemTotalPrice
	itemFareDetail
	itemService
	itemBaggageAllowance
	itemBaggageAssociations
	itemPenaltyRefID
	itemPenaltyRefs
	itemPenaltyRef
	itemPenalty
)

var itemNames = document.NewKeys([]string{
	itemMandatoryInd: "MandatoryInd", itemTotalPriceDetail: "TotalPriceDetail", itemPrice: "Price", itemTotalPrice: "TotalPrice",
	itemFareDetail: "FareDetail", itemService: "Service", itemBaggageAllowance: "BaggageAllowance",
	itemBaggageAssociations: "BaggageAssociations", itemPenaltyRefID: "PenaltyRefID", itemPenaltyRefs: "PenaltyRefs",
	itemPenaltyRef: "PenaltyRef", itemPenalty: "Penalty",
}...)

func (d *decoder) readItem(penalties *[]int32) {
	x := d.x
	i := item{mandatory: document.XMLBool(x.Attr("MandatoryInd")), fares: here(d.fares), flights: here(d.flightIDs), segments: here(d.segmentID), classes: here(d.classIDs)}
	pax := d.paxScratch[:0]
	for c := x.Children(itemNames); c.Next(); {
		switch c.Key() {
		case itemMandatoryInd:
			i.mandatory = x.Bool()
		case itemTotalPriceDetail, itemPrice, itemTotalPrice:
			d.readPrice(&i.price, "")
		case itemFareDetail:
			d.readFare(penalties)
		case itemService:
			flights, segments, was := len(d.flightIDs), len(d.segmentID), i.defined
			i.defined = false
			pax = d.readService(&i, pax)
			if i.defined { // where a meal is served says nothing about the trip
				d.flightIDs, d.segmentID = d.flightIDs[:flights], d.segmentID[:segments]
			}
			i.defined = i.defined || was
		case itemBaggageAllowance, itemBaggageAssociations:
			d.readBagUse()
		case itemPenaltyRefID:
			d.one(penalties)
		case itemPenaltyRefs, itemPenaltyRef:
			d.many(penalties)
		case itemPenalty:
			d.readPenalty(penalties)
		}
	}
	i.fares.to, i.flights.to, i.segments.to, i.classes.to = int32(len(d.fares)), int32(len(d.flightIDs)), int32(len(d.segmentID)), int32(len(d.classIDs))
	i.defined = i.defined && i.flights.empty() && i.segments.empty()
	i.pax = keep(&d.paxIDs, pax)
	d.paxScratch = pax
	d.items = append(d.items, i)
}

const (
	servicePassengerRefs = iota
	servicePaxRefID
	serviceRef
	serviceRefs
	serviceFlightRefs
	serviceFlightRef
	serviceSegmentRefs
	serviceDefinitionRef
	serviceDefinitionRefID
	serviceAssociations
	serviceOfferServiceAssociation
	servicePaxJourneyRef
	servicePaxJourneyRefID
	servicePaxSegmentRef
	servicePaxSegmentRefID
	serviceBundleRef
	serviceFlightAssociations
	serviceSelectedSeat
)

var serviceNames = document.NewKeys([]string{
	servicePassengerRefs: "PassengerRefs", servicePaxRefID: "PaxRefID", serviceRef: "ServiceRef", serviceRefs: "ServiceRefs",
	serviceFlightRefs: "FlightRefs", serviceFlightRef: "FlightRef", serviceSegmentRefs: "SegmentRefs",
	serviceDefinitionRef: "ServiceDefinitionRef", serviceDefinitionRefID: "ServiceDefinitionRefID",
	serviceAssociations: "ServiceAssociations", serviceOfferServiceAssociation: "OfferServiceAssociation",
	servicePaxJourneyRef: "PaxJourneyRef", servicePaxJourneyRefID: "PaxJourneyRefID", servicePaxSegmentRef: "PaxSegmentRef",
	servicePaxSegmentRefID: "PaxSegmentRefID", serviceBundleRef: "BundleRef", serviceFlightAssociations: "FlightAssociations",
	serviceSelectedSeat: "SelectedSeat",
}...)

// readService reads what a service is for and where. A service of the catalogue, such
// as a meal, is told from a flight by its reference there.
func (d *decoder) readService(i *item, pax []int32) []int32 {
	x := d.x
	for c := x.Children(serviceNames); c.Next(); {
		switch c.Key() {
		case servicePassengerRefs:
			d.many(&pax)
		case servicePaxRefID:
			d.one(&pax)
		case serviceRef, serviceRefs:
			d.many(&d.classIDs)
		case serviceFlightRefs, serviceFlightRef:
			d.many(&d.flightIDs)
		case serviceSegmentRefs:
			d.many(&d.segmentID)
		case serviceDefinitionRef, serviceDefinitionRefID, serviceBundleRef, serviceSelectedSeat:
			i.defined = true
			if x.Nested() {
				pax = d.readService(i, pax)
			}
		case servicePaxJourneyRefID:
			d.one(&d.flightIDs)
		case servicePaxSegmentRefID:
			d.one(&d.segmentID)
		default:
			switch {
			case x.Nested():
				pax = d.readService(i, pax)
			case c.Key() == servicePaxJourneyRef:
				d.one(&d.flightIDs)
			case c.Key() == servicePaxSegmentRef:
				d.one(&d.segmentID)
			}
		}
	}
	return pax
}

const (
	farePassengerRefs = iota
	farePaxRefID
	farePrice
	farePriceType
	fareComponent
	farePenaltyRefID
	farePenaltyRefs
	farePenaltyRef
	farePenalty
)

var fareNames = document.NewKeys([]string{
	farePassengerRefs: "PassengerRefs", farePaxRefID: "PaxRefID", farePrice: "Price", farePriceType: "FarePriceType",
	fareComponent: "FareComponent", farePenaltyRefID: "PenaltyRefID", farePenaltyRefs: "PenaltyRefs", farePenaltyRef: "PenaltyRef",
	farePenalty: "Penalty",
}...)

var farePriceNames = document.NewKeys("Price")

func (d *decoder) readFare(penalties *[]int32) {
	x := d.x
	f := fare{parts: here(d.parts), pax: here(d.paxIDs)}
	priced := false
	for c := x.Children(fareNames); c.Next(); {
		switch c.Key() {
		case farePassengerRefs:
			d.many(&d.paxIDs)
		case farePaxRefID:
			d.one(&d.paxIDs)
		case farePrice:
			d.readPrice(&f.price, "")
		case farePriceType:
			for p := x.Children(farePriceNames); p.Next(); {
				if !priced { // what comes behind is the same price in other terms
					d.readPrice(&f.price, "")
				}
				priced = true
			}
		case fareComponent:
			d.readComponent()
		case farePenaltyRefID:
			d.one(penalties)
		case farePenaltyRefs, farePenaltyRef:
			d.many(penalties)
		case farePenalty:
			d.readPenalty(penalties)
		}
	}
	f.parts.to, f.pax.to = int32(len(d.parts)), int32(len(d.paxIDs))
	d.fares = append(d.fares, f)
}
