package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fanfare/providers/feeds"
	"fanfare/providers/travel"
	"fanfare/web/api"
)

// replayed is a server whose one partner answers every search with a real partner's
// document: two commands, as an operator would start them.
func replayed(t *testing.T, protocol, document, clock, credentials string) (base string) {
	t.Helper()
	sim := launch(t, "sim", "--protocol", protocol, "--replay", document, "--listen", "127.0.0.1:0")
	config := written(t, "fanfare.yaml", fmt.Sprintf(`
listen: 127.0.0.1:0
ops: {listen: 127.0.0.1:0}
data_dir: %s
clock: %s
partners:
  - name: replayed
    protocol: %s
    base_url: %s
    credentials: %s
    allow_private_network: true
    allow_test_offers: true
`, t.TempDir(), clock, protocol, sim.find(t, "partner on "), credentials))
	return launch(t, "serve", "--config", config).find(t, "page and API on ")
}

// TestReplayFlights: documents of Duffel's come out with the prices, carriers and
// times that they hold.
func TestReplayFlights(t *testing.T) {
	for _, c := range []struct {
		name, document, clock, query string
		kept                         int
		want                         []string
	}{
		{
			"one way", "duffel/offer_request_lhr-str_11.json", "2022-05-30T10:00:20Z",
			"origin=LHR&destination=STR&date=2022-06-15", 11,
			[]string{
				"80.99 GBP = 38.83 + 42.16 BA OZ0RO: BA920 LHR 2022-06-15T17:40:00+01:00 STR 2022-06-15T20:20:00+02:00",
				"106.90 GBP = 65.77 + 41.13 EW XNCWGOGB: EW2463 LHR 2022-06-15T09:10:00+01:00 STR 2022-06-15T11:50:00+02:00",
				"178.02 GBP = 150.86 + 27.16 ZZ Y20LGTN2: ZZ5619 LHR 2022-06-15T23:00:00+01:00 STR 2022-06-16T00:43:00+02:00",
			},
		},
		{
			"there and back", "duffel/offer_request_atl-fll_roundtrip_18.json", "2025-07-17T15:29:00Z",
			"origin=ATL&destination=FLL&date=2025-10-06&return_date=2025-10-13&market=US", 18,
			[]string{"171.98 USD = 85.40 + 86.58 NK GA21Y4 RA7NR: NK207 ATL 2025-10-06T11:54:00-04:00 FLL 2025-10-06T13:45:00-04:00" +
				" NK168 FLL 2025-10-13T18:10:00-04:00 ATL 2025-10-13T20:12:00-04:00"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := replayed(t, "duffel", payload(t, c.document), c.clock, `{token: any}`)
			var v struct {
				Status   string
				Partners []api.Partner
				Results  []api.FlightResult
			}
			get(t, base+"/v1/flights?"+c.query+"&limit=50", &v)
			if p := v.Partners[0]; v.Status != "complete" || p.Status != "ok" || p.OffersIn != c.kept || p.OffersKept != c.kept {
				t.Errorf("search is %s, partner %+v; want complete with %d offers", v.Status, p, c.kept)
			}
			var got []string
			for i := range v.Results {
				for j := range v.Results[i].Offers {
					got = append(got, offerFacts(&v.Results[i], &v.Results[i].Offers[j]))
				}
			}
			for _, want := range c.want {
				if !strings.Contains(strings.Join(got, "\n"), want) {
					t.Errorf("no offer is\n%s\nbut\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
}

// offerFacts is what a partner stated about an offer.
func offerFacts(r *api.FlightResult, o *api.Offer) string {
	p := &o.Price
	words := []string{p.Total.Decimal(), string(p.Total.Currency), "=", p.Base.Decimal(), "+", p.Taxes.Decimal(), *o.Seller.Code, strings.Join(o.Fare.Basis, " ") + ":"}
	for i := range r.Slices {
		for _, s := range r.Slices[i].Segments {
			words = append(words, s.Marketing.Carrier+s.Marketing.Number, s.Origin, s.Departs.String(), s.Destination, s.Arrives.String())
		}
	}
	return strings.Join(words, " ")
}

// TestReplayErrors: an error document shows on the partner's state, with the partner's
// own code, and its words nowhere that travellers see.
func TestReplayErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ protocol, document, credentials, want, words string }{
		{"amadeus-air", "amadeus/air_error.json", `{client_id: any, client_secret: any}`, "error_http http_5xx 141", "NOT CONNECTED"},
		{"duffel", "duffel/error.json", `{token: any}`, "error_http http_5xx internal_server_error", "Something went wrong"},
		{"duffel-stays", "duffel-stays/error.json", `{token: any}`, "error_http http_", "no words"},
		{"hotelbeds", "hotelbeds/error.json", `{api_key: any, secret: any}`, "error_http http_4xx INVALID_DATA", "occupancies is wrong"},
		{"kiwi", "kiwi/error.json", `{apikey: any}`, "error_http http_", "no words"},
		{"travelport", "travelport/error.xml", `{username: any, password: any, target_branch: any}`, "error_http http_5xx 5000", "not reachable"},
		{"ota-hotel", "ota-hotel/error.xml", `{username: any, password: any}`, "error_contract partner_error 448", "reservation host"},
		{"amadeus-hotel", "amadeus/gateway_error.json", `{client_id: any, client_secret: any}`, "error_contract partner_error policies.ratelimit.QuotaViolation", "quota"},
		{"rapid", "rapid/error.json", `{api_key: any, secret: any}`, "error_http http_4xx invalid_input", "canary-api-key"},
		{"ndc", "ndc/error.xml", `{token: any}`, "error_contract partner_error 911", "Unable to process"},
		{"ota-air", "ota-air/error.xml", `{api_key: any}`, "error_contract partner_error", "Unable to process"},
		{"sabre-bfm", "sabre-bfm/gateway_error.json", `{client_id: any, client_secret: any}`, "error_http unauthorized ERR.2SG.SEC.NOT_AUTHORIZED", "Authorization failed due "},
	} {
		t.Run(c.protocol, func(t *testing.T) {
			base := replayed(t, c.protocol, filepath.Join("..", "..", "testdata", c.document), "2027-01-01T10:00:00Z", c.credentials)
			path, query := "/v1/flights/searches", `{"slices":[{"origin":"LHR","destination":"JFK","date":"2027-03-01"}]}`
			if feeds.Products(c.protocol)[0] == travel.Hotels {
				path, query = "/v1/hotels/searches", `{"destination":{"place":"PAR"},"check_in":"2027-03-01","check_out":"2027-03-03"}`
			}
			var made struct{ ID string }
			post(t, base+path, query, &made)
			var v struct {
				Status   string
				Partners []api.Partner
			}
			body := get(t, base+path+"/"+made.ID+"?wait=20s", &v)
			p := v.Partners[0]
			if got := p.Status + " " + said(p.Cause) + " " + said(p.Code); v.Status != "failed" || !strings.HasPrefix(got, c.want) {
				t.Errorf("search is %s, partner %s; want %s", v.Status, got, c.want)
			}
			if strings.Contains(string(body), c.words) {
				t.Errorf("the partner's words are shown to travellers: %s", body)
			}
		})
	}
}

func said(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// TestReplayHotels: a document of Hotelbeds' comes out with its properties and rates,
// without those for other dates.
func TestReplayHotels(t *testing.T) {
	t.Parallel()
	base := replayed(t, "hotelbeds", payload(t, "hotelbeds/hotels_availability.json"), "2016-04-05T21:10:00Z", `{api_key: any, secret: any}`)
	var v struct {
		Status   string
		Partners []api.Partner
		Results  []api.StayResult
	}
	const query = "/v1/hotels?lat=16.79&lon=-99.82&radius_km=20&check_in=2016-06-08&check_out=2016-06-10&rooms=2-8&market=US"
	get(t, base+query, &v)
	p := v.Partners[0]
	if v.Status != "complete" || p.Status != "ok" || p.OffersIn != 401 || p.OffersKept != 376 || p.Drops["other_dates"] != 25 {
		t.Errorf("search is %s, partner %+v; want complete with 376 of 401 rates", v.Status, p)
	}
	found := map[string]bool{}
	for i := range v.Results {
		r := &v.Results[i]
		if len(r.Rates) == 0 || r.Stars == nil {
			t.Errorf("%s has no rates, or no stars", r.Name)
			continue
		}
		for _, rate := range r.Rates {
			found[fmt.Sprintf("%s, %v stars: %s %s", r.Name, *r.Stars, *rate.Room, rate.Price.Total)] = true
		}
	}
	for _, want := range []string{
		"Princess Mundo Imperial Riviera Diamante Acapulco, 5 stars: TRIPLE GOLF VIEW USD 240.96",
		"Pierre Mundo Imperial Riviera Diamante Acapulco, 5 stars: SINGLE OCEAN VIEW USD 240.96",
	} {
		if !found[want] {
			t.Errorf("no rate is %q; there are %v", want, found)
		}
	}
}

// TestReplayDocuments: documents of other protocols come out with the prices that they hold,
// whatever their steps before and after the search.
func TestReplayDocuments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		protocol, document, clock, credentials, query string
		in, kept                                      int
		want                                          []string // somewhere in the answer
	}{
		{
			"rapid", "expedia-rapid/availability_1property.json", "2019-03-05T07:00:00Z", `{api_key: any, secret: any}`,
			"/v1/hotels?destination=LON&check_in=2019-04-05&check_out=2019-04-07&rooms=2,1-7-10&market=US", 1, 1,
			[]string{`"room":"Fancy Queen Room"`, `"original":{"amount":"1434.00","currency":"CAD"}`, `"rooms_left":12`},
		},
		{
			"amadeus-hotel", "amadeus-hotel-v3/hotel_offers_1.json", "2022-05-01T10:00:00Z", `{client_id: any, client_secret: any}`,
			"/v1/hotels?destination=LON&check_in=2022-05-20&check_out=2022-05-21&rooms=1&market=GB", 1, 1,
			[]string{`"name":"JW Marriott Grosvenor House London"`, `"total":{"amount":"352.00","currency":"GBP"}`},
		},
		{
			"amadeus-air", "amadeus-flight-v2/search_get_syd-bkk_1.json", "2020-07-01T10:00:00Z", `{client_id: any, client_secret: any}`,
			"/v1/flights?origin=SYD&destination=BKK&date=2020-08-01&return_date=2020-08-05&adults=2", 1, 1,
			[]string{`"original":{"amount":"1590.78","currency":"EUR"}`, `"departs":"2020-08-01T10:00:00+10:00"`, `"arrives":"2020-08-06T07:20:00+10:00"`},
		},
		{
			"kiwi", "kiwi/flights_den_roundtrip_20.json", "2021-01-07T10:00:00Z", `{apikey: any}`,
			"/v1/flights?origin=DEN&destination=LAS&date=2021-01-30&return_date=2021-02-04&market=US", 20, 1,
			[]string{`"total":{"amount":"48.00","currency":"USD"}`, `"departs":"2021-01-30T22:55:00-07:00"`, `"self_transfer":true`},
		},
		{
			"travelport", "travelport-uapi/lowfare_1adt_iev-par_RS.xml", "2016-09-05T10:00:00Z", `{username: any, password: any, target_branch: any}`,
			"/v1/flights?origin=IEV&destination=PAR&date=2016-11-10&return_date=2016-11-20&limit=100", 194, 194,
			[]string{`"original":{"amount":"178.74","currency":"EUR"}`, `"departs":"2016-11-10T18:35:00+02:00"`, `"arrives":"2016-11-11T18:45:00+01:00"`},
		},
		{
			"travelport", "travelport-uapi/hotel_search_RS.xml", "2016-09-05T10:00:00Z", `{username: any, password: any, target_branch: any}`,
			"/v1/hotels?destination=LON&check_in=2016-10-05&check_out=2016-10-10", 14, 9,
			[]string{`"name":"Central Park Hotel","stars":3`, `"original":{"amount":"1041.70","currency":"USD"}`, `"original":{"amount":"2677.80","currency":"USD"}`},
		},
		{
			"duffel-stays", "duffel-stays/accommodation_with_rates.json", "2021-07-01T10:00:00Z", `{token: any}`,
			"/v1/hotels?destination=LON&check_in=2021-09-05&check_out=2021-09-10", 2, 2,
			[]string{`"name":"The Ritz London","stars":4`, `"total":{"amount":"799.00","currency":"GBP"}`, `"pay_at_property":{"amount":"39.95","currency":"GBP"}`},
		},
	} {
		t.Run(c.document, func(t *testing.T) {
			t.Parallel()
			base := replayed(t, c.protocol, payload(t, c.document), c.clock, c.credentials)
			var v struct {
				Status   string
				Partners []api.Partner
			}
			body := string(get(t, base+c.query, &v))
			if p := v.Partners[0]; v.Status != "complete" || p.Status != "ok" || p.OffersIn != c.in || p.OffersKept != c.kept {
				t.Errorf("search is %s, partner %+v; want complete with %d of %d", v.Status, p, c.kept, c.in)
			}
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("%s is not in %.3000s", want, body)
				}
			}
		})
	}
}
