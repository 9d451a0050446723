package rapid

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/places"
)

// areaDoc is a polygon, first its outer ring and then holes, with a circle around it.
type areaDoc struct {
	rings  [][][2]float64 // longitude, latitude
	around world.Circle
}

// Limits of a polygon.
const (
	maxPoints   = 2000
	maxDiagonal = 500 // km
)

// polygon reads a request for the properties within a polygon.
func polygon(query url.Values, question []byte) (areaDoc, []errorDoc) {
	r := &readDoc{query: query, values: map[string][]string{"supply_source": {"expedia"}, "include": {"property_ids"}}}
	r.known("include", "supply_source", "billing_terms", "payment_terms", "partner_point_of_sale", "platform_name")
	r.one("supply_source")
	r.one("include")
	body := func(kind, message string) { r.wrong = append(r.wrong, errorDoc{Type: kind, Message: message}) }
	var asked struct {
		Type        string        `json:"type"`
		Coordinates [][][]float64 `json:"coordinates"`
	}
	var a areaDoc
	dec := json.NewDecoder(bytes.NewReader(question))
	dec.DisallowUnknownFields()
	switch err := dec.Decode(&asked); {
	case err != nil:
		body("polygon.invalid", "The body must be a polygon in GeoJSON format.")
	case asked.Type != "Polygon":
		body("polygon.type_not_supported", "The only supported type is Polygon.")
	case len(asked.Coordinates) == 0:
		body("polygon.coordinates_required", "The polygon must have coordinates.")
	default:
		if problem := a.read(asked.Coordinates); problem != "" {
			body("polygon."+problem, "The polygon is not valid: "+problem+".")
		}
	}
	return a, r.wrong
}

// read takes rings over and finds the circle around the outer one; or it says what is wrong with them.
func (a *areaDoc) read(rings [][][]float64) string {
	points := 0
	south, north, west, east := 90.0, -90.0, 180.0, -180.0
	for i, ring := range rings {
		if points += len(ring); len(ring) < 4 || !slices.Equal(ring[0], ring[len(ring)-1]) {
			return "ring_not_closed"
		}
		a.rings = append(a.rings, nil)
		for _, at := range ring {
			if len(at) != 2 || math.Abs(at[0]) > 180 || math.Abs(at[1]) > 90 {
				return "coordinates_out_of_range"
			}
			a.rings[i] = append(a.rings[i], [2]float64(at))
			if i == 0 {
				south, north, west, east = math.Min(south, at[1]), math.Max(north, at[1]), math.Min(west, at[0]), math.Max(east, at[0])
			}
		}
	}
	diagonal := float64(places.DistanceMetres(south, west, north, east)) / 1000
	switch {
	case points > maxPoints:
		return "too_many_coordinates"
	case diagonal >= maxDiagonal:
		return "too_large"
	}
	a.around = world.Circle{Lat: (south + north) / 2, Lon: (west + east) / 2, Km: diagonal/2 + 1}
	return ""
}

// holds reports whether a point is within the outer ring and in no hole: a ray to the east
// crosses an odd number of edges.
func (a *areaDoc) holds(lat, lon float64) bool {
	in := false
	for _, ring := range a.rings {
		for i := 1; i < len(ring); i++ {
			p, q := ring[i-1], ring[i]
			if (p[1] > lat) != (q[1] > lat) && lon < (q[0]-p[0])*(lat-p[1])/(q[1]-p[1])+p[0] {
				in = !in
			}
		}
	}
	return in
}

// within are the properties of a polygon that the partner sells; if exactly is not zero,
// so many of all that there are.
func (p *service) within(a areaDoc, exactly int) map[string]Place {
	found := map[string]Place{}
	limit := cmp.Or(exactly, p.Seller.MaxOffers)
	for _, prop := range p.World.Within(a.around) {
		if len(found) == limit {
			break
		}
		if (exactly > 0 || p.Sells(world.StaysMarket, prop.ID)) && a.holds(prop.Lat, prop.Lon) {
			id := strconv.FormatInt(p.CodeOf(prop), 10)
			found[id] = Place{id}
		}
	}
	return found
}
