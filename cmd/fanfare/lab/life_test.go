package lab

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/faultinject"
)

// lifeRows are what operators do to the server (docs/reliability.md 2).
func lifeRows() []row {
	return []row{
		{soakRow, "soak", false, rowSoak},
		{45, "SIGTERM in mid-search", true, rowDrain},
		{51, "reloads under load", true, rowReloads},
		{52, "partner removed", true, rowRemoved},
	}
}

func rowDrain(l *lab) {
	w := l.world(plan{})
	asked := 300 * time.Millisecond
	if !w.full {
		asked = 4 * time.Second // all must be there before the signal, on a machine that is busy too
	}
	held := w.search(l.Context(), w.queries.one(), time.Now(), "")
	for _, p := range w.partners() {
		p.play(after(asked))
	}
	l.Logf("      one TERM")
	shots := make([]shot, 50)
	var wg sync.WaitGroup
	ended := make([]string, 10)
	var open atomic.Int64 // streams that have said something
	for i := range ended {
		wg.Go(func() { ended[i] = w.stream(held.answer.ID, &open) })
	}
	until(l.Context(), w.relaxed(2*time.Second), func() bool { return open.Load() == int64(len(ended)) })
	for i := range shots {
		q := w.queries.one()
		wg.Go(func() { shots[i] = w.search(l.Context(), q, time.Now(), wholePage) })
	}
	all := until(l.Context(), asked*3/4, func() bool { return w.server.metric("fanfare_live_searches") >= float64(len(shots)) })
	began := time.Now()
	w.server.signal(syscall.SIGTERM)
	unready := until(l.Context(), w.relaxed(2*time.Second), func() bool { return w.server.get("/readyz") == http.StatusServiceUnavailable })
	w.gate(unready, "not ready %v after TERM", round(time.Since(began)))
	wg.Wait()
	var broken []string
	for i := range shots {
		if s := &shots[i]; s.err != nil || !s.good() && (w.full || !has(fmt.Sprint(s.code), "502", "503")) {
			broken = append(broken, fmt.Sprint(s.code, " ", s.err, " after ", round(s.took)))
		}
	}
	w.gate(len(broken) == 0 || !all && !w.full, "searches in flight answered whole: %d of %d %s", len(shots)-len(broken), len(shots), tally(broken))
	byes := 0
	for _, last := range ended {
		if last == "bye" {
			byes++
		}
	}
	w.gate(byes == len(ended), "streams that end with bye: %d of %d", byes, len(ended))
	<-w.server.ended
	w.gate(w.server.err == nil, "exit status 0: %v", w.server.err)
	w.timed(time.Since(began) <= 15*time.Second, "ended after %v (at most 15 s)", round(time.Since(began)))
	w.secondTerm()
}

// secondTerm sends a second TERM soon after the first.
func (w *world) secondTerm() {
	w.Logf("      two TERMs")
	second := startChild(w.T, w.config(plan{}))
	w.server = second
	for _, p := range w.partners() {
		p.play(after(600 * time.Millisecond))
	}
	var wg sync.WaitGroup
	wg.Go(func() { w.search(w.Context(), w.queries.one(), time.Now(), "") })
	time.Sleep(100 * time.Millisecond)
	began := time.Now()
	second.signal(syscall.SIGTERM)
	time.Sleep(100 * time.Millisecond)
	second.signal(syscall.SIGTERM)
	<-second.ended
	w.timed(time.Since(began) <= time.Second, "a second TERM ends it %v after the first", round(time.Since(began)))
	wg.Wait()
}

// stream reads a search's events until the server ends them, and returns the last one's name.
// open is counted up with the first.
func (w *world) stream(id string, open *atomic.Int64) (last string) {
	resp, err := w.client.Get(w.server.base + "/v1/flights/searches/" + id + "/events")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event:"); ok {
			if last == "" {
				open.Add(1)
			}
			last = strings.TrimSpace(name)
		}
	}
	return last
}

func rowReloads(l *lab) {
	w := l.world(plan{})
	w.baseline()
	good := func(i int) string { // each valid one renames the partner, so an answer says which it has
		return w.config(plan{partner: map[string]string{"x9": fmt.Sprintf("display_name: X of %d", i)}})
	}
	reloads, every := 200, 100*time.Millisecond
	if !w.full {
		reloads, every = 20, 150*time.Millisecond
	}
	done := make(chan struct{})
	bad, last := 0, 0
	go func() {
		defer close(done)
		for i := range reloads {
			switch i % 3 {
			case 0, 1:
				last = i
				w.server.reload(good(i))
			case 2:
				bad++
				config := []string{good(i)[:300], "partners: [", good(i) + "    nonsense: true\n"}[i/3%3]
				w.server.reload(config)
			}
			time.Sleep(every)
		}
	}()
	rate := w.rate()
	if w.full {
		rate = 40
	}
	shots := w.load(rate, time.Duration(reloads)*every)
	<-done
	w.standing(shots, expected{healthy: true})
	var spoilt []string
	for i := range shots {
		if s := &shots[i]; s.good() && s.answer.Status != "complete" {
			x := s.partner("x9")
			spoilt = append(spoilt, fmt.Sprintf("%s: %s/%s", s.answer.Status, x.Status, x.Cause))
		}
	}
	w.timed(len(spoilt) == 0, "searches that a reload spoilt: %d of %d %s", len(spoilt), len(shots), tally(spoilt))
	w.server.reload(good(last + 1))
	reported := func() bool { return strings.Count(w.server.log.String(), "configuration not reloaded") > 0 }
	w.gate(bad > 0 && until(l.Context(), 5*time.Second, reported), "bad files are reported, not applied")
	newest := until(l.Context(), 5*time.Second, func() bool {
		return strings.Contains(w.names(), fmt.Sprintf("X of %d", last+1))
	})
	w.gate(newest, "the newest good file is in force")
	w.killedWhileWriting()
	w.settles()
}

// names is the display names in one search's answer.
func (w *world) names() string {
	q := w.queries.one()
	resp, err := w.client.Get(w.server.base + q.path() + "&limit=1")
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var all strings.Builder
	for lines := bufio.NewReader(resp.Body); ; {
		text, err := lines.ReadString(',')
		if strings.Contains(text, "display_name") {
			all.WriteString(text)
		}
		if err != nil {
			return all.String()
		}
	}
}

// killedWhileWriting is a writer of the file that is killed half-way: with a rename the file
// is always one of the whole ones.
func (w *world) killedWhileWriting() {
	dir := w.TempDir()
	path := filepath.Join(dir, "fanfare.yaml")
	whole := w.config(plan{})
	if err := os.WriteFile(path, []byte(whole), 0o600); err != nil {
		w.Fatal(err)
	}
	source := filepath.Join(dir, "source")
	if err := os.WriteFile(source, []byte(whole), 0o600); err != nil {
		w.Fatal(err)
	}
	broken := 0
	for range 10 {
		cmd := exec.Command("sh", "-c", `while :; do cp "$1" "$2.next" && mv "$2.next" "$2"; done`, "sh", source, path)
		if err := cmd.Start(); err != nil {
			w.Fatal(err)
		}
		time.Sleep(time.Duration(2+rand.IntN(10)) * time.Millisecond)
		cmd.Process.Kill() //nolint:errcheck // seen by Wait
		cmd.Wait()         //nolint:errcheck // it was killed
		if _, _, err := server.Load(path); err != nil {
			broken++
		}
	}
	w.gate(broken == 0, "files that a killed writer left unreadable: %d of 10", broken)
}

func rowRemoved(l *lab) {
	w := l.world(plan{})
	w.baseline()
	q := w.queries.one()
	before := w.search(l.Context(), q, time.Now(), wholePage)
	w.gate(before.partner("x9").Kept == 20, "the partner has sold %d offers to a search that is held", before.partner("x9").Kept)
	stop, done := make(chan struct{}), make(chan []shot)
	go func() {
		var shots []shot
		for {
			select {
			case <-stop:
				done <- shots
				return
			default:
				shots = append(shots, w.load(w.rate(), 500*time.Millisecond)...)
			}
		}
	}()
	time.Sleep(500 * time.Millisecond)
	w.server.reload(w.config(plan{without: []string{"x9"}}))
	removed := time.Now()
	gone := until(l.Context(), w.relaxed(time.Second), func() bool {
		s := w.search(l.Context(), w.queries.one(), time.Now(), "")
		return s.good() && s.partner("x9").Name == ""
	})
	w.gate(gone, "asked no more %v after the reload (at most 1 s)", round(time.Since(removed)))
	calls := w.x.calls.Load()
	after := w.search(l.Context(), q, time.Now(), wholePage)
	kept := 0
	for _, r := range after.answer.Results {
		for _, o := range r.Offers {
			if o.Partner == "x9" {
				kept++
			}
		}
	}
	w.gate(kept == 0 && after.partner("x9").Name == "", "of its kept offers %d are shown", kept)
	close(stop)
	shots := <-done
	w.standing(shots, expected{healthy: true})
	w.gate(w.x.calls.Load() == calls, "calls to it since: %d", w.x.calls.Load()-calls)
	// It comes back without what it had.
	w.server.reload(w.config(plan{}))
	back := until(l.Context(), w.relaxed(3*time.Second), func() bool {
		s := w.search(l.Context(), w.queries.one(), time.Now(), "")
		return s.partner("x9").Status == "ok"
	})
	w.gate(back && w.x.calls.Load() > calls, "declared again it is asked again")
	w.settles()
}

// rowSoak is ten minutes of all kinds of faults, each for a twentieth of the calls.
func rowSoak(l *lab) {
	w := l.world(plan{})
	w.load(20, 10*time.Second)
	w.rest()
	w.goroutines, w.files, w.conns = w.server.metric("go_goroutines"), w.server.files(), w.connections()
	w.resident = w.server.memory("VmRSS")
	faults := faultinject.EachFor(20*time.Second,
		after(2*time.Second), status(500), status(503), status(429, "Retry-After", "1"), status(302, "Location", "/x"), status(200),
		faultinject.Rewrite(faultinject.Half), faultinject.Body([]byte("<html>")), faultinject.Body([]byte(`{"errors":[{"code":"x"}]}`)),
	)
	for _, p := range w.partners() {
		p.play(faultinject.OneIn(20, faults, normal))
	}
	total := 10 * time.Minute
	if !w.full {
		total = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(l.Context(), total)
	defer cancel()
	var at []float64
	var resident []float64
	began := time.Now()
	bad, all := 0, 0
	var unanswered []string
	for ctx.Err() == nil {
		shots := w.loadOf(40, 10*time.Second, w.small)
		for i := range shots {
			all++
			if s := &shots[i]; !s.good() {
				unanswered = append(unanswered, fmt.Sprint(s.code, " ", s.problem))
				if s.problem != "No partner could be asked" && s.problem != "Every partner failed" {
					bad++ // G1: the server's own failure
				}
			}
		}
		at = append(at, time.Since(began).Minutes())
		resident = append(resident, float64(w.server.memory("VmRSS"))/(1<<20))
		if len(at)%6 == 0 {
			l.Logf("      %4.1f min: %.0f MiB, %.0f goroutines", at[len(at)-1], resident[len(resident)-1], w.server.metric("go_goroutines"))
		}
	}
	half := len(at) / 2
	w.gate(slope(at[half:], resident[half:]) <= 1, "memory grows by %.2f MiB a minute in the second half (at most 1)", slope(at[half:], resident[half:]))
	w.gate(bad <= all/1000, "searches not answered that a partner could have: %d of %d (%s)", bad, all, tally(unanswered))
	for _, p := range w.partners() {
		p.play(normal)
	}
	w.rest()
	w.resident = w.server.memory("VmHWM") // the slope says what there is to say
	w.settles()
}

// slope is the least-squares line's, of y over x.
func slope(x, y []float64) float64 {
	var mx, my, above, below float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	for i := range x {
		above += (x[i] - mx) * (y[i] - my)
		below += (x[i] - mx) * (x[i] - mx)
	}
	if below == 0 {
		return 0
	}
	return above / below
}
