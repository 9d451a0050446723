package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wrong is one way to be wrong: what is asked, which field must be complained about,
// and words of what would be right.
type wrong struct{ name, ask, field, says string }

// with is a one-shot with parameters replaced; an empty value stays empty, "-" is left out.
func with(base string, parameters ...string) string {
	path, query, _ := strings.Cut(base, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
		if parameters[i+1] == "-" {
			values.Del(parameters[i])
		}
	}
	return path + "?" + values.Encode()
}

func TestWrongParameters(t *testing.T) {
	f := func(parameters ...string) string { return with(oneWay, parameters...) }
	h := func(parameters ...string) string { return with(hotelStay, parameters...) }
	cases := []wrong{
		{"unknown airport", f("origin", "LHX"), "origin", "did you mean"},
		{"unknown airport on a return", f("origin", "LHX", "return_date", "2000-03-05"), "origin", "did you mean"},
		{"no airport", f("origin", "London Heathrow"), "origin", "LHR"},
		{"missing origin", f("origin", "-"), "origin", "missing"},
		{"past", f("date", "1999-12-31"), "date", "2000-01-01"},
		{"too far ahead", f("date", "2001-01-01"), "date", "2000-12-31"},
		{"no date", f("date", "2000-02-30"), "date", "2027-03-01"},
		{"date of another form", f("date", "01.03.2000"), "date", "2027-03-01"},
		{"return before departure", f("return_date", "2000-02-29"), "return_date", "date order"},
		{"0 adults", f("adults", "0"), "adults", "1 to 9"},
		{"10 adults", f("adults", "10"), "adults", "1 to 9"},
		{"10 travellers", f("adults", "8", "child_ages", "5,6"), "adults", "1 to 9"},
		{"half an adult", f("adults", "1.5"), "adults", "whole number"},
		{"adults with a leading zero", f("adults", "01"), "adults", "whole number"},
		{"adults with a plus", f("adults", "+1"), "adults", "whole number"},
		{"adults in other digits", f("adults", "\u0661"), "adults", "whole number"},
		{"minus no laps", f("infants_lap", "-0"), "infants_lap", "whole number"},
		{"age with a leading zero", f("child_ages", "07"), "child_ages", "ages"},
		{"market with a long s", f("market", "U\u017f"), "market", "ISO 3166"},
		{"currency with a long s", f("currency", "U\u017fD"), "currency", "ISO 4217"},
		{"wait with a leading zero", f("wait", "08s"), "wait", "8s"},
		{"price with a leading zero", f("max_price", "0100"), "max_price", "amount"},
		{"price without digits behind its point", f("max_price", "100."), "max_price", "amount"},
		{"value of time with a plus", f("value_of_time", "+20"), "value_of_time", "0 to 1000"},
		{"more laps than adults", f("adults", "1", "infants_lap", "2"), "infants_lap", "one an adult"},
		{"infants without adults", f("adults", "0", "infants_lap", "1"), "adults", "1 to 9"},
		{"child of 1", f("child_ages", "1"), "child_ages", "2 to 17"},
		{"child of 18", f("child_ages", "7,18"), "child_ages", "2 to 17"},
		{"child of no age", f("child_ages", "seven"), "child_ages", "ages"},
		{"same airport", f("destination", "LHR"), "destination", "differ"},
		{"airport to its own area", f("destination", "LON"), "destination", "differ"},
		{"area to its own airport, and back", f("origin", "LON", "destination", "LHR", "return_date", "2000-03-05"), "destination", "differ"},
		{"cabin", f("cabin", "steerage"), "cabin", "premium_economy"},
		{"market", f("market", "XX"), "market", "ISO 3166"},
		{"currency", f("currency", "QQQ"), "currency", "ISO 4217"},
		{"currency without rate", f("currency", "KPW"), "currency", "rate"},
		{"unknown parameter", f("adult", "2"), "adult", "adults"},
		{"parameter of the other product", f("rooms", "2"), "rooms", "unknown"},
		{"repeated", oneWay + "&adults=1&adults=1", "adults", "once"},
		{"empty", oneWay + "&adults=", "adults", "empty"},
		{"blank", oneWay + "&cabin=%20", "cabin", "empty"},
		{"semicolon", oneWay + ";adults=2", "query", "well-formed"},
		{"invalid escape", oneWay + "&cabin=%zz", "query", "well-formed"},
		{"wait beyond the most", f("wait", "31s"), "wait", "30s"},
		{"wait below zero", f("wait", "-1s"), "wait", "0s"},
		{"wait without unit", f("wait", "5"), "wait", "8s"},
		{"limit 0", f("limit", "0"), "limit", "1 to 200"},
		{"limit 201", f("limit", "201"), "limit", "1 to 200"},
		{"sort", f("sort", "kindest"), "sort", "cheapest"},
		{"stops", f("max_stops", "-1"), "max_stops", "0 to 9"},
		{"value of time", f("value_of_time", "1e3"), "value_of_time", "0 to 1000"},
		{"flag", f("cabin_bag", "yes"), "cabin_bag", "0 or 1"},
		{"carrier", f("carriers", "British Airways"), "carriers", "airline codes"},
		{"via", f("via", "KEFX"), "via", "airport codes"},
		{"window", f("depart_between", "6-12"), "depart_between", "06:00-12:00"},
		{"window of no day", f("arrive_between", "06:00-25:00"), "arrive_between", "18:00"},
		{"max_price of nothing", f("max_price", "0"), "max_price", "above zero"},
		{"max_price below zero", f("max_price", "-5"), "max_price", "amount"},
		{"max_price finer than the currency", f("max_price", "100.5", "currency", "JPY"), "max_price", "0 decimals"},
		{"max_price out of range", f("max_price", "99999999999999"), "max_price", "amount"},
		{"cursor", f("cursor", "AAAA"), "cursor", "cursor"},
		{"offers in a one-shot", f("offers", "all"), "offers", "unknown"},

		{"31 nights", h("check_out", "2000-04-01"), "check_out", "1 to 30"},
		{"0 nights", h("check_out", "2000-03-01"), "check_out", "1 to 30"},
		{"nights backwards", h("check_out", "2000-02-28"), "check_out", "1 to 30"},
		{"past stay", h("check_in", "1999-12-31", "check_out", "2000-01-02"), "check_in", "2000-01-01"},
		{"10 rooms", h("rooms", "1,1,1,1,1,1,1,1,1,1"), "rooms", "1 to 9"},
		{"10 adults in a room", h("rooms", "10"), "rooms", "1 to 9"},
		{"no adult in a room", h("rooms", "2,0-7"), "rooms", "1 to 9"},
		{"child of 18 in a room", h("rooms", "2-18"), "rooms", "0 to 17"},
		{"rooms of another form", h("rooms", "2+1"), "rooms", "2,1-7-9"},
		{"empty room", h("rooms", "2,"), "rooms", "2,1-7-9"},
		{"room with a leading zero", h("rooms", "02"), "rooms", "2,1-7-9"},
		{"age in a room with a leading zero", h("rooms", "2-07"), "rooms", "2,1-7-9"},
		{"lat without digits before its point", h("destination", "-", "lat", ".5", "lon", "2.3", "radius_km", "5"), "lat", "-90 to 90"},
		{"unknown place", h("destination", "Pariss"), "destination", "did you mean"},
		{"no place", h("destination", "-"), "destination", "missing"},
		{"place and circle", h("lat", "48.8", "lon", "2.3", "radius_km", "5"), "destination", "either"},
		{"circle without radius", h("destination", "-", "lat", "48.8", "lon", "2.3"), "radius_km", "together"},
		{"circle without lon", h("destination", "-", "lat", "48.8", "radius_km", "2"), "lon", "together"},
		{"radius 51", h("destination", "-", "lat", "48.8", "lon", "2.3", "radius_km", "51"), "radius_km", "1 to 50"},
		{"radius 0", h("destination", "-", "lat", "48.8", "lon", "2.3", "radius_km", "0"), "radius_km", "1 to 50"},
		{"lat 91", h("destination", "-", "lat", "91", "lon", "2.3", "radius_km", "5"), "lat", "-90 to 90"},
		{"lon -181", h("destination", "-", "lat", "48", "lon", "-181", "radius_km", "5"), "lon", "-180 to 180"},
		{"lat NaN", h("destination", "-", "lat", "NaN", "lon", "2.3", "radius_km", "5"), "lat", "-90 to 90"},
		{"stars", h("min_stars", "6"), "min_stars", "0 to 5"},
		{"board", h("board", "breakfast"), "board", "bed_and_breakfast"},
		{"box", h("bbox", "48,2,49"), "bbox", "south,west,north,east"},
		{"box upside down", h("bbox", "49,2,48,3"), "bbox", "south,west,north,east"},
		{"name too long", h("name", strings.Repeat("x", 81)), "name", "80"},

		{"places without text", "/v1/places", "q", "missing"},
		{"places limit", "/v1/places?q=lon&limit=51", "limit", "1 to 50"},
		{"parameter of a POST's path", flightPath + "/x?after=-1", "after", "0 to 9007199254740992"},
		{"health takes none", "/healthz?x=1", "x", "none"},
	}
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		for _, c := range cases {
			b.complains(c, b.get(c.ask))
		}
		if n := b.calls(); n != 0 {
			t.Errorf("partners were asked %d times", n)
		}
	})
}

// complains asserts a 400 that blames exactly one field, and says what is right.
func (b *bench) complains(c wrong, a *answer) {
	b.t.Helper()
	if a.Code != http.StatusBadRequest {
		b.t.Errorf("%s: %s = %d, want 400: %s", c.name, c.ask, a.Code, a.body)
		return
	}
	p := a.problem(http.StatusBadRequest)
	if len(p.Errors) != 1 || p.Errors[0].Field != c.field || !strings.Contains(p.Errors[0].Message, c.says) {
		b.t.Errorf("%s: %s: errors = %+v, want one of %s with %q", c.name, c.ask, p.Errors, c.field, c.says)
	}
}

const goodSlice = `{"origin":"LHR","destination":"JFK","date":"2000-03-01"}`

// flying is a flight body with one field of the top replaced or added.
func flying(field, value string) string  { return replaced(flightBody, field, value) }
func staying(field, value string) string { return replaced(stayBody, field, value) }

// replaced works on the text, so that values may be no JSON at all.
func replaced(body, field, value string) string {
	fields := map[string]string{
		flightBody: `"slices":[` + goodSlice + `]`,
		stayBody:   `"destination":{"place":"PAR"};"check_in":"2000-03-01";"check_out":"2000-03-04"`,
	}[body]
	kept := slices.DeleteFunc(strings.Split(fields, ";"), func(f string) bool { return strings.HasPrefix(f, `"`+field+`":`) })
	if value != "" {
		kept = append(kept, `"`+field+`":`+value)
	}
	return "{" + strings.Join(kept, ",") + "}"
}

func passengers(value string) string { return flying("passengers", value) }

func slice(origin, destination, date string) string {
	return flying("slices", `[{"origin":`+origin+`,"destination":`+destination+`,"date":`+date+`}]`)
}

func manySlices(n int) string {
	return flying("slices", "["+strings.TrimSuffix(strings.Repeat(goodSlice+",", n), ",")+"]")
}

func TestWrongFlightBodies(t *testing.T) {
	cases := []wrong{
		{"unknown airport", slice(`"LHX"`, `"JFK"`, `"2000-03-01"`), "slices[0].origin", "did you mean"},
		{"missing airport", flying("slices", `[{"destination":"JFK","date":"2000-03-01"}]`), "slices[0].origin", "missing"},
		{"null airport", slice(`null`, `"JFK"`, `"2000-03-01"`), "slices[0].origin", "missing"},
		{"same airport", slice(`"LHR"`, `"LHR"`, `"2000-03-01"`), "slices[0].destination", "differ"},
		{"airport to its area", slice(`"LHR"`, `"LON"`, `"2000-03-01"`), "slices[0].destination", "differ"},
		{"past", slice(`"LHR"`, `"JFK"`, `"1999-12-31"`), "slices[0].date", "2000-01-01"},
		{"too far", slice(`"LHR"`, `"JFK"`, `"2001-01-01"`), "slices[0].date", "2000-12-31"},
		{"no day", slice(`"LHR"`, `"JFK"`, `"2000-02-30"`), "slices[0].date", "2027-03-01"},
		{"day as a number", slice(`"LHR"`, `"JFK"`, `20000301`), "slices[0].date", "a number"},
		{"airport as a number", slice(`1`, `"JFK"`, `"2000-03-01"`), "slices[0].origin", "a text"},
		{"airport as a list", slice(`["LHR"]`, `"JFK"`, `"2000-03-01"`), "slices[0].origin", "a text"},
		{"airport of 101 bytes", slice(`"`+strings.Repeat("L", 101)+`"`, `"JFK"`, `"2000-03-01"`), "slices[0].origin", "100"},
		{"return before departure", flying("slices", `[`+goodSlice+`,{"origin":"JFK","destination":"LHR","date":"2000-02-29"}]`), "slices[1].date", "date order"},
		{"7 slices", manySlices(7), "slices", "1 to 6"},
		{"51 slices", manySlices(51), "slices", "at most"},
		{"0 slices", flying("slices", `[]`), "slices", "1 to 6"},
		{"no slices", `{}`, "slices", "1 to 6"},
		{"null slices", flying("slices", `null`), "slices", "1 to 6"},
		{"slices as an object", flying("slices", goodSlice), "slices", "a list"},
		{"slice as a text", flying("slices", `["LHR-JFK"]`), "slices[0]", "an object"},
		{"null slice", flying("slices", `[null]`), "slices[0]", "an object"},
		{"unknown field of a slice", flying("slices", `[{"origin":"LHR","destination":"JFK","date":"2000-03-01","dates":"x"}]`), "slices[0].dates", "did you mean date"},
		{"0 adults", passengers(`{"adults":0}`), "passengers.adults", "1 to 9"},
		{"10 adults", passengers(`{"adults":10}`), "passengers", "1 to 9"},
		{"-1 adults", passengers(`{"adults":-1}`), "passengers.adults", "at least 1"},
		{"huge adults", passengers(`{"adults":99999999999999999999}`), "passengers.adults", "whole number"},
		{"adults as text", passengers(`{"adults":"2"}`), "passengers.adults", "whole number"},
		{"half an adult", passengers(`{"adults":1.5}`), "passengers.adults", "whole number"},
		{"true adults", passengers(`{"adults":true}`), "passengers.adults", "whole number"},
		{"10 travellers", passengers(`{"adults":7,"child_ages":[3],"infants_seat":2}`), "passengers", "1 to 9"},
		{"children alone", passengers(`{"adults":0,"child_ages":[12]}`), "passengers.adults", "at least 1"},
		{"more laps than adults", passengers(`{"adults":1,"infants_lap":2}`), "passengers.infants_lap", "one an adult"},
		{"-1 laps", passengers(`{"infants_lap":-1}`), "passengers.infants_lap", "one an adult"},
		{"-1 seats", passengers(`{"infants_seat":-1}`), "passengers.infants_seat", "0 or more"},
		{"child of 1", passengers(`{"child_ages":[1]}`), "passengers.child_ages[0]", "2 to 17"},
		{"child of 18", passengers(`{"child_ages":[18]}`), "passengers.child_ages[0]", "2 to 17"},
		{"second child of 1", passengers(`{"child_ages":[7,1]}`), "passengers.child_ages[1]", "2 to 17"},
		{"ages as text", passengers(`{"child_ages":"7,9"}`), "passengers.child_ages", "a list"},
		{"age as text", passengers(`{"child_ages":["7"]}`), "passengers.child_ages[0]", "whole number"},
		{"null age", passengers(`{"child_ages":[null]}`), "passengers.child_ages[0]", "whole number"},
		{"passengers as a number", passengers(`2`), "passengers", "an object"},
		{"unknown passenger field", passengers(`{"adult":2}`), "passengers.adult", "did you mean adults"},
		{"cabin", flying("cabin", `"steerage"`), "cabin", "premium_economy"},
		{"cabin as a number", flying("cabin", `1`), "cabin", "a text"},
		{"market", flying("market", `"XX"`), "market", "ISO 3166"},
		{"market as a list", flying("market", `["GB"]`), "market", "a text"},
		{"unknown field", flying("infants", `1`), "infants", "unknown"},
		{"field in capitals", flying("Slices", `[]`), "Slices", "unknown"},
		{"prototype", flying("__proto__", `{}`), "__proto__", "unknown"},
		{"cursor", flying("cursor", `"x"`), "cursor", "unknown"},
		{"wait", flying("wait", `"8s"`), "wait", "unknown"},
		{"currency", flying("currency", `"QQQ"`), "currency", "ISO 4217"},
		{"currency without rate", flying("currency", `"KPW"`), "currency", "rate"},
		{"currency as a number", flying("currency", `5`), "currency", "a text"},
		{"limit 0", flying("limit", `0`), "limit", "1 to 200"},
		{"limit true", flying("limit", `true`), "limit", "whole number"},
		{"limit 1e1", flying("limit", `1e1`), "limit", "whole number"},
		{"limit as a list", flying("limit", `[1]`), "limit", "whole number"},
		{"flag 2", flying("strict", `2`), "strict", "0 or 1"},
		{"flag yes", flying("strict", `"yes"`), "strict", "0 or 1"},
		{"sort", flying("sort", `"kindest"`), "sort", "cheapest"},
		{"sort as a flag", flying("sort", `true`), "sort", "a text"},
		{"empty list", flying("carriers", `[]`), "carriers", "empty"},
		{"list of numbers", flying("carriers", `[1]`), "carriers", "texts"},
		{"list of joined texts", flying("carriers", `["BA,AA"]`), "carriers", "texts"},
		{"list as an object", flying("carriers", `{}`), "carriers", "texts"},
		{"max_price", flying("max_price", `-1`), "max_price", "amount"},
		{"max_price as an object", flying("max_price", `{"amount":"1","currency":"GBP"}`), "max_price", "number"},
		{"window", flying("depart_between", `"6-12"`), "depart_between", "06:00"},
		{"empty text", flying("via", `""`), "via", "empty"},
		{"broken", `{"slices":[`, "body", "ends too early"},
		{"nothing", ``, "body", "ends too early"},
		{"trailing garbage", flightBody + `x`, "body", "follows"},
		{"two documents", flightBody + flightBody, "body", "follows"},
		{"key twice", `{"market":"GB","market":"DE"}`, "body", "twice"},
		{"key twice, escaped", `{"market":"GB","m\u0061rket":"DE"}`, "body", "twice"},
		{"key twice, deep", slice(`"LHR","origin":"LGW"`, `"JFK"`, `"2000-03-01"`), "body", "twice"},
		{"a list", `[` + flightBody + `]`, "body", "an object"},
		{"a text", `"LHR"`, "body", "an object"},
		{"null", `null`, "body", "an object"},
		{"deep", strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40), "body", "deeply"},
		{"deep lists", strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000), "body", "deeply"},
		{"single quotes", `{'slices':[]}`, "body", "not JSON"},
		{"comment", `{/* */}`, "body", "not JSON"},
		{"trailing comma", `{"market":"GB",}`, "body", "not JSON"},
		{"not UTF-8", "{\"market\":\"\xff\"}", "body", "UTF-8"},
	}
	wrongBodies(t, flightPath, cases)
}

func TestWrongStayBodies(t *testing.T) {
	cases := []wrong{
		{"31 nights", staying("check_out", `"2000-04-01"`), "check_out", "1 to 30"},
		{"0 nights", staying("check_out", `"2000-03-01"`), "check_out", "1 to 30"},
		{"no check_in", staying("check_in", ``), "check_in", "missing"},
		{"check_in as a text", staying("check_in", `"soon"`), "check_in", "2027-03-01"},
		{"check_in as a number", staying("check_in", `1`), "check_in", "a number"},
		{"no check_out", staying("check_out", ``), "check_out", "missing"},
		{"past", strings.NewReplacer("2000-03-01", "1999-12-31", "2000-03-04", "2000-01-02").Replace(stayBody), "check_in", "2000-01-01"},
		{"0 rooms", staying("rooms", `[]`), "rooms", "1 to 9"},
		{"10 rooms", staying("rooms", `[`+strings.TrimSuffix(strings.Repeat(`{"adults":1},`, 10), ",")+`]`), "rooms", "1 to 9"},
		{"10 adults", staying("rooms", `[{"adults":10}]`), "rooms[0].adults", "1 to 9"},
		{"no adults", staying("rooms", `[{"child_ages":[3]}]`), "rooms[0].adults", "1 to 9"},
		{"child of 18", staying("rooms", `[{"adults":2},{"adults":1,"child_ages":[18]}]`), "rooms[1].child_ages[0]", "0 to 17"},
		{"child of -1", staying("rooms", `[{"adults":1,"child_ages":[-1]}]`), "rooms[0].child_ages[0]", "0 to 17"},
		{"rooms as a text", staying("rooms", `"2,1-7"`), "rooms", "a list"},
		{"room as a number", staying("rooms", `[2]`), "rooms[0]", "an object"},
		{"unknown place", staying("destination", `{"place":"Pariss"}`), "destination.place", "did you mean"},
		{"empty place", staying("destination", `{"place":""}`), "destination", "empty"},
		{"no place", staying("destination", ``), "destination", "missing"},
		{"null place", staying("destination", `null`), "destination", "missing"},
		{"nothing in it", staying("destination", `{}`), "destination", "a place"},
		{"place as a text", staying("destination", `"PAR"`), "destination", "an object"},
		{"place and circle", staying("destination", `{"place":"PAR","lat":1,"lon":1,"radius_km":1}`), "destination", "either"},
		{"no radius", staying("destination", `{"lat":1,"lon":1}`), "destination.radius_km", "together"},
		{"no lon", staying("destination", `{"lat":1,"radius_km":1}`), "destination.lon", "together"},
		{"radius 51", staying("destination", `{"lat":1,"lon":1,"radius_km":51}`), "destination.radius_km", "1 to 50"},
		{"radius 1.5", staying("destination", `{"lat":1,"lon":1,"radius_km":1.5}`), "destination.radius_km", "whole number"},
		{"lat 91", staying("destination", `{"lat":91,"lon":1,"radius_km":1}`), "destination.lat", "-90 to 90"},
		{"lat 1e400", staying("destination", `{"lat":1e400,"lon":1,"radius_km":1}`), "destination.lat", "a number"},
		{"lat as text", staying("destination", `{"lat":"1","lon":1,"radius_km":1}`), "destination.lat", "a number"},
		{"slices", staying("slices", `[]`), "slices", "unknown"},
		{"stars", staying("min_stars", `6`), "min_stars", "0 to 5"},
		{"board", staying("board", `["breakfast"]`), "board", "bed_and_breakfast"},
		{"box of three", staying("bbox", `[1,2,3]`), "bbox", "south"},
		{"box of texts", staying("bbox", `["1","2","3","4"]`), "bbox", "four numbers"},
	}
	wrongBodies(t, stayPath, cases)
}

func wrongBodies(t *testing.T, path string, cases []wrong) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		for _, c := range cases {
			b.complains(c, b.post(path, c.ask))
		}
		if n := b.calls(); n != 0 {
			t.Errorf("partners were asked %d times", n)
		}
	})
}

func TestAllComplaintsAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig)
		p := b.post(flightPath, `{"slices":[{"origin":"LHX","destination":"JFK","date":"1999-01-01"}],"cabin":"x","limit":0,"colour":1}`).problem(400)
		got := map[string]bool{}
		for _, e := range p.Errors {
			got[e.Field] = true
		}
		for _, field := range []string{"slices[0].origin", "slices[0].date", "cabin", "limit", "colour"} {
			if !got[field] {
				t.Errorf("no complaint about %s in %v", field, slices.Sorted(maps.Keys(got)))
			}
		}
	})
}

func TestComplaintsAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig)
		var body strings.Builder
		body.WriteString(`{"x":1`)
		for i := range 5000 {
			body.WriteString(`,"k` + strconv.Itoa(i) + `":1`)
		}
		body.WriteString(`}`)
		a := b.post(flightPath, body.String()).want(400)
		if a.Body.Len() > body.Len() {
			t.Errorf("answer of %d bytes to a body of %d", a.Body.Len(), body.Len())
		}
	})
}

// TestRefusals is everything that is refused besides fields.
func TestRefusals(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		held := b.get(oneWay).want(200).view()
		before := b.calls()
		cases := []struct {
			name    string
			request *http.Request
			status  int
			kind    string
		}{
			{"no such path", request("GET", "/v2/flights", ""), 404, "urn:fanfare:not-found"},
			{"trailing slash", request("GET", "/v1/flights/", ""), 404, "urn:fanfare:not-found"},
			{"empty id", request("GET", flightPath+"/", ""), 404, "urn:fanfare:not-found"},
			{"slash in an id", request("GET", flightPath+"/a%2Fb", ""), 404, "urn:fanfare:not-found"},
			{"dots", request("GET", "/v1/../v1/flights", ""), 404, "urn:fanfare:not-found"},
			{"unknown search", request("GET", flightPath+"/abc", ""), 404, "urn:fanfare:search-unknown"},
			{"search of the other product", request("GET", stayPath+"/"+held.ID, ""), 404, "urn:fanfare:search-unknown"},
			{"events of an unknown search", request("GET", flightPath+"/abc/events", ""), 404, "urn:fanfare:search-unknown"},
			{"POST of a one-shot", request("POST", "/v1/flights", "{}"), 405, "urn:fanfare:method-not-allowed"},
			{"DELETE", request("DELETE", flightPath+"/"+held.ID, ""), 405, "urn:fanfare:method-not-allowed"},
			{"HEAD", request("HEAD", oneWay, ""), 405, "urn:fanfare:method-not-allowed"},
			{"OPTIONS", request("OPTIONS", oneWay, ""), 405, "urn:fanfare:method-not-allowed"},
			{"GET of creation", request("GET", flightPath, ""), 405, "urn:fanfare:method-not-allowed"},
			{"TRACE", request("TRACE", oneWay, ""), 405, "urn:fanfare:method-not-allowed"},
			{"no media type", request("POST", flightPath, flightBody), 415, "urn:fanfare:unsupported-media-type"},
			{"a form", request("POST", flightPath, flightBody, "Content-Type", "application/x-www-form-urlencoded"), 415, "urn:fanfare:unsupported-media-type"},
			{"XML", request("POST", flightPath, "<x/>", "Content-Type", "application/xml"), 415, "urn:fanfare:unsupported-media-type"},
			{"gzip", request("POST", flightPath, flightBody, "Content-Type", "application/json", "Content-Encoding", "gzip"), 415, "urn:fanfare:unsupported-media-type"},
			{"too large", request("POST", flightPath, strings.Repeat(" ", 64<<10+1), "Content-Type", "application/json"), 413, "urn:fanfare:body-too-large"},
			{"too large, 20 MiB", request("POST", stayPath, strings.Repeat("[", 20<<20), "Content-Type", "application/json"), 413, "urn:fanfare:body-too-large"},
			{"long URL", request("GET", oneWay+"&cursor="+strings.Repeat("x", 4096), ""), 414, "urn:fanfare:url-too-long"},
			{"10,000 parameters", request("GET", oneWay+strings.Repeat("&a=1", 10000), ""), 414, "urn:fanfare:url-too-long"},
			{"long path", request("GET", "/"+strings.Repeat("x", 5000), ""), 414, "urn:fanfare:url-too-long"},
			{"parameter of a POST", request("POST", flightPath+"?limit=5", flightBody, "Content-Type", "application/json"), 400, "urn:fanfare:invalid-request"},
		}
		for _, c := range cases {
			a := b.do(c.request)
			if a.Code != c.status {
				t.Errorf("%s = %d, want %d: %.200s", c.name, a.Code, c.status, a.body)
				continue
			}
			if p := a.problem(c.status); p.Type != c.kind {
				t.Errorf("%s: type = %s, want %s", c.name, p.Type, c.kind)
			}
			if c.status == 405 && a.Header().Get("Allow") == "" {
				t.Errorf("%s: no Allow", c.name)
			}
		}
		if b.calls() != before {
			t.Error("a refused request asked partners")
		}
	})
}

// TestTolerated is what is accepted on purpose.
func TestTolerated(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		b.post(flightPath, flightBody, "Content-Type", "application/json; charset=utf-8").want(201)
		for _, body := range []string{
			flying("limit", `5`), flying("limit", `"5"`), flying("strict", `true`), flying("strict", `1`), flying("strict", `"1"`),
			flying("carriers", `["ba","AA"]`), flying("carriers", `"BA,AA"`), flying("max_price", `500.5`), flying("max_price", `"500"`),
			flying("value_of_time", `0`), flying("depart_between", `"22:00-24:00"`), flying("currency", `" gbp "`), flying("sort", `null`),
		} {
			b.post(flightPath, body).want(200)
		}
		b.post(stayPath, staying("bbox", `[48,2,49,3]`)).want(201)
		b.post(stayPath, staying("board", `["half_board"]`)).want(200)
	})
}
