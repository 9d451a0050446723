package duffel

import (
	"encoding/json"
	"fmt"
	"strings"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// place is an airport as it stands in segments and slices.
func (w *writer) place(a *world.Airport) *PlaceDoc {
	if p := w.places[a]; p != nil {
		return p
	}
	city := a.City
	if city == "" {
		city = a.Name
	}
	p := &PlaceDoc{
		Country: string(a.Country), CityCode: string(a.Metro), CityName: &city, Code: string(a.Code), Latitude: &a.Lat, Longitude: &a.Lon,
		TimeZone: &a.Zone, Type: "airport", Name: a.Name, ID: placeID("arp", a.Code, a.Country), short: w.lean,
	}
	if !w.lean {
		p.City = &inner{
			Country: string(a.Country), CityCode: string(a.Metro), Code: string(a.Metro), Type: "city", Name: city,
			ID: placeID("cit", a.Metro, a.Country),
		}
	}
	w.places[a] = p
	return p
}

// MarshalJSON writes a place once: an answer repeats few of them very often.
func (p *PlaceDoc) MarshalJSON() ([]byte, error) {
	if p.text != nil {
		return p.text, nil
	}
	type whole PlaceDoc // without this method
	doc := any((*whole)(p))
	if p.short {
		doc = struct {
			Code string  `json:"iata_code"`
			Zone *string `json:"time_zone"`
			Type string  `json:"type"`
			Name string  `json:"name"`
			ID   string  `json:"id"`
		}{p.Code, p.TimeZone, p.Type, p.Name, p.ID}
	}
	var err error
	p.text, err = json.Marshal(doc)
	return p.text, err
}

func placeID(kind string, code travel.Airport, country travel.Country) string {
	return strings.ToLower(fmt.Sprintf("%s_%s_%s", kind, code, country))
}

// asked is a place as the question named it: an airport, or a city with its airports.
func (w *writer) asked(code travel.Airport) *PlaceDoc {
	all := w.World.Expand(code)
	if len(all) == 1 && all[0].Code == code {
		return w.place(all[0])
	}
	first := all[0]
	name := first.City
	city := &PlaceDoc{
		Country: string(first.Country), CityCode: string(code), Code: string(code), Type: "city", Name: name,
		ID: placeID("cit", code, first.Country),
	}
	for _, a := range all {
		p := w.place(a)
		city.Airports = append(city.Airports, inner{
			Country: p.Country, CityCode: p.CityCode, CityName: p.CityName, Code: p.Code, Latitude: p.Latitude, Longitude: p.Longitude,
			TimeZone: p.TimeZone, Type: p.Type, Name: p.Name, ID: p.ID,
		})
	}
	return city
}

func (w *writer) carrier(c *world.Carrier) *carrierDoc {
	if p := w.carriers[c]; p != nil {
		return p
	}
	p := &carrierDoc{Code: string(c.Code), Name: c.Name, ID: rng.ID("arl_0000", rng.RNG(0).Str("airline").Str(string(c.Code)), 18)}
	if !w.lean {
		const logos = "https://assets.duffel.com/img/airlines/for-light-background/full-color-"
		p.Symbol, p.Lockup = logos+"logo/"+p.Code+".svg", logos+"lockup/"+p.Code+".svg"
		conditions := "https://www.example.com/" + strings.ToLower(p.Code) + "/conditions-of-carriage"
		p.Conditions = &conditions
	}
	w.carriers[c] = p
	return p
}

// Duration is ISO 8601: PT8H5M, P1DT2H.
func Duration(minutes int) string {
	days, hours, rest := minutes/1440, minutes/60%24, minutes%60
	text := "P"
	if days > 0 {
		text += fmt.Sprintf("%dD", days)
	}
	if hours == 0 && rest == 0 {
		return text
	}
	text += "T"
	if hours > 0 {
		text += fmt.Sprintf("%dH", hours)
	}
	if rest > 0 {
		text += fmt.Sprintf("%dM", rest)
	}
	return text
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
