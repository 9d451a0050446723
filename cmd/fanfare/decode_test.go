package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestDecodePayloads asserts what the collection's README says about each document.
func TestDecodePayloads(t *testing.T) {
	for _, c := range []struct {
		protocol, document string
		lines              int
		want               map[string]string // of some offer_id or rate_id: what its line holds, in order
		stderr             string
	}{
		{"duffel", "duffel/offers_list_jfk-aus_50.json", 50, map[string]string{
			"off_0000AGqEDmRmLG3liMrI12": `"departs":"2022-03-04T20:46:00-05:00" "arrives":"2022-03-05T00:15:00-06:00" "duration_minutes":269 {"carrier":"B6","number":"1295"}` +
				` "total":{"amount":"228.60","currency":"USD"} "base":{"amount":"199.07" "taxes":{"amount":"29.53" "brand":"Blue Basic" "basis":["MH7AUEL1"] "refundable":null "changeable":null "expires_at":"2022-02-25T17:15:44.363Z"`,
			"off_0000AGqEDmRmLG3liMrI13": `"marketing":{"carrier":"B6","number":"4391"} "operating":{"carrier":"AA" "amount":"228.60"`,
		}, ""},
		{"duffel", "duffel/offer_request_lhr-str_11.json", 11, map[string]string{
			"off_0000AJySzfAebZOfc24O4e": `"departs":"2022-06-15T17:40:00+01:00" "arrives":"2022-06-15T20:20:00+02:00" "duration_minutes":100 {"carrier":"BA","number":"920"}` +
				` "total":{"amount":"80.99","currency":"GBP"} "base":{"amount":"38.83" "taxes":{"amount":"42.16" "basis":["OZ0RO"] "expires_at":"2022-05-30T10:15:15.522Z"`,
		}, ""},
		{"duffel", "duffel/offer_request_atl-fll_roundtrip_18.json", 18, map[string]string{
			"off_0000AwEE7m8BBniD5q3b3D": `"departs":"2025-10-06T11:54:00-04:00" "arrives":"2025-10-06T13:45:00-04:00" {"carrier":"NK","number":"207"}` +
				` "departs":"2025-10-13T18:10:00-04:00" "arrives":"2025-10-13T20:12:00-04:00" {"carrier":"NK","number":"168"}` +
				` "total":{"amount":"171.98","currency":"USD"} "base":{"amount":"85.40" "taxes":{"amount":"86.58" "cabin_bags":0 "checked_bags":0 "refundable":false "changeable":true "change_fee":{"amount":"198.00"`,
		}, ""},
		// Its parts do not add up: they are the partner's own words.
		{"duffel", "duffel/offer_request_created_lhr-jfk_1.json", 1, map[string]string{
			"off_00009htYpSCXrwaB9DnUm0": `"departs":"2020-06-13T16:38:02+01:00" "arrives":"2020-06-13T16:38:02-04:00" "total":{"amount":"45.00","currency":"GBP"} "base":{"amount":"30.20" "taxes":{"amount":"40.80"`,
		}, "note duration_differs 1\n"},
		{"duffel", "duffel/offer_get_1.json", 1, map[string]string{
			"off_00009htYpSCXrwaB9DnUm0": `"total":{"amount":"45.00","currency":"GBP"} "checked_bags":1 "refundable":true "changeable":true "change_fee":{"amount":"100.00" "refund_fee":{"amount":"100.00"`,
		}, ""},
		{"duffel", "duffel/partial_offer_request_created.json", 0, nil, "drop partial_offer 1\n"},
		{"hotelbeds", "hotelbeds/hotels_availability.json", 376, map[string]string{
			"20160608|20160610|W|71|6882|SGL.OV|ID_B2B_19|RO|RATE14|1~2~1|8|N@-1225351991": `"property":{"id":"6882","name":"Pierre Mundo Imperial Riviera Diamante Acapulco","stars":5,"lat":16.791 "total":{"amount":"240.96","currency":"USD"}`,
			"|6883|TPL.VG|": `"property":{"id":"6883","name":"Princess Mundo Imperial Riviera Diamante Acapulco" "total":{"amount":"240.96","currency":"USD"}`,
		}, "drop other_dates 25\n"},
		// The hotel's own price is mandatory, and so it is what is shown.
		{"hotelbeds", "hotelbeds/check_rates.json", 1, map[string]string{
			"|5294|": `"property":{"id":"5294","name":"Copacabana Beach Hotel Acapulco" "total":{"amount":"457.00","currency":"USD"}`,
		}, ""},
		// What is charged, in CAD, for both of its rooms: 717.00 each with what the property collects.
		{"rapid", "expedia-rapid/availability_1property.json", 1, map[string]string{
			"19248/123abc/333abc": `"property":{"id":"19248" "total":{"amount":"1434.00","currency":"CAD"} "base":{"amount":"1256.00" "pay_at_property":{"amount":"30.00" "fee":{"amount":"10.00","currency":"USD"} "payment":"pay_now"`,
		}, ""},
		{"duffel-stays", "duffel-stays/accommodation_with_rates.json", 2, map[string]string{
			"rat_0000ASuebQfixzpI2v20qe": `"name":"The Ritz London","stars":4 "board":"room_only" "total":{"amount":"799.00","currency":"GBP"} "base":{"amount":"625.83" "taxes":{"amount":"133.17" "refundable":false "payment":"pay_now"`,
			"rat_0000ASuebQfixzpI2v20bx": `"board":"all_inclusive" "total":{"amount":"938.95","currency":"GBP"} "pay_at_property":{"amount":"39.95"`,
		}, ""},
		{"travelport", "travelport-uapi/lowfare_1adt_iev-par_RS.xml", 194, map[string]string{
			"x0B0TTPqSFO71jy7gzblgQ==+fVUd7uzfRUGHcW9F/3/LNA==+o+D9I70AQY+imdEY/48+xw==": `"departs":"2016-11-10T18:35:00+02:00" {"carrier":"A3","number":"967"} "arrives":"2016-11-10T21:05:00+02:00" {"carrier":"A3","number":"614"}` +
				` "departs":"2016-11-11T16:15:00+02:00" "arrives":"2016-11-11T18:45:00+01:00" "total":{"amount":"178.74","currency":"EUR"} "checked_bags":0`,
		}, ""},
		{"travelport", "travelport-uapi/hotel_search_RS.xml", 9, map[string]string{
			"GBLON@_000143": `"property":{"id":"GBLON@_000143","name":"Central Park Hotel","stars":3,"lat":51.511680497607,"lon":-0.185142159461} "total":{"amount":"1041.70","currency":"USD"} "payment":"pay_now"`,
		}, "drop package_only 5\n"},
		// The base is in the currency of the origin; its equivalent is in that of the sale.
		{"ota-hotel", "ota-hotel/erevmax_avail_gothenburg_RS.xml", 2, map[string]string{
			"02034/NTT/BAR": `"property":{"id":"02034","name":"Quality Hotel 11 "total":{"amount":"2865.89","currency":"EUR"} "refundable":false`,
		}, ""},
		{"ota-hotel", "ota-hotel/concur_avail_RS.xml", 1, map[string]string{
			"419430/1/XNFYP4I": `"board":"bed_and_breakfast" "total":{"amount":"348.00","currency":"EUR"} "base":{"amount":"248.00" "refundable":true`,
		}, ""},
		{"ota-hotel", "ota-hotel/concur_search_RS.xml", 0, nil, ""},
		{"ota-hotel", "ota-hotel/concur_error_RS.xml", 0, nil, ""},
		{"ota-air", "ota-air/sabre_bfm_6.6.0_syd-lhr_1adt_RS.xml", 1, map[string]string{
			"JL52S.JL41S@2022-12-01~JL7120S.JL51S@2022-12-08#1": `"departs":"2022-12-01T09:15:00+11:00" "arrives":"2022-12-02T06:25:00+00:00" "duration_minutes":1930 {"carrier":"JL","number":"52"} {"carrier":"JL","number":"41"} {"carrier":"JL","number":"7120"} "operating":{"carrier":"BA","number":"5"} {"carrier":"JL","number":"51"}` +
				` "total":{"amount":"72845.00","currency":"RUB"} "base":{"amount":"33840.00" "basis":["SNN0NPCE","SNN0NPCE","SNN0NPCE","SNN0NPCE"] "seats_left":9 "expires_at":"2022-05-27T`,
		}, ""},
		{"ota-air", "ota-air/sabre_bfm_6.6.0_syd-lhr_3itins_RS.xml", 3, map[string]string{
			"#1\"":       `{"carrier":"JL","number":"52"} {"carrier":"JL","number":"43"} {"carrier":"JL","number":"7120"} {"carrier":"JL","number":"51"} "total":{"amount":"208766.00","currency":"RUB"} "change_fee":{"amount":"0.00" "refund_fee":{"amount":"27000.00"`,
			"#oneway1.1": `"total":{"amount":"109111.00","currency":"RUB"} "brand":"ECONOMY CLASSIC"`,
		}, ""},
		{"ota-air", "ota-air/sabre_bfm_6.1.0_dme-aer_RS.xml", 1, map[string]string{
			"U6457W@": `{"carrier":"U6","number":"457"} "origin":"AER" "destination":"ZIA" "total":{"amount":"6800.00","currency":"RUB"} "checked_bags":1`,
		}, ""},
		{"ota-air", "ota-air/go7_2015b_round_trip_RS.json", 8, map[string]string{
			"HHR80Y@2024-04-13~HHR141Y@2024-04-21#1": `"departs":"2024-04-13T09:00:00+03:00" "arrives":"2024-04-13T11:25:00+03:00" {"carrier":"HHR","number":"80"} "departs":"2024-04-21T15:30:00+03:00" "arrives":"2024-04-21T17:55:00+03:00" "total":{"amount":"494.50","currency":"SAR"} "base":{"amount":"400.00" "taxes":{"amount":"60.00"`,
		}, ""},
		{"ota-air", "ota-air/go7_2015b_oneway_trip_RS.json", 1, map[string]string{
			"HHR5011Y@": `"departs":"2023-04-02T01:35:00+03:00" "arrives":"2023-04-02T02:29:00+03:00" "total":{"amount":"4162.42","currency":"USD"}`,
		}, ""},
		{"sabre-bfm", "sabre-bfm/ota_json_3.4.0_dfw-sfo_50.json", 50, map[string]string{
			"AA2683N@2018-10-01~AA1004N@2018-10-08#1": `"departs":"2018-10-01T14:50:00-05:00" "arrives":"2018-10-01T16:35:00-07:00" "duration_minutes":225 "departs":"2018-10-08T00:36:00-07:00" "total":{"amount":"256.41","currency":"USD"} "base":{"amount":"212.10" "taxes":{"amount":"44.31" "basis":["NVAKZNN1","NVAKZNN1"]`,
		}, ""},
		{"sabre-bfm", "sabre-bfm/gir_5.2.0_led-aer_RS.xml", 1, map[string]string{
			"SU35.SU1138@2020-09-01~SU1141.SU14@2020-09-08#1": `"departs":"2020-09-01T05:00:00+03:00" "arrives":"2020-09-01T10:15:00+03:00" {"carrier":"SU","number":"35"} {"carrier":"SU","number":"1138"} {"carrier":"SU","number":"1141"} {"carrier":"SU","number":"14"} "total":{"amount":"74806.00","currency":"RUB"} "base":{"amount":"62800.00" "taxes":{"amount":"12006.00"`,
		}, ""},
		{"sabre-bfm", "sabre-bfm/gir_6.6.0_trimmed_dangling_refs_RS.xml", 0, nil, "drop dangling_reference 1\n"},
		{"amadeus-air", "amadeus-flight-v2/search_get_syd-bkk_1.json", 1, map[string]string{
			`"offer_id":"1"`: `"departs":"2020-08-01T10:00:00+10:00" "arrives":"2020-08-01T16:20:00+07:00" "duration_minutes":560 {"carrier":"TG","number":"476"}` +
				` "departs":"2020-08-05T19:20:00+07:00" "arrives":"2020-08-06T07:20:00+10:00" {"carrier":"TG","number":"475"}` +
				` "total":{"amount":"1590.78","currency":"EUR"} "base":{"amount":"1390.00" "taxes":null "checked_bags":1 "refundable":null "seats_left":9 "expires_at":"2020-08-01T`,
		}, ""},
		{"amadeus-air", "amadeus-flight-v2/search_2adt1chd_lhr-yyz_10.json", 10, map[string]string{
			`"offer_id":"1"`: `{"carrier":"SN","number":"2104"} "departs":"2021-03-01T06:50:00+00:00" "arrives":"2021-03-01T08:55:00+01:00" {"carrier":"SN","number":"9689"} "operating":{"carrier":"AC"` +
				` "total":{"amount":"975.18","currency":"EUR"} "base":{"amount":"6.00" "brand":"NALIGHT" "checked_bags":0 "seats_left":4`,
		}, ""},
		{"amadeus-air", "amadeus-flight-v2/search_sdkwrapped_yyz-bog_4.json", 4, map[string]string{
			`"offer_id":"1"`: `"duration_minutes":900 {"carrier":"AM","number":"693"} "departs":"2021-08-09T09:15:00-04:00" {"carrier":"AM","number":"708"} "total":{"amount":"748.58","currency":"EUR"} "base":{"amount":"698.00"`,
		}, ""},
		{"amadeus-hotel", "amadeus-hotel-v3/hotel_offers_1.json", 1, map[string]string{
			"0LR02W7BCR": `"property":{"id":"MCLONGHM","name":"JW Marriott Grosvenor House London","stars":null,"lat":51.50988,"lon":-0.15509} "board":null "total":{"amount":"352.00","currency":"GBP"}` +
				` "free_until":"2022-05-19T22:59:00Z" "payment":"guarantee"`,
		}, ""},
		{"kiwi", "kiwi/flights_den_roundtrip_20.json", 20, map[string]string{
			"0713244648e100007b61b321_0|2446071348e60000bac08674_0": `{"carrier":"F9","number":"775"} "operating":null "departs":"2021-01-30T22:55:00-07:00" "arrives":"2021-01-30T23:58:00-08:00" {"carrier":"F9","number":"770"}` +
				` "total":{"amount":"48.00","currency":"USD"} "cabin":["economy","economy"] "cabin_bags":1 "checked_bags":0 "seats_left":7 "self_transfer":true`,
		}, ""},
	} {
		t.Run(c.document, func(t *testing.T) {
			got := ranWith(t, "", "decode", "--protocol", c.protocol, payload(t, c.document))
			lines := strings.SplitAfter(strings.TrimSuffix(got.out, "\n"), "\n")
			if got.out == "" {
				lines = nil
			}
			if got.code != exitDone || len(lines) != c.lines || !strings.Contains(got.err, c.stderr) {
				t.Errorf("fanfare decode = %d with %d lines, stderr %q; want %d with %d and %q", got.code, len(lines), got.err, exitDone, c.lines, c.stderr)
			}
			for _, line := range lines {
				if !json.Valid([]byte(line)) {
					t.Errorf("not a document: %s", line)
				}
			}
			for id, facts := range c.want {
				if !holds(lines, id, strings.Split(facts, " \"")) {
					t.Errorf("no line of %s holds, in this order, %s; the first is\n%s", id, facts, lines[0])
				}
			}
		})
	}
}

// holds reports whether a line with the id has all the facts one behind the other. Each
// fact but the first has lost its quote.
func holds(lines []string, id string, facts []string) bool {
next:
	for _, line := range lines {
		if !strings.Contains(line, id) {
			continue
		}
		rest := line
		for i, fact := range facts {
			if i > 0 {
				fact = `"` + fact
			}
			for _, part := range strings.SplitAfter(strings.ReplaceAll(fact, " {", "\x00{"), "\x00") {
				part = strings.TrimSuffix(part, "\x00")
				at := strings.Index(rest, part)
				if at < 0 {
					continue next
				}
				rest = rest[at+len(part):]
			}
		}
		return true
	}
	return false
}

// TestDecodeErrors: an error document is no answer.
func TestDecodeErrors(t *testing.T) {
	for document, want := range map[string]string{
		"error_400_airline": `partner_error \(HTTP 400\)`, "error_401": `unauthorized \(HTTP 401\)`, "error_422_validation": `http_4xx \(HTTP 422\)`,
		"error_429_rate_limit": `http_429 \(HTTP 429\)`, "error_500_airline_internal": `http_5xx \(HTTP 500\)`,
	} {
		path := payload(t, "duffel/"+document+".json")
		ranWith(t, "", "decode", "--protocol", "duffel", path).oneLine(t, document, exitFailed, want)
	}
	ranWith(t, "", "decode", "--protocol", "kiwi", payload(t, "kiwi/error_400_bad_date.json")).oneLine(t, "kiwi", exitFailed, `partner_error`)
	for _, protocol := range []string{"amadeus-air", "amadeus-hotel", "kiwi"} {
		ranWith(t, "", "decode", "--protocol", protocol, payload(t, "duffel/offer_get_1.json")).oneLine(t, "an offer of another protocol for "+protocol, exitFailed, `malformed`)
	}
	ranWith(t, "", "decode", "--protocol", "hotelbeds", payload(t, "duffel/error_401.json")).oneLine(t, "another protocol's document", exitFailed, `malformed|partner_error`)
}

// TestDecodeInput: a valid answer without offers is one, and what is no answer is none.
func TestDecodeInput(t *testing.T) {
	empty := `{"data":{"id":"orq_1","offers":[],"slices":[],"passengers":[]}}`
	if got := ranWith(t, empty, "decode", "--protocol", "duffel", "-"); got.code != exitDone || got.out != "" || got.err != "" {
		t.Errorf("an empty answer from stdin = %+v", got)
	}
	if got := ranWith(t, `{"auditData":{},"hotels":{"total":0}}`, "decode", "--protocol", "hotelbeds", "-"); got.code != exitDone || got.out != "" || got.err != "" {
		t.Errorf("an empty answer of hotelbeds = %+v", got)
	}
	for name, in := range map[string]string{"nothing": "", "no JSON": "<html>", "cut": empty[:40], "a key twice": `{"data":{"offers":[]},"data":{"offers":[]}}`} {
		ranWith(t, in, "decode", "--protocol", "duffel", "-").oneLine(t, name, exitFailed, `^fanfare: -: `)
	}
	ranWith(t, strings.Repeat(" ", 8<<20+1), "decode", "--protocol", "duffel", "-").oneLine(t, "too much from stdin", exitFailed, `^fanfare: -: larger than 8388608 bytes`)
	path := payload(t, "duffel/offer_request_lhr-str_11.json")
	document, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, stdin := ranWith(t, "", "decode", "--protocol", "duffel", path), ranWith(t, string(document), "decode", "--protocol", "duffel", "-")
	if file != stdin {
		t.Errorf("from a file %.80q, from stdin %.80q", file.out, stdin.out)
	}
}

// TestDecodeQuery checks old documents against questions: those that they answer, and
// others. What needs a clock or a contract is never checked.
func TestDecodeQuery(t *testing.T) {
	const str, fll, aca = "duffel/offer_request_lhr-str_11.json", "duffel/offer_request_atl-fll_roundtrip_18.json", "hotelbeds/hotels_availability.json"
	back := `{"slices":[{"origin":"ATL","destination":"FLL","date":"2025-10-06"},{"origin":"FLL","destination":"ATL","date":"2025-10-%s"}]}`
	oneWay := func(from, to, date, more string) string {
		return fmt.Sprintf(`{"slices":[{"origin":%q,"destination":%q,"date":%q}]%s}`, from, to, date, more)
	}
	for _, c := range []struct {
		name, protocol, document, query string
		lines                           int
		drops                           string
	}{
		{"its own question", "duffel", str, oneWay("LHR", "STR", "2022-06-15", ""), 11, ""},
		{"a metro area", "duffel", str, oneWay("lon", "STR", "2022-06-15", `,"market":"DE"`), 11, ""},
		{"another airport of the metro area", "duffel", str, oneWay("LGW", "STR", "2022-06-15", ""), 0, "drop wrong_route 11\n"},
		{"another place", "duffel", str, oneWay("LHR", "MUC", "2022-06-15", ""), 0, "drop wrong_route 11\n"},
		{"another day", "duffel", str, oneWay("LHR", "STR", "2022-06-16", ""), 0, "drop wrong_date 11\n"},
		{"another cabin", "duffel", str, oneWay("LHR", "STR", "2022-06-15", `,"cabin":"business"`), 0, "drop wrong_cabin 11\n"},
		{"there and back", "duffel", fll, fmt.Sprintf(back, "13"), 18, ""},
		{"one way of there and back", "duffel", fll, oneWay("ATL", "FLL", "2025-10-06", ""), 0, "drop wrong_route 18\n"},
		{"another day back", "duffel", fll, fmt.Sprintf(back, "14"), 0, "drop wrong_date 18\n"},
		{"hotels, the place", "hotelbeds", aca, `{"destination":{"place":"ACA"},"check_in":"2016-06-08","check_out":"2016-06-10","rooms":[{"adults":2,"child_ages":[8]}]}`, 376, "drop other_dates 25\n"},
		{"hotels, elsewhere", "hotelbeds", aca, `{"destination":{"place":"PAR"},"check_in":"2016-06-08","check_out":"2016-06-10"}`, 0, "drop other_dates 25\ndrop out_of_area 376\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ranWith(t, "", "decode", "--protocol", c.protocol, "--query", written(t, "query.json", c.query), payload(t, c.document))
			drops := ""
			for line := range strings.Lines(got.err) {
				if strings.HasPrefix(line, "drop ") {
					drops += line
				}
			}
			if n := strings.Count(got.out, "\n"); got.code != exitDone || n != c.lines || drops != c.drops {
				t.Errorf("fanfare decode --query = %d with %d lines, %q; want %d with %d, %q", got.code, n, got.err, exitDone, c.lines, c.drops)
			}
		})
	}
	for name, query := range map[string]string{
		"no JSON": "{", "another product": `{"destination":{"place":"PAR"}}`, "unknown place": oneWay("XXQ", "STR", "2022-06-15", ""), "no day": `{"slices":[{"origin":"LHR","destination":"STR"}]}`,
	} {
		ranWith(t, "", "decode", "--protocol", "duffel", "--query", written(t, "query.json", query), payload(t, str)).
			oneLine(t, name, exitFailed, `^fanfare: .*query\.json: not a query: `)
	}
}
