package places

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fanfare/providers/travel"
)

// eachRow calls do with the columns of each line of a table; lines that start with # are comments.
func eachRow(files fs.FS, name string, columns int, do func(f []string) error) error {
	text, err := fs.ReadFile(files, "data/"+name)
	if err != nil {
		return err
	}
	number, f := 0, make([]string, 0, columns)
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f = f[:0]
		for {
			column, rest, more := strings.Cut(line, "\t")
			f = append(f, column)
			if line = rest; !more {
				break
			}
		}
		if len(f) != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d", name, number, len(f), columns)
		}
		if err := do(f); err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return nil
}

// loader gathers the tables into an Atlas.
type loader struct {
	files fs.FS
	atlas *Atlas
	zones map[string]*zone
	names map[string][]string // place id -> other names, for the search
	sizes map[string]int      // place id -> rank, for the search
}

func load(files fs.FS) (*Atlas, error) {
	l := &loader{
		files: files,
		atlas: &Atlas{codes: &codeTable{}, byID: map[string]int32{}},
		zones: map[string]*zone{}, names: map[string][]string{}, sizes: map[string]int{},
	}
	for _, step := range []func() error{l.airports, l.cities, l.metros, l.stations, l.places, l.towns, l.airlines, l.reusedCodes, l.retiredCodes} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	l.atlas.index = sync.OnceValue(func() *searchIndex { return newSearchIndex(l.atlas.places, l.names, l.sizes) })
	return l.atlas, nil
}

func position(lat, lon string) (x, y float64, err error) {
	if x, err = strconv.ParseFloat(lat, 64); err != nil {
		return 0, 0, err
	}
	y, err = strconv.ParseFloat(lon, 64)
	return x, y, err
}

func (l *loader) zone(name string) (*zone, error) {
	if z := l.zones[name]; z != nil {
		return z, nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	z := &zone{location: location}
	l.zones[name] = z
	return z, nil
}

func (l *loader) airports() error {
	a := l.atlas
	err := eachRow(l.files, "airports.tsv", 9, func(f []string) error {
		lat, lon, err := position(f[4], f[5])
		if err != nil {
			return err
		}
		city, others, _ := strings.Cut(f[2], "|")
		p := Airport{Code: travel.Airport(f[0]), Name: f[1], City: city, Country: travel.Country(f[3]),
			Lat: lat, Lon: lon, Zone: f[6], Scheduled: f[8] == "1"}
		p.Size = sizeOf(f[7], p.Scheduled)
		if slotOf(p.Code) < 0 {
			return fmt.Errorf("airport code %q", f[0])
		}
		if others != "" {
			l.names[f[0]] = strings.Split(others, "|")
		}
		a.airports = append(a.airports, p)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(a.airports, func(x, y Airport) int { return cmp.Compare(x.Code, y.Code) })
	for i := range a.airports {
		p := &a.airports[i]
		z, err := l.zone(p.Zone)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Code, err)
		}
		e := a.codes.add(p.Code)
		e.airport, e.zone, e.members = int32(i), z, []travel.Airport{p.Code}
	}
	return nil
}

// stations reads the zones of stations that are no place to search from or to, but where
// trains of airlines stop: times there need one.
func (l *loader) stations() error {
	return eachRow(l.files, "stations.tsv", 2, func(f []string) error {
		z, err := l.zone(f[0])
		if err != nil {
			return err
		}
		for _, code := range strings.Fields(f[1]) {
			if slotOf(travel.Airport(code)) < 0 || l.atlas.codes.get(travel.Airport(code)) != nil {
				return fmt.Errorf("station %q is no code, or has a place", code)
			}
			l.atlas.codes.add(travel.Airport(code)).zone = z
		}
		return nil
	})
}

// sizeOf is the size of an airport that no table of ours ranks: 0 to 40, by the
// class of airports.tsv (3 is large), far below for what has no scheduled flights.
func sizeOf(class string, scheduled bool) int {
	n := int(class[0]-'0') * 4
	if scheduled {
		n += 8 + n
	}
	return n
}
