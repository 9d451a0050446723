package partnersim

import (
	"math"
	"net/http"
	"sync"
	"time"

	"fanfare/providers/partnersim/rng"
)

// Latency is how long a partner takes to begin its answer. The zero value is at
// once. P50 and P99 describe a log-normal distribution, Min and Max a uniform
// one; with P50 set, Min and Max bound the draw if they are set.
type Latency struct {
	Fixed    time.Duration
	Min, Max time.Duration
	P50, P99 time.Duration
}

// Fault is one way in which a partner fails.
type Fault string

// The faults. FaultRefuse stands for a partner that is down: the connection is
// reset before anything is read; Server.Down refuses connections altogether.
const (
	FaultNone      Fault = ""
	FaultRefuse    Fault = "refuse"
	FaultHTTP500   Fault = "http_500"
	FaultHTTP503   Fault = "http_503"
	FaultHTTP429   Fault = "http_429"
	FaultSlow      Fault = "slow"      // waits Behaviour.SlowBy on top of its latency
	FaultHang      Fault = "hang"      // never answers
	FaultTruncated Fault = "truncated" // ends at 60 % of the length it announced
	FaultChunkCut  Fault = "chunk_cut" // ends in mid-chunk
	FaultMalformed Fault = "malformed" // a document that is neither JSON nor XML after two thirds
	FaultHTML      Fault = "html"      // a web page, with status 200
	FaultError200  Fault = "error_200" // the vendor's error document, with status 200
	FaultReset     Fault = "reset"     // resets the connection in mid-body
	FaultDrip      Fault = "drip"      // one byte each Behaviour.DripEvery
)

// Faults lists every fault but FaultNone.
func Faults() []Fault {
	return []Fault{FaultRefuse, FaultHTTP500, FaultHTTP503, FaultHTTP429, FaultSlow, FaultHang, FaultTruncated,
		FaultChunkCut, FaultMalformed, FaultHTML, FaultError200, FaultReset, FaultDrip}
}

// Behaviour is what can be changed about a partner while it runs. The zero value is a
// partner that answers well and at once.
type Behaviour struct {
	Latency   Latency
	ErrorRate float64 // share of calls that end in HTTP 500
	Fault     Fault
	FaultRate float64 // share of calls that have the Fault; 0 is all

	SlowBy     time.Duration // of FaultSlow; 0 is 5 s
	DripEvery  time.Duration // of FaultDrip; 0 is 50 ms
	RetryAfter string        // header of 429 answers, verbatim; "" is the vendor's custom

	PerMinute int  // requests a minute before 429; 0 is no limit
	Offers    int  // exactly so many lean offers of about 2.5 kB a direction (properties, for hotels): for benchmarks. 0 is what the world has
	NoGzip    bool // never compress, whatever the client accepts: for benchmarks
}

// faultOf is the fault of one call.
func (b *Behaviour) faultOf(d rng.RNG) Fault {
	if b.Fault != FaultNone && (b.FaultRate == 0 || d.Str("fault").Unit() < b.FaultRate) {
		return b.Fault
	}
	if b.ErrorRate > 0 && d.Str("error").Unit() < b.ErrorRate {
		return FaultHTTP500
	}
	return FaultNone
}

// status is the HTTP status that a fault consists of, 0 for the others.
func (f Fault) status() int {
	switch f {
	case FaultHTTP500:
		return http.StatusInternalServerError
	case FaultHTTP503:
		return http.StatusServiceUnavailable
	case FaultHTTP429:
		return http.StatusTooManyRequests
	}
	return 0
}

// delay is the latency of one call.
func (b *Behaviour) delay(d rng.RNG, f Fault) time.Duration {
	wait := b.Latency.draw(d.Str("latency"))
	if f == FaultSlow {
		if b.SlowBy == 0 {
			return wait + 5*time.Second
		}
		wait += b.SlowBy
	}
	return wait
}

// z99 is the 99th percentile of the standard normal distribution.
const z99 = 2.3263

func (l Latency) draw(d rng.RNG) time.Duration {
	switch {
	case l.P50 > 0:
		sigma := 0.0
		if l.P99 > l.P50 {
			sigma = math.Log(float64(l.P99)/float64(l.P50)) / z99
		}
		// Box-Muller; 1-unit is never 0.
		z := math.Sqrt(-2*math.Log(1-d.Unit())) * math.Cos(2*math.Pi*d.Str("angle").Unit())
		drawn := time.Duration(float64(l.P50) * math.Exp(sigma*z))
		if l.Max > 0 {
			drawn = min(drawn, l.Max)
		}
		return max(drawn, l.Min)
	case l.Max > l.Min:
		return l.Min + time.Duration(d.Unit()*float64(l.Max-l.Min))
	}
	return max(l.Fixed, l.Min)
}

// window counts requests by the minute of the world's clock.
type window struct {
	mu     sync.Mutex // guards the fields below
	minute int64
	taken  int
}

func (w *window) take(now time.Time, limit int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m := now.Unix() / 60; m != w.minute {
		w.minute, w.taken = m, 0
	}
	w.taken++
	return w.taken <= limit
}
