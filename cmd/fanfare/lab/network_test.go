package lab

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"fanfare/providers/faultinject"
)

// networkRows are partners that are down, slow, flapping or failing (docs/reliability.md 2).
func networkRows() []row {
	return []row{
		{1, "partner down", true, rowDown},
		{2, "partner blackholed", false, rowBlackholed},
		{3, "partner slow", true, rowSlow},
		{4, "stragglers, hedged", false, rowStragglers},
		{5, "uniformly slow, hedged", false, rowSlowHedged},
		{6, "flapping", false, rowFlapping},
		{7, "five of six calls fail", true, rowRatio},
		{8, "reset in headers and body", true, rowReset},
		{9, "truncated body", true, rowTruncated},
		{10, "slow drip", false, rowDrip},
		{32, "429 with Retry-After", true, rowPaused},
	}
}

// faulty is the way of most rows: a baseline, the fault, the standing gates, recovery.
func (w *world) faulty(script faultinject.Fault, d time.Duration, f expected, more func(shots []shot, began time.Time)) {
	w.Helper()
	w.baseline()
	began := time.Now()
	w.x.play(script)
	shots := w.load(w.rate(), d)
	w.standing(shots, f)
	if more != nil {
		more(shots, began)
	}
	w.recovers()
}

func (w *world) attempts() float64 {
	return w.server.metric("fanfare_partner_attempts_total", `partner="x9"`)
}

// openAfter is when the first search found the breaker open.
func openAfter(shots []shot, name string) (time.Duration, bool) {
	for i := range shots {
		if shots[i].partner(name).Status == "circuit_open" {
			return shots[i].at.Sub(shots[0].at), true
		}
	}
	return 0, false
}

func rowDown(l *lab) {
	w := l.world(plan{})
	before := w.baseline()
	attempts := w.attempts()
	w.x.down()
	d := w.seconds(15)
	shots := w.load(w.rate(), d)
	w.standing(shots, expected{causes: []string{"refused", "reset"}})
	made := w.attempts() - attempts
	periods := 1.0 // each open twice as long as the one before, a fifth more or less
	_, open, openMost, _ := w.timing()
	for t := time.Duration(0); t+open*4/5 < d; open = min(2*open, openMost) {
		t += open * 4 / 5
		periods++
	}
	w.timed(made <= 5+3*periods+1, "attempts at a partner that is down: %.0f (at most 5 and 3 in each of %.0f open periods)", made, periods)
	added := quantile(shots, .5) - quantile(before, .5)
	w.timed(added <= 5*time.Millisecond, "p50 %v, %v before: %v added (at most 5 ms)", round(quantile(shots, .5)), round(quantile(before, .5)), round(added))
	w.x.again(l.T)
	w.recovers()
}

// blackhole listens where connections are never accepted, with a full queue: more of them
// are left without an answer.
func blackhole(l *lab, ip string, port int) (fill func()) {
	l.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		l.Fatal(err)
	}
	addr := &syscall.SockaddrInet4{Port: port, Addr: [4]byte(net.ParseIP(ip).To4())}
	syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1) //nolint:errcheck // bind says it
	if err := syscall.Bind(fd, addr); err != nil {
		l.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		l.Fatal(err)
	}
	var held []net.Conn
	for range 8 {
		if c, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", ip, port), 200*time.Millisecond); err == nil {
			held = append(held, c)
		}
	}
	return func() {
		for _, c := range held {
			c.Close()
		}
		syscall.Close(fd) //nolint:errcheck // nothing to do about it
	}
}

func rowBlackholed(l *lab) {
	w := l.world(plan{})
	w.baseline()
	w.x.down()
	lift := blackhole(l, w.x.ip, w.x.port)
	shots := w.load(w.rate(), w.seconds(15))
	w.standing(shots, expected{causes: []string{"connect_timeout"}})
	var asked, skipped []time.Duration
	for i := range shots {
		p := shots[i].partner("x9")
		took := time.Duration(p.Took * float64(time.Millisecond))
		if p.Status == "timeout" {
			asked = append(asked, took)
		} else {
			skipped = append(skipped, took)
		}
	}
	w.gate(len(asked) > 0 && quantileOf(asked, 1) <= 400*time.Millisecond, "%d calls end as timeout after %v at most (400 ms)", len(asked), round(quantileOf(asked, 1)))
	w.gate(len(skipped) > 0 && quantileOf(skipped, .99) <= 5*time.Millisecond, "%d searches skip it in %v (p99, at most 5 ms)", len(skipped), round(quantileOf(skipped, .99)))
	lift()
	w.x.again(l.T)
	w.recovers()
}

func rowSlow(l *lab) {
	w := l.world(plan{})
	w.x.most.Store(0)
	slow := 2 * time.Second
	if !w.full {
		slow = 20 * time.Second
	}
	w.faulty(after(slow), max(w.seconds(15), 2*time.Second), expected{causes: []string{"deadline", "still_running"}, healthy: true}, func(shots []shot, _ time.Time) {
		most := w.x.most.Load()
		w.gate(most <= 16, "calls in flight at the slow partner: %d at most (16)", most)
		at, open := openAfter(shots, "x9")
		w.timed(open && at <= 5*time.Second, "the breaker is open after %v (at most 5 s)", round(at))
		w.gate(!anyOK(shots[1:], "x9"), "nothing of the slow partner is shown")
	})
}

func anyOK(shots []shot, name string) bool {
	return slices.ContainsFunc(shots, func(s shot) bool { return s.partner(name).Status == "ok" })
}

// straggling answers in about 12 ms, one call in a hundred 0.2 to 1 s later.
var straggling = faultinject.OneIn(100, faultinject.Delay(func() time.Duration {
	return 200*time.Millisecond + rand.N(800*time.Millisecond)
}, logNormal(12*time.Millisecond)), logNormal(12*time.Millisecond))

// twenty is a world of twenty partners, all of whom straggle.
func (l *lab) twenty(more string) *world {
	p := plan{offers: 3, partner: map[string]string{}, search: "budget: 2s"}
	for i := range 12 {
		seller := newPartner(l.T, fmt.Sprintf("q%02d", i), []string{"AZ", "UX", "VY", "EI", "OS", "LO", "AY", "SN", "OK", "RO", "A3", "JU"}[i], fmt.Sprintf("127.0.0.%d", 1+i%8))
		seller.offers = 3
		seller.play(straggling)
		p.more = append(p.more, l.feed(seller.name, seller.url(), more))
	}
	for _, name := range []string{"p1", "p2", "p3", "p4", "p5", "p6", "c8", "x9"} {
		p.partner[name] = more
	}
	w := l.world(p)
	for _, seller := range w.partners() {
		seller.play(straggling)
	}
	return w
}

func rowStragglers(l *lab) {
	p99 := map[bool]time.Duration{}
	for _, hedged := range []bool{false, true} {
		w := l.twenty(fmt.Sprintf("hedge: {enabled: %v}", hedged))
		w.loadOf(20, w.seconds(8), w.small) // a hedge needs to know a hundred calls
		calls, extra := w.asked(), w.server.metric("fanfare_partner_extra_attempts_total")
		shots := w.loadOf(20, 30*time.Second, w.small)
		p99[hedged] = quantile(shots, .99)
		share := (w.server.metric("fanfare_partner_extra_attempts_total") - extra) / (w.asked() - calls)
		l.Logf("      hedge %-5v p50 %v, p95 %v, p99 %v, extra calls %.1f %%", hedged, round(quantile(shots, .5)), round(quantile(shots, .95)), round(p99[hedged]), 100*share)
		l.gate(share <= .05, "extra calls %.1f %% (at most 5)", 100*share)
		w.server.stop()
	}
	ratio := float64(p99[false]) / float64(p99[true])
	l.gate(ratio >= 5, "p99 without hedges %v, with %v: %.1f times lower (at least 5)", round(p99[false]), round(p99[true]), ratio)
}

func (w *world) small() (query, string) { return w.queries.one(), "&limit=1" }

// asked counts the questions put to partners, each once.
func (w *world) asked() float64 {
	return w.server.metric("fanfare_partner_attempts_total") - w.server.metric("fanfare_partner_extra_attempts_total")
}

func rowSlowHedged(l *lab) {
	w := l.world(plan{partner: map[string]string{"x9": "hedge: {enabled: true}"}})
	w.loadOf(20, 8*time.Second, w.small)
	w.baseline()
	w.x.play(logNormal(600 * time.Millisecond))
	began := time.Now()
	hedges := func() float64 {
		return w.server.metric("fanfare_partner_extra_attempts_total", `partner="x9"`, `kind="hedge"`)
	}
	var shots []shot
	for range 3 {
		h, calls := hedges(), w.attempts()
		shots = append(shots, w.load(20, 5*time.Second)...)
		made, of := hedges()-h, w.attempts()-calls
		w.gate(made <= max(.05*of, 3), "hedges in 5 s: %.0f of %.0f calls (at most 5 %%, or the burst of 3)", made, of)
	}
	l.Logf("      %d calls came to the partner", w.x.since(began))
	w.standing(shots, expected{causes: []string{"deadline", "still_running"}, healthy: true})
	w.recovers()
}

func rowFlapping(l *lab) {
	w := l.world(plan{})
	before := w.baseline()
	before = append(before, w.load(20, 6*time.Second)...)
	w.x.play(faultinject.EachFor(2*time.Second, status(http.StatusInternalServerError), normal))
	var changes atomic.Int64
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		last := 0.0
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
			closed := min(w.server.metric("fanfare_breaker_state", `partner="x9"`), 1)
			if closed != last {
				changes.Add(1)
				last = closed
			}
		}
	}()
	shots := w.load(20, 60*time.Second)
	close(stop)
	<-done
	w.standing(shots, expected{causes: []string{"http_5xx"}, healthy: true})
	w.gate(changes.Load() > 1 && changes.Load() <= 20, "the breaker opens and closes %d times in a minute (at most 20)", changes.Load())
	p99 := func(shots []shot) time.Duration {
		var all []time.Duration
		for _, p := range w.healthy {
			all = append(all, took(shots, p.name)...)
		}
		return quantileOf(all, .99)
	}
	a, b := p99(before), p99(shots)
	w.gate(b <= a+a/10+10*time.Millisecond, "p99 of the healthy partners %v, %v before (at most 10 %% more, and 10 ms for the machine)", round(b), round(a))
	w.recovers()
}

func rowRatio(l *lab) {
	w := l.world(plan{})
	failed := status(http.StatusInternalServerError)
	fails := faultinject.InTurn(failed, failed, failed, failed, failed, normal)
	w.faulty(fails, max(w.seconds(12), 5*time.Second), expected{causes: []string{"http_5xx"}, healthy: true}, func(shots []shot, _ time.Time) {
		at, open := openAfter(shots, "x9")
		w.timed(open && at <= 10*time.Second, "the breaker is open after %v (at most 10 s)", round(at))
	})
}

func rowReset(l *lab) {
	w := l.world(plan{})
	stage := map[bool]faultinject.Fault{false: faultinject.ResetInHeaders, true: faultinject.ResetInBody(.5)}
	w.baseline()
	for _, inBody := range []bool{false, true} {
		w.x.play(stage[inBody])
		calls, extra := w.attempts(), w.server.metric("fanfare_partner_extra_attempts_total", `partner="x9"`)
		shots := w.load(w.rate(), w.seconds(7))
		l.Logf("      reset within the body: %v", inBody)
		w.standing(shots, expected{causes: []string{"reset", "truncated"}})
		w.timed(w.met(shots, "reset", "truncated") > 0, "%d searches meet it", w.met(shots, "reset", "truncated"))
		retries, of := w.server.metric("fanfare_partner_extra_attempts_total", `partner="x9"`)-extra, w.attempts()-calls
		most := max(.1*(of-retries), 10) // the budget: a tenth of the calls, and a burst
		if inBody {
			most = 0
		}
		w.timed(retries <= most, "retries: %.0f of %.0f attempts (at most %.0f)", retries, of, most)
		w.heals()
	}
	w.settles()
}

func rowTruncated(l *lab) {
	w := l.world(plan{})
	w.baseline()
	truncated := map[bool]faultinject.Fault{false: faultinject.Truncate(.6), true: faultinject.NoLastChunk(.6)}
	for _, chunked := range []bool{false, true} {
		w.x.play(truncated[chunked])
		l.Logf("      chunked: %v", chunked)
		shots := w.load(w.rate(), w.seconds(7))
		w.standing(shots, expected{causes: []string{"truncated"}})
		w.timed(w.met(shots, "truncated") > 0, "%d searches meet it", w.met(shots, "truncated"))
		again := w.search(w.Context(), shots[0].query, time.Now(), wholePage)
		w.gate(again.partner("x9").Kept == 0, "asked once more, nothing of it is kept: %s", again.partner("x9").Status)
		w.heals()
	}
	w.settles()
}

func rowDrip(l *lab) {
	w := l.world(plan{})
	w.faulty(faultinject.Drip(50*time.Millisecond), w.seconds(15), expected{causes: []string{"deadline", "still_running"}}, func(shots []shot, began time.Time) {
		var asked []time.Duration
		for i := range shots {
			if p := shots[i].partner("x9"); p.Status == "timeout" {
				asked = append(asked, time.Duration(p.Took*float64(time.Millisecond)))
			}
		}
		least, most := quantileOf(asked, 0), quantileOf(asked, 1)
		w.gate(len(asked) > 0 && least >= 650*time.Millisecond && most <= 750*time.Millisecond, "%d calls end after %v to %v (650 to 750 ms)", len(asked), round(least), round(most))
		dripped := w.x.since(began)
		closed := until(w.Context(), 2*time.Second, func() bool { return w.x.hungUp(began) == dripped })
		w.gate(closed, "connections closed: %d of %d", w.x.hungUp(began), dripped)
	})
}

func rowPaused(l *lab) {
	for _, test := range []struct {
		name, value string
		pause       time.Duration
	}{
		{"3", "3", 3 * time.Second},
		{"-5", "-5", time.Minute},
		{"10^9", "1000000000", time.Minute},
		{"a date", "", 3 * time.Second},
	} {
		w := l.world(plan{})
		w.baseline()
		value := test.value
		if value == "" {
			value = time.Now().Add(4 * time.Second).UTC().Format(http.TimeFormat) // whole seconds: 3 to 4
		}
		w.x.play(status(http.StatusTooManyRequests, "Retry-After", value))
		began := time.Now()
		shots := w.load(w.rate(), w.seconds(2.5))
		calls := w.x.since(began)
		w.gate(calls >= 1 && (calls == 1 || !w.full), "Retry-After %s: %d calls, the one that was told to wait among them", test.name, calls)
		w.standing(shots, expected{causes: []string{"http_429"}})
		last := shots[len(shots)-1].partner("x9")
		retry, err := time.Parse(time.RFC3339, last.RetryAt)
		ahead := retry.Sub(began)
		w.timed(err == nil && ahead <= test.pause+2*time.Second && ahead >= test.pause-500*time.Millisecond, "Retry-After %s: asked again %v after the first call (about %v)", test.name, ahead.Round(100*time.Millisecond), test.pause)
		if test.pause < time.Minute && w.full {
			w.recovers()
		}
		w.server.stop()
	}
}
