package lab

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// expected is what the standing gates expect of the partner in trouble.
type expected struct {
	causes  []string // allowed of x; others are failures of the row
	healthy bool     // x may be well, too: the fault is not always there
}

// standing are the gates of every row, over the shots made during the fault.
func (w *world) standing(shots []shot, f expected) {
	w.Helper()
	shots = w.conclusive(shots, f)
	bad, wrong, leaks := 0, 0, 0
	var states, firstBad []string
	for i := range shots {
		s := &shots[i]
		if s.leaked {
			leaks++
		}
		if !s.good() {
			bad++
			firstBad = append(firstBad, fmt.Sprintf("%d %v", s.code, s.err))
			continue
		}
		if why := w.wrong(s); why != "" {
			if wrong++; wrong == 1 {
				w.Logf("      first wrong answer: %s", why)
			}
		}
		x := s.partner(w.x.name)
		said := x.Status + "/" + x.Cause
		if !f.healthy || !has(x.Status, "ok", "no_hit") {
			if !has(x.Cause, f.causes...) || s.answer.Status != "degraded" {
				states = append(states, said+" in a search "+s.answer.Status)
			}
		}
	}
	w.gate(bad == 0, "G1: %d of %d searches not answered with 200 %s", bad, len(shots), tally(firstBad))
	w.gate(wrong == 0, "G2: %d answers differ from what the healthy partners sold", wrong)
	w.timed(quantile(shots, .99) <= 1100*time.Millisecond, "G3: p50 %v, p99 %v (at most 1.1 s)", round(quantile(shots, .5)), round(quantile(shots, .99)))
	if len(f.causes) > 0 {
		w.gate(len(states) == 0, "G4: the partner is said to be %s; unexpected: %s", w.said(shots), cmp.Or(strings.Join(slices.Compact(states), "; "), "nothing"))
	}
	w.gate(leaks == 0 && !strings.Contains(w.server.metrics(), canary), "G8: secrets in %d answers, none in metrics and log", leaks)
}

// conclusive leaves out searches for which this machine was too busy, in the short form:
// those in which a partner did not answer in time, if that is not the fault of the row.
func (w *world) conclusive(shots []shot, f expected) []shot {
	if w.full {
		return shots
	}
	late := func(s shot) bool {
		for _, p := range s.answer.Partners {
			if has(p.Cause, "connect_timeout", "deadline", "still_running", "overload", "bulkhead") && (p.Name != w.x.name || !has(p.Cause, f.causes...)) {
				return true
			}
		}
		return s.code == http.StatusBadGateway || s.code == http.StatusServiceUnavailable
	}
	left := slices.DeleteFunc(slices.Clone(shots), late)
	if n := len(shots) - len(left); n > 0 {
		w.Logf("      %d of %d searches say nothing: the machine was too busy for them", n, len(shots))
	}
	return left
}

// met is how many searches met the fault itself, and not the breaker that it opened.
func (w *world) met(shots []shot, causes ...string) int {
	n := 0
	for i := range shots {
		if x := shots[i].partner(w.x.name); x.Status != "circuit_open" && has(x.Cause, causes...) {
			n++
		}
	}
	return n
}

// said is what the shots say of the partner in trouble.
func (w *world) said(shots []shot) string {
	var all []string
	for i := range shots {
		x := shots[i].partner(w.x.name)
		all = append(all, strings.Trim(x.Status+"/"+x.Cause, "/"))
	}
	return tally(all)
}

// wrong is how an answer differs from what the healthy partners that it names as ok sold, "" if it does not.
func (w *world) wrong(s *shot) string {
	got := map[string][]string{}
	for _, r := range s.answer.Results {
		for _, o := range r.Offers {
			got[o.Partner] = append(got[o.Partner], strings.Join(o.Marketing, "+")+" "+o.Price.Total.Amount)
		}
	}
	for _, p := range w.partners() {
		state := s.partner(p.name)
		if state.Name == "" {
			continue
		}
		want := p.sold(s.query)
		switch {
		case state.Status == "ok":
		case p == w.x:
			want = nil
		default:
			return fmt.Sprintf("%s is %s/%s", p.name, state.Status, state.Cause)
		}
		have := got[p.name]
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			return fmt.Sprintf("%s sold %v, shown is %v", p.name, want, have)
		}
	}
	return ""
}

// recovers is G5, G6 and G7, once the fault has been taken away.
func (w *world) recovers() {
	w.Helper()
	w.heals()
	w.settles()
}

// heals is G5. A row with several faults heals between them, or the breaker that the first
// has opened would keep the others away.
func (w *world) heals() {
	w.Helper()
	w.x.play(normal)
	start := time.Now()
	well := func() bool {
		s := w.search(w.Context(), w.queries.one(), time.Now(), "")
		time.Sleep(180 * time.Millisecond)
		return s.partner(w.x.name).Status == "ok"
	}
	back := until(w.Context(), w.relaxed(10*time.Second), well)
	w.gate(back, "G5: the partner is back %v after the fault (at most 10 s)", round(time.Since(start)))
	until(w.Context(), w.relaxed(10*time.Second), func() bool { // three probes close it
		return well() && w.server.metric("fanfare_breaker_state", `partner="`+w.x.name+`"`) == 0
	})
}

// settles is G6 and G7.
func (w *world) settles() {
	w.Helper()
	peak := w.server.memory("VmHWM") - w.resident
	w.timed(peak <= 64<<20, "G7: the peak of memory grew by %d MiB (at most 64)", peak>>20)
	var goroutines float64
	var files int
	var more int64
	settled := until(w.Context(), w.relaxed(10*time.Second), func() bool {
		w.client.CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		goroutines, files = w.server.metric("go_goroutines"), w.server.files()
		// Connections to partners are kept for a minute and a half: those that the load
		// needed at once are more than the baseline needed.
		more = max(w.connections()-w.conns, 0)
		return goroutines-2*float64(more) <= w.goroutines*1.05+10 && float64(files)-float64(more) <= float64(w.files)*1.05+10
	})
	w.gate(settled, "G6: %.0f goroutines and %d files, %.0f and %d before (%d more connections to partners are kept open)", goroutines, files, w.goroutines, w.files, more)
}
