package amadeus

import (
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// DecodeAir reads the flight offers of a search, whether by GET or POST, of a pricing
// call, or one offer, as they come or as clients hand them over, and applies the rules that need nothing but the document. An error
// document, and one that is none of these, is a *fault.Error. atlas may be nil:
// places.Default.
func DecodeAir(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	atlas = places.OrDefault(atlas)
	r := document.NewJSON(body)
	defer r.Close()
	d := airDecoder{reading: reading{r: r}, atlas: atlas}
	done := assemble.PooledOffers(&d.answer)
	d.document()
	assemble.LimitOffers(&d.answer, assemble.MaxOffers)
	for i := range d.answer.Offers {
		s := &d.answer.Offers[i].Seller
		s.Name = d.carriers[s.Code]
	}
	err := d.end(body, "flight offers")
	if done(); err != nil {
		return travel.Answer{}, err
	}
	d.answer.Note("mistyped_values", r.Mistyped())
	return d.answer, nil
}

// airDecoder reads one document. Its slices are reused from offer to offer; what is kept
// is copied out of them.
type airDecoder struct {
	reading
	atlas *places.Atlas

	carriers map[string]string // names by code

	segments []travel.Segment
	ids      []string // of the segments; views
	counts   []int    // segments of each slice
	stated   []assemble.StatedTime
	timeRule string // why a time could not be read
	stops    int    // technical stops
	fares    []fareDetail
	seated   int  // travellers with a seat
	tooMuch  bool // more segments or fares than are read
	brands   []string
	cut      []travel.Slice
	cabinOf  []travel.Cabin // of each segment, as basisOf and served
	basisOf  []string
	served   []int // travellers with a seat whose fare covers it

	shared assemble.Shared
}

const (
	rootData = iota
	rootErrors
	rootDictionaries
	rootWarnings
)

var rootKeys = document.NewKeys([]string{rootData: "data", rootErrors: "errors", rootDictionaries: "dictionaries", rootWarnings: "warnings"}...)

const (
	tellAirItineraries = iota
	tellAirData
	tellAirErrors
	tellAirDictionaries
	tellAirWarnings
)

var tellAirKeys = document.NewKeys([]string{
	tellAirItineraries: "itineraries", tellAirData: "data", tellAirErrors: "errors", tellAirDictionaries: "dictionaries",
	tellAirWarnings: "warnings",
}...)

func (d *airDecoder) document() {
	r := d.r
	if r.SkipMark(); r.First(tellAirKeys) == tellAirItineraries {
		d.readOffers()
		return
	}
	for o := r.Unwrap(rootKeys); o.Next(); {
		switch o.Key() {
		case rootData:
			d.readData()
		case rootErrors:
			d.issues.read(r)
		case rootDictionaries:
			d.readDictionaries()
		case rootWarnings:
			for a := r.Array(); a.Next(); {
				d.answer.Note("partner_warnings", 1)
			}
		}
	}
}

var pricingKeys = document.NewKeys("flightOffers", "flightOffer")

// readData reads what "data" holds: a list of offers, a pricing with its offers, or one offer.
func (d *airDecoder) readData() {
	r := d.r
	if r.Kind() == '{' {
		mark, pricing := r.Mark(), false
		for o := r.Object(pricingKeys); o.Next(); {
			pricing = true
			d.readOffers()
		}
		if pricing || r.Err() != nil {
			return
		}
		r.Rewind(mark)
	}
	d.readOffers()
}

func (d *airDecoder) readOffers() {
	r := d.r
	if k := r.Kind(); k != '[' && k != '{' {
		return
	}
	d.data = true
	for a := r.Array(); a.Next(); {
		d.readOffer()
		assemble.TrimOffers(&d.answer, assemble.MaxOffers)
	}
}

var dictionaryKeys = document.NewKeys("carriers")

// readDictionaries remembers the names of carriers, which the sellers of offers get at the
// end: the dictionaries may stand behind the offers or ahead of them.
func (d *airDecoder) readDictionaries() {
	r := d.r
	for o := r.Object(dictionaryKeys); o.Next(); {
		for m := r.Members(); m.Next(); {
			if code := m.Name(); len(code) == 2 && alphanumeric(code) { // so there are 1,296 at most
				if d.carriers == nil {
					d.carriers = map[string]string{}
				}
				d.carriers[strings.Clone(code)] = r.Name()
			}
		}
	}
}

// alphanumeric reports whether s is of capital letters and digits.
func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}
