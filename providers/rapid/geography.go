package rapid

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// How many circles are kept, of some thousand ids at most, and for how long: properties
// open and close by the week.
const (
	keptCircles  = 512
	geographyAge = 24 * time.Hour
)

// within is the properties in a circle.
type within struct {
	ids  []string
	left int // how many more there are than may be asked
}

// properties lists the properties around a destination. A Partial error comes beside those of
// the pages that were read.
func (c *Client) properties(ctx context.Context, d travel.Destination) (within, error) {
	key := fmt.Sprintf("%.4f,%.4f,%d", d.Lat, d.Lon, d.RadiusKM)
	if w, ok := c.circles.Get(key); ok {
		return w, nil
	}
	query := url.Values{"include": {"property_ids"}, "supply_source": {c.supply}}
	c.terms(query)
	var ids []string
	_, err := c.pages(ctx, question{path: "/properties/geography", query: query, body: func() ([]byte, error) { return polygon(d), nil }}, func(body []byte) error {
		more, err := decodeGeography(body)
		ids = append(ids, more...)
		return err
	})
	if err != nil && !fault.Of(err).Partial {
		return within{}, err
	}
	// Ids that were given out first stand for properties that have been there for longest;
	// the document is a map, whose order says nothing.
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	ids = slices.Compact(ids)
	w := within{ids: slices.Clone(ids[:min(len(ids), c.maxProperties)])}
	w.left = len(ids) - len(w.ids)
	if err == nil && len(ids) > 0 { // an empty answer may be a bad moment of the partner's
		c.circles.Put(key, w)
	}
	return w, err
}

var idKeys = document.NewKeys("property_id")

// maxID bounds an id; real ones have up to nine digits.
const maxID = 40

// decodeGeography reads a map of properties by id, or a list of them.
func decodeGeography(body []byte) (ids []string, err error) {
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	if k := r.Kind(); k != '{' && k != '[' {
		return nil, notAMap(r, body)
	}
	for m := r.Members(); m.Next(); {
		id := strings.Clone(m.Name())
		if r.Kind() != '{' {
			return nil, notAMap(r, body)
		}
		for o := r.Object(idKeys); o.Next(); {
			if said := r.Text(); said != "" {
				id = said
			}
		}
		if id != "" && len(id) <= maxID {
			ids = append(ids, id)
		}
	}
	if err := r.End(); err != nil {
		return nil, fault.New(fault.Malformed, err)
	}
	return ids, nil
}

// corners of the polygon that stands for a circle: it is 0.5 % larger, so that nothing is
// left out, and what is beyond is sorted out like everybody's.
const corners = 32

const kmPerDegree = 111.195 // of a great circle, on a sphere of 6371.0 km

// polygon is a GeoJSON geometry around the circle, counter-clockwise from the east, closed.
// Positions are longitude and latitude. Rapid takes one polygon only, so a circle over the
// 180th meridian loses what is behind it.
func polygon(d travel.Destination) []byte {
	radius := float64(d.RadiusKM) / math.Cos(math.Pi/corners) / kmPerDegree
	var b strings.Builder
	b.WriteString(`{"type":"Polygon","coordinates":[[`)
	for i := range corners + 1 {
		if i > 0 {
			b.WriteByte(',')
		}
		sin, cos := math.Sincos(2 * math.Pi * float64(i%corners) / corners)
		lat := min(max(d.Lat+radius*sin, -89.9), 89.9)
		lon := min(max(d.Lon+radius*cos/math.Cos(lat*math.Pi/180), -180), 180)
		b.WriteString("[" + degrees(lon) + "," + degrees(lat) + "]")
	}
	b.WriteString(`]]}`)
	return []byte(b.String())
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
