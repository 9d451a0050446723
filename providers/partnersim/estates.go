package partnersim

import (
	"cmp"
	"math"
	"slices"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// town is a city with hotels around its centre: that of an airport with scheduled flights.
type town struct {
	code     travel.Airport // of the metro area, or of the airport
	name     string
	country  travel.Country
	lat, lon float64
	zone     *time.Location
	tier     int
}

// property is a place to stay, whoever sells it. It is immutable.
type property struct {
	id       dice
	name     string
	stars    int
	lat, lon float64
	town     *town
	district int   // index into zoneNames
	night    int64 // euro cents for two in a standard room on an average night, without board
}

// gridCell is a piece of the Earth, cellDegrees wide and high.
type gridCell struct{ lat, lon int32 }

const cellDegrees = 0.025 // 2.8 km from south to north

func cellOf(lat, lon float64) gridCell {
	return gridCell{int32(math.Floor(lat / cellDegrees)), int32(math.Floor(lon / cellDegrees))}
}

// townMap is all towns, by whole degrees.
type townMap map[[2]int16][]*town

func (w *World) townsNear(lat, lon float64) []*town {
	w.townsOnce.Do(func() { w.towns = w.newTowns() })
	var near []*town
	for dy := int16(-1); dy <= 1; dy++ {
		for dx := int16(-1); dx <= 1; dx++ {
			near = append(near, w.towns[[2]int16{int16(math.Floor(lat)) + dy, int16(math.Floor(lon)) + dx}]...)
		}
	}
	return near
}

func (w *World) newTowns() townMap {
	m := townMap{}
	seen := map[travel.Airport]*town{}
	for _, p := range w.atlas.AllAirports() {
		a := w.airport(p.Code)
		if a == nil || !a.Scheduled {
			continue
		}
		if t := seen[a.Metro]; t != nil {
			t.tier = max(t.tier, a.tier)
			continue
		}
		t := &town{code: a.Metro, name: a.City, country: a.Country, lat: a.Lat, lon: a.Lon, zone: a.zone, tier: a.tier}
		if place, ok := w.atlas.Place(string(a.Metro)); ok {
			t.lat, t.lon, t.name = place.Lat, place.Lon, place.Name
		}
		if t.name == "" {
			t.name = a.Name
		}
		seen[a.Metro] = t
		key := [2]int16{int16(math.Floor(t.lat)), int16(math.Floor(t.lon))}
		m[key] = append(m[key], t)
	}
	return m
}

// centreDensity is how many properties a cell in the middle of a town of each tier has.
var centreDensity = [6]float64{0.6, 1.5, 3.5, 9, 16, 26}

// density is how many properties a cell has, and of which town they are: many
// near centres, fewer outside, none far from every town.
func (w *World) density(lat, lon float64) (float64, *town) {
	var nearest *town
	best, total := math.Inf(1), 0.0
	for _, t := range w.townsNear(lat, lon) {
		d := places.DistanceMetres(lat, lon, t.lat, t.lon) / 1000
		total += centreDensity[t.tier] * math.Exp(-d*d/(2*4*4)) // most within 4 km of the centre
		total += centreDensity[t.tier] / 12 * math.Exp(-d/40)   // suburbs, and the country around
		if d < best {
			best, nearest = d, t
		}
	}
	if best > 120 {
		return 0, nil
	}
	return total, nearest
}

// estate is the properties of a cell; it is cached.
func (w *World) estate(c gridCell) []*property {
	return w.estates.get(c, func() []*property {
		lat, lon := (float64(c.lat)+0.5)*cellDegrees, (float64(c.lon)+0.5)*cellDegrees
		n, t := w.density(lat, lon)
		if t == nil {
			return nil
		}
		d := w.dice("estate").num(int64(c.lat)).num(int64(c.lon))
		count := int(n + d.str("count").unit())
		all := make([]*property, count)
		for i := range all {
			all[i] = newProperty(d.num(int64(i)), c, t)
		}
		return all
	})
}

func newProperty(d dice, c gridCell, t *town) *property {
	p := &property{id: d, town: t, district: d.str("district").roll(len(zoneNames))}
	p.stars = []int{1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5}[d.str("stars").roll(11)]
	p.name = hotelName(d.str("name"), p.stars)
	p.lat = (float64(c.lat) + d.str("lat").unit()) * cellDegrees
	p.lon = (float64(c.lon) + d.str("lon").unit()) * cellDegrees
	p.night = permille([6]int64{0, 4200, 6000, 8800, 13800, 25500}[p.stars], [6]int{700, 750, 840, 980, 1150, 1350}[t.tier])
	p.night = permille(p.night, d.str("level").between(760, 1420))
	return p
}

// circle is part of the Earth's surface, or a rectangle of it.
type circle struct {
	lat, lon float64
	km       float64
}

// searchKM is how far a search really looks: properties beyond would not make it into an answer.
const searchKM = 45

// within are the properties in a circle, nearest first.
func (w *World) within(c circle) []*property {
	c.km = math.Min(c.km, searchKM)
	dLat := c.km / 111.2
	dLon := dLat / math.Max(0.05, math.Cos(c.lat*math.Pi/180))
	low, high := cellOf(c.lat-dLat, c.lon-dLon), cellOf(c.lat+dLat, c.lon+dLon)
	type found struct {
		*property
		metres float64
	}
	var all []found
	for y := low.lat; y <= high.lat; y++ {
		for x := low.lon; x <= high.lon; x++ {
			for _, p := range w.estate(gridCell{y, x}) {
				if d := places.DistanceMetres(c.lat, c.lon, p.lat, p.lon); d <= c.km*1000 {
					all = append(all, found{p, d})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.id, b.id))
	})
	properties := make([]*property, len(all))
	for i, f := range all {
		properties[i] = f.property
	}
	return properties
}
