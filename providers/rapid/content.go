package rapid

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// content is what Rapid says about a property by itself.
type content struct {
	travel.Property
	allInclusive bool // with every rate
}

// How much content is kept, at some 300 bytes each, and for how long: names and places
// hardly change, and a property that has none may get some soon.
const (
	keptContent = 50_000
	contentAge  = 72 * time.Hour
	absentAge   = time.Hour
)

// contentFields is what is asked for of some twenty fields.
var contentFields = []string{"name", "address", "ratings", "location", "chain", "all_inclusive", "phone"}

// learn asks for the content of those properties of which nothing is known. It returns the
// error of each call, and whether there are properties whose rates could be shown: if every
// call failed, those that were known before.
func (c *Client) learn(ctx context.Context, ids []string) (errs []error, usable bool) {
	unknown := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		if _, ok := c.content.Get(id); ok {
			return true
		}
		_, absent := c.absent.Get(id)
		return absent
	})
	batches := slices.Collect(slices.Chunk(unknown, c.perCall))
	errs = assemble.Parallel(len(batches), func(i int) error {
		query := url.Values{"language": {c.language}, "supply_source": {c.supply}, "include": contentFields, "property_id": batches[i]}
		c.terms(query)
		_, err := c.pages(ctx, question{path: "/properties/content", query: query}, func(body []byte) error {
			all, err := decodeContent(body)
			for _, about := range all {
				c.content.Put(about.ID, about)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range batches[i] {
			if _, ok := c.content.Get(id); !ok {
				c.absent.Put(id, struct{}{})
			}
		}
		return nil
	})
	usable = len(unknown) < len(ids) || len(ids) == 0
	for _, err := range errs {
		usable = usable || err == nil || fault.Of(err).Partial
	}
	return errs, usable
}

const (
	contentPropertyID = iota
	contentName
	contentAddress
	contentRatings
	contentLocation
	contentChain
	contentAllInclusive
	contentPhone
)

var contentKeys = document.NewKeys([]string{
	contentPropertyID: "property_id", contentName: "name", contentAddress: "address", contentRatings: "ratings",
	contentLocation: "location", contentChain: "chain", contentAllInclusive: "all_inclusive", contentPhone: "phone",
}...)

const (
	addressLine1 = iota
	addressLine2
	addressPostalCode
	addressCity
	addressStateProvinceName
	addressCountryCode
	addressObfuscationRequired
)

var addressKeys = document.NewKeys([]string{
	addressLine1: "line_1", addressLine2: "line_2", addressPostalCode: "postal_code", addressCity: "city",
	addressStateProvinceName: "state_province_name", addressCountryCode: "country_code",
	addressObfuscationRequired: "obfuscation_required",
}...)

const (
	ratingsProperty = iota
	ratingsGuest
)

var ratingsKeys = document.NewKeys([]string{ratingsProperty: "property", ratingsGuest: "guest"}...)

var ratingKeys = document.NewKeys("rating")

const (
	guestOverall = iota
	guestCount
)

var guestKeys = document.NewKeys([]string{guestOverall: "overall", guestCount: "count"}...)

const (
	locationCoordinates = iota
	locationObfuscatedCoordinates
	locationObfuscationRequired
)

var locationKeys = document.NewKeys([]string{
	locationCoordinates: "coordinates", locationObfuscatedCoordinates: "obfuscated_coordinates",
	locationObfuscationRequired: "obfuscation_required",
}...)

const (
	pointLatitude = iota
	pointLongitude
)

var pointKeys = document.NewKeys([]string{pointLatitude: "latitude", pointLongitude: "longitude"}...)

var (
	nameKeys = document.NewKeys("name")
	allKeys  = document.NewKeys("all_rate_plans")
)

// decodeContent reads a map of properties by id, or a list of them.
func decodeContent(body []byte) (all []content, err error) {
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	if k := r.Kind(); k != '{' && k != '[' {
		return nil, notAMap(r, body)
	}
	strange := false
	for m := r.Members(); m.Next(); {
		if r.Kind() != '{' {
			strange = true // "type" and "message" of an error
			continue
		}
		about := readContent(r, strings.Clone(m.Name()))
		if about.ID != "" && about.Name != "" {
			all = append(all, about)
		}
	}
	if strange || r.Err() != nil {
		return nil, notAMap(r, body)
	}
	if err := r.End(); err != nil {
		return nil, fault.New(fault.Malformed, err)
	}
	return all, nil
}

// notAMap is the error of a document that is no map by property: what it says, if it is
// an error, else that it is none.
func notAMap(r *document.JSON, body []byte) error {
	if err := r.Err(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	if _, err := Decode(body, nil); err != nil {
		return inGoodStatus(err)
	}
	return fault.New(fault.Malformed, errors.New("no properties by their ids in the document"))
}

func readContent(r *document.JSON, id string) content {
	about := content{Property: travel.Property{ID: id}}
	for o := r.Object(contentKeys); o.Next(); {
		switch o.Key() {
		case contentPropertyID:
			if id := r.Text(); id != "" {
				about.ID = id
			}
		case contentName:
			about.Name = r.Name()
		case contentAddress:
			readAddress(r, &about.Property)
		case contentRatings:
			for p := r.Object(ratingsKeys); p.Next(); {
				if p.Key() == ratingsGuest {
					readGuests(r, &about.Property)
					continue
				}
				for v := r.Object(ratingKeys); v.Next(); {
					if stars, ok := r.Float(); ok && stars >= 0.5 && stars <= 5 {
						about.Stars = stars
					}
				}
			}
		case contentLocation:
			about.Lat, about.Lon, about.HasGeo = readLocation(r)
		case contentChain:
			for n := r.Object(nameKeys); n.Next(); {
				about.Chain = r.Name()
			}
		case contentAllInclusive:
			for a := r.Object(allKeys); a.Next(); {
				about.allInclusive = r.Bool() == travel.Yes
			}
		case contentPhone:
			about.Phone = r.Name()
		}
	}
	return about
}

// readGuests reads what guests give, of five, and how many have.
func readGuests(r *document.JSON, p *travel.Property) {
	score, reviews := 0.0, 0
	for g := r.Object(guestKeys); g.Next(); {
		if g.Key() == guestOverall {
			score, _ = r.Float()
		} else {
			reviews, _ = r.Int()
		}
	}
	p.SetGuests(score, 5, reviews)
}

// readAddress reads the address, in a line and by town and postcode. Where it must not be shown before booking, only
// city, province and country may be.
func readAddress(r *document.JSON, p *travel.Property) {
	var parts [addressObfuscationRequired]string
	hidden := false
	for o := r.Object(addressKeys); o.Next(); {
		if key := o.Key(); key == addressObfuscationRequired {
			hidden = r.Bool() == travel.Yes
		} else {
			parts[key] = r.Name()
		}
	}
	line1, line2, postcode := parts[addressLine1], parts[addressLine2], parts[addressPostalCode]
	city, province, country := parts[addressCity], parts[addressStateProvinceName], parts[addressCountryCode]
	p.City = city
	if hidden {
		p.Address = joined(city, province, country)
		return
	}
	p.PostCode = postcode
	p.Address = joined(line1, line2, strings.TrimSpace(postcode+" "+city), country)
}

func joined(parts ...string) string {
	return document.Clean(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", "), document.MaxName)
}

// readLocation is where the property is, roughly where no more may be shown.
func readLocation(r *document.JSON) (lat, lon float64, ok bool) {
	type point struct {
		lat, lon   float64
		hasA, hasB bool
	}
	var exact, rough point
	hidden := false
	for o := r.Object(locationKeys); o.Next(); {
		p := &exact
		switch o.Key() {
		case locationObfuscatedCoordinates:
			p = &rough
		case locationObfuscationRequired:
			hidden = r.Bool() == travel.Yes
			continue
		}
		for c := r.Object(pointKeys); c.Next(); {
			if c.Key() == pointLatitude {
				p.lat, p.hasA = r.Float()
			} else {
				p.lon, p.hasB = r.Float()
			}
		}
	}
	if hidden {
		exact = rough
	}
	if !exact.hasA || !exact.hasB || !travel.OnEarth(exact.lat, exact.lon) {
		return 0, 0, false
	}
	return exact.lat, exact.lon, true
}
