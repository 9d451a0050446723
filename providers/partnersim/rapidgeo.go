package partnersim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"

	"fanfare/providers/places"
)

// rapidArea is a polygon, first its outer ring and then holes, with a circle around it.
type rapidArea struct {
	rings  [][][2]float64 // longitude, latitude
	around circle
}

// Limits of a polygon.
const (
	rapidMaxPoints   = 2000
	rapidMaxDiagonal = 500 // km
)

// rapidPolygon reads a request for the properties within a polygon.
func rapidPolygon(query url.Values, question []byte) (rapidArea, []rapidError) {
	r := &rapidRead{query: query, values: map[string][]string{"supply_source": {"expedia"}, "include": {"property_ids"}}}
	r.known("include", "supply_source", "billing_terms", "payment_terms", "partner_point_of_sale", "platform_name")
	r.one("supply_source")
	r.one("include")
	body := func(kind, message string) { r.wrong = append(r.wrong, rapidError{Type: kind, Message: message}) }
	var asked struct {
		Type        string        `json:"type"`
		Coordinates [][][]float64 `json:"coordinates"`
	}
	var a rapidArea
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
func (a *rapidArea) read(rings [][][]float64) string {
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
	case points > rapidMaxPoints:
		return "too_many_coordinates"
	case diagonal >= rapidMaxDiagonal:
		return "too_large"
	}
	a.around = circle{(south + north) / 2, (west + east) / 2, diagonal/2 + 1}
	return ""
}

// holds tells whether a point is within the outer ring and in no hole: a ray to the east
// crosses an odd number of edges.
func (a *rapidArea) holds(lat, lon float64) bool {
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
func (p *rapid) within(a rapidArea, exactly int) map[string]rapidPlace {
	found := map[string]rapidPlace{}
	limit := cmp.Or(exactly, p.spec.MaxOffers)
	for _, prop := range p.w.within(a.around) {
		if len(found) == limit {
			break
		}
		if (exactly > 0 || p.sells(staysMarket, prop.id)) && a.holds(prop.lat, prop.lon) {
			id := strconv.FormatInt(p.codeOf(prop), 10)
			found[id] = rapidPlace{id}
		}
	}
	return found
}
