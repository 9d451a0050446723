package partnersim

import (
	"cmp"
	"math"
	"slices"
	"strconv"
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
	number   int64 // where the world has it: see World.numbered
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
		all := make([]*property, min(count, estateSize))
		for i := range all {
			all[i] = newProperty(d.num(int64(i)), c, t)
			all[i].number = c.number() + int64(i)
		}
		return all
	})
}

// Of the numbers of properties: 64 for each cell, cells from south to north and from west to east.
const (
	estateSize   = 64
	cellsAround  = 360 / cellDegrees
	cellsToPoles = 180 / cellDegrees
	allNumbers   = 1 << 33 // more than the Earth has: 7200 times 14,400 cells of 64
)

func (c gridCell) number() int64 {
	return (int64(c.lat)+cellsToPoles/2)*cellsAround*estateSize + (int64(c.lon)+cellsAround/2)*estateSize
}

// numbered is the property of a number, nil if there is none: protocols whose steps name
// properties by code need not remember which ones they have handed out.
func (w *World) numbered(n int64) *property {
	if n < 0 || n >= cellsToPoles*cellsAround*estateSize {
		return nil
	}
	cell := n / estateSize
	all := w.estate(gridCell{int32(cell/cellsAround) - cellsToPoles/2, int32(cell%cellsAround) - cellsAround/2})
	if i := int(n % estateSize); i < len(all) {
		return all[i]
	}
	return nil
}

// codeOf is the partner's own number of a property, below allNumbers: another one than
// other partners', and one to one.
func (a *assortment) codeOf(p *property) int64 {
	odd, shift := a.scramble()
	return (p.number*odd + shift) & (allNumbers - 1)
}

// coded is the property that the partner knows under a number, nil if there is none.
func (a *assortment) coded(code int64) *property {
	if code < 0 || code >= allNumbers {
		return nil
	}
	odd, shift := a.scramble()
	inverse := odd // of an odd number modulo a power of two: each step doubles the bits that are right
	for range 5 {
		inverse *= 2 - odd*inverse
	}
	return a.w.numbered((code - shift) * inverse & (allNumbers - 1))
}

func (a *assortment) scramble() (odd, shift int64) {
	d := a.dice.str("codes")
	return int64(d)&(allNumbers-1) | 1, int64(d.num(1)) & (allNumbers - 1)
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

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

// madeUp is a property that the world does not have, within a kilometre of a point.
func (w *World) madeUp(d dice, lat, lon float64) *property {
	t := &town{code: "QQQ", name: "Replay", country: "GB", lat: lat, lon: lon, zone: time.UTC}
	best := 1 << 62
	for _, near := range w.townsNear(lat, lon) {
		if m := places.DistanceMetres(lat, lon, near.lat, near.lon); int(m) < best {
			best, t = int(m), near
		}
	}
	prop := newProperty(d, gridCell{}, t)
	prop.lat, prop.lon = lat+(d.str("lat").unit()-0.5)*0.01, lon+(d.str("lon").unit()-0.5)*0.01
	return prop
}
