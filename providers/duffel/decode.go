package duffel

import (
	"errors"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads an offer request with its offers, a list of offers, or one offer, as they
// come or within other objects, and applies the rules that need nothing but the document. An error document, and
// one that is none of these, is a *fault.Error. atlas may be nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	atlas = places.OrDefault(atlas)
	r := document.NewJSON(body)
	defer r.Close()
	d := decoder{complaint: complaint{r: r}, atlas: atlas}
	done := assemble.PooledOffers(&d.answer)
	err := d.document()
	assemble.LimitOffers(&d.answer, assemble.MaxOffers)
	if done(); err != nil {
		return travel.Answer{}, err
	}
	d.answer.Note("mistyped_values", r.Mistyped())
	return d.answer, nil
}

// decoder reads one document. Its slices are reused from offer to offer; what is
// kept is copied out of them.
type decoder struct {
	complaint
	atlas  *places.Atlas
	answer travel.Answer
	data   bool // the document had offers, or a list of none
	listed int  // what stood where offers do
	wanted int  // of those: that have something of an offer

	segments []travel.Segment // of the offer being read, over all slices
	counts   []int            // segments of each slice
	ids      []string         // of the segments; views, "" where one has none
	seats    []seat
	seat     travel.SeatChoice // the worst of the slices read
	services []service         // bags that can be bought beside
	lap      []string          // ids of the passengers without a seat; views
	brands   []string
	stated   []assemble.StatedTime
	timeRule string // why a time could not be read
	stops    int    // technical stops
	changes  assemble.MostRestrictive
	cut      []travel.Slice
	cabinOf  []travel.Cabin // of each segment, as basisOf and served
	basisOf  []string
	served   []bool // some seated passenger is listed

	shared assemble.Shared
}

var findKeys = document.NewKeys("data", "errors", "offers")

const (
	rootData = iota
	rootErrors
	rootOffers
	rootMeta
)

var rootKeys = document.NewKeys([]string{rootData: "data", rootErrors: "errors", rootOffers: "offers", rootMeta: "meta"}...)

func (d *decoder) document() error {
	r := d.r
	if isOffer(r) {
		d.readOffers()
	} else {
		d.readRoot()
	}
	if err := r.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	switch failed := d.failed(); {
	case failed && d.answer.OffersIn == 0:
		return d.refused()
	case failed:
		d.answer.Note("partner_errors", 1)
	case !d.data:
		return fault.New(fault.Malformed, errors.New("no offers in the document, not even an empty list"))
	case d.listed > 0 && d.wanted == 0:
		return fault.New(fault.Malformed, errors.New("what the document lists are no offers"))
	}
	return nil
}

func (d *decoder) readRoot() {
	r := d.r
	for o := r.UnwrapFor(findKeys, rootKeys); o.Next(); {
		switch o.Key() {
		case rootData:
			d.readData(0)
		case rootErrors:
			d.readErrors()
		case rootOffers:
			if r.Kind() == '[' {
				d.readOffers()
			}
		case rootMeta:
			d.readMeta()
		}
	}
}

const (
	requestOffers = iota
	requestData
)

var requestKeys = document.NewKeys([]string{requestOffers: "offers", requestData: "data"}...)

// maxData is how many "data" may stand within each other: clients of HTTP put one around.
const maxData = 2

// readData reads what "data" holds: a list of offers, an offer request with its
// offers, or one offer.
func (d *decoder) readData(level int) {
	r := d.r
	switch r.Kind() {
	case '[':
		d.readOffers()
	case '{':
		mark, request := r.Mark(), false
		for o := r.Object(requestKeys); o.Next(); {
			request = true
			switch {
			case o.Key() == requestData && level+1 < maxData:
				d.readData(level + 1)
			case o.Key() == requestOffers && r.Kind() == '[':
				d.readOffers()
			}
		}
		if request || r.Err() != nil {
			return
		}
		behind := r.Mark()
		if r.Rewind(mark); isOffer(r) {
			d.readOffers()
		} else {
			r.Rewind(behind)
		}
	}
}

const (
	tellTotalAmount = iota
	tellTotalCurrency
	tellOwner
	tellData
	tellErrors
	tellOffers
	tellMeta
)

// tellKeys tell an offer from an offer request that came without offers, as both have slices
// and passengers, and from what stands around them.
var tellKeys = document.NewKeys([]string{
	tellTotalAmount: "total_amount", tellTotalCurrency: "total_currency", tellOwner: "owner", tellData: "data", tellErrors: "errors",
	tellOffers: "offers", tellMeta: "meta",
}...)

// isOffer reports whether an offer is ahead, or a list that begins with one.
func isOffer(r *document.JSON) bool {
	switch r.First(tellKeys) {
	case tellTotalAmount, tellTotalCurrency, tellOwner:
		return true
	}
	return false
}

func (d *decoder) readOffers() {
	d.data = true
	for a := d.r.Array(); a.Next(); {
		d.readOffer()
		assemble.TrimOffers(&d.answer, assemble.MaxOffers)
	}
}
