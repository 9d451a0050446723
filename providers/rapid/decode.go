package rapid

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads an availability document: a list of properties, one property, or either
// within other objects, and applies the rules that need nothing but the document. It does
// not say what the properties are called: names come with content. A rate is for one room
// of each occupancy that it is priced for. An error document, and one that is no
// availability, such as content, is a *fault.Error. atlas may be nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	return decode(body, asked{atlas: atlas})
}

// asked is what is known beside the document.
type asked struct {
	atlas   *places.Atlas
	rooms   []travel.RateRoom               // nil: each occupancy of the document once
	content func(id string) (content, bool) // nil: nothing is known of any property
}

func decode(body []byte, known asked) (travel.Answer, error) {
	known.atlas = places.OrDefault(known.atlas)
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	d := decoder{r: r, asked: known}
	d.readAny(0)
	if err := r.End(); err != nil {
		return travel.Answer{}, fault.New(fault.Malformed, err)
	}
	if err := d.verdict(); err != nil {
		return travel.Answer{}, err
	}
	assemble.LimitStays(&d.answer, assemble.MaxOffers)
	d.answer.Note("mistyped_values", r.Mistyped())
	return d.answer, nil
}

// decoder reads one document. Its slices are reused from rate to rate; what is kept is
// copied out of them.
type decoder struct {
	asked
	r      *document.JSON
	answer travel.Answer
	read   int  // rates kept since the last bound
	known  bool // the document had properties with availability, or a list of none
	beside bool // it had properties of which it says something else
	none   bool // it says that there is no availability
	refuse *fault.Error

	rates     []travel.Rate // of the property being read
	prices    []pricing
	penalties []penalty
	zone      *time.Location // of the property being read, nil if unknown
}

// verdict is what the whole document is, if it is no answer.
func (d *decoder) verdict() error {
	switch {
	case d.refuse != nil && d.answer.OffersIn == 0 && !d.known:
		return d.refuse
	case d.refuse != nil:
		d.answer.Note("partner_errors", 1)
	case d.known, d.none:
	case d.beside:
		return fault.New(fault.Malformed, errors.New("properties without availability, such as content, in the document"))
	default:
		return fault.New(fault.Malformed, errors.New("no properties in the document, not even an empty list"))
	}
	return nil
}

const (
	tellPropertyID = iota
	tellType
	tellMessage
	tellErrors
)

// tellKeys tell what an object is by the first of them that it has.
var tellKeys = document.NewKeys([]string{tellPropertyID: "property_id", tellType: "type", tellMessage: "message", tellErrors: "errors"}...)

// maxWrappers is how many objects or lists may stand around the properties.
const maxWrappers = 4

// readAny reads a property, an error, or what is inside of something else.
func (d *decoder) readAny(level int) {
	r := d.r
	switch r.Kind() {
	case '[':
		if level > maxWrappers {
			return
		}
		empty := true
		for a := r.Array(); a.Next(); {
			empty = false
			d.readAny(level + 1)
		}
		d.known = d.known || empty && level == 0
	case '{':
		mark, first := r.Mark(), -1
		if o := r.Object(tellKeys); o.Next() {
			first = o.Key()
		}
		if r.Err() != nil {
			return
		}
		r.Rewind(mark)
		switch {
		case first == tellPropertyID:
			d.readProperty()
		case first >= 0: // of an error
			d.readError(mark, level)
		case level <= maxWrappers:
			d.readMembers(level)
		}
	default:
		r.Skip()
	}
}

// readMembers looks into an object. One that holds an empty list and nothing else is around
// an answer of no properties.
func (d *decoder) readMembers(level int) {
	members, empty := 0, false
	for m := d.r.Members(); m.Next(); members++ {
		if empty = d.emptyList(); !empty {
			d.readAny(level + 1)
		}
	}
	d.known = d.known || level == 0 && members == 1 && empty
}

// emptyList steps over a list of nothing and reports whether there was one.
func (d *decoder) emptyList() bool {
	if d.r.Kind() != '[' {
		return false
	}
	start := d.r.Mark()
	if a := d.r.Array(); !a.Next() {
		return true
	}
	d.r.Rewind(start)
	return false
}

const (
	propertyID = iota
	propertyStatus
	propertyRooms
	propertyScore
	propertyUnavailableReason
)

var propertyKeys = document.NewKeys([]string{
	propertyID: "property_id", propertyStatus: "status", propertyRooms: "rooms", propertyScore: "score",
	propertyUnavailableReason: "unavailable_reason",
}...)

// readProperty reads a property with its rates. Content about one has its id too, but
// rooms by their id, and neither status nor score.
func (d *decoder) readProperty() {
	r := d.r
	var stay travel.Stay
	var about content
	d.rates = d.rates[:0]
	available := false
	d.zone = nil
	var late *document.Mark // of rooms that stand ahead of the id
	for o := r.Object(propertyKeys); o.Next(); {
		switch o.Key() {
		case propertyID:
			stay.Property, about = d.about(r.Text())
		case propertyStatus:
			available = true
			if r.View() == "partially_unavailable" {
				d.answer.Note("partially_unavailable", 1)
			}
		case propertyRooms:
			available = available || r.Kind() == '['
			if stay.Property.ID == "" {
				mark := r.Mark()
				late = &mark
				continue
			}
			available = d.readRooms(stay.Property.ID, about) || available
		case propertyScore, propertyUnavailableReason:
			available = true
		}
	}
	if late != nil && r.Err() == nil {
		behind := r.Mark()
		r.Rewind(*late)
		available = d.readRooms(stay.Property.ID, about) || available
		r.Rewind(behind)
	}
	if r.Err() != nil {
		return
	}
	d.known, d.beside = d.known || available, true
	if len(d.rates) == 0 {
		return
	}
	stay.Rates = slices.Clone(d.rates)
	d.answer.Stays = append(d.answer.Stays, stay)
	if d.read += len(stay.Rates); d.read > 2*assemble.MaxOffers { // so that a document of tiny rates stays small in memory
		assemble.LimitStays(&d.answer, assemble.MaxOffers)
		d.read = assemble.MaxOffers
	}
}

// about is what is known of a property, and sets the zone of its deadlines.
func (d *decoder) about(id string) (travel.Property, content) {
	d.zone = nil
	if d.content == nil {
		return travel.Property{ID: id}, content{}
	}
	c, ok := d.content(id)
	if !ok {
		return travel.Property{ID: id}, content{}
	}
	if c.HasGeo {
		d.zone = d.atlas.ZoneNear(c.Lat, c.Lon)
	}
	return c.Property, c
}

const (
	roomID = iota
	roomName
	roomRates
)

var roomKeys = document.NewKeys([]string{roomID: "id", roomName: "room_name", roomRates: "rates"}...)

// readRooms reports whether some room has rates as availability has them.
func (d *decoder) readRooms(property string, about content) (available bool) {
	r := d.r
	for a := r.Array(); a.Next(); {
		id, name, from := "", "", len(d.rates)
		for o := r.Object(roomKeys); o.Next(); {
			switch o.Key() {
			case roomID:
				id = r.Intern()
			case roomName:
				name = r.Name()
			case roomRates:
				available = available || r.Kind() == '[' || r.Kind() == '{'
				for b := r.Array(); b.Next(); {
					d.keepRate(property, from)
				}
			}
		}
		for i := range d.rates[from:] {
			rate := &d.rates[from+i]
			rate.PartnerRef = property + "/" + id + "/" + rate.PartnerRef
			rate.Room, rate.RoomCode = name, id
			if about.allInclusive {
				rate.Board = travel.AllInclusive
			}
		}
		if len(d.rates) > 2*assemble.MaxOffers {
			d.rates = assemble.LimitRates(&d.answer, d.rates, assemble.MaxOffers)
		}
	}
	return available
}

// keepRate reads a rate and keeps it, if no rule is against it. from is where the rates of
// its room begin.
func (d *decoder) keepRate(property string, from int) {
	rate, rule := d.readRate()
	if d.r.Err() != nil {
		return
	}
	d.answer.OffersIn++
	if rule == "" {
		rule = rate.Check()
	}
	if rule == "" && property == "" {
		rule = travel.RuleDanglingRef // nobody can say where it is
	}
	if rule != "" {
		d.answer.Drop(rule, 1)
		return
	}
	if d.rates = append(d.rates, rate); len(d.rates)-from > 2*assemble.MaxOffers {
		d.rates = d.rates[:from+len(assemble.LimitRates(&d.answer, d.rates[from:], assemble.MaxOffers))]
	}
}

const (
	errorType = iota
	errorMessage
	errorErrors
)

var errorKeys = document.NewKeys([]string{errorType: "type", errorMessage: "message", errorErrors: "errors"}...)

var nestedKeys = document.NewKeys("type", "message")

// readError reads {"type", "message", "errors": [{"type", "message", "fields"}]}. Fields
// repeat what was asked, the key and signature among it, and are left alone. An object
// of a type that says nothing is no error, and is looked into.
func (d *decoder) readError(mark document.Mark, level int) {
	r := d.r
	var kind, message string
	var nested []string
	for o := r.Object(errorKeys); o.Next(); {
		switch o.Key() {
		case errorType:
			kind = r.Name()
		case errorMessage:
			message = r.Name()
		case errorErrors:
			for a := r.Array(); a.Next(); {
				for e := r.Object(nestedKeys); e.Next(); {
					if word := r.Name(); len(nested) < maxNested {
						nested = append(nested, word)
					}
				}
			}
		}
	}
	said := assemble.PartnerError(kind, append([]string{message}, nested...)...)
	switch {
	case r.Err() != nil:
	case message == "" && len(nested) == 0:
		if level <= maxWrappers {
			behind := r.Mark()
			r.Rewind(mark)
			d.readMembers(level)
			r.Rewind(behind)
		}
	case strings.Contains(kind, "no_availability"): // what releases before 3 say with status 404
		d.none = true
	case d.refuse == nil:
		d.refuse = said
		d.refuse.Cause = causeOf(kind)
		d.refuse.Status = d.refuse.Cause.Status()
	}
}

// maxNested is how many words of nested errors are kept: two errors.
const maxNested = 4

// causeOf is the cause by the type of an error, for documents whose HTTP status is not at
// hand or is 200.
func causeOf(kind string) fault.Cause {
	switch kind {
	case "request_unauthenticated", "request_unauthorized", "request_forbidden":
		return fault.Unauthorized
	case "too_many_requests":
		return fault.HTTP429
	case "unknown_internal_error", "service_unavailable":
		return fault.HTTP5xx
	case "invalid_input", "upgrade_required", "link.expired":
		return fault.HTTP4xx
	}
	return fault.PartnerError
}
