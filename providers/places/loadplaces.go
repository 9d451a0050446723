package places

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// minSize is the size from which an airport is offered as a place: with scheduled
// flights, or large. The others are known by their code only.
const minSize = 8

// cities reads names, centres and ranks of cities with one airport. The airport
// takes them over; its centre is kept in the place.
func (l *loader) cities() error {
	return eachRow(l.files, "cities.tsv", 6, func(f []string) error {
		e := l.atlas.codes.get(travel.Airport(f[0]))
		if e == nil {
			return fmt.Errorf("unknown airport %q", f[0])
		}
		lat, lon, err := position(f[2], f[3])
		if err != nil {
			return err
		}
		rank, err := strconv.Atoi(f[4])
		if err != nil {
			return err
		}
		p := &l.atlas.airports[e.airport]
		if p.City != "" && p.City != f[1] {
			l.names[f[0]] = append(l.names[f[0]], p.City)
		}
		p.City, p.Size = f[1], rank
		l.names[f[0]] = append(l.names[f[0]], split(f[5])...)
		l.add(Place{ID: f[0], Type: TypeAirport, Code: f[0], Name: p.Name, City: p.City, Country: p.Country,
			Lat: lat, Lon: lon, Airports: e.members}, rank)
		return nil
	})
}

func split(names string) []string {
	if names == "" {
		return nil
	}
	return strings.Split(names, "|")
}

func (l *loader) add(p Place, size int) {
	l.atlas.byID[p.ID] = int32(len(l.atlas.places))
	l.atlas.places = append(l.atlas.places, p)
	l.sizes[p.ID] = size
}

// metros reads metro areas. Airports of one rank below it by their position.
func (l *loader) metros() error {
	area := int32(0)
	return eachRow(l.files, "metros.tsv", 8, func(f []string) error {
		lat, lon, err := position(f[3], f[4])
		if err != nil {
			return err
		}
		rank, err := strconv.Atoi(f[5])
		if err != nil {
			return err
		}
		area++
		var members []travel.Airport
		for i, code := range strings.Fields(f[6]) {
			e := l.atlas.codes.get(travel.Airport(code))
			if e == nil || e.airport < 0 {
				return fmt.Errorf("unknown airport %q", code)
			}
			if e.area != 0 {
				return fmt.Errorf("%s is in another metro area already", code)
			}
			e.area = area
			p := &l.atlas.airports[e.airport]
			p.Metro = travel.Airport(f[0])
			p.Size = max(p.Size, (rank-2-2*i)*9/10)
			members = append(members, p.Code)
		}
		e := l.atlas.codes.add(travel.Airport(f[0]))
		main := l.atlas.codes.get(members[0])
		e.area, e.members, e.zone = area, members, main.zone
		l.names[f[0]] = append(l.names[f[0]], split(f[7])...)
		if e.airport >= 0 { // the airport is found by its name too, as part of the metro area
			l.names[f[0]] = append(l.names[f[0]], l.atlas.airports[e.airport].Name)
		}
		l.add(Place{ID: f[0], Type: TypeMetro, Code: f[0], Name: f[1], City: f[1], Country: travel.Country(f[2]),
			Lat: lat, Lon: lon, Airports: members}, rank)
		return nil
	})
}

// places makes a place of every airport whose code is not a place yet.
func (l *loader) places() error {
	for i := range l.atlas.airports {
		p := &l.atlas.airports[i]
		if _, ok := l.atlas.byID[string(p.Code)]; ok {
			continue
		}
		size := p.Size
		if size < minSize {
			size = 0
		}
		e := l.atlas.codes.get(p.Code)
		l.add(Place{ID: string(p.Code), Type: TypeAirport, Code: string(p.Code), Name: p.Name, City: p.City,
			Country: p.Country, Lat: p.Lat, Lon: p.Lon, Airports: e.members}, size)
	}
	return nil
}

// towns reads the towns without a code of their own.
func (l *loader) towns() error {
	return eachRow(l.files, "towns.tsv", 8, func(f []string) error {
		lat, lon, err := position(f[3], f[4])
		if err != nil {
			return err
		}
		rank, err := strconv.Atoi(f[5])
		if err != nil {
			return err
		}
		e := l.atlas.codes.get(travel.Airport(f[6]))
		if e == nil {
			return fmt.Errorf("unknown airport %q", f[6])
		}
		l.names[f[0]] = append(l.names[f[0]], split(f[7])...)
		l.add(Place{ID: f[0], Type: TypeCity, Code: f[6], Name: f[1], City: f[1], Country: travel.Country(f[2]),
			Lat: lat, Lon: lon, Airports: e.members}, rank)
		return nil
	})
}

func (l *loader) airlines() error {
	rows := map[travel.Carrier]Airline{}
	if err := eachRow(l.files, "airlines.tsv", 2, func(f []string) error {
		rows[travel.Carrier(f[0])] = Airline{Code: travel.Carrier(f[0]), Name: f[1]}
		return nil
	}); err != nil {
		return err
	}
	if err := eachRow(l.files, "carriers.tsv", 4, func(f []string) error {
		rows[travel.Carrier(f[0])] = Airline{travel.Carrier(f[0]), f[1], travel.Country(f[2]), f[3]}
		return nil
	}); err != nil {
		return err
	}
	for _, r := range rows {
		l.atlas.airlines = append(l.atlas.airlines, r)
	}
	slices.SortFunc(l.atlas.airlines, func(x, y Airline) int { return cmp.Compare(x.Code, y.Code) })
	return nil
}
