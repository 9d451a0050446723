package amadeus

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

const listPath = "/v1/reference-data/locations/hotels/by-geocode"

// listed is a property of the hotel list.
type listed struct {
	id, name, chain         string
	address, postcode, city string
	stars                   float64
	lat, lon                float64
	hasGeo                  bool
	metres                  float64
}

// around is the properties nearest to the destination, at most c.max; kept from an
// earlier search if there was one. It must not be modified.
func (c *Hotel) around(ctx context.Context, d travel.Destination) ([]listed, error) {
	query := encodeArea(d)
	if hotels, ok := c.areas.Get(query); ok {
		return hotels, nil
	}
	hotels, err := call(ctx, &c.client, hotelOperation, listPath+"?"+query, nil, func(body []byte) ([]listed, error) { return decodeList(body, d, c.max) })
	if err != nil {
		return nil, err
	}
	c.areas.Put(query, hotels)
	return hotels, nil
}

// encodeArea is the parameters of the list, and the key that it is kept under.
func encodeArea(d travel.Destination) string {
	return url.Values{
		"latitude":   {strconv.FormatFloat(d.Lat, 'f', -1, 64)},
		"longitude":  {strconv.FormatFloat(d.Lon, 'f', -1, 64)},
		"radius":     {strconv.Itoa(d.RadiusKM)},
		"radiusUnit": {"KM"},
	}.Encode()
}

// maxListed bounds the list while it is read: more than any city has within 50 km.
const maxListed = 20_000

// decodeList reads a hotel list and keeps the nearest properties. One without an id that
// offers can be asked for is left out.
func decodeList(body []byte, d travel.Destination, most int) ([]listed, error) {
	r := document.NewJSON(body)
	defer r.Close()
	var (
		hotels []listed
		issues issues
		data   bool
	)
	for o := r.Unwrap(rootKeys); o.Next(); {
		switch o.Key() {
		case rootData:
			data = r.Kind() == '[' || r.Kind() == '{'
			for a := r.Array(); a.Next(); {
				h := readListed(r)
				if len(h.id) != 8 || !alphanumeric(h.id) || len(hotels) == maxListed {
					continue
				}
				if h.hasGeo && h.metres < 0 {
					h.metres = places.DistanceMetres(d.Lat, d.Lon, h.lat, h.lon)
				}
				hotels = append(hotels, h)
			}
		case rootErrors:
			issues.read(r)
		}
	}
	if err := r.End(); err != nil {
		return nil, fault.New(fault.Malformed, err)
	}
	switch {
	case issues.count > 0 && len(hotels) == 0 && !issues.empty():
		return nil, issues.fault()
	case !data && issues.count == 0:
		return nil, unknown(body, "no hotels in the hotel list, not even an empty one")
	}
	slices.SortStableFunc(hotels, func(a, b listed) int { return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.id, b.id)) })
	hotels = slices.CompactFunc(hotels, func(a, b listed) bool { return a.id == b.id })
	return slices.Clone(hotels[:min(most, len(hotels))]), nil
}

const (
	listedHotelID = iota
	listedName
	listedChainCode
	listedGeoCode
	listedAddress
	listedDistance
	listedRating
)

var listedKeys = document.NewKeys([]string{
	listedHotelID: "hotelId", listedName: "name", listedChainCode: "chainCode", listedGeoCode: "geoCode", listedAddress: "address",
	listedDistance: "distance", listedRating: "rating",
}...)

const (
	geoLatitude = iota
	geoLongitude
)

var geoKeys = document.NewKeys([]string{geoLatitude: "latitude", geoLongitude: "longitude"}...)

const (
	distanceValue = iota
	distanceUnit
)

var distanceKeys = document.NewKeys([]string{distanceValue: "value", distanceUnit: "unit"}...)

const (
	addressLines = iota
	addressPostalCode
	addressCityName
)

var addressKeys = document.NewKeys([]string{addressLines: "lines", addressPostalCode: "postalCode", addressCityName: "cityName"}...)

// metresPerMile and the kilometre are the units of distances.
const metresPerMile = 1609.344

func readListed(r *document.JSON) listed {
	h := listed{metres: -1}
	for o := r.Object(listedKeys); o.Next(); {
		switch o.Key() {
		case listedHotelID:
			h.id = r.Text()
		case listedName:
			h.name = r.Name()
		case listedChainCode:
			h.chain = r.Intern()
		case listedGeoCode:
			h.lat, h.lon, h.hasGeo = readGeo(r)
		case listedAddress:
			h.address, h.postcode, h.city = readAddress(r)
		case listedDistance:
			value, unit := -1.0, 1000.0
			for w := r.Object(distanceKeys); w.Next(); {
				if w.Key() == distanceValue {
					if v, ok := r.Float(); ok && v >= 0 {
						value = v
					}
				} else if strings.HasPrefix(strings.ToUpper(r.View()), "MI") {
					unit = metresPerMile
				}
			}
			h.metres = value * unit
		case listedRating:
			h.stars = readStars(r)
		}
	}
	return h
}

// readGeo reads {"latitude", "longitude"}; 0,0 is in the sea, and stands for unknown.
func readGeo(r *document.JSON) (lat, lon float64, ok bool) {
	var hasLat, hasLon bool
	for o := r.Object(geoKeys); o.Next(); {
		if o.Key() == geoLatitude {
			lat, hasLat = r.Float()
		} else {
			lon, hasLon = r.Float()
		}
	}
	return lat, lon, hasLat && hasLon && travel.OnEarth(lat, lon)
}

// readStars is 0 for anything but 1 to 5 in halves.
func readStars(r *document.JSON) float64 {
	if n, ok := r.Float(); ok && n >= 1 && n <= 5 && n*2 == float64(int(n*2)) {
		return n
	}
	return 0
}

// readAddress is the address in a line, its postcode and its town.
func readAddress(r *document.JSON) (line, code, city string) {
	var lines []string
	for o := r.Object(addressKeys); o.Next(); {
		switch o.Key() {
		case addressLines:
			if r.Kind() == '"' {
				lines = append(lines, r.Name())
				break
			}
			for a := r.Array(); a.Next(); {
				if line := r.Name(); line != "" && len(lines) < 8 {
					lines = append(lines, line)
				}
			}
		case addressPostalCode:
			code = r.Name()
		case addressCityName:
			city = r.Name()
		}
	}
	if place := strings.TrimSpace(code + " " + city); place != "" {
		lines = append(lines, place)
	}
	return document.Clean(strings.Join(lines, ", "), document.MaxName), code, city
}
