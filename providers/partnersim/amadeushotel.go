package partnersim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/places"
)

// amadeusHotel speaks the Amadeus Self-Service APIs of hotels: Hotel List v1 and Hotel Search v3.
type amadeusHotel struct {
	amadeus
	codes *memo[string, *property] // of what it has listed
}

const (
	amadeusListPath  = "/v1/reference-data/locations/hotels/"
	amadeusHotelPath = "/v3/shopping/hotel-offers"
)

func newAmadeusHotel(a *assortment) *amadeusHotel {
	return &amadeusHotel{amadeus{a}, newMemo[string, *property](200000)}
}

func (p *amadeusHotel) answer(r *http.Request, question []byte, _ int) reply {
	if rep, ok := p.beside(r, question); ok {
		return rep
	}
	return p.offers(r)
}

// beside logs in, lists hotels, and refuses.
func (p *amadeusHotel) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, ok := p.login(r, question); ok {
		return rep, true
	}
	by, list := strings.CutPrefix(r.URL.Path, amadeusListPath)
	list = list && (by == "by-geocode" || by == "by-city" || by == "by-hotels")
	if !list && r.URL.Path != amadeusHotelPath {
		return p.errors(errAmadeusPath), true
	}
	if e := p.refuse(r, http.MethodGet); e != nil {
		return p.errors(*e), true
	}
	if list {
		return p.list(r, by), true
	}
	return reply{}, false
}

// amadeusListed is a property of the list.
type amadeusListed struct {
	Chain   string `json:"chainCode"`
	City    string `json:"iataCode"`
	Dupe    int    `json:"dupeId"`
	Name    string `json:"name"`
	ID      string `json:"hotelId"`
	Geo     geo    `json:"geoCode"`
	Address struct {
		Country string `json:"countryCode"`
	} `json:"address"`
	Distance *amadeusDistance `json:"distance,omitempty"`
}

type geo struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type amadeusDistance struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

var amadeusHotelID = regexp.MustCompile(`^[A-Z0-9]{8}$`)

// list is the hotels around a place, or of ids.
func (p *amadeusHotel) list(r *http.Request, by string) reply {
	wrong := &complaints{}
	in := readParams(r, func(name, format string, args ...any) {
		wrong.parameter(amadeusFormat, name, fmt.Sprintf(format, args...))
	})
	var found []*property
	var where circle
	if by == "by-hotels" {
		ids := in.list("hotelIds", 99)
		if len(ids) == 0 {
			wrong.parameter(amadeusMissing, "hotelIds", "Missing mandatory query parameter")
		}
		for _, id := range ids {
			found = append(found, p.property(id))
		}
	} else {
		where = p.where(in, by, wrong)
		in.list("amenities", 3) // accepted: all hotels here have them all
		in.oneOf("hotelSource", "BEDBANK", "DIRECTCHAIN", "ALL")
		stars, chains := in.list("ratings", 4), in.list("chainCodes", 99)
		if len(wrong.errs) == 0 {
			for _, h := range p.w.within(where) {
				if len(found) < 400 && p.sells(staysMarket, h.id) && oneOfOrNone(strconv.Itoa(h.stars), stars) && oneOfOrNone(p.id(h)[:2], chains) {
					found = append(found, h)
				}
			}
		}
	}
	in.strangers()
	if len(wrong.errs) > 0 {
		return p.errors(wrong.errs...)
	}
	doc := struct {
		Data []amadeusListed `json:"data"`
		Meta amadeusMeta     `json:"meta"`
	}{[]amadeusListed{}, amadeusMeta{Links: &amadeusLinks{amadeusHost + r.URL.RequestURI()}}}
	for _, h := range found {
		if h == nil || p.codes.get(p.id(h), func() *property { return h }) != h {
			continue // not known, or known by an id that another has
		}
		l := amadeusListed{Chain: p.id(h)[:2], City: string(h.town.code), Dupe: dupeOf(h), Name: strings.ToUpper(h.nameBy(p.dice.num(int64(h.id)).str("name"))),
			ID: p.id(h), Geo: geo{h.lat, h.lon}}
		l.Address.Country = string(h.town.country)
		if by != "by-hotels" {
			l.Distance = &amadeusDistance{float64(int(places.DistanceMetres(where.lat, where.lon, h.lat, h.lon)/10)) / 100, "KM"}
		}
		doc.Data = append(doc.Data, l)
	}
	if doc.Meta.Count = len(doc.Data); doc.Meta.Count == 0 {
		return p.errors(amadeusBad(895, "Nothing found for the requested criteria", amadeusSource{Parameter: "hotelIds"}))
	}
	return amadeusJSON(http.StatusOK, amadeusMedia, doc)
}

func oneOfOrNone(word string, words []string) bool {
	return len(words) == 0 || slices.Contains(words, word)
}

// where is the circle of a list's question.
func (p *amadeusHotel) where(in *params, by string, wrong *complaints) circle {
	c := circle{km: float64(in.whole("radius", 1, 300, 5))}
	if in.oneOf("radiusUnit", "KM", "MILE") == "MILE" {
		c.km *= 1.609344
	}
	if by == "by-city" {
		lat, lon, _, ok := p.w.atlas.Centre(strings.ToUpper(in.text("cityCode")))
		if !ok {
			wrong.parameter(amadeusInvalid, "cityCode", "The city is not known")
		}
		c.lat, c.lon = lat, lon
		return c
	}
	lat, err1 := strconv.ParseFloat(in.text("latitude"), 64)
	lon, err2 := strconv.ParseFloat(in.text("longitude"), 64)
	if err1 != nil || err2 != nil || lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		wrong.parameter(amadeusFormat, "latitude", "Latitude and longitude are mandatory, in degrees")
	}
	c.lat, c.lon = lat, lon
	return c
}

// id is what this partner calls a property: chain, town, and three of its own.
func (p *amadeusHotel) id(h *property) string {
	d := p.dice.num(int64(h.id)).str("id")
	chain := pick(d, []string{"HL", "MC", "RT", "BW", "IQ", "AC"})
	return chain + string(h.town.code) + strings.ToUpper(duffelID("", d, 3))
}

func (p *amadeusHotel) property(id string) *property {
	if !amadeusHotelID.MatchString(id) {
		return nil
	}
	return p.codes.peek(id)
}

// dupeOf is the vendor's number of a building, whichever chain sells it.
func dupeOf(h *property) int { return 700_000_000 + h.id.roll(10_000_000) }
