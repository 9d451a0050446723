package lab

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// overloadRows are more travellers than the server can serve (docs/reliability.md 2).
func overloadRows() []row {
	return []row{
		{33, "overload", false, rowOverload},
		{34, "retry storm", false, rowStorm},
		{35, "stampede", true, rowStampede},
		{36, "priority under overload", false, rowPriority},
	}
}

// heavy is a world whose searches cost the server milliseconds: a hundred and fifty offers
// from each partner, all after 20 ms.
func (l *lab) heavy(p plan) *world {
	p.offers = 150
	p.top += "\ncache: {max_bytes: 256MiB}"
	w := l.world(p)
	for _, seller := range w.partners() {
		seller.play(after(20 * time.Millisecond))
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
	w := l.heavy(plan{})
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
	for _, p := range w.partners() {
		p.play(status(http.StatusServiceUnavailable))
	}
	first, extra := w.asked(), w.server.metric("fanfare_partner_extra_attempts_total")
	w.loadOf(.8*c, 10*time.Second, w.queries.few)
	asked := w.asked() - first
	ratio := 1 + (w.server.metric("fanfare_partner_extra_attempts_total")-extra)/max(asked, 1)
	most := 1.1 + 8*10/max(asked, 1) // the bursts of eight budgets
	w.gate(ratio <= most, "attempts for each question while all fail: %.3f over %.0f (at most %.3f)", ratio, asked, most)
	for _, p := range w.partners() {
		p.play(after(20 * time.Millisecond))
	}
	time.Sleep(5 * time.Second)
	w.loadOf(.5*c, time.Second, w.queries.few) // whoever has not asked since is probed now
	shots := w.loadOf(.8*c, 3*time.Second, w.queries.few)
	w.gate(float64(complete(shots)) >= .97*float64(len(shots)), "6 s after the storm %d of %d searches are complete", complete(shots), len(shots))
}

func rowStampede(l *lab) {
	clock := writeFile(l.T, "clock", "0s")
	w := l.world(plan{env: []string{clockEnv + "=" + clock}})
	travellers := 500
	if !w.full {
		travellers = 100
	}
	q := query{"LHR", "VIE", dayAhead(2)} // fresh for two minutes, shown for five
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
	for _, p := range w.partners() {
		w.gate(p.calls.Load() == 1 || !w.full && p.calls.Load() == 2, "%s is asked %d times by %d travellers", p.name, p.calls.Load(), travellers)
	}
	w.timed(complete(shots) == travellers, "complete answers: %d", complete(shots))
	w.timed(quantile(shots, .99) <= time.Second, "p99 %v (at most the budget)", round(quantile(shots, .99)))
	if err := os.WriteFile(clock, []byte("150s"), 0o600); err != nil {
		l.Fatal(err)
	}
	shots = all()
	until(l.Context(), 5*time.Second, func() bool { return w.x.open.Load() == 0 })
	for _, p := range w.partners() {
		w.timed(p.calls.Load() == 2, "%s is asked %d times more once its answer is past fresh (once; at most twice)", p.name, p.calls.Load()-1)
	}
	w.timed(complete(shots) == travellers, "complete answers, served meanwhile: %d", complete(shots))
}

func rowPriority(l *lab) {
	w := l.heavy(plan{})
	c, _ := w.capacity()
	held := w.search(l.Context(), query{fewOrigin, "VIE", dayAhead(40)}, time.Now(), "&limit=20")
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
			client := newClient()
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
