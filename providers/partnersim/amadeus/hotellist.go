package amadeus

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/places"
)

// Codes of the list's, beside those of the flights.
const (
	nothing  = 895
	city     = 1157
	unlisted = 1797
)

// ListDoc is the vendor's answer to a question for hotels.
type ListDoc struct {
	Data []listedDoc `json:"data"`
	Meta meta        `json:"meta"`
}

// listedDoc is a property of the list.
type listedDoc struct {
	Chain    string    `json:"chainCode"`
	City     string    `json:"iataCode"`
	Dupe     int       `json:"dupeId"`
	Name     string    `json:"name"`
	ID       string    `json:"hotelId"`
	Geo      Geo       `json:"geoCode"`
	Address  *address  `json:"address,omitempty"` // some have none
	Distance *distance `json:"distance,omitempty"`
	Rating   int       `json:"rating,omitempty"` // when stars were asked
	Updated  string    `json:"lastUpdate,omitempty"`
}

type Geo struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type address struct {
	Country string `json:"countryCode"`
}

type distance struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// listAsk is a question for hotels that the vendor would accept.
type listAsk struct {
	world.Circle
	ids    []string
	mile   bool
	stars  []string
	chains []string
}

// list is the hotels around a place, or of ids; exactly, if not zero, is how many there are at most.
func (p *Hotel) list(r *http.Request, by string, exactly int) exchange.Reply {
	q, errs := p.parseList(r, by)
	if len(errs) > 0 {
		return p.errors(errs...)
	}
	var found []*world.Property
	if by == "by-hotels" {
		for _, id := range q.ids {
			if h := p.Property(id, exactly); h != nil {
				found = append(found, h)
			}
		}
	} else {
		p.last.Store(&q.Circle)
		found = p.around(q, exactly)
	}
	if len(found) == 0 && by == "by-hotels" {
		return p.errors(errorDoc{http.StatusNotFound, unlisted, "NOT FOUND", "no response found for this query parameter", &sourceDoc{Parameter: "hotelIds"}})
	}
	if len(found) == 0 {
		return p.errors(errorDoc{http.StatusBadRequest, nothing, "NOTHING FOUND FOR REQUESTED CITY", "", nil})
	}
	doc := ListDoc{Meta: meta{len(found), &links{host + r.URL.RequestURI()}}}
	for _, h := range found {
		doc.Data = append(doc.Data, p.listed(q, h, by))
	}
	return asJson(http.StatusOK, Media, doc)
}

// around are the properties that the partner sells near a place, nearest first.
func (p *Hotel) around(q *listAsk, exactly int) []*world.Property {
	most := cmp.Or(exactly, p.Seller.MaxOffers)
	var found []*world.Property
	for _, h := range p.World.Within(q.Circle) {
		if len(found) == most {
			break
		}
		if exactly == 0 && !p.Sells(world.StaysMarket, h.ID) || len(q.stars) > 0 && !slices.Contains(q.stars, strconv.Itoa(h.Stars)) ||
			len(q.chains) > 0 && !slices.Contains(q.chains, p.id(h)[:2]) {
			continue
		}
		found = append(found, h)
	}
	return found
}

func (p *Hotel) listed(q *listAsk, h *world.Property, by string) listedDoc {
	d := p.RNG.Num(int64(h.ID))
	lat, lon := p.position(h)
	id := p.id(h)
	l := listedDoc{Chain: id[:2], City: string(h.Town.Code), Dupe: dupeOf(h), Name: strings.ToUpper(h.NameBy(d.Str("name"))), ID: id, Geo: Geo{lat, lon}}
	if !d.Str("address").Chance(40) {
		l.Address = &address{string(h.Town.Country)}
	}
	if by != "by-hotels" {
		far, unit := places.DistanceMetres(q.Lat, q.Lon, lat, lon)/1000, "KM"
		if q.mile {
			far, unit = far/1.609344, "MILE"
		}
		l.Distance = &distance{math.Round(far*100) / 100, unit}
	}
	if len(q.stars) > 0 {
		l.Rating = h.Stars
	}
	if p.RNG.Str("updated").Chance(500) {
		l.Updated = local(p.World.Moment().AddDate(0, 0, -d.Between(20, 900)))
	}
	return l
}

// position is where the partner has a property: up to some 60 m from others.
func (p *Hotel) position(h *world.Property) (lat, lon float64) {
	d := p.RNG.Num(int64(h.ID))
	round := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	return round(h.Lat + (d.Str("lat").Unit()-0.5)*0.0008), round(h.Lon + (d.Str("lon").Unit()-0.5)*0.0008)
}

// madeUp lists the hotels of a replay where the world has none: those of ids, or one near what was asked last.
func (p *Hotel) madeUp(r *http.Request, by string) exchange.Reply {
	q, _ := p.parseList(r, by) // has been found good
	where := q.Circle
	if by == "by-hotels" {
		if last := p.last.Load(); last != nil {
			where = *last
		}
	} else {
		q.ids = []string{"XX000001"}
	}
	doc := ListDoc{Meta: meta{len(q.ids), &links{host + r.URL.RequestURI()}}}
	for _, id := range q.ids {
		doc.Data = append(doc.Data, listedDoc{Chain: id[:2], City: "XXX", Dupe: 1, Name: "HOTEL " + id, ID: id, Geo: Geo{where.Lat, where.Lon}})
	}
	return asJson(http.StatusOK, Media, doc)
}

var amenities = strings.Split("SWIMMING_POOL,SPA,FITNESS_CENTER,AIR_CONDITIONING,RESTAURANT,PARKING,PETS_ALLOWED,AIRPORT_SHUTTLE,BUSINESS_CENTER,"+
	"DISABLED_FACILITIES,WIFI,MEETING_ROOMS,NO_KID_ALLOWED,TENNIS,GOLF,KITCHEN,ANIMAL_WATCHING,BABY-SITTING,BEACH,CASINO,JACUZZI,SAUNA,SOLARIUM,MASSAGE,"+
	"VALET_PARKING,BAR or LOUNGE,KIDS_WELCOME,NO_PORN_FILMS,MINIBAR,TELEVISION,WI-FI_IN_ROOM,ROOM_SERVICE,GUARDED_PARKG,SERV_SPEC_MENU", ",")

// parseList reads the parameters of a question for hotels. Amenities are checked and
// without effect: every hotel here has them all.
func (p *Hotel) parseList(r *http.Request, by string) (*listAsk, []errorDoc) {
	wrong := &complaints{}
	in := exchange.ReadParams(r, func(name, format string, args ...any) {
		wrong.parameter(formatName, name, "invalid query parameter format: "+fmt.Sprintf(format, args...))
	})
	q := &listAsk{}
	if by == "by-hotels" {
		q.ids = in.List("hotelIds", 99)
		checkAmadeusIDs(in, q.ids, wrong)
		in.Strangers()
		return q, wrong.errs
	}
	q.Km = float64(in.Whole("radius", 1, 300, 5))
	if q.mile = in.OneOf("radiusUnit", "KM", "MILE") == "MILE"; q.mile {
		q.Km *= 1.609344
	}
	in.OneOf("hotelSource", "BEDBANK", "DIRECTCHAIN", "ALL")
	in.Among("amenities", 3, amenities...)
	q.stars, q.chains = in.Among("ratings", 4, "1", "2", "3", "4", "5"), in.List("chainCodes", 99)
	if by == "by-city" {
		code := in.Text("cityCode")
		lat, lon, _, ok := p.World.Atlas.Centre(strings.ToUpper(code))
		switch {
		case code == "":
			wrong.parameter(missing, "cityCode", "mandatory query parameter missing")
		case !ok || len(code) != 3:
			wrong.parameter(city, "cityCode", "the city code is not known")
		}
		q.Lat, q.Lon = lat, lon
	} else {
		q.Lat, q.Lon = degrees(in, "latitude", 90, wrong), degrees(in, "longitude", 180, wrong)
	}
	in.Strangers()
	return q, wrong.errs
}

func degrees(in *exchange.Params, name string, most float64, wrong *complaints) float64 {
	text := in.Text(name)
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		wrong.parameter(missing, name, "mandatory query parameter missing")
	case err != nil || math.IsNaN(x) || math.Abs(x) > most:
		wrong.parameter(formatName, name, "invalid query parameter format")
	}
	return x
}

func checkAmadeusIDs(in *exchange.Params, ids []string, wrong *complaints) {
	if !in.Values.Has("hotelIds") {
		wrong.parameter(missing, "hotelIds", "mandatory query parameter missing")
	}
	if slices.ContainsFunc(ids, func(id string) bool { return !hotelID.MatchString(id) }) {
		wrong.parameter(formatName, "hotelIds", "invalid query parameter format: a hotel id has eight capital letters and digits")
	}
}
