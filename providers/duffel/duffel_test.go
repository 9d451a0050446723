package duffel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

func TestGolden(t *testing.T) {
	for _, name := range []string{"round_trip", "unusual", "drops", "empty", "one", "services", "error"} {
		t.Run(name, func(t *testing.T) {
			a, err := Decode(providertest.Load(t, "duffel/"+name+".json"), nil)
			providertest.Golden(t, "duffel/"+name, a, err)
		})
	}
}

// flights writes an itinerary the way the tables here do.
func flights(o travel.Offer) string {
	var b strings.Builder
	for _, s := range o.Itinerary.Slices {
		for _, g := range s.Segments {
			fmt.Fprintf(&b, "%s/%s %s %s %s %s; ", g.Marketing, g.Operating, g.Origin, g.Departs, g.Destination, g.Arrives)
		}
	}
	return b.String()
}

func TestVendorPayloads(t *testing.T) {
	tests := []struct {
		file       string
		in, kept   int
		id, total  string
		base, tax  string
		flights    string
		brand      string
		basis      string
		expires    string
		refundable travel.Answered
		changeable travel.Answered
		changeFee  string
		bags       travel.Pieces // checked
	}{
		{file: "offers_list_jfk-aus_50", in: 50, kept: 50, id: "off_0000AGqEDmRmLG3liMrI12", total: "USD 228.60", base: "USD 199.07", tax: "USD 29.53",
			flights: "B61295/B61295 JFK 2022-03-04T20:46:00-05:00 AUS 2022-03-05T00:15:00-06:00; ", brand: "Blue Basic", basis: "[MH7AUEL1]",
			expires: "2022-02-25T17:15:44.363712Z", changeFee: "unknown"},
		{file: "offer_request_lhr-str_11", in: 11, kept: 11, id: "off_0000AJySzfAebZOfc24O4e", total: "GBP 80.99", base: "GBP 38.83", tax: "GBP 42.16",
			flights: "BA920/BA920 LHR 2022-06-15T17:40:00+01:00 STR 2022-06-15T20:20:00+02:00; ", brand: "Basic", basis: "[OZ0RO]",
			expires: "2022-05-30T10:15:15.522963Z", changeFee: "unknown"},
		{file: "offer_request_atl-fll_roundtrip_18", in: 18, kept: 18, id: "off_0000AwEE7m8BBniD5q3b3D", total: "USD 171.98", base: "USD 85.40", tax: "USD 86.58",
			flights: "NK207/NK207 ATL 2025-10-06T11:54:00-04:00 FLL 2025-10-06T13:45:00-04:00; NK168/NK168 FLL 2025-10-13T18:10:00-04:00 ATL 2025-10-13T20:12:00-04:00; ",
			brand:   "Value", basis: "[GA21Y4 RA7NR]", expires: "2025-07-17T15:43:51.119104Z", refundable: travel.No, changeable: travel.Yes, changeFee: "USD 198.00", bags: travel.PiecesOf(0)},
		{file: "offer_request_created_lhr-jfk_1", in: 1, kept: 1, id: "off_00009htYpSCXrwaB9DnUm0", total: "GBP 45.00", base: "GBP 30.20", tax: "GBP 40.80",
			flights: "BA1234/BA4321 LHR 2020-06-13T16:38:02+01:00 JFK 2020-06-13T16:38:02-04:00; ", brand: "Basic", basis: "[OXZ0RO]",
			expires: "2020-01-17T10:42:14.545Z", refundable: travel.Yes, changeable: travel.Yes, changeFee: "GBP 100.00", bags: travel.PiecesOf(1)},
		{file: "offer_get_1", in: 1, kept: 1, id: "off_00009htYpSCXrwaB9DnUm0", total: "GBP 45.00", base: "GBP 30.20", tax: "GBP 40.80",
			flights: "BA1234/BA4321 LHR 2020-06-13T16:38:02+01:00 JFK 2020-06-13T16:38:02-04:00; ", brand: "Basic", basis: "[OXZ0RO]",
			expires: "2020-01-17T10:42:14.545Z", refundable: travel.Yes, changeable: travel.Yes, changeFee: "GBP 100.00", bags: travel.PiecesOf(1)},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := Decode(providertest.Vendor(t, "duffel/"+tt.file+".json"), nil)
			if err != nil || a.OffersIn != tt.in || len(a.Offers) != tt.kept {
				t.Fatalf("Decode() = %d in, %d kept, drops %v, %v, want %d, %d", a.OffersIn, len(a.Offers), a.Drops, err, tt.in, tt.kept)
			}
			o := a.Offers[0]
			got := []any{o.PartnerRef, o.Price.Total.String(), o.Price.Base.String(), o.Price.Taxes.String(), flights(o), o.Fare.Brand, fmt.Sprint(o.Fare.Basis),
				o.ExpiresAt.Format(time.RFC3339Nano), o.Fare.Refundable, o.Fare.Changeable, o.Fare.ChangeFee.String(), o.Fare.CheckedBags}
			want := []any{tt.id, tt.total, tt.base, tt.tax, tt.flights, tt.brand, tt.basis, tt.expires, tt.refundable, tt.changeable, tt.changeFee, tt.bags}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("first offer\n got %v\nwant %v", got, want)
			}
		})
	}
	t.Run("codeshare", func(t *testing.T) {
		a, _ := Decode(providertest.Vendor(t, "duffel/offers_list_jfk-aus_50.json"), nil)
		for _, o := range a.Offers {
			if s := o.Itinerary.Slices[0].Segments[0]; o.PartnerRef == "off_0000AGqEDmRmLG3liMrI13" && (s.Marketing.String() != "B64391" || s.Operating.Carrier != "AA") {
				t.Errorf("...rI13 is %s by %s, want B64391 by AA", s.Marketing, s.Operating)
			}
		}
	})
	t.Run("partial", func(t *testing.T) {
		a, err := Decode(providertest.Vendor(t, "duffel/partial_offer_request_created.json"), nil)
		if err != nil || a.OffersIn != 1 || a.Drops[travel.RulePartial] != 1 {
			t.Errorf("Decode() = %d in, drops %v, %v, want one partial_offer", a.OffersIn, a.Drops, err)
		}
	})
	for file, want := range map[string]fault.Cause{"error_401": fault.Unauthorized, "error_422_validation": fault.HTTP4xx, "error_429_rate_limit": fault.HTTP429,
		"error_500_airline_internal": fault.HTTP5xx, "error_400_airline": fault.PartnerError} {
		t.Run(file, func(t *testing.T) {
			_, err := Decode(providertest.Vendor(t, "duffel/"+file+".json"), nil)
			if err == nil || fault.Of(err).Cause != want || fault.Of(err).Detail == "" {
				t.Errorf("Decode() = %v, want %s with the partner's words", err, want)
			}
		})
	}
}

func TestRefusedDocuments(t *testing.T) {
	good := string(providertest.Load(t, "duffel/one.json"))
	for name, doc := range map[string]string{
		"price twice":         strings.Replace(good, `"total_amount"`, `"total_amount": "1.00", "total_amount"`, 1),
		"price in capitals":   strings.Replace(good, `"total_amount"`, `"TOTAL_AMOUNT": "1.00", "total_amount"`, 1),
		"price twice, hidden": strings.Replace(good, `"total_amount"`, `"total\u005famount": "1.00", "total_amount"`, 1),
		"no data":             `{}`,
		"data is null":        `{"data":null}`,
		"data is text":        `{"data":"offers"}`,
		"request, no offers":  `{"data":{"id":"orq_1","slices":[],"passengers":[]}}`,
		"offers are null":     `{"data":{"id":"orq_1","offers":null}}`,
		"a bare list":         `[]`,
		"other offers":        string(providertest.Load(t, "amadeus/air_search.json")),
		"hotels with offers":  string(providertest.Load(t, "amadeus/hotel_search.json")),
		"stays":               string(providertest.Load(t, "duffel-stays/rates.json")),
		"kiwi":                string(providertest.Load(t, "kiwi/v2.json")),
		"success false":       `{"success":false}`,
	} {
		if a, err := Decode([]byte(doc), nil); err == nil || fault.Of(err).Cause != fault.Malformed {
			t.Errorf("%s: Decode() = %d offers, %v, want malformed", name, len(a.Offers), err)
		}
	}
}

func TestOverLimit(t *testing.T) {
	one := bytes.TrimSuffix(bytes.TrimPrefix(bytes.TrimSpace(providertest.Load(t, "duffel/one.json")), []byte(`{`)), []byte(`}`))
	offer := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(one), []byte(`"data":`)))
	var doc bytes.Buffer
	doc.WriteString(`{"data":[`)
	const n = 3500
	for i := range n {
		if i > 0 {
			doc.WriteByte(',')
		}
		doc.Write(bytes.Replace(offer, []byte(`"412.30"`), []byte(fmt.Sprintf(`"%d.00"`, 1+(i*7919)%n)), 1))
	}
	doc.WriteString(`]}`)
	a, err := Decode(doc.Bytes(), nil)
	if err != nil || a.OffersIn != n || len(a.Offers) != assemble.MaxOffers || a.Drops[travel.RuleTooMany] != n-assemble.MaxOffers {
		t.Fatalf("Decode() = %d in, %d kept, drops %v, %v", a.OffersIn, len(a.Offers), a.Drops, err)
	}
	for _, o := range a.Offers {
		if o.Price.Total.Minor > assemble.MaxOffers*100 {
			t.Fatalf("kept an offer of %v, want the cheapest", o.Price.Total)
		}
	}
}

func query() travel.Query {
	return travel.Query{Product: travel.Flights, Market: "GB", FlightQuery: travel.FlightQuery{
		Slices: []travel.SliceQuery{{Origin: "LON", Destination: "JFK", Date: travel.NewDate(2027, 3, 1)}}, Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 1}}}
}

func TestRequest(t *testing.T) {
	for n := 1; n <= 6; n++ {
		q := query()
		want := `{"origin":"LON","destination":"JFK","departure_date":"2027-03-01"}`
		for i := 1; i < n; i++ {
			q.Slices = append(q.Slices, travel.SliceQuery{Origin: "JFK", Destination: "LON", Date: travel.NewDate(2027, 3, 1+i)})
			want += fmt.Sprintf(`,{"origin":"JFK","destination":"LON","departure_date":"2027-03-%02d"}`, 1+i)
		}
		q.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{2, 17}, InfantsLap: 1}
		q.Cabin = travel.PremiumEconomy
		got, err := encode(q)
		want = `{"data":{"slices":[` + want + `],"passengers":[{"type":"adult"},{"type":"adult"},{"age":2},{"age":17},{"type":"infant_without_seat"}],"cabin_class":"premium_economy","max_connections":2}}`
		if err != nil || string(got) != want {
			t.Errorf("%d slices: encode() = %s, %v\nwant %s", n, got, err, want)
		}
	}
}

func TestCapable(t *testing.T) {
	q := query()
	q.Passengers.InfantsSeat = 1
	if got := new(Client).Capable(q); got != fault.Passengers {
		t.Errorf("Capable(infant with a seat) = %q, want passengers", got)
	}
}

func TestCall(t *testing.T) {
	var request string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		request = fmt.Sprint(r.Method, " ", r.URL, " ", r.Header.Get("Authorization"), " ", r.Header.Get("Duffel-Version"), " ", r.Header.Get("Accept"), " ", r.Header.Get("Content-Type"), " ",
			r.Header.Get("Accept-Encoding"), " ", len(body) > 0)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("ratelimit-reset", "17")
		w.WriteHeader(http.StatusTooManyRequests)
		io.WriteString(w, `{"errors":[{"type":"rate_limit_error","code":"rate_limit_exceeded","title":"Slow down","message":"Please"}],"meta":{"status":429}}`)
	}))
	defer server.Close()
	_, err := newClient(t, server.URL+"/v/").Ask(context.Background(), query())
	want := "POST /v/air/offer_requests?return_offers=true&supplier_timeout=7500 Bearer t0ken v2 application/json application/json gzip true"
	if request != want {
		t.Errorf("request\n got %s\nwant %s", request, want)
	}
	if e := fault.Of(err); e.Cause != fault.HTTP429 || e.RetryAfter != 17*time.Second || !strings.Contains(e.Detail, "Slow down") {
		t.Errorf("Ask() = %v, retry after %v, %q", err, e.RetryAfter, e.Detail)
	}
}

func newClient(t *testing.T, url string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true, RelaxedTimeouts: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := New(wire.Config{Name: "albatross", BaseURL: url, Credentials: map[string]string{"token": "t0ken"}, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return New(cfg, nil) },
		Credentials: map[string]string{"token": "duffel_test_canary"},
		Query:       query(),
		Good:        providertest.Load(t, "duffel/round_trip.json"),
		Empty:       providertest.Load(t, "duffel/empty.json"),
		Error:       providertest.Load(t, "duffel/error.json"),
		ContentType: "application/json",
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"round_trip", "unusual", "drops", "empty", "one", "services", "error"} {
		f.Add(providertest.Load(f, "duffel/"+name+".json"))
	}
	f.Fuzz(func(t *testing.T, doc []byte) { providertest.Holds(t, doc, Decode) })
}

// stdOffers is what the benchmark reads with encoding/json: the fields that Decode reads.
type stdOffers struct {
	Data struct {
		Offers []struct {
			ID            string `json:"id"`
			TotalAmount   string `json:"total_amount"`
			TotalCurrency string `json:"total_currency"`
			BaseAmount    string `json:"base_amount"`
			TaxAmount     string `json:"tax_amount"`
			ExpiresAt     string `json:"expires_at"`
			Partial       bool   `json:"partial"`
			LiveMode      bool   `json:"live_mode"`
			Owner         struct {
				Code string `json:"iata_code"`
				Name string `json:"name"`
			} `json:"owner"`
			Slices []struct {
				Brand    string `json:"fare_brand_name"`
				Duration string `json:"duration"`
				Segments []struct {
					Origin      stdPlace `json:"origin"`
					Destination stdPlace `json:"destination"`
					DepartingAt string   `json:"departing_at"`
					ArrivingAt  string   `json:"arriving_at"`
					Duration    string   `json:"duration"`
					Marketing   struct {
						Code string `json:"iata_code"`
					} `json:"marketing_carrier"`
					Number     string `json:"marketing_carrier_flight_number"`
					Passengers []struct {
						Cabin string `json:"cabin_class"`
						Basis string `json:"fare_basis_code"`
						Bags  []struct {
							Type     string `json:"type"`
							Quantity int    `json:"quantity"`
						} `json:"baggages"`
					} `json:"passengers"`
				} `json:"segments"`
			} `json:"slices"`
		} `json:"offers"`
	} `json:"data"`
}

type stdPlace struct {
	Code string `json:"iata_code"`
	Zone string `json:"time_zone"`
}

// big is a compact document of 150 offers, as a live answer is.
func big(tb testing.TB) []byte {
	var doc struct {
		Data struct {
			Offers []json.RawMessage `json:"offers"`
		} `json:"data"`
	}
	if err := json.Unmarshal(providertest.Load(tb, "duffel/round_trip.json"), &doc); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	out.WriteString(`{"data":{"offers":[`)
	for i := range 150 {
		if i > 0 {
			out.WriteByte(',')
		}
		var one bytes.Buffer
		if err := json.Compact(&one, doc.Data.Offers[i%len(doc.Data.Offers)]); err != nil {
			tb.Fatal(err)
		}
		out.Write(bytes.Replace(one.Bytes(), []byte("T10:05:00"), []byte(fmt.Sprintf("T10:%02d:00", i%60)), 1))
	}
	out.WriteString(`]}}`)
	return out.Bytes()
}

// TestEqualsEncodingJSON compares what both readers make of the same document.
func TestEqualsEncodingJSON(t *testing.T) {
	doc := big(t)
	a, err := Decode(doc, nil)
	var std stdOffers
	if stdErr := json.Unmarshal(doc, &std); err != nil || stdErr != nil || len(a.Offers) != len(std.Data.Offers) {
		t.Fatalf("Decode() = %d offers, drops %v, %v; encoding/json %d, %v", len(a.Offers), a.Drops, err, len(std.Data.Offers), stdErr)
	}
	for i, o := range a.Offers {
		w := std.Data.Offers[i]
		total, _ := travel.ParseMoney(w.TotalAmount, travel.Currency(w.TotalCurrency))
		if o.PartnerRef != w.ID || o.Price.Total != total || o.Seller.Name != w.Owner.Name || len(o.Itinerary.Slices) != len(w.Slices) || o.Test == w.LiveMode {
			t.Fatalf("offer %d: %+v, want %+v", i, o, w)
		}
		for j, s := range o.Itinerary.Slices {
			for k, g := range s.Segments {
				v := w.Slices[j].Segments[k]
				if string(g.Origin) != v.Origin.Code || string(g.Destination) != v.Destination.Code || g.Departs.String()[:19] != v.DepartingAt || g.Arrives.String()[:19] != v.ArrivingAt ||
					g.Marketing != travel.NewFlight(v.Marketing.Code, v.Number) {
					t.Fatalf("offer %d, slice %d, segment %d: %+v, want %+v", i, j, k, g, v)
				}
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	doc := big(b)
	b.Run("fanfare", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			if a, err := Decode(doc, nil); err != nil || len(a.Offers) != 150 {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			var std stdOffers
			if err := json.Unmarshal(doc, &std); err != nil || len(std.Data.Offers) != 150 {
				b.Fatal(err)
			}
		}
	})
}
