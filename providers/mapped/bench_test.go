package mapped

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// flightsDocument has so many offers of one segment, in a partner's own shape.
func flightsDocument(offers int) []byte {
	var b strings.Builder
	b.WriteString(`{"result":{"proposals":[`)
	for i := range offers {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"key":"K%d","legs":[{"airline":"BA","no":"%d","from":"LHR","to":"JFK","out":"2027-03-01T%02d:10","in":"2027-03-01T%02d:20"}],"price":{"sum":%d.50,"ccy":"GBP"},"family":"Light","seats":%d,"comment":"nothing that anybody reads"}`,
			i, 100+i, 6+i%12, 9+i%12, 200+i, 1+i%9)
	}
	b.WriteString(`]}}`)
	return []byte(b.String())
}

const flightsJQ = `{offer_id: .key, slices: [{segments: [.legs[] | {marketing: {carrier: .airline, number: .no}, origin: .from, destination: .to, departs: .out, arrives: .in}]}],
	price: {total: .price.sum, currency: .price.ccy}, fare: {brand: .family}, seats_left: .seats}`

var flightsPaths = map[string]any{
	"offer_id": ".key",
	"slices": []any{map[string]any{"segments": map[string]any{"each": ".legs", "as": map[string]any{
		"marketing": map[string]any{"carrier": ".airline", "number": ".no"}, "origin": ".from", "destination": ".to", "departs": ".out", "arrives": ".in"}}}},
	"price": map[string]any{"total": ".price.sum", "currency": ".price.ccy"}, "fare": map[string]any{"brand": ".family"}, "seats_left": ".seats",
}

func flightsMapping(t testing.TB, of any) *Mapping {
	t.Helper()
	m, complaints := New(&Declaration{Product: travel.Flights, Exponent: Decimals, Request: Request{Path: "/x"},
		Response: Response{Format: "json", Offers: ".result.proposals[]", Map: of}})
	if len(complaints) > 0 {
		t.Fatal(complaints)
	}
	return m
}

// Paths and jq that say the same make the same offers.
func TestPathsAndJQAgree(t *testing.T) {
	doc := flightsDocument(30)
	var answers []string
	for _, of := range []any{flightsJQ, flightsPaths} {
		d, err := flightsMapping(t, of).Decode(context.Background(), doc, nil, places.Default())
		if err != nil || len(d.Answer.Offers) != 30 || len(d.Complaints) > 0 {
			t.Fatalf("%d offers, %v, %v", len(d.Answer.Offers), d.Complaints, err)
		}
		answers = append(answers, fmt.Sprintf("%+v", d.Answer))
	}
	if answers[0] != answers[1] {
		t.Errorf("jq made\n%s\npaths\n%s", answers[0], answers[1])
	}
}

// BenchmarkDecode is 400 offers: the tree alone, by paths, and by jq.
func BenchmarkDecode(b *testing.B) {
	doc := flightsDocument(400)
	b.Run("tree", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(doc)))
		for b.Loop() {
			if _, err := readTree("json", doc, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, of := range map[string]any{"paths": flightsPaths, "jq": flightsJQ} {
		m := flightsMapping(b, of)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				d, err := m.Decode(context.Background(), doc, nil, places.Default())
				if err != nil || len(d.Answer.Offers) != 400 {
					b.Fatal(len(d.Answer.Offers), err)
				}
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(string(flightsDocument(2)), "json")
	f.Add("a,b\n1,2\n", "csv")
	f.Add(`<a b="c"><d>e</d><d/></a>`, "xml")
	f.Fuzz(func(t *testing.T, document, format string) {
		for _, of := range []any{flightsJQ, flightsPaths} {
			m := flightsMapping(t, of)
			m.format = format
			d, err := m.Decode(context.Background(), []byte(document), nil, places.Default())
			if err == nil && len(d.Answer.Offers)+d.Answer.OffersIn < len(d.Answer.Offers) {
				t.Fatal("more offers than came in")
			}
			for i := range d.Answer.Offers {
				if rule := d.Answer.Offers[i].Check(); rule != "" {
					t.Errorf("an offer that breaks %s was kept", rule)
				}
			}
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("/a/{origin}/{{x}}", "LHR/../..")
	f.Fuzz(func(t *testing.T, text, value string) {
		tpl, err := parseTemplate(text, []string{"origin"})
		if err != nil {
			return
		}
		base := mustParse(t, "https://api.example:8443/v1")
		u, err := address(base, tpl, map[string]template{"q": tpl}, map[string]string{"origin": value})
		if err == nil && (u.Host != base.Host || u.Scheme != "https" || u.User != nil) {
			t.Errorf("%q with %q leads to %s", text, value, u)
		}
	})
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
