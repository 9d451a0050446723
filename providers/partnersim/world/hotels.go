package world

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Town is a city with hotels around its centre: that of an airport with scheduled flights.
type Town struct {
	Code     travel.Airport // of the metro area, or of the airport
	Name     string
	Country  travel.Country
	Lat, Lon float64
	Zone     *time.Location
	tier     int
}

// Property is a place to stay, whoever sells it. It is immutable.
type Property struct {
	ID       rng.RNG
	Number   int64 // where the world has it: see World.numbered
	Name     string
	Stars    int
	Lat, Lon float64
	Town     *Town
	District int   // index into zoneNames
	night    int64 // euro cents for two in a standard room on an average night, without board
}

// gridCell is a piece of the Earth, cellDegrees wide and high.
type gridCell struct{ lat, lon int32 }

const cellDegrees = 0.025 // 2.8 km from south to north

func cellOf(lat, lon float64) gridCell {
	return gridCell{int32(math.Floor(lat / cellDegrees)), int32(math.Floor(lon / cellDegrees))}
}

// townMap is all towns, by whole degrees.
type townMap map[[2]int16][]*Town

func (w *World) TownsNear(lat, lon float64) []*Town {
	w.townsOnce.Do(func() { w.Towns = w.newTowns() })
	var near []*Town
	for dy := int16(-1); dy <= 1; dy++ {
		for dx := int16(-1); dx <= 1; dx++ {
			near = append(near, w.Towns[[2]int16{int16(math.Floor(lat)) + dy, int16(math.Floor(lon)) + dx}]...)
		}
	}
	return near
}

func (w *World) newTowns() townMap {
	m := townMap{}
	seen := map[travel.Airport]*Town{}
	for _, p := range w.Atlas.AllAirports() {
		a := w.Airport(p.Code)
		if a == nil || !a.Scheduled {
			continue
		}
		if t := seen[a.Metro]; t != nil {
			t.tier = max(t.tier, a.Tier)
			continue
		}
		t := &Town{Code: a.Metro, Name: a.City, Country: a.Country, Lat: a.Lat, Lon: a.Lon, Zone: a.Location, tier: a.Tier}
		if place, ok := w.Atlas.Place(string(a.Metro)); ok {
			t.Lat, t.Lon, t.Name = place.Lat, place.Lon, place.Name
		}
		if t.Name == "" {
			t.Name = a.Name
		}
		seen[a.Metro] = t
		key := [2]int16{int16(math.Floor(t.Lat)), int16(math.Floor(t.Lon))}
		m[key] = append(m[key], t)
	}
	return m
}

// centreDensity is how many properties a cell in the middle of a town of each tier has.
var centreDensity = [6]float64{0.6, 1.5, 3.5, 9, 16, 26}

// density is how many properties a cell has, and of which town they are: many
// near centres, fewer outside, none far from every town.
func (w *World) density(lat, lon float64) (float64, *Town) {
	var nearest *Town
	best, total := math.Inf(1), 0.0
	for _, t := range w.TownsNear(lat, lon) {
		d := places.DistanceMetres(lat, lon, t.Lat, t.Lon) / 1000
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

// hotelsIn is the properties of a cell; it is cached.
func (w *World) hotelsIn(c gridCell) []*Property {
	return w.hotels.Get(c, func() []*Property {
		lat, lon := (float64(c.lat)+0.5)*cellDegrees, (float64(c.lon)+0.5)*cellDegrees
		n, t := w.density(lat, lon)
		if t == nil {
			return nil
		}
		d := w.rng("estate").Num(int64(c.lat)).Num(int64(c.lon))
		count := int(n + d.Str("count").Unit())
		all := make([]*Property, min(count, hotelsPerCell))
		for i := range all {
			all[i] = newProperty(d.Num(int64(i)), c, t)
			all[i].Number = c.number() + int64(i)
		}
		return all
	})
}

// Of the numbers of properties: 64 for each cell, cells from south to north and from west to east.
const (
	hotelsPerCell = 64
	cellsAround   = 360 / cellDegrees
	cellsToPoles  = 180 / cellDegrees
	AllNumbers    = 1 << 33 // more than the Earth has: 7200 times 14,400 cells of 64
)

func (c gridCell) number() int64 {
	return (int64(c.lat)+cellsToPoles/2)*cellsAround*hotelsPerCell + (int64(c.lon)+cellsAround/2)*hotelsPerCell
}

// numbered is the property of a number, nil if there is none: protocols whose steps name
// properties by code need not remember which ones they have handed out.
func (w *World) numbered(n int64) *Property {
	if n < 0 || n >= cellsToPoles*cellsAround*hotelsPerCell {
		return nil
	}
	cell := n / hotelsPerCell
	all := w.hotelsIn(gridCell{int32(cell/cellsAround) - cellsToPoles/2, int32(cell%cellsAround) - cellsAround/2})
	if i := int(n % hotelsPerCell); i < len(all) {
		return all[i]
	}
	return nil
}

// CodeOf is the partner's own number of a property, below AllNumbers: another one than
// other partners', and one to one.
func (a *Inventory) CodeOf(p *Property) int64 {
	odd, shift := a.scramble()
	return (p.Number*odd + shift) & (AllNumbers - 1)
}

// Coded is the property that the partner knows under a number, nil if there is none.
func (a *Inventory) Coded(code int64) *Property {
	if code < 0 || code >= AllNumbers {
		return nil
	}
	odd, shift := a.scramble()
	inverse := odd // of an odd number modulo a power of two: each step doubles the bits that are right
	for range 5 {
		inverse *= 2 - odd*inverse
	}
	return a.World.numbered((code - shift) * inverse & (AllNumbers - 1))
}

func (a *Inventory) scramble() (odd, shift int64) {
	d := a.RNG.Str("codes")
	return int64(d)&(AllNumbers-1) | 1, int64(d.Num(1)) & (AllNumbers - 1)
}

func newProperty(d rng.RNG, c gridCell, t *Town) *Property {
	p := &Property{ID: d, Town: t, District: d.Str("district").Roll(len(ZoneNames))}
	p.Stars = []int{1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5}[d.Str("stars").Roll(11)]
	p.Name = hotelName(d.Str("name"), p.Stars)
	p.Lat = (float64(c.lat) + d.Str("lat").Unit()) * cellDegrees
	p.Lon = (float64(c.lon) + d.Str("lon").Unit()) * cellDegrees
	p.night = rng.Permille([6]int64{0, 4200, 6000, 8800, 13800, 25500}[p.Stars], [6]int{700, 750, 840, 980, 1150, 1350}[t.tier])
	p.night = rng.Permille(p.night, d.Str("level").Between(760, 1420))
	return p
}

// Circle is part of the Earth's surface, or a rectangle of it.
type Circle struct {
	Lat, Lon float64
	Km       float64
}

// searchKM is how far a search really looks: properties beyond would not make it into an answer.
const searchKM = 45

// Within are the properties in a circle, nearest first.
func (w *World) Within(c Circle) []*Property {
	c.Km = math.Min(c.Km, searchKM)
	dLat := c.Km / 111.2
	dLon := dLat / math.Max(0.05, math.Cos(c.Lat*math.Pi/180))
	low, high := cellOf(c.Lat-dLat, c.Lon-dLon), cellOf(c.Lat+dLat, c.Lon+dLon)
	type found struct {
		*Property
		metres float64
	}
	var all []found
	for y := low.lat; y <= high.lat; y++ {
		for x := low.lon; x <= high.lon; x++ {
			for _, p := range w.hotelsIn(gridCell{y, x}) {
				if d := places.DistanceMetres(c.Lat, c.Lon, p.Lat, p.Lon); d <= c.Km*1000 {
					all = append(all, found{p, d})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.ID, b.ID))
	})
	properties := make([]*Property, len(all))
	for i, f := range all {
		properties[i] = f.Property
	}
	return properties
}

func Degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

// MadeUp is a property that the world does not have, within a kilometre of a point.
func (w *World) MadeUp(d rng.RNG, lat, lon float64) *Property {
	t := &Town{Code: "QQQ", Name: "Replay", Country: "GB", Lat: lat, Lon: lon, Zone: time.UTC}
	best := 1 << 62
	for _, near := range w.TownsNear(lat, lon) {
		if m := places.DistanceMetres(lat, lon, near.Lat, near.Lon); int(m) < best {
			best, t = int(m), near
		}
	}
	prop := newProperty(d, gridCell{}, t)
	prop.Lat, prop.Lon = lat+(d.Str("lat").Unit()-0.5)*0.01, lon+(d.Str("lon").Unit()-0.5)*0.01
	return prop
}
