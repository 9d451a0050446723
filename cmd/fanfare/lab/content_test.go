package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/faultinject"
	"fanfare/providers/feeds"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// What a partner can say (docs/reliability.md 2, rows 18 to 31), asked through the whole of its
// provider: guard, HTTP, decoder and the rules at the door.

// contentServer is a partner that sends what it is told to, and our provider of it.
type contentServer struct {
	provider *providers.Provider
	answer   faultinject.Answer
	fetches  int // of anything but the search
}

func newContentServer(t *testing.T, protocol string) *contentServer {
	t.Helper()
	s := &contentServer{answer: faultinject.Answer{Header: map[string]string{"Content-Type": "application/json"}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/fetched") {
			s.fetches++
		}
		faultinject.Send(w, r, s.answer)
	}))
	t.Cleanup(server.Close)
	var f feeds.Feed
	f.SetDefaults()
	f.Name, f.Protocol, f.BaseURL, f.AllowPrivateNetwork = "content", protocol, server.URL, true
	f.Credentials = map[string]string{"token": canary}
	if protocol == "ndc" {
		f.Credentials = map[string]string{"api_key": canary}
	}
	p, err := feeds.Build(&f, feeds.Deps{Deps: providers.Deps{Atlas: places.Default(), Deps: guard.Deps{Now: time.Now}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	s.provider = p
	return s
}

// asked is the question, and good the answer to it.
var asked = query{"LHR", "VIE", dayAhead(30)}

func (s *contentServer) ask(t *testing.T) travel.Answer {
	t.Helper()
	date, err := travel.ParseDate(asked.date)
	if err != nil {
		t.Fatal(err)
	}
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Cabin = travel.Economy
	q.Slices = []travel.SliceQuery{{Origin: travel.Airport(asked.origin), Destination: travel.Airport(asked.destination), Date: date}}
	q.Passengers = travel.Passengers{Adults: 1, ChildAges: []int{}}
	return s.provider.Ask(context.Background(), q)
}

func good(offers int) []byte {
	return (&partner{name: "content", carrier: "BA", offers: offers}).document(asked)
}

// changed is a good answer with one text replaced in its first offer.
func changed(t *testing.T, old, new string) []byte {
	t.Helper()
	body := good(2)
	if !bytes.Contains(body, []byte(old)) {
		t.Fatalf("nothing to replace: %s", old)
	}
	return bytes.Replace(body, []byte(old), []byte(new), 1)
}

func total(t *testing.T) string {
	var doc struct {
		Data struct {
			Offers []struct {
				Total string `json:"total_amount"`
			}
		}
	}
	if err := json.Unmarshal(good(2), &doc); err != nil {
		t.Fatal(err)
	}
	return `"total_amount":"` + doc.Data.Offers[0].Total + `"`
}

// mixed is n bytes of which one in twenty is noise: they shrink to about a tenth.
func mixed(n int) []byte {
	random := rand.New(rand.NewPCG(1, 1))
	b := make([]byte, n)
	for i := 0; i < n; i += 20 {
		b[i] = byte(random.Uint32())
	}
	return b
}

func TestContentFaults(t *testing.T) {
	price := total(t)
	amount := func(v string) []byte { return changed(t, price, `"total_amount":`+v) }
	currency := func(v string) []byte { return changed(t, `"total_currency":"GBP"`, v) }
	day := func(v string) []byte { return bytes.ReplaceAll(good(1), []byte(asked.date), []byte(v)) }
	route := func(from, to string) []byte {
		swapped := strings.NewReplacer(`"LHR"`, `"`+from+`"`, `"VIE"`, `"`+to+`"`)
		return []byte(swapped.Replace(string(good(1))))
	}
	contentType := func(media string) map[string]string { return map[string]string{"Content-Type": media} }
	gz := map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}
	const allOfThem = "all of them"
	for _, test := range []struct {
		row    int
		name   string
		header map[string]string
		body   []byte
		want   string // the cause, or the rule by which the first offer goes, or all kept
	}{
		{18, "HTML", contentType("text/html"), []byte("<html>"), "malformed"},
		{18, "HTML said to be JSON", nil, []byte("<html>"), "malformed"},
		{18, "nothing", nil, nil, "malformed"},
		{18, "another content type", contentType("application/pdf"), good(1), "malformed"},
		{18, "a byte order mark", nil, append([]byte("\ufeff"), good(1)...), "malformed"},
		{19, "errors in a 200", nil, []byte(`{"errors":[{"code":"internal","title":"no"}]}`), "partner_error"},
		{19, "success is false", nil, []byte(`{"success":false}`), "malformed"},
		{20, "a second document", nil, append(good(1), good(1)...), "malformed"},
		{20, "rubbish behind it", nil, append(good(1), 'x'), "malformed"},
		{21, "no currency", nil, currency(`"x":"GBP"`), travel.RuleUnknownCurrency},
		{21, "currency null", nil, currency(`"total_currency":null`), travel.RuleUnknownCurrency},
		{21, "lower case", nil, currency(`"total_currency":"gbp"`), travel.RuleUnknownCurrency},
		{21, "unknown", nil, currency(`"total_currency":"ZZZ"`), travel.RuleUnknownCurrency},
		{21, "a symbol", nil, currency(`"total_currency":"£"`), travel.RuleUnknownCurrency},
		{21, "empty", nil, currency(`"total_currency":""`), travel.RuleUnknownCurrency},
		{22, "negative", nil, amount(`"-1.00"`), travel.RuleNegativePrice},
		{22, "zero", nil, amount(`"0.00"`), travel.RuleZeroPrice},
		{22, "minus zero", nil, amount(`"-0.00"`), travel.RuleZeroPrice},
		{22, "NaN", nil, amount(`"NaN"`), travel.RuleNoPrice},
		{22, "1e400", nil, amount(`"1e400"`), travel.RuleNoPrice},
		{22, "1e308", nil, amount(`"1e308"`), travel.RuleNoPrice},
		{22, "decimal comma", nil, amount(`"12,50"`), travel.RuleNoPrice},
		{22, "null", nil, amount(`null`), travel.RuleNoPrice},
		{22, "beyond belief", nil, amount(`"99999999999999999.00"`), travel.RuleNoPrice},
		{23, "price twice", nil, changed(t, price, price+","+price), "malformed"},
		{23, "in two cases", nil, changed(t, price, price+`,"TOTAL_AMOUNT":"1.00"`), "malformed"},
		{23, "escaped", nil, changed(t, price, price+`,"total_\u0061mount":"1.00"`), "malformed"},
		{24, "in the past", nil, day("2020-03-01"), travel.RulePast},
		{24, "another day", nil, day(dayAhead(31)), travel.RuleWrongDate},
		{24, "the year 9999", nil, day("9999-03-01"), travel.RuleWrongDate},
		{24, "no day", nil, day("2027-02-30"), travel.RuleBadTime},
		{24, "arrives before it leaves", nil, changed(t, `"arriving_at":"`+asked.date+`T11`, `"arriving_at":"`+asked.date+`T01`), travel.RuleArrivalFirst},
		{25, "the way back", nil, route("VIE", "LHR"), travel.RuleWrongRoute},
		{25, "from elsewhere", nil, route("MAN", "VIE"), travel.RuleWrongRoute},
		{25, "for two", nil, changed(t, `"passengers":[{"id":"p","type":"adult"}]`, `"passengers":[{"id":"p","type":"adult"},{"id":"q","type":"adult"}]`), travel.RuleWrongPassengers},
		{25, "of another partner", nil, changed(t, `{"id":"o0"`, `{"id":"o0","partner":"albatross","provider":"albatross"`), allOfThem},
		{26, "100,000 offers", nil, []byte(`{"data":{"offers":[` + strings.Repeat(`{"id":"x"},`, 1_000_000) + `{}]}}`), "too_large"},
		{27, "a bomb", gz, faultinject.Gzipped(make([]byte, 64<<20)), "too_large"},
		{27, "a bomb in a bomb", gz, faultinject.Gzipped(faultinject.Gzipped(make([]byte, 64<<20))), "malformed"},
		{27, "more than the bound, not much compressed", gz, faultinject.Gzipped(mixed(12 << 20)), "too_large"},
		{27, "gzip of a good answer", gz, faultinject.Gzipped(good(2)), allOfThem},
		{28, "10,000 deep", nil, []byte(`{"data":` + strings.Repeat(`{"a":`, 10_000) + `1` + strings.Repeat(`}`, 10_001)), "malformed"},
		{28, "8 MiB of {}", nil, []byte(`{"data":{"offers":[` + strings.Repeat(`{},`, 2_700_000) + `{}]}}`), "malformed"},
		{30, "controls in the name", nil, changed(t, `"name":"content"`, `"name":"a\u0000b\u202e<script>\r\nX: y"`), allOfThem},
	} {
		t.Run(fmt.Sprintf("%d %s", test.row, test.name), func(t *testing.T) {
			s := newContentServer(t, "duffel")
			if test.header != nil {
				s.answer.Header = test.header
			}
			s.answer.Body = test.body
			a := s.ask(t)
			cause := fault.Of(a.Err)
			dropped := a.OffersIn - a.OffersKept()
			switch {
			case test.want == allOfThem:
				if a.Err != nil || dropped != 0 || a.OffersKept() == 0 {
					t.Errorf("kept %d, drops %v, %v; want all", a.OffersKept(), a.Drops, a.Err)
				}
			case a.Err != nil && string(cause.Cause) == test.want:
				if a.OffersKept() != 0 {
					t.Errorf("%d offers of an answer that failed", a.OffersKept())
				}
			case a.Drops[test.want] != 1:
				t.Errorf("kept %d, drops %v, %v; want %s", a.OffersKept(), a.Drops, a.Err, test.want)
			}
			for _, o := range a.Offers {
				if strings.ContainsAny(o.Seller.Name, "\x00\r\n\u202e") || strings.Contains(fmt.Sprint(a.Err), canary) {
					t.Errorf("a control in %q, or a secret in %v", o.Seller.Name, a.Err)
				}
			}
			if a.Partner != "content" {
				t.Errorf("the answer is said to be of %q", a.Partner)
			}
		})
	}
}

// TestMutatedAnswers is row 20: whatever happens to an answer on its way, it is refused, or what
// is kept of it was sold.
func TestMutatedAnswers(t *testing.T) {
	s := newContentServer(t, "duffel")
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	const offers = 3
	kept := 0
	for i := range 200 {
		body := slices.Clone(good(offers))
		for range 1 + random.IntN(3) {
			body = append(body, ' ') // never empty
			at := random.IntN(len(body))
			switch random.IntN(4) {
			case 0:
				body[at] ^= 1 << random.IntN(8)
			case 1:
				body = slices.Delete(body, at, min(at+1+random.IntN(20), len(body)))
			case 2:
				body = slices.Insert(body, at, body[random.IntN(len(body))])
			default:
				body = body[:max(at, 1)]
			}
		}
		s.answer.Body = body
		a := s.ask(t)
		if a.Err != nil && fault.Of(a.Err).Cause == fault.Panic {
			t.Fatalf("seed %d, answer %d: a panic: %v", seed, i, fault.Of(a.Err).Detail)
		}
		if a.Err != nil && a.OffersKept() > 0 {
			t.Errorf("seed %d, answer %d: %v, and %d offers", seed, i, a.Err, a.OffersKept())
		}
		for _, o := range a.Offers {
			kept++
			if o.Price.Total.Minor <= 0 || len(o.Itinerary.Slices) != 1 || o.Itinerary.Slices[0].Departs().Date().String() != asked.date {
				t.Errorf("seed %d, answer %d: kept %v", seed, i, o)
			}
		}
		if i%5 == 4 { // a new provider, or the breaker is open
			s = newContentServer(t, "duffel")
		}
	}
	if kept == 0 {
		t.Errorf("seed %d: nothing was kept of %d offers, most of which are whole", seed, 200*offers)
	}
}

// TestDocumentTypesAreRefused is row 29, and the depth of XML from row 28.
func TestDocumentTypesAreRefused(t *testing.T) {
	for name, body := range map[string]func(url string) string{
		"billion laughs": func(string) string {
			return `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><AirShoppingRS>&c;</AirShoppingRS>`
		},
		"external entity": func(url string) string {
			return `<!DOCTYPE a [<!ENTITY b SYSTEM "` + url + `/fetched">]><AirShoppingRS>&b;</AirShoppingRS>`
		},
		"two million deep": func(string) string { return strings.Repeat("<a>", 2_000_000) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newContentServer(t, "ndc")
			s.answer = faultinject.Answer{Header: map[string]string{"Content-Type": "application/xml"}, Body: []byte(body("http://127.0.0.1:1"))}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a := s.ask(t)
			runtime.ReadMemStats(&after)
			if e := fault.Of(a.Err); e == nil || e.Cause != fault.Malformed {
				t.Errorf("%v, want malformed", a.Err)
			}
			if used := int64(after.TotalAlloc - before.TotalAlloc); used > 64<<20 {
				t.Errorf("%d MiB were allocated", used>>20)
			}
			if s.fetches > 0 {
				t.Error("an entity was fetched")
			}
		})
	}
}
