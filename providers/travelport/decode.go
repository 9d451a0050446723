package travelport

import (
	"errors"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads the answer to a low fare search, a search of properties or for the details
// of one, in any release of the schemas, and applies the rules that need nothing but the
// document. An error document, and one that is no answer, is a *fault.Error. atlas may be
// nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	a, _, err := decode(body, atlas)
	return a, err
}

// decode returns, with the answer, where a further page of properties begins.
func decode(body []byte, atlas *places.Atlas) (travel.Answer, string, error) {
	atlas = places.OrDefault(atlas)
	d := &decoder{x: document.NewXML(body), atlas: atlas, lists: lists{
		segmentAt: map[string]int32{}, fareAt: map[string]int32{}, detailAt: map[string]int32{}, legAt: map[string]int{}, brands: map[string]brand{},
	}}
	defer d.x.Close()
	if err := d.document(); err != nil {
		return travel.Answer{}, "", err
	}
	return d.answer, d.next, nil
}

// decoder reads one document into lists, and makes offers of them at its end, as what a
// key stands for may come behind whoever refers to it. Texts in the lists are views.
type decoder struct {
	x      *document.XML
	atlas  *places.Atlas
	answer travel.Answer
	next   string
	lists

	answered bool
	nothing  bool         // an error says that there is nothing to sell
	failed   *fault.Error // the first error that does not
}

const (
	rootLowFareSearchRsp = iota
	rootLowFareSearchAsynchRsp
	rootRetrieveLowFareSearchRsp
	rootHotelSearchAvailabilityRsp
	rootHotelDetailsRsp
	rootHotelSuperShopperRsp
	rootFault
)

var rootNames = document.NewKeys([]string{
	rootLowFareSearchRsp: "LowFareSearchRsp", rootLowFareSearchAsynchRsp: "LowFareSearchAsynchRsp",
	rootRetrieveLowFareSearchRsp: "RetrieveLowFareSearchRsp", rootHotelSearchAvailabilityRsp: "HotelSearchAvailabilityRsp",
	rootHotelDetailsRsp: "HotelDetailsRsp", rootHotelSuperShopperRsp: "HotelSuperShopperRsp", rootFault: "Fault",
}...)

func (d *decoder) document() error {
	for w := d.x.Within(rootNames); w.Next(); {
		switch w.Key() {
		case rootFault:
			d.readFault()
		case rootHotelSearchAvailabilityRsp, rootHotelDetailsRsp, rootHotelSuperShopperRsp:
			d.answered = true
			d.readStays()
		default:
			d.answered = true
			d.readFlights()
		}
	}
	if err := d.x.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	d.makeOffers()
	assemble.LimitStays(&d.answer, assemble.MaxOffers)
	switch {
	case d.answer.OffersIn > 0 && d.failed != nil:
		d.answer.Note("partner_errors", 1)
	case d.failed != nil:
		return d.failed
	case !d.answered && !d.nothing:
		return fault.New(fault.Malformed, errors.New("no answer in the document, not even an empty one"))
	}
	return nil
}
