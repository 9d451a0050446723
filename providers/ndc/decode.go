package ndc

import (
	"errors"
	"strings"
	"sync"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads an AirShoppingRS of any release, bare or in an envelope, and applies
// the rules that need nothing but the document. Offers with alternative flights are
// expanded; offers of one direction are never paired. An error document, and one that
// is no answer, is a *fault.Error. atlas may be nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	return decode(body, atlas, assemble.MaxOffers, false)
}

// decode keeps at most limit offers. perPassenger is how item prices are read where the
// document does not tell.
func decode(body []byte, atlas *places.Atlas, limit int, perPassenger bool) (travel.Answer, error) {
	atlas = places.OrDefault(atlas)
	d := decoders.Get().(*decoder)
	defer d.release()
	d.x, d.atlas, d.limit, d.perPassenger = document.NewXML(body), atlas, limit, perPassenger
	defer d.x.Close()
	if err := d.document(); err != nil {
		return travel.Answer{}, err
	}
	return d.answer, nil
}

// decoder reads one document into tables, and makes offers of them at its end, as what
// an id stands for may come behind whoever refers to it. Texts in the tables are views;
// what is kept is copied out of them.
type decoder struct {
	x            *document.XML
	atlas        *places.Atlas
	answer       travel.Answer
	limit        int
	perPassenger bool

	answered bool         // there is an answer, if an empty one
	failed   *fault.Error // the first error that is not "no availability"
	failures int
	nothing  bool // an error says that there is nothing to sell
	tables
	resolved
}

// tables is the document as read.
type tables struct {
	byID map[string]int32
	ids  []id

	offers     []offer
	overview   []overview
	items      []item
	fares      []fare
	parts      []component
	terms      []term
	bagUses    []bagUse
	flightIDs  []int32  // of journeys and flights, by service
	segmentID  []int32  // of segments, by service
	partIDs    []int32  // of segments, by fare component
	classRefs  []int32  // of price classes, by fare component
	feeAmounts []amount // of surcharges and fees, by price
	paxIDs     []int32
	classIDs   []int32
	penIDs     []int32
	bagIDs     []int32 // of segments and journeys, by use

	flights   []flight
	journeys  []journey
	pairs     []pair
	listIDs   []int32 // of segments and flights, by journey and pair
	legIDs    []int32
	classes   []class
	bags      []allowance
	penalties []penalty
	pax       []passenger
	carriers  []travel.Seller

	decimals   []decimals
	penScratch []int32 // of the offer, the component and the item being read
	partPens   []int32
	paxScratch []int32

	dotted bool // some amount is written with a point
	zulu   bool // some time is written with a Z
}

// span is a part of one of the tables.
type span struct{ from, to int32 }

func (s span) empty() bool { return s.from == s.to }

func (s span) of(ids []int32) []int32 { return ids[s.from:s.to] }

// id is what one id of the document stands for.
type id struct {
	is     [kinds]int32 // by kind: an index of its table plus one
	listed int32        // the pair that lists this journey, plus one
	reach  int32        // where it leads to; see reach
}

type kind uint8

const (
	segmentKind kind = iota
	marketingKind
	operatingKind
	legKind
	journeyKind
	pairKind
	classKind
	bagKind
	penaltyKind
	paxKind
	kinds
)

// as is the index that an id stands for as one kind, and false if it is no such thing.
func (d *decoder) as(n int32, of kind) (index int32, ok bool) {
	if n < 0 {
		return 0, false
	}
	index = d.ids[n].is[of] - 1
	return index, index >= 0
}

// unstated is the number of an id that is not there.
const unstated = -1

// number is the number of an id, which may come before what it stands for.
func (d *decoder) number(text string) int32 {
	if text == "" {
		return unstated
	}
	n, ok := d.byID[text]
	if !ok {
		n = int32(len(d.ids))
		d.byID[text] = n
		d.ids = append(d.ids, id{})
	}
	return n
}

// define makes an id stand for the index of a table; the first one stands.
func (d *decoder) define(text string, of kind, index int) {
	n := d.number(text)
	if n == unstated {
		return
	}
	if is := &d.ids[n].is[of]; *is == 0 {
		*is = int32(index) + 1
	} else {
		d.answer.Note("duplicate_ids", 1)
	}
}

// one appends the id that is the text of the element.
func (d *decoder) one(to *[]int32) {
	if n := d.number(d.x.View()); n != unstated {
		*to = append(*to, n)
	}
}

// many appends the ids, separated by spaces, that are the text of the element.
func (d *decoder) many(to *[]int32) { d.split(d.x.View(), to) }

func (d *decoder) split(text string, to *[]int32) {
	for text = strings.TrimLeft(text, idSpace); text != ""; text = strings.TrimLeft(text, idSpace) {
		end := strings.IndexAny(text, idSpace)
		if end < 0 {
			end = len(text)
		}
		*to = append(*to, d.number(text[:end]))
		text = text[end:]
	}
}

const idSpace = " \t\r\n"

var decoders = sync.Pool{New: func() any { return &decoder{tables: tables{byID: map[string]int32{}}} }}

// maxPooledIDs keeps the tables of rare, huge documents out of the pool.
const maxPooledIDs = 1 << 15

// release gives the decoder back without anything of its document.
func (d *decoder) release() {
	if len(d.ids) > maxPooledIDs || cap(d.flightIDs) > maxPooledIDs || cap(d.parts) > maxPooledIDs || cap(d.terms) > maxPooledIDs {
		return
	}
	t := &d.tables
	clear(t.byID)
	empty(&t.ids)
	empty(&t.offers)
	empty(&t.overview)
	empty(&t.items)
	empty(&t.fares)
	empty(&t.parts)
	empty(&t.terms)
	empty(&t.bagUses)
	empty(&t.flightIDs)
	empty(&t.segmentID)
	empty(&t.partIDs)
	empty(&t.classRefs)
	empty(&t.feeAmounts)
	empty(&t.paxIDs)
	empty(&t.classIDs)
	empty(&t.penIDs)
	empty(&t.bagIDs)
	empty(&t.flights)
	empty(&t.journeys)
	empty(&t.pairs)
	empty(&t.listIDs)
	empty(&t.legIDs)
	empty(&t.classes)
	empty(&t.bags)
	empty(&t.penalties)
	empty(&t.pax)
	empty(&t.carriers)
	empty(&t.decimals)
	*d = decoder{tables: d.tables, resolved: d.resolved.emptied()}
	d.dotted, d.zulu = false, false
	decoders.Put(d)
}

// empty forgets the elements and keeps the memory.
func empty[T any](s *[]T) {
	clear(*s)
	*s = (*s)[:0]
}

// The answers, and what stands in their place, in whatever envelope.
const (
	rootAirShoppingRS = iota
	rootIATAAirShoppingRS
	rootFault
)

var rootNames = document.NewKeys([]string{
	rootAirShoppingRS: "AirShoppingRS", rootIATAAirShoppingRS: "IATA_AirShoppingRS", rootFault: "Fault",
}...)

func (d *decoder) document() error {
	for w := d.x.Within(rootNames); w.Next(); {
		if w.Key() == rootFault {
			d.readFault()
		} else {
			d.readAnswer()
		}
	}
	if err := d.x.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	d.resolve()
	if d.nothing {
		d.answer.Note(noteNothing, 1)
	}
	switch {
	case d.failures > 0 && d.answer.OffersIn > 0:
		d.answer.Note("partner_errors", d.failures)
	case d.failed != nil:
		return d.failed
	case !d.answered && !d.nothing:
		return fault.New(fault.Malformed, errors.New("no answer in the document, not even an empty one"))
	}
	return nil
}

// noteNothing is noted of an answer that says in words that there is nothing.
const noteNothing = "no_availability"

const (
	answerSuccess = iota
	answerErrors
	answerError
	answerResponse
	answerOffersGroup
	answerDataLists
	answerMetadata
)

var answerNames = document.NewKeys([]string{
	answerSuccess: "Success", answerErrors: "Errors", answerError: "Error", answerResponse: "Response", answerOffersGroup: "OffersGroup",
	answerDataLists: "DataLists", answerMetadata: "Metadata",
}...)

// readAnswer reads an AirShoppingRS, or the Response in it.
func (d *decoder) readAnswer() {
	for c := d.x.Children(answerNames); c.Next(); {
		switch c.Key() {
		case answerSuccess:
			d.answered = true
		case answerErrors:
			for e := d.x.Children(errorsNames); e.Next(); {
				d.readError()
			}
		case answerError:
			d.readError()
		case answerResponse:
			d.answered = true
			d.readAnswer()
		case answerOffersGroup:
			d.answered = true
			d.readGroups()
		case answerDataLists:
			d.answered = true
			d.readLists()
		case answerMetadata:
			d.readMetadata()
		}
	}
}
