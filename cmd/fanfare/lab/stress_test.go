package lab

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"fanfare/aggregator/cache"
)

// stressRows are what travellers, clocks and our own mistakes do to the server (docs/reliability.md 2).
func stressRows() []labRow {
	return []labRow{
		{33, "overload", false, rowOverload},
		{34, "retry storm", false, rowStorm},
		{35, "stampede", true, rowStampede},
		{36, "priority under overload", false, rowPriority},
		{37, "travellers who leave", true, rowLeavers},
		{38, "slow clients", false, rowSlowClients},
		{40, "memory pressure", false, rowMemory},
		{41, "a million keys", false, rowKeys},
		{42, "a client that panics", true, rowPanic},
		{43, "the clock jumps", true, rowClock},
	}
}

// heavy is a world whose searches cost the server milliseconds: a hundred and fifty offers
// from each partner, all after 20 ms.
func (l *lab) heavy(p plan) *world {
	p.offers = 150
	p.top += "\ncache: {max_bytes: 256MiB}"
	w := l.world(p)
	for _, a := range w.actors() {
		a.play(after(20 * time.Millisecond))
	}
	return w
}

// complete counts the searches that every partner answered.
func complete(shots []shot) int {
	n := 0
	for i := range shots {
		if shots[i].good() && shots[i].answer.Status == "complete" {
			n++
		}
	}
	return n
}

func goodOf(shots []shot) []shot {
	return slices.DeleteFunc(slices.Clone(shots), func(s shot) bool { return !s.good() })
}

// capacity finds C: the highest rate at which p99 stays within twice what it is at rest. It
// depends on the machine and its neighbours, so each run finds its own.
func (w *world) capacity() (c float64, idle time.Duration) {
	w.loadOf(10, 2*time.Second, w.queries.few) // opens connections
	idle = quantile(w.loadOf(10, 4*time.Second, w.queries.few), .99)
	c = 10
	copes := func(rate float64) bool {
		time.Sleep(300 * time.Millisecond)
		shots := w.loadOf(rate, 3*time.Second, w.queries.few)
		return quantile(shots, .99) <= 2*idle && complete(shots) == len(shots)
	}
	for rate := 20.0; rate < 2000; rate *= 1.3 {
		once := copes(rate)
		if again := once || copes(rate); !again { // a neighbour's hiccup is no limit
			break
		}
		c = rate
	}
	w.Logf("      capacity %.0f searches/s; p99 at rest %v", c, round(idle))
	return c, idle
}

func rowOverload(l *lab) {
	for _, ahead := range []bool{false, true} {
		l.Logf("      adaptive admission: %v", ahead)
		w := l.heavy(plan{top: fmt.Sprintf("adaptive: {admission: %v}", ahead)})
		w.overload()
		w.server.stop()
	}
}

func (w *world) overload() {
	c, idle := w.capacity()
	goodput := func(times float64, d time.Duration) (float64, time.Duration) {
		shots := w.loadOf(times*c, d, w.queries.few)
		good := goodOf(shots)
		var codes []string
		for i := range shots {
			s := &shots[i]
			codes = append(codes, fmt.Sprint(s.code, " ", s.answer.Status+s.problem))
			if s.code == http.StatusServiceUnavailable && s.wait == "" {
				w.gate(false, "a refusal without Retry-After")
			}
		}
		rate, p99 := float64(complete(shots))/d.Seconds(), quantile(good, .99)
		w.Logf("      %4.1f C: offered %.0f/s, goodput %.1f/s, admitted p50 %v p99 %v; %s", times, times*c, rate, round(quantile(good, .5)), round(p99), tally(codes))
		return rate, p99
	}
	peak, _ := goodput(.8, 10*time.Second)
	for _, times := range []float64{2, 5, 10} {
		rate, p99 := goodput(times, 10*time.Second)
		peak = max(peak, rate)
		if times == 10 {
			w.gate(rate >= .7*c, "goodput at 10 C is %.0f %% of C (at least 70 %%)", 100*rate/c)
			w.gate(rate >= .7*peak, "and %.0f %% of its peak (at least 70 %%, aim 85 %%)", 100*rate/peak)
			w.gate(p99 <= max(3*idle, time.Second), "p99 of what is admitted %v (at most the budget of 1 s; 3 times that at rest is %v)", round(p99), round(3*idle))
		}
	}
	time.Sleep(5 * time.Second)
	rate, _ := goodput(.8, 10*time.Second)
	w.gate(rate >= .99*.8*c, "5 s later goodput at 0.8 C is %.1f/s (at least 99 %% of %.1f)", rate, .8*c)
}

func rowStorm(l *lab) {
	breakers := map[string]string{}
	for _, name := range []string{"p1", "p2", "p3", "p4", "p5", "p6", "c8", "x9"} {
		breakers[name] = "breaker: {open_for: 2s, open_for_max: 3s}"
	}
	w := l.heavy(plan{partner: breakers})
	c, _ := w.capacity()
	for _, a := range w.actors() {
		a.play(status(http.StatusServiceUnavailable))
	}
	first, extra := w.asked(), w.server.metric("fanfare_partner_extra_attempts_total")
	w.loadOf(.8*c, 10*time.Second, w.queries.few)
	asked := w.asked() - first
	ratio := 1 + (w.server.metric("fanfare_partner_extra_attempts_total")-extra)/max(asked, 1)
	most := 1.1 + 8*10/max(asked, 1) // the bursts of eight budgets
	w.gate(ratio <= most, "attempts for each question while all fail: %.3f over %.0f (at most %.3f)", ratio, asked, most)
	for _, a := range w.actors() {
		a.play(after(20 * time.Millisecond))
	}
	time.Sleep(5 * time.Second)
	w.loadOf(.5*c, time.Second, w.queries.few) // whoever has not asked since is probed now
	shots := w.loadOf(.8*c, 3*time.Second, w.queries.few)
	w.gate(float64(complete(shots)) >= .97*float64(len(shots)), "6 s after the storm %d of %d searches are complete", complete(shots), len(shots))
}

func rowStampede(l *lab) {
	clock := writeFile(l.T, "clock", "0s")
	w := l.world(plan{env: []string{labClockEnv + "=" + clock}})
	travellers := 500
	if !w.full {
		travellers = 100
	}
	q := labQuery{"LHR", "VIE", labDay(2)} // fresh for two minutes, shown for five
	all := func() []shot {
		shots := make([]shot, travellers)
		at := time.Now()
		var wg sync.WaitGroup
		for i := range shots {
			wg.Go(func() { shots[i] = w.search(l.Context(), q, at, "&limit=1") })
		}
		wg.Wait()
		return shots
	}
	shots := all()
	for _, a := range w.actors() {
		w.gate(a.calls.Load() == 1 || !w.full && a.calls.Load() == 2, "%s is asked %d times by %d travellers", a.name, a.calls.Load(), travellers)
	}
	w.timed(complete(shots) == travellers, "complete answers: %d", complete(shots))
	w.timed(quantile(shots, .99) <= time.Second, "p99 %v (at most the budget)", round(quantile(shots, .99)))
	if err := os.WriteFile(clock, []byte("150s"), 0o600); err != nil {
		l.Fatal(err)
	}
	shots = all()
	until(l.Context(), 5*time.Second, func() bool { return w.x.open.Load() == 0 })
	for _, a := range w.actors() {
		w.timed(a.calls.Load() == 2, "%s is asked %d times more once its answer is past fresh (once; at most twice)", a.name, a.calls.Load()-1)
	}
	w.timed(complete(shots) == travellers, "complete answers, served meanwhile: %d", complete(shots))
}

func rowPriority(l *lab) {
	w := l.heavy(plan{})
	c, _ := w.capacity()
	held := w.search(l.Context(), labQuery{fewOrigin, "VIE", labDay(40)}, time.Now(), "&limit=20")
	cheap := map[string]*[2]int{}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for name, url := range map[string]string{
		"health": w.server.base + "/healthz", "readiness": w.server.base + "/readyz", "metrics": w.server.ops + "/metrics",
		"a kept page": w.server.base + "/v1/flights/searches/" + held.answer.ID + "?limit=20",
	} {
		counts := &[2]int{}
		cheap[name] = counts
		wg.Go(func() {
			client := newLabClient()
			client.Timeout = 2 * time.Second
			for {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
				}
				counts[0]++
				if resp, err := client.Get(url); err == nil {
					resp.Body.Close()
					if resp.StatusCode == http.StatusOK {
						counts[1]++
					}
				}
			}
		})
	}
	shots := w.loadOf(5*c, 10*time.Second, w.queries.few)
	close(stop)
	wg.Wait()
	for name, counts := range cheap {
		w.gate(counts[0] > 20 && counts[0] == counts[1], "%s: %d of %d answered while 5 C are offered", name, counts[1], counts[0])
	}
	l.Logf("      goodput %.1f/s of %.1f", float64(complete(shots))/10, c)
}

func rowLeavers(l *lab) {
	w := l.world(plan{})
	w.baseline()
	for _, a := range w.actors() {
		a.play(after(300 * time.Millisecond))
	}
	travellers := 200
	if !w.full {
		travellers = 40
	}
	closed := make([]time.Time, travellers)
	var wg sync.WaitGroup
	for i := range travellers {
		time.Sleep(10 * time.Millisecond)
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(l.Context(), 30*time.Millisecond)
			defer cancel()
			w.search(ctx, w.queries.one(), time.Now(), "")
			closed[i] = time.Now()
		})
	}
	wg.Wait()
	time.Sleep(w.patience(200 * time.Millisecond))
	w.x.mu.Lock()
	gone, seen := len(w.x.gone), len(w.x.seen)
	var late []time.Duration
	for i, at := range w.x.gone { // in the order in which they left
		if i < len(closed) {
			late = append(late, at.Sub(closed[i]))
		}
	}
	w.x.mu.Unlock()
	w.gate(gone >= travellers*9/10 || !w.full && gone > 0, "of %d calls to the slow partner %d were hung up", seen, gone)
	w.timed(quantileOf(late, .99) <= 80*time.Millisecond, "the partner sees it %v after the traveller left (p99, at most 80 ms)", round(quantileOf(late, .99)))
	w.gate(w.server.metric("fanfare_breaker_state", `partner="x9"`) == 0, "the partner's breaker stays closed")
	// One leaves, another waits for the same: nothing is hung up.
	q := w.queries.one()
	ctx, cancel := context.WithTimeout(l.Context(), 30*time.Millisecond)
	defer cancel()
	var stays shot
	wg.Go(func() { stays = w.search(l.Context(), q, time.Now(), wholePage) })
	w.search(ctx, q, time.Now(), "")
	wg.Wait()
	w.gate(stays.answer.Status == "complete", "who stays while another leaves gets an answer that is %s", stays.answer.Status)
	for _, a := range w.actors() {
		a.play(normal)
	}
	w.recovers()
}

func rowSlowClients(l *lab) {
	w := l.world(plan{})
	w.baseline()
	before := w.load(20, 6*time.Second)
	host := strings.TrimPrefix(w.server.base, "http://")
	var mu sync.Mutex
	var lived []time.Duration
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 500 {
		c, err := net.Dial("tcp", host)
		if err != nil {
			l.Fatal(err)
		}
		wg.Go(func() {
			defer c.Close()
			began := time.Now()
			for i := 0; ; i++ {
				if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")[i%60 : i%60+1]); err != nil {
					break
				}
				c.SetReadDeadline(time.Now().Add(time.Second)) //nolint:errcheck // a read fails too
				if _, err := c.Read(make([]byte, 1)); err != nil && !os.IsTimeout(err) {
					break
				}
				if time.Since(began) > 20*time.Second {
					break
				}
			}
			mu.Lock()
			lived = append(lived, time.Since(began))
			mu.Unlock()
		})
	}
	big := w.search(l.Context(), w.queries.one(), time.Now(), wholePage)
	for range 50 {
		c, err := net.Dial("tcp", host)
		if err != nil {
			l.Fatal(err)
		}
		c.(*net.TCPConn).SetReadBuffer(4096) //nolint:errcheck // slower is better, but not needed
		wg.Go(func() {
			defer c.Close()
			fmt.Fprintf(c, "GET /v1/flights/searches/%s?limit=200 HTTP/1.1\r\nHost: a\r\n\r\n", big.answer.ID)
			buffer := make([]byte, 1024)
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Second):
				}
				if _, err := c.Read(buffer); err != nil {
					return
				}
			}
		})
	}
	shots := w.load(20, 10*time.Second)
	close(stop)
	wg.Wait()
	w.gate(len(lived) == 500 && quantileOf(lived, 1) <= 3*time.Second+500*time.Millisecond, "%d connections that send a byte a second are closed after %v at most (3 s)", len(lived), round(quantileOf(lived, 1)))
	a, b := quantile(before, .99), quantile(shots, .99)
	w.gate(b <= a+a/5+10*time.Millisecond, "p99 of others %v, %v before (at most a fifth more, and 10 ms for the machine)", round(b), round(a))
	w.standing(shots, faultIs{healthy: true})
	w.settles()
}

func rowMemory(l *lab) {
	w := l.heavy(plan{env: []string{"GOMEMLIMIT=256MiB"}})
	c, _ := w.capacity()
	w.server.forgetPeak()
	shots := w.loadOf(max(c, 20), 50*time.Second, w.queries.few)
	peak := w.server.memory("VmHWM")
	rate := float64(complete(shots)) / 50
	w.gate(peak <= 256<<20*115/100, "peak of memory %d MiB (at most 115 %% of 256)", peak>>20)
	w.gate(rate >= .7*max(c, 20), "goodput %.1f/s of %.1f (at least 70 %%)", rate, max(c, 20))
	w.gate(!w.server.over(), "the server is alive")
	var said []string
	for i := range shots {
		said = append(said, fmt.Sprint(shots[i].code, " ", shots[i].answer.Status+shots[i].problem))
	}
	mib := func(name string) float64 { return w.server.metric(name) / (1 << 20) }
	l.Logf("      kept %.0f MiB, heap in use %.0f, next collection at %.0f, system %.0f; %s; refused for want of memory %.0f", mib("fanfare_cache_bytes"),
		mib("go_memstats_heap_inuse_bytes"), mib("go_memstats_next_gc_bytes"), mib("go_memstats_sys_bytes"), tally(said),
		w.server.metric("fanfare_searches_refused_total", `want="memory"`))
}

func rowKeys(l *lab) {
	const bound, keys, size = 64 << 20, 1_000_000, 2048
	c := cache.New(bound, func(string) {})
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	most := int64(0)
	for i := range keys {
		c.Put(fmt.Sprintf("group-%d", i), "answer", make([]byte, size), size, time.Hour)
		most = max(most, c.Bytes())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	l.gate(most <= bound+bound/10, "%d keys of 2 KiB: accounted %d MiB at most (bound %d MiB and 10 %%)", keys, most>>20, bound>>20)
	l.gate(grown <= bound+bound/4, "the heap grew by %d MiB", grown>>20)
	runtime.KeepAlive(c)
}

func rowPanic(l *lab) {
	w := l.world(plan{env: []string{labPanicEnv + "=x9"}})
	w.baseline()
	shots := w.load(w.rate(), max(w.seconds(10), 3*time.Second))
	w.standing(shots, faultIs{causes: []string{"panic"}, healthy: true})
	panicked, answered := 0, 0
	for i := range shots {
		switch x := shots[i].partner("x9"); {
		case x.Cause == "panic":
			panicked++
		case x.Status == "no_hit":
			answered++
		}
	}
	w.gate(panicked > 0 && answered > 0, "%d searches show it as panicked, %d as answered", panicked, answered)
	stacks := strings.Count(w.server.log.String(), "runtime/debug.Stack")
	w.gate(stacks >= 1 && stacks <= 2, "stacks in the log: %d (one a minute)", stacks)
	w.settles()
}

func rowClock(l *lab) {
	clock := filepath.Join(l.TempDir(), "clock")
	set := func(offset string) {
		if err := os.WriteFile(clock+".next", []byte(offset), 0o600); err != nil {
			l.Fatal(err)
		}
		if err := os.Rename(clock+".next", clock); err != nil {
			l.Fatal(err)
		}
	}
	set("0s")
	w := l.world(plan{env: []string{labClockEnv + "=" + clock}})
	w.baseline()
	old := w.search(l.Context(), labQuery{"LHR", "VIE", labDay(2)}, time.Now(), "&limit=1")
	var shots []shot
	for _, offset := range []string{"0s", "1h", "-1h", "59s", "0s"} {
		set(offset)
		shots = append(shots, w.load(w.rate(), max(w.seconds(3), time.Second))...)
	}
	w.standing(shots, faultIs{healthy: true})
	ok := 0
	for i := range shots {
		if shots[i].partner("x9").Status == "ok" {
			ok++
		}
	}
	w.timed(ok == len(shots), "partners well in %d of %d searches", ok, len(shots))
	// What was asked before the clock went back an hour is as old as it is.
	set("-1h")
	calls := w.x.calls.Load()
	again := w.search(l.Context(), old.query, time.Now(), "&limit=1")
	fresh := w.x.calls.Load() == calls
	w.timed(again.answer.Status == "complete", "the search from before is %s, partners asked again: %v", again.answer.Status, !fresh)
	set("3h")
	calls = w.x.calls.Load()
	later := make([]shot, 20)
	var wg sync.WaitGroup
	for i := range later {
		wg.Go(func() { later[i] = w.search(l.Context(), old.query, time.Now(), "&limit=1") })
	}
	wg.Wait()
	until(l.Context(), 5*time.Second, func() bool { return w.x.open.Load() == 0 })
	w.gate(w.x.calls.Load()-calls == 1, "after a jump of three hours twenty travellers ask the partner %d times (once)", w.x.calls.Load()-calls)
	var states []string
	for i := range later {
		states = append(states, cmp.Or(later[i].answer.Status, "none"))
	}
	l.Logf("      %s", tally(states))
	w.settles()
}
