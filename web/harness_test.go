package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/aggregator"
	"fanfare/aggregator/fx"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/web"
	"fanfare/web/api"
)

const (
	budget     = 8 * time.Second
	firstPaint = 150 * time.Millisecond
	maxWait    = 30 * time.Second
)

// partner is a fake partner whose answers are scripted: the n-th call takes the n-th
// answer, the last one again and again.
type partner struct {
	name       string
	script     []scripted
	applicable func(q travel.Query) fault.Cause
	parts      func(q travel.Query) travel.Answer // to background calls; nil is a partner that takes none
	calls      atomic.Int64
}

type scripted struct {
	after  time.Duration
	answer travel.Answer
}

func (p *partner) Name() string                     { return p.name }
func (p *partner) DisplayName() string              { return strings.ToUpper(p.name) }
func (p *partner) FeedVersion() string              { return "1" }
func (p *partner) Cacheable() (bool, time.Duration) { return true, 0 }

func (p *partner) Combinable() (allowed, budgeted bool) { return p.parts != nil, false }

func (p *partner) AskBackground(_ context.Context, q travel.Query) travel.Answer {
	a := p.parts(q)
	a.Partner, a.AsOf, a.Attempts, a.OffersIn = p.name, time.Now(), 1, a.OffersKept()
	return a
}

func (p *partner) Applicable(q travel.Query) fault.Cause {
	if p.applicable != nil {
		return p.applicable(q)
	}
	return fault.None
}

func (p *partner) Ask(ctx context.Context, _ travel.Query) travel.Answer {
	n := int(p.calls.Add(1))
	s := p.script[min(n, len(p.script))-1]
	a := s.answer
	// No timer of 0: two that fire at once in one bubble crash the race detector.
	if s.after > 0 {
		select {
		case <-time.After(s.after):
		case <-ctx.Done():
			a = travel.Answer{Err: fault.New(fault.Cancelled, ctx.Err())}
		}
	}
	a.Partner, a.AsOf, a.Took, a.Attempts = p.name, time.Now(), s.after, max(a.Attempts, 1)
	if a.OffersIn == 0 {
		a.OffersIn = a.OffersKept()
	}
	return a
}

// bench is the real engine over fake partners.
type bench struct {
	t        *testing.T
	agg      *aggregator.Aggregator
	engine   *gin.Engine
	partners []*partner
	drain    func()
	draining chan struct{}
	log      *bytes.Buffer
}

var rates = sync.OnceValue(func() *fx.Table {
	s, err := fx.NewSource(fx.Config{})
	if err != nil {
		panic(err)
	}
	return s.Current()
})

// newBench is best called in a bubble, where time is fake. Loopback is the client
// unless a request says otherwise.
func newBench(t *testing.T, cfg web.Config, partners ...*partner) *bench {
	t.Helper()
	return newBenchWithin(t, budget, cfg, partners...)
}

// newBenchWithin is newBench with a search budget of its own.
func newBenchWithin(t *testing.T, budget time.Duration, cfg web.Config, partners ...*partner) *bench {
	t.Helper()
	b := &bench{t: t, partners: partners, draining: make(chan struct{}), log: &bytes.Buffer{}}
	b.drain = sync.OnceFunc(func() { close(b.draining) })
	cfg.Log = slog.New(slog.NewTextHandler(b.log, nil))
	if cfg.Limits == (web.Limits{}) {
		cfg.Limits = web.Limits{NewSearchesPerSecond: 5, Burst: 20, RequestsPerSecond: 100}
	}
	var atlas *places.Atlas // without one nothing is put together from several tickets
	if slices.ContainsFunc(partners, func(p *partner) bool { return p.parts != nil }) {
		atlas = places.Default()
	}
	b.agg = aggregator.New(aggregator.Config{
		Budget: budget, Retain: 30 * time.Minute, LiveFor: 15 * time.Minute, Refreshes: 3, LiveSearches: 100,
		CacheBytes: 64 << 20, Rates: rates, Now: time.Now, Log: slog.New(slog.DiscardHandler), Atlas: atlas,
	})
	all := make([]aggregator.Partner, len(partners))
	for i, p := range partners {
		all[i] = p
	}
	b.agg.SetPartners(all)
	t.Cleanup(b.agg.Close)
	var err error
	b.engine, err = web.Engine(cfg, func(limits api.Limits) (*api.API, error) {
		return api.New(api.Config{Aggregator: b.agg, Atlas: places.Default(), Market: "GB", Now: time.Now,
			FirstPaint: firstPaint, MaxWait: maxWait, Limits: limits, Draining: b.draining})
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// inBubble runs f with fake time.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	places.Default() // read outside: its tables belong to no bubble
	rates()
	synctest.Test(t, f)
}

func (b *bench) calls() int {
	n := 0
	for _, p := range b.partners {
		n += int(p.calls.Load())
	}
	return n
}

// answer is a response that its operation's schema has been asserted for.
type answer struct {
	*httptest.ResponseRecorder
	t    *testing.T
	body []byte // decompressed
}

// keepFresh refreshes watched searches until the test ends, as a server does.
func (b *bench) keepFresh() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { b.agg.Run(ctx); close(done) }()
	b.t.Cleanup(func() { cancel(); <-done })
}

// do sends a request and validates whatever comes back against /openapi.json.
func (b *bench) do(r *http.Request) *answer {
	b.t.Helper()
	if r.RemoteAddr == "192.0.2.1:1234" { // httptest's
		r.RemoteAddr = "127.0.0.1:1"
	}
	w := httptest.NewRecorder()
	b.engine.ServeHTTP(w, r)
	a := &answer{w, b.t, w.Body.Bytes()}
	if w.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(a.body))
		if err != nil {
			b.t.Fatal(err)
		}
		if a.body, err = io.ReadAll(z); err != nil {
			b.t.Fatal(err)
		}
	}
	validate(b.t, r, w.Code, w.Header(), a.body)
	return a
}

func (b *bench) get(path string, headers ...string) *answer {
	b.t.Helper()
	return b.do(request(http.MethodGet, path, "", headers...))
}

func (b *bench) post(path, body string, headers ...string) *answer {
	b.t.Helper()
	return b.do(request(http.MethodPost, path, body, append([]string{"Content-Type", "application/json"}, headers...)...))
}

func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "From" {
			r.RemoteAddr = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status = %d, want %d: %s", a.Code, status, a.body)
	}
	return a
}

func decode[T any](a *answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%v in %.200s", err, a.body)
	}
	return v
}

// shown is what tests read of a view of either product.
type shown struct {
	ID        string
	Revision  int64
	StateHash string `json:"state_hash"`
	Status    string
	Coverage  struct {
		Asked, Answered int
		Share           float64
	}
	Partners []struct {
		Name, Status string
		Cause        *string
		OffersIn     int `json:"offers_in"`
		OffersKept   int `json:"offers_kept"`
		Drops        map[string]int
	}
	Counts struct {
		Results, Offers, Matching int
		NewBefore                 int `json:"new_before"`
	}
	Facets    map[string]json.RawMessage
	Labels    map[string]string
	EarlyStop *struct{ Residual money } `json:"early_stop"`
	Results   []struct {
		ID         string
		Name       string
		Price      money
		Slices     []struct{ Departs string }
		OfferCount int `json:"offers_total"`
		RateCount  int `json:"rates_total"`
		Score      struct {
			Total, Currency string
			Parts           []struct{ Name, Amount, Explanation string }
		}
		Offers, Rates []struct {
			ID, Partner string
			Price       struct {
				Total, Base, Taxes, Original *money
				FX                           *struct{ Rate string }
			}
			Constraints map[string]string
		}
	}
	NextCursor *string `json:"next_cursor"`
}

type money struct{ Amount, Currency string }

func (s *shown) ids() []string {
	out := []string{}
	for _, r := range s.Results {
		out = append(out, r.ID)
	}
	return out
}

func (a *answer) view() *shown {
	a.t.Helper()
	s := decode[shown](a)
	return &s
}

// problem is an error body.
type problem struct {
	Type, Title, Detail, Instance, ID string
	Status                            int
	Errors                            []struct{ Field, Message string }
	Partners                          []struct{ Name, Status string }
}

func (a *answer) problem(status int) *problem {
	a.t.Helper()
	a.want(status)
	if got := a.Header().Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("Content-Type = %q, want application/problem+json", got)
	}
	p := decode[problem](a)
	if p.Status != status || p.Type == "" || p.Title == "" || p.Instance == "" || p.Instance != a.Header().Get("X-Request-Id") {
		a.t.Errorf("problem = %s, want status %d, type, title, and the request's id", a.body, status)
	}
	return &p
}
