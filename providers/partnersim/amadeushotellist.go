package partnersim

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/places"
)

// Codes of the list's, beside those of the flights.
const (
	amadeusNothing  = 895
	amadeusCity     = 1157
	amadeusUnlisted = 1797
)

// amadeusList is the vendor's answer to a question for hotels.
type amadeusList struct {
	Data []amadeusListed `json:"data"`
	Meta amadeusMeta     `json:"meta"`
}

// amadeusListed is a property of the list.
type amadeusListed struct {
	Chain    string           `json:"chainCode"`
	City     string           `json:"iataCode"`
	Dupe     int              `json:"dupeId"`
	Name     string           `json:"name"`
	ID       string           `json:"hotelId"`
	Geo      amadeusGeo       `json:"geoCode"`
	Address  *amadeusAddress  `json:"address,omitempty"` // some have none
	Distance *amadeusDistance `json:"distance,omitempty"`
	Rating   int              `json:"rating,omitempty"` // when stars were asked
	Updated  string           `json:"lastUpdate,omitempty"`
}

type amadeusGeo struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type amadeusAddress struct {
	Country string `json:"countryCode"`
}

type amadeusDistance struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// amadeusListAsk is a question for hotels that the vendor would accept.
type amadeusListAsk struct {
	circle
	ids    []string
	mile   bool
	stars  []string
	chains []string
}

// list is the hotels around a place, or of ids; exactly, if not zero, is how many there are at most.
func (p *amadeusHotel) list(r *http.Request, by string, exactly int) reply {
	q, errs := p.parseList(r, by)
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	var found []*property
	if by == "by-hotels" {
		for _, id := range q.ids {
			if h := p.property(id, exactly); h != nil {
				found = append(found, h)
			}
		}
	} else {
		p.last.Store(&q.circle)
		found = p.around(q, exactly)
	}
	if len(found) == 0 && by == "by-hotels" {
		return p.errors(amadeusError{http.StatusNotFound, amadeusUnlisted, "NOT FOUND", "no response found for this query parameter", &amadeusSource{Parameter: "hotelIds"}})
	}
	if len(found) == 0 {
		return p.errors(amadeusError{http.StatusBadRequest, amadeusNothing, "NOTHING FOUND FOR REQUESTED CITY", "", nil})
	}
	doc := amadeusList{Meta: amadeusMeta{len(found), &amadeusLinks{amadeusHost + r.URL.RequestURI()}}}
	for _, h := range found {
		doc.Data = append(doc.Data, p.listed(q, h, by))
	}
	return amadeusJSON(http.StatusOK, amadeusMedia, doc)
}

// around are the properties that the partner sells near a place, nearest first.
func (p *amadeusHotel) around(q *amadeusListAsk, exactly int) []*property {
	most := cmp.Or(exactly, p.spec.MaxOffers)
	var found []*property
	for _, h := range p.w.within(q.circle) {
		if len(found) == most {
			break
		}
		if exactly == 0 && !p.sells(staysMarket, h.id) || len(q.stars) > 0 && !slices.Contains(q.stars, strconv.Itoa(h.stars)) ||
			len(q.chains) > 0 && !slices.Contains(q.chains, p.id(h)[:2]) {
			continue
		}
		found = append(found, h)
	}
	return found
}

func (p *amadeusHotel) listed(q *amadeusListAsk, h *property, by string) amadeusListed {
	d := p.dice.num(int64(h.id))
	lat, lon := p.position(h)
	id := p.id(h)
	l := amadeusListed{Chain: id[:2], City: string(h.town.code), Dupe: dupeOf(h), Name: strings.ToUpper(h.nameBy(d.str("name"))), ID: id, Geo: amadeusGeo{lat, lon}}
	if !d.str("address").chance(40) {
		l.Address = &amadeusAddress{string(h.town.country)}
	}
	if by != "by-hotels" {
		far, unit := places.DistanceMetres(q.lat, q.lon, lat, lon)/1000, "KM"
		if q.mile {
			far, unit = far/1.609344, "MILE"
		}
		l.Distance = &amadeusDistance{math.Round(far*100) / 100, unit}
	}
	if len(q.stars) > 0 {
		l.Rating = h.stars
	}
	if p.dice.str("updated").chance(500) {
		l.Updated = amadeusLocal(p.w.moment().AddDate(0, 0, -d.between(20, 900)))
	}
	return l
}

// position is where the partner has a property: up to some 60 m from others.
func (p *amadeusHotel) position(h *property) (lat, lon float64) {
	d := p.dice.num(int64(h.id))
	round := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	return round(h.lat + (d.str("lat").unit()-0.5)*0.0008), round(h.lon + (d.str("lon").unit()-0.5)*0.0008)
}

// madeUp lists the hotels of a replay where the world has none: those of ids, or one near what was asked last.
func (p *amadeusHotel) madeUp(r *http.Request, by string) reply {
	q, _ := p.parseList(r, by) // has been found good
	where := q.circle
	if by == "by-hotels" {
		if last := p.last.Load(); last != nil {
			where = *last
		}
	} else {
		q.ids = []string{"XX000001"}
	}
	doc := amadeusList{Meta: amadeusMeta{len(q.ids), &amadeusLinks{amadeusHost + r.URL.RequestURI()}}}
	for _, id := range q.ids {
		doc.Data = append(doc.Data, amadeusListed{Chain: id[:2], City: "XXX", Dupe: 1, Name: "HOTEL " + id, ID: id, Geo: amadeusGeo{where.lat, where.lon}})
	}
	return amadeusJSON(http.StatusOK, amadeusMedia, doc)
}

var amadeusAmenities = strings.Split("SWIMMING_POOL,SPA,FITNESS_CENTER,AIR_CONDITIONING,RESTAURANT,PARKING,PETS_ALLOWED,AIRPORT_SHUTTLE,BUSINESS_CENTER,"+
	"DISABLED_FACILITIES,WIFI,MEETING_ROOMS,NO_KID_ALLOWED,TENNIS,GOLF,KITCHEN,ANIMAL_WATCHING,BABY-SITTING,BEACH,CASINO,JACUZZI,SAUNA,SOLARIUM,MASSAGE,"+
	"VALET_PARKING,BAR or LOUNGE,KIDS_WELCOME,NO_PORN_FILMS,MINIBAR,TELEVISION,WI-FI_IN_ROOM,ROOM_SERVICE,GUARDED_PARKG,SERV_SPEC_MENU", ",")

// parseList reads the parameters of a question for hotels. Amenities are checked and
// without effect: every hotel here has them all.
func (p *amadeusHotel) parseList(r *http.Request, by string) (*amadeusListAsk, []amadeusError) {
	wrong := &complaints{}
	in := readParams(r, func(name, format string, args ...any) {
		wrong.parameter(amadeusFormat, name, "invalid query parameter format: "+fmt.Sprintf(format, args...))
	})
	q := &amadeusListAsk{}
	if by == "by-hotels" {
		q.ids = in.list("hotelIds", 99)
		checkAmadeusIDs(in, q.ids, wrong)
		in.strangers()
		return q, wrong.errs
	}
	q.km = float64(in.whole("radius", 1, 300, 5))
	if q.mile = in.oneOf("radiusUnit", "KM", "MILE") == "MILE"; q.mile {
		q.km *= 1.609344
	}
	in.oneOf("hotelSource", "BEDBANK", "DIRECTCHAIN", "ALL")
	in.among("amenities", 3, amadeusAmenities...)
	q.stars, q.chains = in.among("ratings", 4, "1", "2", "3", "4", "5"), in.list("chainCodes", 99)
	if by == "by-city" {
		code := in.text("cityCode")
		lat, lon, _, ok := p.w.atlas.Centre(strings.ToUpper(code))
		switch {
		case code == "":
			wrong.parameter(amadeusMissing, "cityCode", "mandatory query parameter missing")
		case !ok || len(code) != 3:
			wrong.parameter(amadeusCity, "cityCode", "the city code is not known")
		}
		q.lat, q.lon = lat, lon
	} else {
		q.lat, q.lon = amadeusDegrees(in, "latitude", 90, wrong), amadeusDegrees(in, "longitude", 180, wrong)
	}
	in.strangers()
	return q, wrong.errs
}

func amadeusDegrees(in *params, name string, most float64, wrong *complaints) float64 {
	text := in.text(name)
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		wrong.parameter(amadeusMissing, name, "mandatory query parameter missing")
	case err != nil || math.IsNaN(x) || math.Abs(x) > most:
		wrong.parameter(amadeusFormat, name, "invalid query parameter format")
	}
	return x
}

func checkAmadeusIDs(in *params, ids []string, wrong *complaints) {
	if !in.values.Has("hotelIds") {
		wrong.parameter(amadeusMissing, "hotelIds", "mandatory query parameter missing")
	}
	if slices.ContainsFunc(ids, func(id string) bool { return !amadeusHotelID.MatchString(id) }) {
		wrong.parameter(amadeusFormat, "hotelIds", "invalid query parameter format: a hotel id has eight capital letters and digits")
	}
}
