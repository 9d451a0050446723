package lab

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"fanfare/aggregator/cache"
)

// stressRows are what single travellers, clocks and our own mistakes do to the server (docs/reliability.md 2).
func stressRows() []row {
	return []row{
		{37, "travellers who leave", true, rowLeavers},
		{38, "slow clients", false, rowSlowClients},
		{40, "memory pressure", false, rowMemory},
		{41, "a million keys", false, rowKeys},
		{42, "a client that panics", true, rowPanic},
		{43, "the clock jumps", true, rowClock},
	}
}

func rowLeavers(l *lab) {
	w := l.world(plan{})
	w.baseline()
	for _, p := range w.partners() {
		p.play(after(300 * time.Millisecond))
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
	time.Sleep(w.relaxed(200 * time.Millisecond))
	w.x.mu.Lock()
	gone, seen := len(w.x.left), len(w.x.arrived)
	var late []time.Duration
	for i, at := range w.x.left { // in the order in which they left
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
	for _, p := range w.partners() {
		p.play(normal)
	}
	w.recovers()
}

// writeSlowly sends a request a byte a second until the server closes the connection, for 20 s at
// most, and returns how long that took.
func writeSlowly(c net.Conn) time.Duration {
	defer c.Close()
	began := time.Now()
	for i := 0; time.Since(began) <= 20*time.Second; i++ {
		if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")[i%60 : i%60+1]); err != nil {
			break
		}
		c.SetReadDeadline(time.Now().Add(time.Second)) //nolint:errcheck // a read fails too
		if _, err := c.Read(make([]byte, 1)); err != nil && !os.IsTimeout(err) {
			break
		}
	}
	return time.Since(began)
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
			d := writeSlowly(c)
			mu.Lock()
			lived = append(lived, d)
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
	w.standing(shots, expected{healthy: true})
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
	w := l.world(plan{env: []string{panicEnv + "=x9"}})
	w.baseline()
	shots := w.load(w.rate(), max(w.seconds(10), 3*time.Second))
	w.standing(shots, expected{causes: []string{"panic"}, healthy: true})
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
	w := l.world(plan{env: []string{clockEnv + "=" + clock}})
	w.baseline()
	old := w.search(l.Context(), query{"LHR", "VIE", dayAhead(2)}, time.Now(), "&limit=1")
	var shots []shot
	for _, offset := range []string{"0s", "1h", "-1h", "59s", "0s"} {
		set(offset)
		shots = append(shots, w.load(w.rate(), max(w.seconds(3), time.Second))...)
	}
	w.standing(shots, expected{healthy: true})
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
