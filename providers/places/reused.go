package places

import (
	"fmt"
	"slices"
	"strings"

	"fanfare/providers/travel"
)

// reused is one airline that has had a code which others have had too.
type reused struct {
	airline     Airline
	from, until travel.Date      // 0 is always, and still
	countries   []travel.Country // where it is this one while another has the code too; nil is anywhere
}

// AirlineOn returns the airline that has the code on a day, on a route that touches the
// countries. IATA gives codes to others after some years, and some to two airlines that
// never meet; a code all of whose airlines are known to be gone is nobody's. Flights of two
// such airlines are never taken for one: their keys hold the day and the airports too.
func (a *Atlas) AirlineOn(code travel.Carrier, day travel.Date, countries ...travel.Country) (Airline, bool) {
	rows, known := a.reused[code]
	if !known {
		return a.Airline(code)
	}
	anywhere := -1
	for i := range rows {
		r := &rows[i]
		switch {
		case r.from != 0 && day < r.from, r.until != 0 && day > r.until:
		case r.countries == nil:
			anywhere = i
		case slices.ContainsFunc(countries, func(c travel.Country) bool { return slices.Contains(r.countries, c) }):
			return r.airline, true
		}
	}
	if anywhere < 0 {
		return Airline{}, false
	}
	return rows[anywhere].airline, true
}

// reusedCodes reads the codes that several airlines have had. Who has one now is in the other tables
// too, which know its alliance.
func (l *loader) reusedCodes() error {
	l.atlas.reused = map[travel.Carrier][]reused{}
	return eachRow(l.files, "reused.tsv", 6, func(f []string) error {
		r := reused{airline: Airline{Code: travel.Carrier(f[0]), Name: f[1], Country: travel.Country(f[2])}}
		for i, end := range []*travel.Date{&r.from, &r.until} {
			if text := f[3+i]; text != "" {
				day, err := travel.ParseDate(text)
				if err != nil {
					return err
				}
				*end = day
			}
		}
		if r.until != 0 && r.until < r.from {
			return fmt.Errorf("%s: %s ends before it begins", f[0], f[1])
		}
		for _, c := range strings.Fields(f[5]) {
			r.countries = append(r.countries, travel.Country(c))
		}
		if now, known := l.atlas.Airline(r.airline.Code); known && now.Name == r.airline.Name {
			r.airline = now
		}
		l.atlas.reused[r.airline.Code] = append(l.atlas.reused[r.airline.Code], r)
		return nil
	})
}
