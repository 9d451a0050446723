package partnersim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// geography lists the properties within a polygon.
func (p *rapid) geography(r *http.Request, question []byte, exactly int) reply {
	if v := r.URL.Query(); v.Get("include") != "property_ids" {
		return p.invalid(rapidSays("include.invalid", "The include parameter must be property_ids.", "include", "querystring", v.Get("include")))
	} else if s := v.Get("supply_source"); s != "expedia" && s != "vrbo" {
		return p.invalid(rapidSays("supply_source.invalid", "The supply_source parameter must be expedia or vrbo.", "supply_source", "querystring", s))
	}
	var area struct {
		Type        string         `json:"type"`
		Coordinates [][][2]float64 `json:"coordinates"`
	}
	if err := json.Unmarshal(question, &area); err != nil || area.Type != "Polygon" {
		return p.invalid(rapidError{"type.invalid", "The request must be a GeoJSON Polygon.", nil})
	}
	if len(area.Coordinates) != 1 || len(area.Coordinates[0]) < 4 {
		return p.invalid(rapidError{"polygon.coordinates_required", "The polygon must have coordinates.", nil})
	}
	ring := area.Coordinates[0]
	if ring[0] != ring[len(ring)-1] {
		return p.invalid(rapidError{"polygon.not_closed", "The polygon must end where it begins.", nil})
	}
	around := aroundRing(ring)
	p.mu.Lock()
	p.last = around
	p.mu.Unlock()
	found := map[string]map[string]string{}
	for _, id := range p.replayed {
		found[id] = map[string]string{"property_id": id}
	}
	if len(p.replayed) > 0 {
		return p.json(http.StatusOK, found)
	}
	limit := p.spec.MaxOffers
	if exactly > 0 {
		limit = exactly
	}
	for _, prop := range p.w.within(around) {
		if len(found) == limit {
			break
		}
		if inRing(ring, prop.lon, prop.lat) && (exactly > 0 || p.sells(staysMarket, prop.id)) {
			id := rapidID(p.codeOf(prop))
			found[id] = map[string]string{"property_id": id}
		}
	}
	return p.json(http.StatusOK, found)
}

// aroundRing is a circle that holds a ring of longitudes and latitudes. Rings across the date line go on past 180.
func aroundRing(ring [][2]float64) circle {
	low, high := ring[0], ring[0]
	for _, at := range ring {
		low = [2]float64{min(low[0], at[0]), min(low[1], at[1])}
		high = [2]float64{max(high[0], at[0]), max(high[1], at[1])}
	}
	lat, lon := (low[1]+high[1])/2, (low[0]+high[0])/2
	return circle{lat, lon, max((high[1]-low[1])*111.2, (high[0]-low[0])*111.2) * 0.71}
}

// inRing counts how often a line to the east crosses the ring.
func inRing(ring [][2]float64, x, y float64) bool {
	in := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in
}

// rapidPage is how many properties a page of content has.
const rapidPage = 100

// content describes properties by id, page by page; the next page is a token's, as the vendor's.
func (p *rapid) content(r *http.Request) reply {
	v := r.URL.Query()
	if token := v.Get("token"); token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return p.invalid(rapidSays("token.invalid", "The token is invalid.", "token", "querystring", token))
		}
		v, _ = url.ParseQuery(string(raw)) // our own
	}
	for _, name := range []string{"language", "supply_source"} {
		if v.Get(name) == "" {
			return p.invalid(rapidSays(name+".required", "The "+name+" parameter is required.", name, "querystring", ""))
		}
	}
	ids := v["property_id"]
	if len(ids) > rapidMaxProperties {
		return p.invalid(rapidSays("property_id.invalid_above_maximum", "The number of property_id's passed in must not be greater than 250.", "property_id", "querystring", ids[0]))
	}
	at, _ := strconv.Atoi(v.Get("from")) // our own, or absent
	at = max(0, min(at, len(ids)))
	page := ids[at:min(at+rapidPage, len(ids))]
	doc := map[string]any{}
	for _, id := range page {
		if c := p.describe(id); c != nil {
			doc[id] = c
		}
	}
	rep := p.json(http.StatusOK, doc)
	rep.header["Pagination-Total-Results"] = strconv.Itoa(len(ids))
	if at+rapidPage < len(ids) {
		v.Set("from", strconv.Itoa(at+rapidPage))
		rep.header["Link"] = fmt.Sprintf(`<http://%s%s?token=%s>; rel="next"; expires=%s`, r.Host, rapidContent,
			base64.RawURLEncoding.EncodeToString([]byte(v.Encode())), p.w.now().UTC().Add(rapidTokenLife).Format("2006-01-02T15:04:05.000000000Z"))
	}
	return rep
}

// describe is what the vendor tells of a property; nil if it does not have it.
func (p *rapid) describe(id string) map[string]any {
	code, err := strconv.ParseInt(id, 10, 64)
	if slices.Contains(p.replayed, id) {
		p.mu.Lock()
		at := p.last
		p.mu.Unlock()
		return rapidContentDoc(id, "Recorded Property "+id, "3.0", at.lat, at.lon, "", "")
	}
	prop := p.coded(code)
	if err != nil || prop == nil {
		return nil
	}
	d := p.dice.num(int64(prop.id))
	stars := strconv.Itoa(prop.stars) + ".0"
	if prop.stars < 5 && d.str("half").chance(200) {
		stars = strconv.Itoa(prop.stars) + ".5"
	}
	// Partners place the same house up to some 60 m apart.
	doc := rapidContentDoc(id, prop.nameBy(d.str("name")), stars,
		prop.lat+(d.str("lat").unit()-0.5)*0.0008, prop.lon+(d.str("lon").unit()-0.5)*0.0008, prop.town.name, string(prop.town.country))
	if d.str("reviewed").chance(850) {
		doc["ratings"].(map[string]any)["guest"] = map[string]any{
			"count": d.str("reviews").between(3, 4000), "overall": fmt.Sprintf("%.1f", 2.8+d.str("overall").unit()*2.2),
		}
	}
	return doc
}

func rapidContentDoc(id, name, stars string, lat, lon float64, city, country string) map[string]any {
	return map[string]any{
		"property_id": id, "name": name, "supply_source": "expedia",
		"address":  map[string]any{"line_1": "1 Main Street", "city": city, "country_code": country, "obfuscation_required": false},
		"ratings":  map[string]any{"property": map[string]any{"rating": stars, "type": "Star"}},
		"location": map[string]any{"coordinates": map[string]any{"latitude": lat, "longitude": lon}, "obfuscation_required": false},
		"category": map[string]any{"id": "1", "name": "Hotel"},
		"checkin":  map[string]any{"begin_time": "3:00 PM"}, "checkout": map[string]any{"time": "11:00 AM"},
	}
}
