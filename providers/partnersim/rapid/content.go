package rapid

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// Page is how many properties a page of content has, if they are not named.
const Page = 250

// content answers what properties are: those that are named at once, those of a country page by page.
func (p *service) content(r *http.Request, now time.Time) exchange.Reply {
	query := r.URL.Query()
	from := 0
	if token := query.Get("token"); token != "" { // the vendor's own link to a further page
		var wrongs []errorDoc
		if query, from, wrongs = asToken(token, query); len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
	}
	q := &readDoc{query: query, values: map[string][]string{"supply_source": {"expedia"}, "include": includes}}
	q.known("language", "supply_source", "property_id", "include", "country_code", "billing_terms", "payment_terms", "partner_point_of_sale", "platform_name")
	q.one("supply_source")
	q.language()
	ids := q.ids()
	if !query.Has("property_id") && !query.Has("country_code") {
		q.complain("property_id.required", "property_id", "A property_id or a country_code is required; all properties are in the content file.")
	}
	if len(q.wrong) > 0 {
		return p.wrong(q.wrong...)
	}
	all := ids
	if !query.Has("property_id") {
		all = p.inCountry(travel.Country(query.Get("country_code")))
		ids = all[min(from, len(all)):min(from+Page, len(all))]
	}
	found := map[string]map[string]any{}
	for _, id := range ids {
		if prop := p.described(id); prop != nil {
			found[strconv.FormatInt(id, 10)] = p.describe(prop, id, query["include"])
		}
	}
	rep := p.reply(http.StatusOK, asJson(found))
	rep.Header["Pagination-Total-Results"] = strconv.Itoa(len(all))
	if from += len(ids); !query.Has("property_id") && from < len(all) {
		query.Set("from", strconv.Itoa(from))
		rep.Header["Link"] = fmt.Sprintf(`<http://%s%s?token=%s>; rel="next"; expires=%s`, r.Host, ContentName,
			base64.RawURLEncoding.EncodeToString([]byte(query.Encode())), now.Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000000000Z"))
	}
	return rep
}

// asToken is the query that a link to a further page stands for.
func asToken(token string, others url.Values) (url.Values, int, []errorDoc) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	query, err2 := url.ParseQuery(string(raw))
	from, err3 := strconv.Atoi(query.Get("from"))
	if err != nil || err2 != nil || err3 != nil || from < 0 || len(others) > 1 {
		return nil, 0, []errorDoc{asWrong("link.invalid", "Link is invalid. Follow it as it was given.", "token", token)}
	}
	query.Del("from")
	return query, from, nil
}

// inCountry are the partner's properties around the centres of a country's towns.
func (p *service) inCountry(country travel.Country) []int64 {
	p.World.TownsNear(0, 0) // so that they are there
	var towns []*world.Town
	for _, list := range p.World.Towns {
		for _, t := range list {
			if t.Country == country {
				towns = append(towns, t)
			}
		}
	}
	slices.SortFunc(towns, func(a, b *world.Town) int { return strings.Compare(string(a.Code), string(b.Code)) })
	var ids []int64
	for _, t := range towns {
		for _, prop := range p.World.Within(world.Circle{Lat: t.Lat, Lon: t.Lon, Km: 2}) {
			if p.Sells(world.StaysMarket, prop.ID) {
				ids = append(ids, p.CodeOf(prop))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// described is the property of a number. A replay makes up those of its recording, near
// where it was last asked for properties.
func (p *service) described(id int64) *world.Property {
	if !slices.Contains(p.recording, strconv.FormatInt(id, 10)) {
		if prop := p.Coded(id); prop != nil && p.Sells(world.StaysMarket, prop.ID) {
			return prop
		}
		return nil
	}
	p.mu.Lock()
	at := p.last
	p.mu.Unlock()
	return p.World.MadeUp(rng.RNG(id), at.Lat, at.Lon)
}

// includes are the parts that can be asked for by name, also those that the simulator's properties lack.
var includes = append(slices.Sorted(maps.Keys(fields)), "property_id", "property_ids", "catalog", "fax", "fees", "policies", "attributes",
	"rooms", "rates", "themes", "tax_id", "brand", "spoken_languages", "vacation_rental_details", "registry_number")

// fields are the parts of a property's content, each of which can be asked for by name.
var fields = map[string]func(p *service, prop *world.Property, d rng.RNG) any{
	"name": func(_ *service, prop *world.Property, d rng.RNG) any { return prop.NameBy(d.Str("name")) },
	"address": func(_ *service, prop *world.Property, d rng.RNG) any {
		return map[string]any{
			"line_1": prop.StreetBy(d), "city": prop.Town.Name,
			"postal_code": fmt.Sprintf("%05d", prop.ID.Str("postal").Roll(100000)), "country_code": string(prop.Town.Country), "obfuscation_required": false,
		}
	},
	"ratings": func(_ *service, prop *world.Property, d rng.RNG) any {
		stars := strconv.Itoa(prop.Stars) + ".0"
		if prop.Stars < 5 && d.Str("half").Chance(200) {
			stars = strconv.Itoa(prop.Stars) + ".5"
		}
		if d.Str("unrated").Chance(40) {
			stars = "0.0" // the vendor's word for no rating
		}
		guest := strconv.FormatFloat(float64(d.Str("guest").Between(28, 49))/10, 'f', 1, 64)
		return map[string]any{
			"property": map[string]string{"rating": stars, "type": "Star"},
			"guest": map[string]any{"count": d.Str("reviews").Between(3, 9000), "overall": guest, "cleanliness": guest, "service": guest, "comfort": guest,
				"recommendation_percent": "8" + strconv.Itoa(d.Roll(10)) + "%"},
		}
	},
	"location": func(_ *service, prop *world.Property, d rng.RNG) any {
		at := map[string]json.Number{ // partners place the same house up to some 60 m apart
			"latitude":  json.Number(world.Degrees(prop.Lat + (d.Str("lat").Unit()-0.5)*0.0008)),
			"longitude": json.Number(world.Degrees(prop.Lon + (d.Str("lon").Unit()-0.5)*0.0008)),
		}
		return map[string]any{"coordinates": at, "obfuscation_required": false}
	},
	"phone": func(_ *service, _ *world.Property, d rng.RNG) any {
		return fmt.Sprintf("+44-1632-960%03d", d.Str("phone").Roll(1000))
	},
	"category": func(*service, *world.Property, rng.RNG) any { return map[string]string{"id": "1", "name": "Hotel"} },
	"rank":     func(_ *service, _ *world.Property, d rng.RNG) any { return d.Str("rank").Between(1, 500000) },
	"business_model": func(*service, *world.Property, rng.RNG) any {
		return map[string]bool{"expedia_collect": true, "property_collect": true}
	},
	"checkin": func(*service, *world.Property, rng.RNG) any {
		return map[string]any{"begin_time": "3:00 PM", "end_time": "midnight", "min_age": 18}
	},
	"checkout": func(*service, *world.Property, rng.RNG) any { return map[string]string{"time": "11:00 AM"} },
	"amenities": func(*service, *world.Property, rng.RNG) any {
		return map[string]amenity{"2390": {"2390", "Free WiFi", nil}, "8": {"8", "Elevator", nil}}
	},
	"images": func(*service, *world.Property, rng.RNG) any { return []any{} },
	"onsite_payments": func(_ *service, prop *world.Property, _ rng.RNG) any {
		return map[string]any{"currency": string(localTo(prop)), "types": map[string]any{"171": map[string]string{"id": "171", "name": "American Express"}}}
	},
	"dates": func(*service, *world.Property, rng.RNG) any {
		return map[string]string{"added": "2012-07-19T05:00:00.000Z", "updated": "2025-03-22T07:23:14.000Z"}
	},
	"descriptions": func(_ *service, prop *world.Property, _ rng.RNG) any {
		return map[string]string{"headline": "In " + prop.Town.Name + " (" + world.ZoneNames[prop.District] + ")"}
	},
	"statistics": func(_ *service, _ *world.Property, d rng.RNG) any {
		n := strconv.Itoa(d.Str("rooms").Between(12, 400))
		return map[string]any{"52": map[string]string{"id": "52", "name": "Total number of rooms - " + n, "value": n}}
	},
	"airports": func(_ *service, prop *world.Property, _ rng.RNG) any {
		return map[string]any{"preferred": map[string]string{"iata_airport_code": string(prop.Town.Code)}}
	},
	"chain": func(_ *service, prop *world.Property, d rng.RNG) any {
		for i, name := range world.HotelChains {
			if strings.HasPrefix(prop.Name, name+" ") {
				return map[string]string{"id": strconv.Itoa(-5 - i), "name": name}
			}
		}
		return nil
	},
	"all_inclusive": func(_ *service, prop *world.Property, _ rng.RNG) any {
		boards := prop.Boards()
		some := slices.ContainsFunc(boards, func(b world.BoardType) bool { return b.Code == "AI" })
		return map[string]bool{"all_rate_plans": some && len(boards) == 1, "some_rate_plans": some && len(boards) > 1}
	},
	"multi_unit":                       func(*service, *world.Property, rng.RNG) any { return true },
	"payment_registration_recommended": func(*service, *world.Property, rng.RNG) any { return false },
	"supply_source":                    func(*service, *world.Property, rng.RNG) any { return "expedia" },
}

// catalog are the parts that a catalogue has.
var catalog = []string{"name", "address", "ratings", "location", "phone", "category", "rank", "business_model", "statistics", "multi_unit", "supply_source"}

// describe writes a property's content: all of it, or what was asked for.
func (p *service) describe(prop *world.Property, id int64, include []string) map[string]any {
	d := p.RNG.Num(int64(prop.ID))
	out := map[string]any{"property_id": strconv.FormatInt(id, 10)}
	for name, write := range fields {
		if len(include) == 0 || slices.Contains(include, name) || slices.Contains(include, "catalog") && slices.Contains(catalog, name) {
			if v := write(p, prop, d); v != nil {
				out[name] = v
			}
		}
	}
	return out
}
