// Package ops is the operators' listener: metrics and profiles. It owns the metrics
// library; the parts report through hooks, and are read through the functions of
// Gauges. Nothing of it is reachable from the public listener.
package ops

import (
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the parts report. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	attempts *prometheus.CounterVec
	extras   *prometheus.CounterVec
	searches prometheus.Histogram
	lookups  *prometheus.CounterVec
	refused  *prometheus.CounterVec
}

// Gauges are read at each scrape.
type Gauges struct {
	// Breakers returns each partner's breaker state: 0 closed, 1 half-open, 2 open.
	Breakers     func() map[string]float64
	CacheBytes   func() float64
	HeldSearches func() float64
	LiveSearches func() float64
	FXAgeSeconds func() float64
}

// NewMetrics registers Fanfare's metrics, and the process's own.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fanfare_partner_requests_total", Help: "Calls to partners by how they ended, refused ones included."},
			[]string{"partner", "status", "cause"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "fanfare_partner_latency_seconds", Help: "How long partners take, of calls that were made.",
			Buckets: []float64{.025, .05, .1, .2, .4, .8, 1.6, 3.2, 6.4, 12.8, 30}}, []string{"partner"}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fanfare_partner_attempts_total", Help: "Requests that went out, retries and hedges included."},
			[]string{"partner"}),
		extras: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fanfare_partner_extra_attempts_total", Help: "Requests beyond the first for one question, by kind: retry or hedge."},
			[]string{"partner", "kind"}),
		searches: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "fanfare_search_seconds", Help: "From a search's start until it was terminal.",
			Buckets: []float64{.025, .05, .1, .2, .4, .8, 1.6, 3.2, 6.4, 12.8, 30}}),
		lookups: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fanfare_cache_lookups_total", Help: "Look-ups of kept answers and held searches."},
			[]string{"outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fanfare_searches_refused_total", Help: "New searches refused under overload, by what the server ran short of."},
			[]string{"want"}),
	}
	m.registry.MustRegister(m.requests, m.latency, m.attempts, m.extras, m.searches, m.lookups, m.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Called counts a partner call. status and cause come from closed sets, attempts is how
// many requests went out.
func (m *Metrics) Called(partner, status, cause string, took time.Duration, attempts int) {
	m.requests.WithLabelValues(partner, status, cause).Inc()
	if attempts > 0 {
		m.latency.WithLabelValues(partner).Observe(took.Seconds())
		m.attempts.WithLabelValues(partner).Add(float64(attempts))
	}
}

// Extra counts a request beyond the first for one question; kind comes from a closed set.
func (m *Metrics) Extra(partner, kind string) { m.extras.WithLabelValues(partner, kind).Inc() }

// Searched counts a search that has turned terminal.
func (m *Metrics) Searched(took time.Duration) { m.searches.Observe(took.Seconds()) }

// Lookup counts a cache look-up: hit, stale, miss or joined.
func (m *Metrics) Lookup(outcome string) { m.lookups.WithLabelValues(outcome).Inc() }

// Refused counts a new search that was refused; want comes from a closed set.
func (m *Metrics) Refused(want string) { m.refused.WithLabelValues(want).Inc() }

// Watch adds the gauges; once.
func (m *Metrics) Watch(g Gauges) {
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("fanfare_cache_bytes", "Accounted size of what is kept.", g.CacheBytes)
	gauge("fanfare_held_searches", "Searches that are held.", g.HeldSearches)
	gauge("fanfare_live_searches", "Fan-outs in progress.", g.LiveSearches)
	gauge("fanfare_fx_age_seconds", "Age of the exchange rates.", g.FXAgeSeconds)
	m.registry.MustRegister(&breakers{g.Breakers})
}

var breakerDesc = prometheus.NewDesc("fanfare_breaker_state", "0 closed, 1 half-open, 2 open.", []string{"partner"}, nil)

// breakers asks for states at each scrape: a breaker turns half-open only when looked at.
type breakers struct{ read func() map[string]float64 }

func (b *breakers) Describe(ch chan<- *prometheus.Desc) { ch <- breakerDesc }

func (b *breakers) Collect(ch chan<- prometheus.Metric) {
	for partner, state := range b.read() {
		ch <- prometheus.MustNewConstMetric(breakerDesc, prometheus.GaugeValue, state, partner)
	}
}

// Handler serves /metrics, /healthz, /readyz, the profiles and the planes of keys and partners, of
// which each may be nil. ready says how the public listener stands: "ok", or why searches cannot be answered.
func (m *Metrics) Handler(ready func() string, keys Keys, partners Partners) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	health := func(status func() string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			s := status()
			if s != "ok" {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			_ = json.NewEncoder(w).Encode(map[string]string{"status": s}) // whoever has left is not answered
		}
	}
	mux.HandleFunc("GET /healthz", health(func() string { return "ok" }))
	mux.HandleFunc("GET /readyz", health(ready))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	if keys != nil {
		registerKeys(mux, keys)
	}
	if keys != nil && partners != nil {
		registerPartners(mux, guardedBy(keys), partners)
	}
	return mux
}
