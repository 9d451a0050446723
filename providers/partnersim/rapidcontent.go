package partnersim

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

	"fanfare/providers/travel"
)

// rapidPage is how many properties a page of content has, if they are not named.
const rapidPage = 250

// content answers what properties are: those that are named at once, those of a country page by page.
func (p *rapid) content(r *http.Request, now time.Time) reply {
	query := r.URL.Query()
	from := 0
	if token := query.Get("token"); token != "" { // the vendor's own link to a further page
		var wrongs []rapidError
		if query, from, wrongs = rapidToken(token, query); len(wrongs) > 0 {
			return p.wrong(wrongs...)
		}
	}
	q := &rapidRead{query: query, values: map[string][]string{"supply_source": {"expedia"}, "include": rapidIncludes}}
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
		ids = all[min(from, len(all)):min(from+rapidPage, len(all))]
	}
	found := map[string]map[string]any{}
	for _, id := range ids {
		if prop := p.described(id); prop != nil {
			found[strconv.FormatInt(id, 10)] = p.describe(prop, id, query["include"])
		}
	}
	rep := p.reply(http.StatusOK, rapidJSON(found))
	rep.header["Pagination-Total-Results"] = strconv.Itoa(len(all))
	if from += len(ids); !query.Has("property_id") && from < len(all) {
		query.Set("from", strconv.Itoa(from))
		rep.header["Link"] = fmt.Sprintf(`<http://%s%s?token=%s>; rel="next"; expires=%s`, r.Host, rapidContent,
			base64.RawURLEncoding.EncodeToString([]byte(query.Encode())), now.Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000000000Z"))
	}
	return rep
}

// rapidToken is the query that a link to a further page stands for.
func rapidToken(token string, beside url.Values) (url.Values, int, []rapidError) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	query, err2 := url.ParseQuery(string(raw))
	from, err3 := strconv.Atoi(query.Get("from"))
	if err != nil || err2 != nil || err3 != nil || from < 0 || len(beside) > 1 {
		return nil, 0, []rapidError{rapidWrong("link.invalid", "Link is invalid. Follow it as it was given.", "token", token)}
	}
	query.Del("from")
	return query, from, nil
}

// inCountry are the partner's properties around the centres of a country's towns.
func (p *rapid) inCountry(country travel.Country) []int64 {
	p.w.townsNear(0, 0) // so that they are there
	var towns []*town
	for _, list := range p.w.towns {
		for _, t := range list {
			if t.country == country {
				towns = append(towns, t)
			}
		}
	}
	slices.SortFunc(towns, func(a, b *town) int { return strings.Compare(string(a.code), string(b.code)) })
	var ids []int64
	for _, t := range towns {
		for _, prop := range p.w.within(circle{t.lat, t.lon, 2}) {
			if p.sells(staysMarket, prop.id) {
				ids = append(ids, p.codeOf(prop))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// described is the property of a number. A replay makes up those of its recording, near
// where it was last asked for properties.
func (p *rapid) described(id int64) *property {
	if !slices.Contains(p.recording, strconv.FormatInt(id, 10)) {
		if prop := p.coded(id); prop != nil && p.sells(staysMarket, prop.id) {
			return prop
		}
		return nil
	}
	p.mu.Lock()
	at := p.last
	p.mu.Unlock()
	return p.w.madeUp(dice(id), at.lat, at.lon)
}

// rapidIncludes are the parts that can be asked for by name, also those that the simulator's properties lack.
var rapidIncludes = append(slices.Sorted(maps.Keys(rapidFields)), "property_id", "property_ids", "catalog", "fax", "fees", "policies", "attributes",
	"rooms", "rates", "themes", "tax_id", "brand", "spoken_languages", "vacation_rental_details", "registry_number")

// rapidFields are the parts of a property's content, each of which can be asked for by name.
var rapidFields = map[string]func(p *rapid, prop *property, d dice) any{
	"name": func(_ *rapid, prop *property, d dice) any { return prop.nameBy(d.str("name")) },
	"address": func(_ *rapid, prop *property, d dice) any {
		return map[string]any{
			"line_1": prop.streetBy(d), "city": prop.town.name,
			"postal_code": fmt.Sprintf("%05d", prop.id.str("postal").roll(100000)), "country_code": string(prop.town.country), "obfuscation_required": false,
		}
	},
	"ratings": func(_ *rapid, prop *property, d dice) any {
		stars := strconv.Itoa(prop.stars) + ".0"
		if prop.stars < 5 && d.str("half").chance(200) {
			stars = strconv.Itoa(prop.stars) + ".5"
		}
		if d.str("unrated").chance(40) {
			stars = "0.0" // the vendor's word for no rating
		}
		guest := strconv.FormatFloat(float64(d.str("guest").between(28, 49))/10, 'f', 1, 64)
		return map[string]any{
			"property": map[string]string{"rating": stars, "type": "Star"},
			"guest": map[string]any{"count": d.str("reviews").between(3, 9000), "overall": guest, "cleanliness": guest, "service": guest, "comfort": guest,
				"recommendation_percent": "8" + strconv.Itoa(d.roll(10)) + "%"},
		}
	},
	"location": func(_ *rapid, prop *property, d dice) any {
		at := map[string]json.Number{ // partners place the same house up to some 60 m apart
			"latitude":  json.Number(degrees(prop.lat + (d.str("lat").unit()-0.5)*0.0008)),
			"longitude": json.Number(degrees(prop.lon + (d.str("lon").unit()-0.5)*0.0008)),
		}
		return map[string]any{"coordinates": at, "obfuscation_required": false}
	},
	"phone": func(_ *rapid, _ *property, d dice) any {
		return fmt.Sprintf("+44-1632-960%03d", d.str("phone").roll(1000))
	},
	"category": func(*rapid, *property, dice) any { return map[string]string{"id": "1", "name": "Hotel"} },
	"rank":     func(_ *rapid, _ *property, d dice) any { return d.str("rank").between(1, 500000) },
	"business_model": func(*rapid, *property, dice) any {
		return map[string]bool{"expedia_collect": true, "property_collect": true}
	},
	"checkin": func(*rapid, *property, dice) any {
		return map[string]any{"begin_time": "3:00 PM", "end_time": "midnight", "min_age": 18}
	},
	"checkout": func(*rapid, *property, dice) any { return map[string]string{"time": "11:00 AM"} },
	"amenities": func(*rapid, *property, dice) any {
		return map[string]rapidAmenity{"2390": {"2390", "Free WiFi", nil}, "8": {"8", "Elevator", nil}}
	},
	"images": func(*rapid, *property, dice) any { return []any{} },
	"onsite_payments": func(_ *rapid, prop *property, _ dice) any {
		return map[string]any{"currency": string(localTo(prop)), "types": map[string]any{"171": map[string]string{"id": "171", "name": "American Express"}}}
	},
	"dates": func(*rapid, *property, dice) any {
		return map[string]string{"added": "2012-07-19T05:00:00.000Z", "updated": "2025-03-22T07:23:14.000Z"}
	},
	"descriptions": func(_ *rapid, prop *property, _ dice) any {
		return map[string]string{"headline": "In " + prop.town.name + " (" + zoneNames[prop.district] + ")"}
	},
	"statistics": func(_ *rapid, _ *property, d dice) any {
		n := strconv.Itoa(d.str("rooms").between(12, 400))
		return map[string]any{"52": map[string]string{"id": "52", "name": "Total number of rooms - " + n, "value": n}}
	},
	"airports": func(_ *rapid, prop *property, _ dice) any {
		return map[string]any{"preferred": map[string]string{"iata_airport_code": string(prop.town.code)}}
	},
	"chain": func(_ *rapid, prop *property, d dice) any {
		for i, name := range hotelChains {
			if strings.HasPrefix(prop.name, name+" ") {
				return map[string]string{"id": strconv.Itoa(-5 - i), "name": name}
			}
		}
		return nil
	},
	"all_inclusive": func(_ *rapid, prop *property, _ dice) any {
		boards := prop.boards()
		some := slices.ContainsFunc(boards, func(b boardType) bool { return b.code == "AI" })
		return map[string]bool{"all_rate_plans": some && len(boards) == 1, "some_rate_plans": some && len(boards) > 1}
	},
	"multi_unit":                       func(*rapid, *property, dice) any { return true },
	"payment_registration_recommended": func(*rapid, *property, dice) any { return false },
	"supply_source":                    func(*rapid, *property, dice) any { return "expedia" },
}

// rapidCatalog are the parts that a catalogue has.
var rapidCatalog = []string{"name", "address", "ratings", "location", "phone", "category", "rank", "business_model", "statistics", "multi_unit", "supply_source"}

// describe writes a property's content: all of it, or what was asked for.
func (p *rapid) describe(prop *property, id int64, include []string) map[string]any {
	d := p.dice.num(int64(prop.id))
	out := map[string]any{"property_id": strconv.FormatInt(id, 10)}
	for name, write := range rapidFields {
		if len(include) == 0 || slices.Contains(include, name) || slices.Contains(include, "catalog") && slices.Contains(rapidCatalog, name) {
			if v := write(p, prop, d); v != nil {
				out[name] = v
			}
		}
	}
	return out
}
