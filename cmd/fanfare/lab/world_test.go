package lab

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// world is a server with its partners: six healthy ones, the one that a row is about, and a
// control. They are 127.0.0.1 to 127.0.0.8.
type world struct {
	*lab
	server  *child
	healthy []*actor
	x, c    *actor
	queries labQueries
	client  *http.Client

	goroutines float64
	files      int
	resident   int64
	conns      int64
}

// plan is what a row changes of the world's configuration.
type plan struct {
	top     string            // lines of the configuration, outside partners
	search  string            // settings of search; "" is the budget alone
	partner map[string]string // further lines of a partner, by name
	url     map[string]string // another base URL, by name
	more    []string          // partners besides, as whole entries
	without []string          // partners left out
	env     []string          // of the server's process
	offers  int               // of each partner; 0 is 20
}

// healthyCarriers sell under codes of their own, so no two partners' offers are one flight.
var healthyCarriers = []string{"BA", "LH", "AF", "KL", "IB", "SK"}

func (l *lab) world(p plan) *world {
	l.Helper()
	w := &world{lab: l, client: newLabClient()}
	for i, carrier := range healthyCarriers {
		w.healthy = append(w.healthy, newActor(l.T, fmt.Sprintf("p%d", i+1), carrier, fmt.Sprintf("127.0.0.%d", i+1)))
	}
	w.x = newActor(l.T, "x9", "TP", "127.0.0.7")
	w.c = newActor(l.T, "c8", "LX", "127.0.0.8")
	for _, a := range w.actors() {
		a.offers = cmp.Or(p.offers, a.offers)
	}
	w.server = startChild(l.T, w.config(p), p.env...)
	return w
}

func newLabClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: 4000, MaxIdleConnsPerHost: 4000, DisableCompression: true}}
}

func (w *world) actors() []*actor { return append(slices.Clone(w.healthy), w.c, w.x) }

// config writes fanfare.yaml for the world.
func (w *world) config(p plan) string {
	var b strings.Builder
	if on := os.Getenv("ADAPTIVE"); on != "" && !strings.Contains(p.top, "adaptive:") {
		p.top += "\nadaptive: {" + strings.ReplaceAll(on, ",", ": true, ") + ": true}"
	}
	if !strings.Contains(p.top, "cache:") {
		p.top += "\ncache: {max_bytes: 24MiB}" // full in seconds, so that what grows later is no cache
	}
	_, _, _, budget := w.timing()
	fmt.Fprintf(&b, "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\nsearch: {%s}\n%s\npartners:\n", cmp.Or(p.search, "budget: "+budget.String()), p.top)
	for _, a := range w.actors() {
		if !slices.Contains(p.without, a.name) {
			b.WriteString(w.feed(a.name, cmp.Or(p.url[a.name], a.url()), p.partner[a.name]))
		}
	}
	for _, more := range p.more {
		b.WriteString(more)
	}
	return b.String()
}

// feed is a partner's declaration. It sells no parts of combinations, for which it would be
// asked besides.
func (l *lab) feed(name, url, more string) string {
	deadline, open, openMost, _ := l.timing()
	feed := fmt.Sprintf("  - name: %s\n    protocol: duffel\n    base_url: %s\n    credentials: {token: %s-%s}\n    deadline: %s\n    combine: {allowed: false}\n", name, url, canary, name, deadline)
	if !strings.Contains(more, "breaker:") {
		feed += fmt.Sprintf("    breaker: {open_for: %s, open_for_max: %s}\n", open, openMost)
	}
	if !strings.Contains(more, "allow_private_network") {
		feed += "    allow_private_network: true\n"
	}
	for line := range strings.Lines(more) {
		feed += "    " + strings.TrimSpace(line) + "\n"
	}
	return feed
}

// shot is one search as its traveller saw it.
type shot struct {
	query   labQuery
	at      time.Time     // when it was meant to be sent
	took    time.Duration // from then on
	code    int           // 0 without an answer
	wait    string        // Retry-After
	problem string        // its title
	err     error
	answer  labAnswer
	raw     int  // bytes
	leaked  bool // of a secret
}

// labAnswer is what a shot reads of a view.
type labAnswer struct {
	ID       string
	Revision int64
	Status   string
	Partners []labState
	Results  []struct {
		Offers []struct {
			Partner   string
			Marketing []string
			Price     struct{ Total struct{ Amount string } }
		}
	}
}

type labState struct {
	Name, Status string
	Cause        string
	Kept         int     `json:"offers_kept"`
	Took         float64 `json:"took_ms"`
	RetryAt      string  `json:"retry_at"`
}

func (s *shot) partner(name string) labState {
	for _, p := range s.answer.Partners {
		if p.Name == name {
			return p
		}
	}
	return labState{}
}

// good reports whether the traveller was served.
func (s *shot) good() bool { return s.code == http.StatusOK }

func (q labQuery) path() string {
	return fmt.Sprintf("/v1/flights?origin=%s&destination=%s&date=%s", q.origin, q.destination, q.date)
}

// search asks once, from the instant at which it was meant to be asked.
func (w *world) search(ctx context.Context, q labQuery, at time.Time, more string) (s shot) {
	s = shot{query: q, at: at}
	defer func() { s.took = time.Since(at) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.server.base+q.path()+more, nil)
	if err != nil {
		s.err = err
		return s
	}
	resp, err := w.client.Do(req)
	if err != nil {
		s.err = err
		return s
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	s.code, s.err, s.raw, s.wait = resp.StatusCode, err, len(body), resp.Header.Get("Retry-After")
	s.leaked = strings.Contains(string(body), canary)
	switch s.took = time.Since(at); {
	case err != nil:
	case s.good():
		s.err = json.Unmarshal(body, &s.answer)
	default:
		var problem struct{ Title string }
		s.err = json.Unmarshal(body, &problem)
		s.problem = problem.Title
	}
	return s
}

const wholePage = "&limit=200"

// load makes searches that nobody has made before at a fixed rate, whatever becomes of them.
func (w *world) load(rate float64, d time.Duration) []shot {
	return w.loadOf(rate, d, func() (labQuery, string) { return w.queries.one(), wholePage })
}

func (w *world) loadOf(rate float64, d time.Duration, next func() (labQuery, string)) []shot {
	n := max(int(rate*d.Seconds()), 1)
	shots := make([]shot, n)
	start := time.Now()
	var all sync.WaitGroup
	for i := range shots {
		at := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		time.Sleep(time.Until(at))
		q, more := next()
		all.Go(func() { shots[i] = w.search(w.Context(), q, at, more) })
	}
	all.Wait()
	return shots
}

// quantile of how long the shots took.
func quantile(shots []shot, q float64) time.Duration {
	var all []time.Duration
	for i := range shots {
		all = append(all, shots[i].took)
	}
	return quantileOf(all, q)
}

func quantileOf(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(q*float64(len(all))), len(all)-1)]
}

// took is how long a partner took in each of the shots.
func took(shots []shot, partner string) []time.Duration {
	var all []time.Duration
	for i := range shots {
		if p := shots[i].partner(partner); p.Name != "" {
			all = append(all, time.Duration(p.Took*float64(time.Millisecond)))
		}
	}
	return all
}

// baseline is the world before the fault: a first load that opens connections, and then what
// the process holds at rest.
func (w *world) baseline() []shot {
	w.Helper()
	shots := w.load(w.rate(), w.seconds(4))
	w.rest()
	w.goroutines, w.files, w.resident = w.server.metric("go_goroutines"), w.server.files(), w.server.memory("VmRSS")
	w.conns = w.connections()
	w.server.forgetPeak()
	return shots
}

// rest lets what is under way end.
func (w *world) rest() {
	time.Sleep(w.seconds(2))
	w.client.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	time.Sleep(w.seconds(.2))
}

// faultIs is what the standing gates expect of the partner in trouble.
type faultIs struct {
	causes  []string // allowed of x; others are failures of the row
	healthy bool     // x may be well, too: the fault is not always there
}

// standing are the gates of every row, over the shots made during the fault.
func (w *world) standing(shots []shot, f faultIs) {
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
func (w *world) conclusive(shots []shot, f faultIs) []shot {
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

// met tells how many searches met the fault itself, and not the breaker that it opened.
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

// wrong tells how an answer differs from what the healthy partners that it names as ok sold.
func (w *world) wrong(s *shot) string {
	got := map[string][]string{}
	for _, r := range s.answer.Results {
		for _, o := range r.Offers {
			got[o.Partner] = append(got[o.Partner], strings.Join(o.Marketing, "+")+" "+o.Price.Total.Amount)
		}
	}
	for _, a := range w.actors() {
		state := s.partner(a.name)
		if state.Name == "" {
			continue
		}
		want := a.sold(s.query)
		switch {
		case state.Status == "ok":
		case a == w.x:
			want = nil
		default:
			return fmt.Sprintf("%s is %s/%s", a.name, state.Status, state.Cause)
		}
		have := got[a.name]
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			return fmt.Sprintf("%s sold %v, shown is %v", a.name, want, have)
		}
	}
	return ""
}

// connections counts those to partners.
func (w *world) connections() (n int64) {
	for _, a := range w.actors() {
		n += a.conns.Load()
	}
	return n
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
	back := until(w.Context(), w.patience(10*time.Second), well)
	w.gate(back, "G5: the partner is back %v after the fault (at most 10 s)", round(time.Since(start)))
	until(w.Context(), w.patience(10*time.Second), func() bool { // three probes close it
		return well() && w.server.metric("fanfare_breaker_state", `partner="`+w.x.name+`"`) == 0
	})
}

// patience is a bound that a slow machine gets more of.
func (w *world) patience(d time.Duration) time.Duration {
	if w.full {
		return d
	}
	return 10 * d
}

// settles is G6 and G7.
func (w *world) settles() {
	w.Helper()
	peak := w.server.memory("VmHWM") - w.resident
	w.timed(peak <= 64<<20, "G7: the peak of memory grew by %d MiB (at most 64)", peak>>20)
	var goroutines float64
	var files int
	var more int64
	settled := until(w.Context(), w.patience(10*time.Second), func() bool {
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

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
