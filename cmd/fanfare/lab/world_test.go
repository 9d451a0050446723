package lab

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// world is a server with its partners: six healthy ones, the one that a row is about, and a
// control. They are 127.0.0.1 to 127.0.0.8.
type world struct {
	*lab
	server  *child
	healthy []*partner
	x, c    *partner
	queries queries
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
	w := &world{lab: l, client: newClient()}
	for i, carrier := range healthyCarriers {
		w.healthy = append(w.healthy, newPartner(l.T, fmt.Sprintf("p%d", i+1), carrier, fmt.Sprintf("127.0.0.%d", i+1)))
	}
	w.x = newPartner(l.T, "x9", "TP", "127.0.0.7")
	w.c = newPartner(l.T, "c8", "LX", "127.0.0.8")
	for _, seller := range w.partners() {
		seller.offers = cmp.Or(p.offers, seller.offers)
	}
	w.server = startChild(l.T, w.config(p), p.env...)
	return w
}

func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: 4000, MaxIdleConnsPerHost: 4000, DisableCompression: true}}
}

func (w *world) partners() []*partner { return append(slices.Clone(w.healthy), w.c, w.x) }

// config writes fanfare.yaml for the world.
func (w *world) config(p plan) string {
	var b strings.Builder
	if !strings.Contains(p.top, "cache:") {
		p.top += "\ncache: {max_bytes: 24MiB}" // full in seconds, so that what grows later is no cache
	}
	_, _, _, budget := w.timing()
	fmt.Fprintf(&b, "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\nsearch: {%s}\n%s\npartners:\n", cmp.Or(p.search, "budget: "+budget.String()), p.top)
	for _, seller := range w.partners() {
		if !slices.Contains(p.without, seller.name) {
			b.WriteString(w.feed(seller.name, cmp.Or(p.url[seller.name], seller.url()), p.partner[seller.name]))
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

// connections counts those to partners.
func (w *world) connections() (n int64) {
	for _, p := range w.partners() {
		n += p.conns.Load()
	}
	return n
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
