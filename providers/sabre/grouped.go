package sabre

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/opentravel"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// grouped reads one GroupedItineraryResponse: descriptions of flights and fares, and
// itineraries that refer to them.
type grouped struct {
	d      *opentravel.Document
	g      *opentravel.Gatherer
	failed opentravel.Failures
	found  bool

	schedules       descriptions[schedule]
	legs            descriptions[leg]
	components      descriptions[component]
	bags            descriptions[int] // pieces
	carriers        descriptions[string]
	stops           []stop          // of all legs
	groups          bool            // itineraries have been met
	behind          bool            // and descriptions behind them
	only            bool            // itineraries are read, and nothing else
	dates           [][]travel.Date // of the legs of each group, as they stood when it was first read
	legDays         []travel.Date   // of the group being read
	number          int             // of that group
	itinerariesRead int
	dangling        bool // of the quote being read
}

const (
	groupedEnvelopeGroupedItineraryResponse = iota
	groupedEnvelopeFault
)

var groupedEnvelopeNames = document.NewKeys([]string{
	groupedEnvelopeGroupedItineraryResponse: "GroupedItineraryResponse", groupedEnvelopeFault: "Fault",
}...)

const (
	groupedMessage = iota
	groupedStatistics
	groupedScheduleDesc
	groupedLegDesc
	groupedFareComponentDesc
	groupedBaggageAllowanceDesc
	groupedValidatingCarrierDesc
	groupedItineraryGroup
)

var groupedNames = opentravel.NewNames([]string{
	groupedMessage: "Message|messages", groupedStatistics: "Statistics|statistics", groupedScheduleDesc: "ScheduleDesc|scheduleDescs",
	groupedLegDesc: "LegDesc|legDescs", groupedFareComponentDesc: "FareComponentDesc|fareComponentDescs",
	groupedBaggageAllowanceDesc:  "BaggageAllowanceDesc|baggageAllowanceDescs",
	groupedValidatingCarrierDesc: "ValidatingCarrierDesc|validatingCarrierDescs", groupedItineraryGroup: "ItineraryGroup|itineraryGroups",
}...)

var (
	wrapperName = opentravel.NewWrapper("groupedItineraryResponse")
	findGroups  = opentravel.NewNames("ItineraryGroup|itineraryGroups")
	findNothing = opentravel.NewNames("Message|messages", "Statistics|statistics", "ScheduleDesc|scheduleDescs")
)

func decodeGrouped(body []byte, atlas *places.Atlas, now time.Time) (travel.Answer, error) {
	d := grouped{g: opentravel.NewGatherer(atlas)}
	d.g.Now = now
	done := assemble.PooledOffers(&d.g.Answer)
	err := d.document(body)
	assemble.LimitOffers(&d.g.Answer, assemble.MaxOffers)
	if done(); err != nil {
		return travel.Answer{}, err
	}
	return d.g.Answer, nil
}

func (d *grouped) document(body []byte) error {
	closed, err := d.read(body)
	defer closed()
	if err == nil && d.behind { // once more, now that all is known that itineraries refer to
		a := &d.g.Answer
		*a = travel.Answer{Offers: a.Offers[:0]}
		d.only, d.number, d.itinerariesRead = true, 0, 0
		var again func()
		again, err = d.read(body)
		defer again()
	}
	if err != nil {
		return fault.New(fault.Malformed, err)
	}
	if err := d.failed.Judge(&d.g.Answer); err != nil {
		return err
	}
	if !d.found && !d.failed.Nothing() {
		return fault.New(fault.Malformed, errors.New("no groupedItineraryResponse in the document"))
	}
	return nil
}

// read reads the document once. What was read are views until closed.
func (d *grouped) read(body []byte) (closed func(), err error) {
	if opentravel.IsXML(body) {
		x := document.NewXML(body)
		d.d = opentravel.NewXML(x)
		for w := x.Within(groupedEnvelopeNames); w.Next(); {
			if w.Key() == groupedEnvelopeFault {
				d.failed.Fault(d.d)
				continue
			}
			d.found = true
			d.response(d.d.Fields(groupedNames))
		}
		return x.Close, x.End()
	}
	r := document.NewJSON(body)
	d.d = opentravel.NewJSON(r, true)
	d.d.Message(body, wrapperName, groupedNames, func() *opentravel.Names {
		if bytes.Contains(body, []byte(`"itineraryGroups"`)) {
			return findGroups
		}
		return findNothing
	}, d.response)
	if err = r.End(); err == nil {
		d.g.Answer.Note("mistyped_values", r.Mistyped())
	}
	return r.Close, err
}

func (d *grouped) response(f opentravel.Fields) {
	for f.Next() {
		d.found = true
		key := f.Key()
		if d.only && key != groupedItineraryGroup {
			continue
		}
		switch key {
		case groupedMessage, groupedStatistics, groupedItineraryGroup:
		default: // a description that itineraries ahead of it may refer to
			d.behind = d.behind || d.groups
		}
		switch key {
		case groupedMessage:
			d.message()
		case groupedScheduleDesc:
			d.schedule()
		case groupedLegDesc:
			d.leg()
		case groupedFareComponentDesc:
			d.component()
		case groupedBaggageAllowanceDesc:
			d.bag()
		case groupedValidatingCarrierDesc:
			d.carrier()
		case groupedItineraryGroup:
			d.groups = true
			d.group()
		}
	}
}

const (
	messageSeverity = iota
	messageType
	messageCode
	messageText
)

var messageNames = opentravel.NewNames([]string{
	messageSeverity: "Severity", messageType: "Type", messageCode: "Code", messageText: "Text",
}...)

// message reads one message. Those that are no error are Sabre's own business.
func (d *grouped) message() {
	var severity, kind, code, text string
	for f := d.d.Fields(messageNames); f.Next(); {
		switch f.Key() {
		case messageSeverity:
			severity = d.d.View()
		case messageType:
			kind = d.d.View()
		case messageCode:
			code = d.d.View()
		case messageText:
			text = d.d.View()
		}
	}
	if strings.EqualFold(severity, "Error") {
		d.failed.Add(fault.PartnerError, code, kind, text)
	}
}
