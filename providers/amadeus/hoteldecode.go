package amadeus

import (
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// DecodeHotel reads the offers of a hotel search, or of one property, in the shapes of v3
// and v2, and applies the rules that need nothing but the document. Each rate is for the
// rooms of one occupancy. An error document, and one that is none of these, is a
// *fault.Error. atlas may be nil: places.Default.
func DecodeHotel(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	atlas = places.OrDefault(atlas)
	return decodeHotel(body, atlas, nil, assemble.MaxOffers)
}

// asked is the question that a document answers, for what it leaves out.
type asked struct {
	checkIn, checkOut travel.Date
	room              travel.RateRoom
	content           map[string]*listed // of the properties asked for, by id
}

func decodeHotel(body []byte, atlas *places.Atlas, asked *asked, limit int) (travel.Answer, error) {
	r := document.NewJSON(body)
	defer r.Close()
	d := hotelDecoder{reading: reading{r: r}, atlas: atlas, asked: asked, limit: limit, rooms: map[roomWords]string{}}
	if err := d.document(body); err != nil {
		return travel.Answer{}, err
	}
	assemble.LimitStays(&d.answer, limit)
	d.answer.Note("mistyped_values", r.Mistyped())
	return d.answer, nil
}

// hotelDecoder reads one document. Its slices are reused from property to property; what
// is kept is copied out of them.
type hotelDecoder struct {
	reading
	atlas *places.Atlas
	asked *asked // nil if nobody asked
	limit int
	read  int // rates kept since the last bound

	offers []hotelOffer
	taxes  []tax
	fees   []fee
	rooms  map[roomWords]string // names already made

	zone  *time.Location // near the property being read, nil if none
	zoned bool           // it has been looked for
}

const (
	tellHotelOffers = iota
	tellHotelData
	tellHotelErrors
	tellHotelWarnings
)

var tellHotelKeys = document.NewKeys([]string{
	tellHotelOffers: "offers", tellHotelData: "data", tellHotelErrors: "errors", tellHotelWarnings: "warnings",
}...)

func (d *hotelDecoder) document(body []byte) error {
	r := d.r
	if r.SkipMark(); r.First(tellHotelKeys) == tellHotelOffers {
		d.readHotels()
		return d.end(body, "hotels with offers")
	}
	for o := r.Unwrap(rootKeys); o.Next(); {
		switch o.Key() {
		case rootData:
			d.readHotels()
		case rootErrors:
			d.issues.read(r)
		case rootWarnings: // properties that had nothing, beside others that had
			for a := r.Array(); a.Next(); {
				d.answer.Note("partner_warnings", 1)
			}
		}
	}
	return d.end(body, "hotels with offers")
}

func (d *hotelDecoder) readHotels() {
	d.data = d.data || d.r.Kind() == '[' || d.r.Kind() == '{'
	for a := d.r.Array(); a.Next(); {
		d.readHotel()
	}
}

const (
	entryType = iota
	entryHotel
	entryAvailable
	entryOffers
)

var entryKeys = document.NewKeys([]string{entryType: "type", entryHotel: "hotel", entryAvailable: "available", entryOffers: "offers"}...)

const (
	hotelID = iota
	hotelName
	hotelChainCode
	hotelBrandCode
	hotelRating
	hotelLatitude
	hotelLongitude
	hotelGeoCode
	hotelAddress
)

var hotelKeys = document.NewKeys([]string{
	hotelID: "hotelId", hotelName: "name", hotelChainCode: "chainCode", hotelBrandCode: "brandCode", hotelRating: "rating",
	hotelLatitude: "latitude", hotelLongitude: "longitude", hotelGeoCode: "geoCode", hotelAddress: "address",
}...)

// readHotel reads a property with its offers, which may stand ahead of it.
func (d *hotelDecoder) readHotel() {
	r := d.r
	var (
		p         travel.Property
		available travel.Answered
		isHotel   bool
	)
	d.offers, d.taxes, d.fees, d.zone, d.zoned = d.offers[:0], d.taxes[:0], d.fees[:0], nil, false
	for o := r.Object(entryKeys); o.Next(); {
		switch o.Key() {
		case entryType:
			isHotel = isHotel || r.View() == "hotel-offers"
		case entryHotel:
			isHotel = isHotel || r.Kind() == '{'
			p = d.readProperty()
		case entryAvailable:
			available = r.Bool()
		case entryOffers:
			for a := r.Array(); a.Next(); {
				d.readOffer()
			}
		}
	}
	if r.Err() != nil {
		return
	}
	d.listed++
	if isHotel {
		d.wanted++
	}
	d.complete(&p)
	stay := travel.Stay{Property: p}
	for i := range d.offers {
		d.answer.OffersIn++
		rate, rule := d.rate(&d.offers[i], &p)
		if rule == "" {
			rule = rate.Check()
		}
		if rule == "" && available == travel.No {
			rule = travel.RuleSoldOut
		}
		if rule != "" {
			d.answer.Drop(rule, 1)
			continue
		}
		if stay.Rates == nil {
			stay.Rates = make([]travel.Rate, 0, len(d.offers)-i)
		}
		stay.Rates = append(stay.Rates, rate)
	}
	if len(stay.Rates) == 0 {
		return
	}
	d.answer.Stays = append(d.answer.Stays, stay)
	if d.read += len(stay.Rates); d.read > 2*d.limit { // so that a document of tiny rates stays small in memory
		assemble.LimitStays(&d.answer, d.limit)
		d.read = d.limit
	}
}

func (d *hotelDecoder) readProperty() (p travel.Property) {
	r := d.r
	var (
		chain, brand   string
		lat, lon       float64
		hasLat, hasLon bool
	)
	for o := r.Object(hotelKeys); o.Next(); {
		switch o.Key() {
		case hotelID:
			p.ID = r.Text()
		case hotelName:
			p.Name = r.Name()
		case hotelChainCode:
			chain = r.Intern()
		case hotelBrandCode:
			brand = r.Intern()
		case hotelRating:
			p.Stars = readStars(r)
		case hotelLatitude:
			lat, hasLat = r.Float()
		case hotelLongitude:
			lon, hasLon = r.Float()
		case hotelGeoCode:
			if a, b, ok := readGeo(r); ok {
				p.Lat, p.Lon, p.HasGeo = a, b, true
			}
		case hotelAddress:
			p.Address, p.PostCode, p.City = readAddress(r)
		}
	}
	if hasLat && hasLon {
		p.SetGeo(lat, lon)
	}
	if p.Chain = brand; brand == "" { // a chain may be a merchant's
		p.Chain = chain
	}
	return p
}

// complete fills in what only the hotel list says.
func (d *hotelDecoder) complete(p *travel.Property) {
	if d.asked == nil {
		return
	}
	h := d.asked.content[p.ID]
	if h == nil {
		return
	}
	if p.Name == "" {
		p.Name = h.name
	}
	if p.Stars == 0 {
		p.Stars = h.stars
	}
	if p.Chain == "" {
		p.Chain = h.chain
	}
	if p.Address == "" {
		p.Address, p.PostCode, p.City = h.address, h.postcode, h.city
	}
	if !p.HasGeo {
		p.Lat, p.Lon, p.HasGeo = h.lat, h.lon, h.hasGeo
	}
}

// zoneOf is the zone near a property, nil if nobody knows where it is.
func (d *hotelDecoder) zoneOf(p *travel.Property) *time.Location {
	if !d.zoned && p.HasGeo {
		d.zone = d.atlas.ZoneNear(p.Lat, p.Lon)
	}
	d.zoned = true
	return d.zone
}
