package opentravel

import (
	"bytes"
	"errors"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// LowFareOptions is how a protocol wants the message read.
type LowFareOptions struct {
	Atlas     *places.Atlas // nil is places.Default
	Decimal   bool          // amounts are never in minor units
	CamelCase bool          // JSON in camel case is welcome too
	// Refused reads another document in JSON that may be an error of the partner's own; its
	// error is nil if it is none, and no_inventory if it only says so. nil without.
	Refused func(body []byte) *fault.Error
}

// lowFare reads one OTA_AirLowFareSearchRS.
type lowFare struct {
	d      *Document
	g      *Gatherer
	failed Failures
	found  bool                         // it is one
	number int                          // of the itinerary
	seats  map[string]travel.SeatChoice // what features of brands say of seats, by id
}

const (
	envelopeOTAAirLowFareSearchRS = iota
	envelopeFault
	envelopeOTAErrorRS
)

var envelopeNames = document.NewKeys([]string{
	envelopeOTAAirLowFareSearchRS: "OTA_AirLowFareSearchRS", envelopeFault: "Fault", envelopeOTAErrorRS: "OTA_ErrorRS",
}...)

const (
	messageSuccess = iota
	messageWarnings
	messageErrors
	messagePricedItineraries
	messageOneWayItineraries
	messageVersion
	messagePricedItinCount
	messageBrandFeatures
)

var messageNames = NewNames([]string{
	messageSuccess: "Success", messageWarnings: "Warnings", messageErrors: "Errors", messagePricedItineraries: "PricedItineraries",
	messageOneWayItineraries: "OneWayItineraries", messageVersion: "Version", messagePricedItinCount: "PricedItinCount",
	messageBrandFeatures: "BrandFeatures",
}...)

var (
	wrapperName = NewWrapper("OTA_AirLowFareSearchRS")
	findNames   = NewNames("PricedItineraries")
	findErrors  = NewNames("Success", "Errors", "PricedItinCount")
)

// LowFare reads an OTA_AirLowFareSearchRS in XML, within whatever envelopes, or in JSON. An
// error document, and one that is none of these, is a *fault.Error.
func LowFare(body []byte, how LowFareOptions) (travel.Answer, error) {
	l := lowFare{g: NewGatherer(how.Atlas)}
	l.g.Money.MinorUnits = !how.Decimal && !pointed(body)
	done := assemble.PooledOffers(&l.g.Answer)
	err := l.document(body, how)
	assemble.LimitOffers(&l.g.Answer, assemble.MaxOffers)
	if done(); err != nil {
		return travel.Answer{}, err
	}
	return l.g.Answer, nil
}

func (l *lowFare) document(body []byte, how LowFareOptions) error {
	var err error
	if IsXML(body) {
		err = l.xml(body)
	} else {
		err = l.json(body, how.CamelCase)
	}
	if err != nil {
		return fault.New(fault.Malformed, err)
	}
	if err := l.failed.Judge(&l.g.Answer); err != nil {
		return err
	}
	if l.found || l.failed.Nothing() {
		return nil
	}
	if how.Refused != nil && !IsXML(body) {
		switch e := how.Refused(body); {
		case e == nil:
		case e.Cause == fault.NoInventory:
			return nil
		default:
			return e
		}
	}
	return fault.New(fault.Malformed, errors.New("no OTA_AirLowFareSearchRS in the document that says success or errors"))
}

func (l *lowFare) xml(body []byte) error {
	x := document.NewXML(body)
	defer x.Close()
	l.d = NewXML(x)
	for w := x.Within(envelopeNames); w.Next(); {
		if w.Key() == envelopeFault {
			l.failed.Fault(l.d)
			continue
		}
		l.message(l.d.Fields(messageNames))
	}
	return x.End()
}

func (l *lowFare) json(body []byte, camel bool) error {
	r := document.NewJSON(body)
	defer r.Close()
	l.d = NewJSON(r, camel && isCamel(body))
	if l.d.spelling == camelCase && bytes.Contains(body, []byte(`"ptcFareBreakdown`)) {
		l.d.spelling = camelPTC
	}
	l.d.Message(body, wrapperName, messageNames, func() *Names {
		if hasKey(body, "PricedItineraries") || hasKey(body, "pricedItineraries") {
			return findNames
		}
		return findErrors
	}, l.message)
	if err := r.End(); err != nil {
		return err
	}
	l.g.Answer.Note("mistyped_values", r.Mistyped())
	return nil
}

// message reads what the root has inside. A document that has nothing of what a message
// must have is another.
func (l *lowFare) message(f Fields) {
	for f.Next() {
		switch f.Key() {
		case messageSuccess:
			l.found = l.found || l.d.isElement() // others write success: true
		case messagePricedItinCount:
			l.found = true
		case messageErrors:
			l.failed.Errors(l.d)
		case messageWarnings:
			l.warnings()
		case messageBrandFeatures:
			l.features()
		case messagePricedItineraries:
			l.found = true
			l.itineraries("")
		case messageOneWayItineraries:
			l.found = true
			l.oneWays()
		}
	}
}

var (
	warningsNames = NewNames("Warning")
	itinerariesOf = NewNames("PricedItinerary")
	oneWayNames   = NewNames("SimpleOneWayItineraries")
)

const (
	oneWayInsidePricedItinerary = iota
	oneWayInsideRPH
)

var oneWayInsideNames = NewNames([]string{oneWayInsidePricedItinerary: "PricedItinerary", oneWayInsideRPH: "RPH"}...)

// warnings are read for those that say why there is nothing; all others are the partner's own business.
func (l *lowFare) warnings() {
	var said Failures
	for f := l.d.Fields(warningsNames); f.Next(); {
		said.Error(l.d)
	}
	l.failed.nothing = l.failed.nothing || said.nothing
}

// itineraries reads a list of priced itineraries; where tells it from others of the document.
func (l *lowFare) itineraries(where string) {
	for f := l.d.Items(itinerariesOf); f.Next(); {
		l.number++
		l.itinerary(where)
	}
}

// oneWays reads itineraries of one direction each, which some partners add to those of a
// return trip, to be sold together. They are offers of what they are.
func (l *lowFare) oneWays() {
	for f := l.d.Fields(oneWayNames); f.Next(); {
		label := "oneway."
		for i := l.d.Fields(oneWayInsideNames); i.Next(); {
			if i.Key() == oneWayInsideRPH {
				label = "oneway" + l.d.Keep(l.d.View()) + "."
				continue
			}
			l.number++
			l.itinerary(label)
		}
	}
}
