package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/web"
)

func readView(t *testing.T, res *http.Response, err error) *shown {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var s shown
	if err := json.Unmarshal(body, &s); err != nil && res.StatusCode < 400 {
		t.Fatalf("%d: %v in %.200s", res.StatusCode, err, body)
	}
	return &s
}

// TestWaitsOutliveTheReadDeadline: it is of the request, and not of those who wait
// for its answer.
func TestWaitsOutliveTheReadDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("slow", 29*time.Second, rich()))
		start := time.Now()
		res, err := s.get(oneWay)
		if v := readView(t, res, err); since(start) != budget || res.StatusCode != 502 {
			t.Errorf("one-shot after %s = %d %s, want 502 after %s", since(start), res.StatusCode, v.Status, budget)
		}
		id := readView(t, post(s, flightBody), nil).ID
		v := readView(t, must(s.get(flightPath+"/"+id)), nil)
		start = time.Now()
		res, err = s.get(fmt.Sprintf("%s/%s?after=%d&wait=30s", flightPath, id, v.Revision))
		if v := readView(t, res, err); v.Status != "complete" || since(start) != 21*time.Second {
			t.Errorf("long-poll after %s = %s, want complete after 21s", since(start), v.Status)
		}
		start = time.Now()
		res, err = s.get(fmt.Sprintf("%s/%s?after=%d&wait=30s", flightPath, id, v.Revision+1_000_000))
		if readView(t, res, err); since(start) != maxWait {
			t.Errorf("long-poll ended after %s, want %s", since(start), maxWait)
		}
	})
}

func must(res *http.Response, err error) *http.Response {
	if err != nil {
		panic(err)
	}
	return res
}

func (s *served) status(path string) int {
	res := must(s.get(path))
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res.StatusCode
}

func post(s *served, body string) *http.Response {
	return must(s.client.Post("http://fanfare.test"+flightPath, "application/json", strings.NewReader(body)))
}

// TestStreamsOutliveTheWriteDeadline: each event rolls the deadline through gin's writer.
func TestStreamsOutliveTheWriteDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("albatross", 0, rich()))
		s.keepFresh() // else the stream would end with its prices
		id := readView(t, post(s, flightBody), nil).ID
		start := time.Now()
		res := must(s.get(flightPath + "/" + id + "/events"))
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatalf("after %s: %v", since(start), err)
		}
		// The refreshed prices expire at the same time, and bye keeps its distance from that event.
		if got := since(start); got < 30*time.Minute || got > 30*time.Minute+100*time.Millisecond {
			t.Errorf("stream lasted %s, want 30m", got)
		}
		if n := strings.Count(string(body), ": still here\n\n"); n < 110 || !strings.HasSuffix(string(body), "event: bye\ndata: {}\n\n") {
			t.Errorf("%d comments, end %q, want one every 15 s and bye", n, body[len(body)-40:])
		}
	})
}

// TestSlowReaderOfAStreamIsCut: whoever does not read one event in 15 s is gone.
func TestSlowReaderOfAStreamIsCut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("albatross", 0, rich()))
		id := readView(t, post(s, flightBody), nil).ID
		c, r := s.raw()
		defer c.Close()
		fmt.Fprintf(c, "GET %s/%s/events HTTP/1.1\r\nHost: x\r\n\r\n", flightPath, id)
		if _, err := r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		time.Sleep(20 * time.Second)
		if _, err := io.Copy(io.Discard, r); err == nil && since(start) > 21*time.Second {
			t.Errorf("the connection lived on for %s", since(start))
		}
	})
}

// TestSlowReaderOfAnAnswerIsCut: a body may take as long as a wait, and a little more.
func TestSlowReaderOfAnAnswerIsCut(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("albatross", 0, flights(manyDirect(0, 100)...)))
		s.status(oneWay)
		c, r := s.raw()
		defer c.Close()
		fmt.Fprintf(c, "GET %s&limit=200 HTTP/1.1\r\nHost: x\r\n\r\n", oneWay)
		if _, err := r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		time.Sleep(maxWait + 13*time.Second)
		if n, _ := io.Copy(io.Discard, r); n > 20_000 {
			t.Errorf("%d bytes were still sent", n)
		}
	})
}

func TestSlowHeadersAndBodies(t *testing.T) {
	cases := []struct {
		name, first string
		most        time.Duration
	}{
		{"nothing", "", 3 * time.Second},
		{"headers", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", 3 * time.Second},
		{"body", "POST " + flightPath + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", 8 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := serve(t)
				conn, r := s.raw()
				defer conn.Close()
				start := time.Now()
				wrote := make(chan struct{})
				go func() {
					defer close(wrote)
					_, _ = io.WriteString(conn, c.first)
					for c.first != "" {
						time.Sleep(time.Second)
						if _, err := io.WriteString(conn, "a"); err != nil {
							return
						}
					}
				}()
				_, err := io.Copy(io.Discard, r)
				if took := since(start); took > c.most {
					t.Errorf("closed after %s (%v), want within %s", took, err, c.most)
				}
				conn.Close()
				<-wrote
			})
		})
	}
}

func TestHugeHeaders(t *testing.T) {
	for _, size := range []int{17 << 10, 64 << 10} {
		inBubble(t, func(t *testing.T) {
			s := serve(t)
			c, r := s.raw()
			defer c.Close()
			go func() {
				fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: %s\r\n\r\n", strings.Repeat("x", size))
			}()
			if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, " 431 ") {
				t.Errorf("%d bytes of header = %q, %v, want 431", size, line, err)
			}
		})
	}
	inBubble(t, func(t *testing.T) {
		s := serve(t)
		req, _ := http.NewRequest("GET", "http://fanfare.test/healthz", nil)
		req.Header.Set("X-Big", strings.Repeat("x", 11<<10))
		res := must(s.client.Do(req))
		res.Body.Close()
		if res.StatusCode != 200 {
			t.Errorf("11 KiB of header = %d, want 200", res.StatusCode)
		}
	})
}

// TestDrain: not ready at once, new requests for the grace, those in flight to their
// end, a goodbye on streams, within 15 s.
func TestDrain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t, asks("albatross", 12*time.Second, rich()), asks("bluebird", 300*time.Millisecond, rich()))
		id := readView(t, post(s, flightBody), nil).ID
		type ending struct {
			name, body string
			err        error
			took       time.Duration
		}
		endings := make(chan ending, 10)
		start := time.Now()
		follow := func(name, path string) {
			go func() {
				res, err := s.get(path)
				e := ending{name: name, err: err}
				if err == nil {
					var b []byte
					b, e.err = io.ReadAll(res.Body)
					res.Body.Close()
					e.body = string(b)
				}
				e.took = since(start)
				endings <- e
			}()
		}
		follow("stream", flightPath+"/"+id+"/events")
		follow("long-poll", flightPath+"/"+id+"?after=9007199254740991&wait=30s")
		follow("one-shot", oneWay+"&adults=2&wait=30s")
		time.Sleep(time.Second)
		s.stop()
		synctest.Wait()
		if got := s.status("/readyz"); got != 503 {
			t.Errorf("readyz = %d at once, want 503", got)
		}
		time.Sleep(2 * time.Second)
		if got := s.status("/healthz"); got != 200 {
			t.Errorf("healthz = %d in the grace, want 200", got)
		}
		follow("late one-shot", oneWay+"&adults=3&wait=30s")
		for range 4 {
			e := <-endings
			if e.err != nil {
				t.Errorf("%s: %v after %s", e.name, e.err, e.took)
			}
			if e.name == "stream" && !strings.HasSuffix(e.body, "event: bye\ndata: {}\n\n") {
				t.Errorf("stream ends with %q, want bye", e.body[max(0, len(e.body)-100):])
			}
			if e.name != "stream" && !json.Valid([]byte(e.body)) {
				t.Errorf("%s: truncated: %q", e.name, e.body)
			}
			if e.took > 16*time.Second {
				t.Errorf("%s ended after %s", e.name, e.took)
			}
		}
		if err := <-s.ended; err != nil || since(start) > 16*time.Second {
			t.Errorf("Serve = %v after %s, want nil within 15s of the signal", err, since(start))
		}
		if _, err := s.get("/healthz"); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after the drain: %v, want a closed listener", err)
		}
		s.ended <- nil // for the cleanup
	})
}

// TestGrace: clients of this machine that ask nothing are not waited for, others are.
func TestGrace(t *testing.T) {
	cases := []struct {
		name      string
		every     time.Duration // between requests; 0 is none
		addr      net.Addr
		announced bool
		want      time.Duration
	}{
		{"quiet", 0, loopback, true, 500 * time.Millisecond},
		{"busy", 100 * time.Millisecond, loopback, true, 3 * time.Second},
		{"reachable from elsewhere", 0, &net.TCPAddr{IP: net.IPv4zero, Port: 80}, true, 3 * time.Second},
		{"nobody is told", 0, loopback, false, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				m := newMemory()
				m.addr = c.addr
				server := web.NewServerOn(m, maxWait, web.Connections{}, slog.New(slog.DiscardHandler))
				if c.announced {
					server.Draining()
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- server.Serve(ctx, http.NotFoundHandler()) }()
				client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
					DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return m.dial(ctx) }}}
				cancel()
				start := time.Now()
				for c.every > 0 {
					time.Sleep(c.every)
					res, err := client.Get("http://fanfare.test/")
					if err != nil {
						break
					}
					res.Body.Close()
				}
				if err := <-ended; err != nil {
					t.Error(err)
				}
				if got := since(start); got < c.want || got > c.want+200*time.Millisecond {
					t.Errorf("ended after %s, want %s", got, c.want)
				}
			})
		})
	}
}

// TestConnectionsAreBounded: one more than the most waits, and does not fail.
func TestConnectionsAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t)
		var held []net.Conn
		for range 2000 {
			c, err := s.memory.dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, c)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.memory.dial(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dial of one too many = %v, want to wait", err)
		}
		for _, c := range held {
			c.Close()
		}
		if got := s.status("/healthz"); got != 200 {
			t.Errorf("healthz = %d once there is room", got)
		}
	})
}

// TestAbortedAnswersAreBrokenOff: half an answer must not look like a whole one.
func TestAbortedAnswersAreBrokenOff(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := serve(t)
		s.engine.GET("/half", panicsHalfway)
		c, r := s.raw()
		defer c.Close()
		fmt.Fprint(c, "GET /half HTTP/1.1\r\nHost: x\r\n\r\n")
		if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(r), nil)
		if err != nil {
			return // broken off before the header: as good
		}
		if _, err := io.ReadAll(res.Body); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("half an answer was read without error (%v)", err)
		}
	})
}
