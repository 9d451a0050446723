package lab

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/faultinject"
)

// transportRows are what a partner's host, its name, its certificate and its redirects can do
// (docs/reliability.md 2, rows 11 to 17).
func transportRows() []row {
	return []row{
		{11, "endless headers", true, rowHeaders},
		{12, "bad TLS", true, rowTLS},
		{13, "bad DNS", true, rowDNS},
		{14, "redirect loop and chain", true, rowRedirects},
		{15, "redirects and addresses inside", true, rowInside},
		{16, "DNS rebinding", true, rowRebinding},
		{17, "redirect to another host", true, rowElsewhere},
	}
}

func rowHeaders(l *lab) {
	w := l.world(plan{})
	w.baseline()
	for _, flood := range []faultinject.Fault{faultinject.EndlessHeaders, faultinject.EndlessEarlyHints} {
		w.x.play(flood)
		shots := w.load(w.rate(), w.seconds(5))
		w.standing(shots, expected{causes: []string{"too_large", "malformed"}})
		var asked []time.Duration
		for i := range shots {
			if p := shots[i].partner("x9"); p.Status == "error_parse" {
				asked = append(asked, time.Duration(p.Took*float64(time.Millisecond)))
			}
		}
		w.timed(len(asked) > 0, "%d calls find it out", len(asked))
		w.timed(quantileOf(asked, 1) <= 100*time.Millisecond, "after %v at most (100 ms)", round(quantileOf(asked, 1)))
		w.heals()
	}
	w.settles()
}

func rowTLS(l *lab) {
	const ip = "127.0.0.7"
	ca := l.authority()
	later := time.Now().Add(time.Hour)
	var requests atomic.Int64
	seller := newPartner(l.T, "seller", "TP", ip)
	serve := func(cfg *tls.Config) string {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			seller.ServeHTTP(w, r)
		}))
		listener, err := net.Listen("tcp", ip+":0")
		if err != nil {
			l.Fatal(err)
		}
		s.Listener.Close()
		s.Listener, s.TLS, s.Config.ErrorLog = listener, cfg, quietLog
		s.StartTLS()
		l.Cleanup(s.Close)
		return s.URL
	}
	stall, err := net.Listen("tcp", ip+":0") // the kernel accepts, and nobody says anything
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { stall.Close() })
	bad := map[string]string{
		"t-expired": serve(&tls.Config{Certificates: []tls.Certificate{ca.sign(ip, time.Now().Add(-time.Hour))}}),
		"t-host":    serve(&tls.Config{Certificates: []tls.Certificate{ca.sign("other.example", later)}}),
		"t-old":     serve(&tls.Config{Certificates: []tls.Certificate{ca.sign(ip, later)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}),
		"t-stall":   "https://" + stall.Addr().String(),
	}
	p := plan{env: []string{"SSL_CERT_FILE=" + ca.file}, more: []string{l.feed("t-good", serve(&tls.Config{Certificates: []tls.Certificate{ca.sign(ip, later)}}), "")}}
	for name, url := range bad {
		p.more = append(p.more, l.feed(name, url, ""))
	}
	w := l.world(p)
	shots := w.load(w.rate(), w.seconds(5))
	w.standing(shots, expected{healthy: true, causes: []string{"tls"}})
	made := len(shots)
	shots = w.conclusive(shots, expected{})
	asked := 0
	for i := range shots {
		s := &shots[i]
		if s.partner("t-good").Status == "ok" {
			asked++
		}
		for name := range bad {
			if x := s.partner(name); s.good() && x.Cause != "tls" {
				w.gate(false, "%s is %s/%s", name, x.Status, x.Cause)
				return
			}
		}
	}
	w.timed(asked == len(shots), "the one with a good certificate answers %d of %d", asked, len(shots))
	w.gate(requests.Load() == int64(asked) || len(shots) < made && requests.Load() <= int64(made), "requests that the four others saw: %d", requests.Load()-int64(asked))
}

func rowDNS(l *lab) {
	var healed atomic.Bool
	seller := newPartner(l.T, "seller", "TP", "127.0.0.7")
	resolver := l.nameserver(func(name string, n int) (dnsmessage.RCode, string, bool) {
		switch {
		case healed.Load() && name == "flip.lab.test":
			return dnsmessage.RCodeSuccess, "127.0.0.8", true
		case healed.Load(), name == "flip.lab.test":
			return dnsmessage.RCodeSuccess, "127.0.0.7", true
		case name == "nx.lab.test":
			return dnsmessage.RCodeNameError, "", true
		case name == "servfail.lab.test":
			return dnsmessage.RCodeServerFailure, "", true
		}
		return 0, "", false // stall
	})
	p := plan{top: "egress: {resolver: " + resolver + "}"}
	broken := []string{"nx", "servfail", "stall"}
	for _, name := range append(broken, "flip") {
		p.more = append(p.more, l.feed("d-"+name, fmt.Sprintf("http://%s.lab.test:%d", name, seller.port), ""))
	}
	w := l.world(p)
	shots := w.load(w.rate(), w.seconds(5))
	w.standing(shots, expected{healthy: true})
	shots = w.conclusive(shots, expected{})
	for _, name := range broken {
		var causes []string
		for i := range shots {
			causes = append(causes, shots[i].partner("d-"+name).Cause)
		}
		slowest := quantileOf(took(shots, "d-"+name), 1)
		w.gate(!slices.ContainsFunc(causes, func(c string) bool { return c != "dns" }), "%s: %s", name, tally(causes))
		w.timed(slowest <= 350*time.Millisecond, "%s: known after %v at most (350 ms)", name, round(slowest))
	}
	w.gate(anyOK(shots, "d-flip") || len(shots) == 0, "a name that resolves is asked")
	// The host of the fourth moves, and the others come to have addresses.
	moved := newPartner(l.T, "moved", "TP", "127.0.0.8")
	moved.down()
	if err := moved.up(seller.port); err != nil {
		l.Fatal(err)
	}
	healed.Store(true)
	back := map[string]bool{}
	within := until(l.Context(), w.relaxed(12*time.Second), func() bool {
		s := w.search(l.Context(), w.queries.one(), time.Now(), "&limit=1")
		for _, name := range append(broken, "flip") {
			if s.partner("d-"+name).Status == "ok" {
				back[name] = true
			}
		}
		if back["flip"] && moved.calls.Load() == 0 {
			seller.down() // what is kept open to the old address ends
			delete(back, "flip")
			back["nx"], back["servfail"], back["stall"] = true, true, true
		}
		return len(back) == 4
	})
	w.gate(within, "once the names are right all are asked again: %v", slices.Sorted(maps.Keys(back)))
}

func rowRedirects(l *lab) {
	for _, declared := range []int{0, 2} {
		w := l.world(plan{partner: map[string]string{"x9": fmt.Sprintf("redirects: %d", declared)}})
		w.baseline()
		w.x.play(faultinject.Redirect(http.StatusTemporaryRedirect, func(r *http.Request) string { return r.URL.Path + "/again" }))
		began := time.Now()
		shots := w.load(w.rate(), w.seconds(3))
		w.standing(shots, expected{causes: []string{"blocked"}})
		each := float64(w.x.since(began)) / float64(len(shots))
		w.gate(each == float64(1+declared) || !w.full && each < float64(1+declared), "redirects declared %d: %.1f requests for each search", declared, each)
		w.recovers()
		w.server.stop()
	}
}

// sentinel counts connections to an address that nobody may reach.
func (l *lab) sentinel(ip string, port int) (connections *atomic.Int64, at int) {
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", ip, port))
	if err != nil {
		l.Fatal(err)
	}
	connections = &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			c.Close()
		}
	}()
	l.Cleanup(func() {
		listener.Close()
		<-done
	})
	return connections, listener.Addr().(*net.TCPAddr).Port
}

func rowInside(l *lab) {
	touched, port := l.sentinel("127.0.0.66", 0)
	p := plan{top: "egress: {allow: [127.0.0.1/32]}", partner: map[string]string{"x9": "redirects: 2"}}
	refused, asked := 0, map[string]string{}
	for i, host := range []string{"127.0.0.66", "169.254.169.254", "[::ffff:127.0.0.66]", "[::ffff:169.254.169.254]", "[::]", "[::1]", "0.0.0.0", "100.64.0.1", "198.18.0.1",
		"[64:ff9b::7f00:42]", "[2002:7f00:42::1]", "2130706498", "0x7f.66", "0177.0.0.102", "127.66", "10.0.0.1", "192.168.1.1", "[fe80::1]", "[fc00::1]"} {
		name := fmt.Sprintf("s%02d", i)
		feed := l.feed(name, fmt.Sprintf("http://%s:%d", host, port), "allow_private_network: false")
		if _, _, err := server.Load(writeFile(l.T, "one.yaml", "partners:\n"+feed)); err != nil {
			refused++ // where the operator sees it
			continue
		}
		asked[name] = host
		p.more = append(p.more, feed)
	}
	w := l.world(p)
	w.baseline()
	var redirects []faultinject.Fault
	for _, host := range slices.Sorted(maps.Values(asked)) {
		redirects = append(redirects, faultinject.Redirect(http.StatusTemporaryRedirect, func(r *http.Request) string {
			return fmt.Sprintf("http://%s:%d%s", host, port, r.URL.Path)
		}))
	}
	w.x.play(faultinject.InTurn(redirects...))
	shots := w.load(w.rate(), w.seconds(5))
	w.standing(shots, expected{causes: []string{"blocked"}})
	shots = w.conclusive(shots, expected{})
	for name, host := range asked {
		var said []string
		for i := range shots {
			said = append(said, cmp.Or(shots[i].partner(name).Cause, shots[i].partner(name).Status))
		}
		// A name that is none does not resolve, which is as good.
		w.gate(!slices.ContainsFunc(said, func(c string) bool { return !has(c, "blocked", "dns") }), "%s: %s", host, tally(said))
	}
	w.gate(touched.Load() == 0, "connections to the address inside: %d (%d hosts asked, %d refused in the configuration)", touched.Load(), len(asked), refused)
	w.recovers()
}

func rowRebinding(l *lab) {
	seller := newPartner(l.T, "seller", "TP", "127.0.0.1")
	seller.play(faultinject.Header("Connection", "close", faultinject.Send)) // each call resolves and connects anew
	touched, _ := l.sentinel("127.0.0.66", seller.port)
	resolver := l.nameserver(func(_ string, n int) (dnsmessage.RCode, string, bool) {
		return dnsmessage.RCodeSuccess, []string{"127.0.0.66", "127.0.0.1"}[n%2], true
	})
	w := l.world(plan{
		top:  "egress: {allow: [127.0.0.1/32], resolver: " + resolver + "}",
		more: []string{l.feed("rebind", fmt.Sprintf("http://rebind.lab.test:%d", seller.port), "allow_private_network: false")},
	})
	shots := w.load(w.rate(), w.seconds(2.5))
	shots = w.conclusive(shots, expected{})
	var said []string
	for i := range shots {
		p := shots[i].partner("rebind")
		said = append(said, cmp.Or(p.Cause, p.Status))
	}
	w.gate(touched.Load() == 0, "connections to the second address: %d", touched.Load())
	w.gate(!slices.ContainsFunc(said, func(s string) bool { return !has(s, "ok", "blocked") && (w.full || s != "dns") }), "%d calls: %s", len(shots), tally(said))
	w.timed(slices.Contains(said, "ok") && slices.Contains(said, "blocked"), "both addresses came up")
}

func rowElsewhere(l *lab) {
	other := newPartner(l.T, "other", "TP", "127.0.0.66")
	w := l.world(plan{top: "egress: {allow: [127.0.0.0/8]}", partner: map[string]string{"x9": "redirects: 2"}})
	w.baseline()
	var redirects []faultinject.Fault
	for _, code := range []int{301, 302, 303, 307, 308} {
		redirects = append(redirects, faultinject.Redirect(code, func(r *http.Request) string { return other.url() + r.URL.RequestURI() }))
	}
	w.x.play(faultinject.InTurn(redirects...))
	shots := w.load(w.rate(), w.seconds(3))
	w.standing(shots, expected{causes: []string{"blocked"}})
	leaked := 0
	for _, h := range other.headers {
		if strings.Contains(fmt.Sprint(h), canary) {
			leaked++
		}
	}
	w.gate(other.calls.Load() == 0 && leaked == 0, "requests at the other host: %d, with secrets %d", other.calls.Load(), leaked)
	w.recovers()
}
