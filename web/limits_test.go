package web_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/web"
)

func panicsHalfway(c *gin.Context) {
	_, _ = c.Writer.WriteString(strings.Repeat("x", 10_000))
	c.Writer.Flush()
	panic("the other half holds secret-4711")
}

// tight allows 2 new searches and 10 requests at once.
var tight = web.Limits{NewSearchesPerSecond: 1, Burst: 2, RequestsPerSecond: 10}

func day(n int) string { return with(oneWay, "date", fmt.Sprintf("2000-02-%02d", n)) }

func TestNewSearchesAreLimitedApartFromJoins(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, web.Config{Limits: tight}, asks("albatross", 0, rich()))
		from := []string{"From", "203.0.113.5:999"}
		b.get(day(1), from...).want(200)
		b.get(day(2), from...).want(200)
		calls := b.calls()
		refused := b.get(day(3), from...)
		if p := refused.problem(429); p.Type != "urn:fanfare:too-many-requests" || refused.Header().Get("Retry-After") != "1" {
			t.Errorf("type %s, Retry-After %q, want too-many-requests and 1", p.Type, refused.Header().Get("Retry-After"))
		}
		b.post(flightPath, strings.ReplaceAll(flightBody, "03-01", "02-04"), from...).problem(429)
		if b.calls() != calls {
			t.Error("a refused search asked partners")
		}
		b.get(day(1), from...).want(200) // joins
		b.post(flightPath, strings.ReplaceAll(flightBody, "03-01", "02-02"), from...).want(200)
		b.get(day(3), "From", "203.0.113.6:1").want(200) // another address
		time.Sleep(time.Second)
		b.get(day(4), from...).want(200)
	})
}

func TestRequestsAreLimited(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, web.Config{Limits: tight})
		limited := func(address func(n int) string, headers ...string) (refused int) {
			for n := range 1000 {
				h := append([]string{"From", address(n)}, headers...)
				for i := range h {
					h[i] = strings.ReplaceAll(h[i], "{n}", strconv.Itoa(n%250)+"."+strconv.Itoa(n/250))
				}
				if a := b.get("/healthz", h...); a.Code == 429 {
					a.problem(429)
					refused++
				}
			}
			time.Sleep(time.Minute)
			return refused
		}
		one := func(address string) func(int) string { return func(int) string { return address } }
		if n := limited(one("203.0.113.5:1")); n != 990 {
			t.Errorf("%d of 1000 refused, want all but 10", n)
		}
		if n := limited(one("203.0.113.5:1"), "X-Forwarded-For", "198.51.{n}"); n != 990 {
			t.Errorf("%d refused with spoofed X-Forwarded-For, want 990", n)
		}
		if n := limited(one("203.0.113.5:1"), "X-Real-IP", "198.51.{n}", "Forwarded", "for=198.51.{n}"); n != 990 {
			t.Errorf("%d refused with other spoofed headers, want 990", n)
		}
		if n := limited(func(n int) string { return fmt.Sprintf("[2001:db8:0:7::%x]:1", n+1) }); n != 990 {
			t.Errorf("%d refused within one /64, want 990", n)
		}
		if n := limited(func(n int) string { return fmt.Sprintf("[2001:db8:1:%x::1]:1", n+1) }); n != 0 {
			t.Errorf("%d refused from a /64 each, want 0", n)
		}
		for _, loopback := range []string{"127.0.0.1:1", "[::1]:1", "127.8.8.8:1", "[::ffff:127.0.0.1]:1"} {
			if n := limited(one(loopback)); n != 0 {
				t.Errorf("%d refused from %s, want 0", n, loopback)
			}
		}
		if n := limited(one("pipe")); n != 990 {
			t.Errorf("%d refused from an address that is none, want 990", n)
		}
	})
}

func TestForwardedAddressesOfTrustedProxies(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, web.Config{Limits: tight, TrustedProxies: []string{"10.0.0.0/8"}})
		refused := func(forwarded func(n int) []string) (refused int) {
			for n := range 100 {
				h := []string{"From", "10.1.2.3:1"}
				for _, v := range forwarded(n) {
					h = append(h, "X-Forwarded-For", v)
				}
				if b.get("/healthz", h...).Code == 429 {
					refused++
				}
			}
			time.Sleep(time.Minute)
			return refused
		}
		if n := refused(func(n int) []string { return []string{fmt.Sprintf("198.51.100.%d", n)} }); n != 0 {
			t.Errorf("%d of 100 clients behind a proxy refused, want 0", n)
		}
		if n := refused(func(n int) []string { return []string{fmt.Sprintf("198.51.100.%d, 203.0.113.5", n)} }); n != 90 {
			t.Errorf("%d of 100 refused that a client made up before the proxy's word, want 90", n)
		}
		if n := refused(func(n int) []string { return []string{fmt.Sprintf("198.51.100.%d", n), "203.0.113.5"} }); n != 90 {
			t.Errorf("%d of 100 refused with a line of their own each, want 90", n)
		}
		if n := refused(func(int) []string { return []string{"127.0.0.1, 203.0.113.5"} }); n != 90 {
			t.Errorf("%d of 100 refused that claim loopback, want 90", n)
		}
	})
}

func TestCORS(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, web.Config{CORSOrigins: []string{"https://shop.example"}}, asks("albatross", 0, rich()))
		a := b.get(oneWay, "Origin", "https://shop.example").want(200)
		if a.Header().Get("Access-Control-Allow-Origin") != "https://shop.example" || a.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("headers = %v, want the origin and no credentials", a.Header())
		}
		if got := strings.Join(a.Header().Values("Vary"), ", "); got != "Origin, Accept-Encoding" {
			t.Errorf("Vary = %q, want Origin, Accept-Encoding", got)
		}
		for _, origin := range []string{"https://evil.example", "null", "https://shop.example.evil.example", "http://shop.example"} {
			a := b.get(oneWay, "Origin", origin).want(200)
			if a.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s is let in", origin)
			}
		}
		if a := b.get(oneWay); !strings.Contains(strings.Join(a.Header().Values("Vary"), ","), "Origin") {
			t.Error("an answer without Origin may be kept for those with one")
		}
		a = b.get(oneWay+"&limit=0", "Origin", "https://shop.example")
		if a.problem(400); a.Header().Get("Access-Control-Allow-Origin") == "" {
			t.Error("the page cannot read why it was refused")
		}
		pre := b.do(request("OPTIONS", flightPath, "", "Origin", "https://shop.example", "Access-Control-Request-Method", "POST"))
		if pre.Code != 204 || !strings.Contains(pre.Header().Get("Access-Control-Allow-Methods"), "POST") || !strings.Contains(pre.Header().Get("Access-Control-Allow-Headers"), "Content-Type") {
			t.Errorf("preflight = %d %v", pre.Code, pre.Header())
		}
		b.do(request("OPTIONS", flightPath, "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")).problem(405)
	})
}

func TestPanicsLeakNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig)
		b.engine.GET("/panic", func(c *gin.Context) {
			c.Header("ETag", `"1"`)
			c.Header("Content-Encoding", "gzip")
			panic("secret-4711")
		})
		a := b.get("/panic?token=secret-0815", "Authorization", "Bearer secret-1234")
		p := a.problem(500)
		if strings.Contains(a.Body.String(), "secret") || p.Type != "urn:fanfare:internal" {
			t.Errorf("body = %s", a.Body)
		}
		if strings.Contains(b.log.String(), "secret-0815") || strings.Contains(b.log.String(), "secret-1234") || !strings.Contains(b.log.String(), "secret-4711") {
			t.Errorf("log = %.300s, want the panic without parameters and headers", b.log)
		}
	})
}

func TestTrustedProxiesAreChecked(t *testing.T) {
	if _, err := web.Engine(web.Config{TrustedProxies: []string{"not a CIDR"}}, nil); err == nil {
		t.Error("Engine = nil error, want one about trusted_proxies")
	}
}

func TestReadiness(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		b.get("/healthz").want(200)
		b.get("/readyz").want(200)
		b.drain()
		b.get("/readyz").want(503)
		b.get("/healthz").want(200)
	})
}

// Without partners nobody is told that nothing was found.
func TestNoPartners(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig)
		b.get("/healthz").want(200)
		if v := b.get("/readyz").want(503); !strings.Contains(v.Body.String(), `"no_partners"`) {
			t.Errorf("readyz = %s", v.Body)
		}
		for _, a := range []*answer{b.get(oneWay), b.get(hotelStay), b.post(flightPath, flightBody)} {
			if p := a.problem(503); p.Type != "urn:fanfare:no-partners" || a.Header().Get("Retry-After") != "30" {
				t.Errorf("problem %s, Retry-After %q; want no-partners and 30", p.Type, a.Header().Get("Retry-After"))
			}
		}
		b.get(oneWay + "&adults=0").problem(400) // a wrong question is wrong whoever is there
	})
}

// An address holds a bounded number of streams and waiting requests, others are not concerned, and
// each that ends makes room.
func TestStreamsAndWaitsAreBoundedByAddress(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, web.Config{Limits: web.Limits{NewSearchesPerSecond: 5, Burst: 20, RequestsPerSecond: 1000, Streams: 3}}, asks("albatross", time.Minute, rich()))
		at := flightPath + "/" + b.post(flightPath, flightBody).view().ID
		one := []string{"From", "203.0.113.5:1"}
		first := b.follow(at+"/events", one...)
		b.follow(at+"/events", one...)
		done := make(chan *answer)
		go func() { done <- b.get(at+"?wait=5s", one...) }()
		synctest.Wait()
		for _, path := range []string{at + "/events", at + "?wait=5s", oneWay} {
			a := b.get(path, one...)
			if p := a.problem(429); p.Type != "urn:fanfare:too-many-requests" || a.Header().Get("Retry-After") == "" {
				t.Errorf("%s = %s, Retry-After %q", path, p.Type, a.Header().Get("Retry-After"))
			}
		}
		b.get(at, one...).want(200) // does not wait
		b.get("/healthz", one...).want(200)
		if e := b.follow(at+"/events", "From", "203.0.113.6:1"); e.status != 200 {
			t.Errorf("a stream of another address = %d", e.status)
		}
		(<-done).want(200)
		first.close()
		if e := b.follow(at+"/events", one...); e.status != 200 {
			t.Errorf("a stream after another has ended = %d", e.status)
		}
	})
}

// A request in chunks is the last on its connection: what follows it may be smuggled.
func TestConnectionsEndAfterChunks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("albatross", 0, rich()))
		c, r := s.raw()
		defer c.Close()
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", flightPath)
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		if res.StatusCode != 400 || !res.Close {
			t.Errorf("status %d, close %v; want 400 and the end of the connection", res.StatusCode, res.Close)
		}
		if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("the connection goes on: %v", err)
		}
	})
}

func TestPagesOfTheService(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig)
		if a := b.get("/docs").want(200); !strings.Contains(a.Body.String(), `href="/docs.css"`) || !strings.Contains(a.Body.String(), "stop_when_saving_below") {
			t.Error("docs are not complete")
		}
		if a := b.get("/docs.css").want(200); !strings.HasPrefix(a.Header().Get("Content-Type"), "text/css") {
			t.Errorf("Content-Type = %s", a.Header().Get("Content-Type"))
		}
		if got := b.get("/openapi.json").want(200).Body.String(); got != string(spec()) {
			t.Error("another document is served than is tested")
		}
		a := b.get("/v1/places?q=lond&limit=3").want(200)
		var p struct{ Places []struct{ ID string } }
		if p = decode[struct{ Places []struct{ ID string } }](a); len(p.Places) != 3 || p.Places[0].ID != "LON" {
			t.Errorf("places = %+v, want 3, LON first", p)
		}
		if got := b.get("/v1/places?q=qqqqqqqqq").want(200).Body.String(); !strings.Contains(got, `"places":[`) {
			t.Errorf("no places = %s", got)
		}
		if a := b.get("/v1/places?q=%3Cscript%3E").want(http.StatusOK); a.Header().Get("Content-Type") != "application/json" {
			t.Errorf("Content-Type = %q", a.Header().Get("Content-Type"))
		}
	})
}
