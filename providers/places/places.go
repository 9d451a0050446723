// Package places knows airports, metro areas, cities and airlines, and finds
// them by what travellers type. Its tables are embedded and never change while
// the program runs.
//
// A place has an id, which is unique over all types:
//
//   - a metro area has its IATA code: "LON". Some metro codes are those of one of
//     their airports too, such as DXB, IST or SHA; airlines and agencies then mean
//     the city, so there is one place of that id, the metro area.
//   - an airport has its IATA code: "LHR". A city whose only airport has its code
//     is not a place of its own: "MUC" is Munich, for flights and for hotels.
//   - a town that has no code has its country and name: "JP-KYOTO". It is a
//     destination for hotels; its Code says where to fly to.
//
// The centre of a place is the middle of the city where we know it, and the
// airport elsewhere. data/airports.tsv and data/airlines.tsv are generated (see
// generate/ and NOTICE), the other tables are written by us. Stations without a place of
// their own have a zone and nothing else.
package places

import (
	"embed"
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // zones resolve wherever the program runs

	"fanfare/providers/travel"
)

//go:generate go run ./generate

//go:embed data
var data embed.FS

// Airport is one airport, or another station with an IATA code.
type Airport struct {
	Code      travel.Airport
	Name      string
	City      string         // "" is unknown
	Metro     travel.Airport // the metro area's code, "" if it has none
	Country   travel.Country
	Lat, Lon  float64
	Zone      string // IANA name
	Size      int    // 0 to 100; bigger is more important to travellers
	Scheduled bool   // has scheduled flights
}

// Airline is one airline.
type Airline struct {
	Code     travel.Carrier
	Name     string
	Country  travel.Country // "" is unknown
	Alliance string         // "oneworld", "SkyTeam", "Star Alliance" or ""
}

// The values of Place.Type.
const (
	TypeMetro   = "metro"
	TypeAirport = "airport"
	TypeCity    = "city"
)

// Place is what a traveller may choose as origin or destination.
type Place struct {
	ID       string // see the package comment
	Type     string // TypeMetro, TypeAirport or TypeCity
	Code     string // the airport or metro code to fly to
	Name     string
	City     string
	Country  travel.Country
	Lat, Lon float64          // the centre
	Airports []travel.Airport // never empty; must not be modified
}

// Atlas is the tables with their indexes. It is immutable and safe for concurrent use.
type Atlas struct {
	airports []Airport // sorted by code
	airlines []Airline // sorted by code
	reused   map[travel.Carrier][]reused
	retired  map[travel.Airport]retired
	places   []Place
	byID     map[string]int32 // index into places
	codes    *codeTable
	index    func() *searchIndex // made on first use: half of the work of loading
}

// Default returns the embedded tables, which are parsed once.
func Default() *Atlas { return loaded() }

// OrDefault returns the atlas, or Default if it is nil.
func OrDefault(a *Atlas) *Atlas {
	if a == nil {
		return Default()
	}
	return a
}

var loaded = sync.OnceValue(func() *Atlas {
	a, err := load(data)
	if err != nil {
		panic(fmt.Sprintf("places: embedded tables: %v", err)) // impossible: tests load them
	}
	return a
})

// Airport returns the airport of that code; metro codes that are no airport are unknown here.
func (a *Atlas) Airport(code travel.Airport) (Airport, bool) {
	e := a.codes.get(code)
	if e == nil || e.airport < 0 {
		return Airport{}, false
	}
	return a.airports[e.airport], true
}

// AllAirports returns every airport, sorted by code. It must not be modified.
func (a *Atlas) AllAirports() []Airport { return a.airports }

// Airports returns the airports that a code stands for: those of a metro area,
// the main one first, else the airport itself; nil if the code is unknown. A code
// that is both stands for the metro area. The slice must not be modified.
func (a *Atlas) Airports(code travel.Airport) []travel.Airport {
	if e := a.codes.get(code); e != nil {
		return e.members
	}
	return nil
}

// SameArea reports whether both codes are the same airport, or lie in the same
// metro area. Unknown codes are in the same area as themselves only.
func (a *Atlas) SameArea(x, y travel.Airport) bool {
	if x == y {
		return true
	}
	ex, ey := a.codes.get(x), a.codes.get(y)
	return ex != nil && ey != nil && ex.area != 0 && ex.area == ey.area
}

// Zone returns the zone of an airport, metro area or station, nil if the code is unknown.
func (a *Atlas) Zone(code travel.Airport) *time.Location {
	if e := a.codes.get(code); e != nil {
		return e.zone.location
	}
	return nil
}

// Centre returns the middle of the place with that id, and the zone there.
func (a *Atlas) Centre(id string) (lat, lon float64, zone *time.Location, known bool) {
	i, ok := a.byID[id]
	if !ok {
		return 0, 0, nil, false
	}
	p := &a.places[i]
	return p.Lat, p.Lon, a.Zone(p.Airports[0]), true
}

// Place returns the place with that id.
func (a *Atlas) Place(id string) (Place, bool) {
	i, ok := a.byID[id]
	if !ok {
		return Place{}, false
	}
	return a.places[i], true
}
