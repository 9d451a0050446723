//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// onTerminal runs the command on a pseudo-terminal, and hands over each frame as the
// terminal got it. The last one is what came behind the last frame.
func onTerminal(t *testing.T, columns, rows int, tick ticker, each func(n int, frame string), args ...string) int {
	t.Helper()
	t.Setenv("TERM", "xterm-256color")
	t.Setenv("NO_COLOR", "")
	master, slave := openTerminal(t, columns, rows)
	code := make(chan int, 1)
	go func() {
		code <- runWith(t.Context(), args, streams{strings.NewReader(""), slave, slave, tick})
		slave.Close()
	}()
	var frame bytes.Buffer
	in := bufio.NewReader(master)
	for n := 1; ; {
		b, err := in.ReadByte()
		if err != nil { // EIO: nobody is left to write
			break
		}
		frame.WriteByte(b)
		if bytes.HasSuffix(frame.Bytes(), []byte(endFrame)) {
			each(n, frame.String())
			frame.Reset()
			n++
		}
	}
	each(0, frame.String())
	return <-code
}

// TestLiveTable runs searches against a script whose events come when the frame before
// has been drawn, and compares every byte that the terminal got.
func TestLiveTable(t *testing.T) {
	cases := []struct {
		name          string
		columns, rows int
		views         []any
		args          string
	}{
		{"flights", 80, 24, flightScript(), "search flights LON JFK 2027-03-01 --return 2027-03-08 --adults 2 --child-ages 7"},
		{"flights-small", 60, 9, flightScript(), "search flights LON JFK 2027-03-01 --return 2027-03-08"},
		{"hotels", 80, 24, stayScript(), "search hotels PAR 2027-03-01 2027-03-04 --rooms 2,1-7"},
		{"flights-json", 80, 24, flightScript(), "search flights LON JFK 2027-03-01 --json"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := newFakeServer(t, c.views, true)
			ticks := make(chan time.Time)
			screen, transcript := newEmulator(c.columns, 100), new(bytes.Buffer)
			events := 0
			each := func(n int, frame string) {
				fmt.Fprintf(transcript, "--- frame %d\n%s\n", n, strings.ReplaceAll(strings.ReplaceAll(frame, "\r\n", "\n"), "\x1b", "␛"))
				if lines := strings.Count(frame, "\n"); n > 0 && lines >= c.rows {
					t.Errorf("frame %d has %d lines on a terminal of %d", n, lines, c.rows)
				}
				screen.write(frame)
				switch {
				case n == 1: // what turns, turns without an event
					ticks <- time.Time{}
				case n > 1 && events < len(c.views):
					events++
					server.next <- struct{}{}
				}
			}
			tick := func(time.Duration) (<-chan time.Time, func()) { return ticks, func() {} }
			code := onTerminal(t, c.columns, c.rows, tick, each, append(strings.Fields(c.args), "--server", server.URL)...)
			if code != exitDone {
				t.Errorf("run(%s) = %d, want %d", c.args, code, exitDone)
			}
			golden(t, c.name+".transcript.golden", transcript.Bytes())
			if strings.HasSuffix(c.args, "--json") {
				return // a document is wider than a terminal
			}
			if len(screen.wrong) > 0 || screen.hidden {
				t.Errorf("the terminal got %q, cursor hidden: %v", screen.wrong, screen.hidden)
			}
			golden(t, c.name+".screen.golden", screen.text())
		})
	}
}

// TestSearchStopped ends a search as Ctrl-C does: the last frame stays, the cursor is
// back, and one line says so.
func TestSearchStopped(t *testing.T) {
	t.Setenv("TERM", "xterm-256color")
	server := newFakeServer(t, flightScript(), true)
	master, slave := openTerminal(t, 80, 24)
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- runWith(ctx, []string{"search", "flights", "LON", "JFK", "2027-03-01", "--server", server.URL}, streams{strings.NewReader(""), slave, slave, noMotion})
		slave.Close()
	}()
	screen := newEmulator(80, 24)
	var all bytes.Buffer
	in := bufio.NewReader(master)
	for {
		b, err := in.ReadByte()
		if err != nil {
			break
		}
		all.WriteByte(b)
		if bytes.HasSuffix(all.Bytes(), []byte(endFrame)) {
			cancel()
		}
	}
	screen.write(all.String())
	if got := <-code; got != exitFailed || screen.hidden {
		t.Errorf("run = %d, cursor hidden: %v; want %d and a cursor", got, screen.hidden, exitFailed)
	}
	text := string(screen.text())
	if !strings.HasSuffix(text, "fanfare: "+errStopped.Error()+"\n") || !strings.Contains(text, "Albatross Air") {
		t.Errorf("the screen at the end is\n%s", text)
	}
	cancel()
}

// TestSearchPlain is a search whose output is no terminal: the table alone on stdout.
func TestSearchPlain(t *testing.T) {
	for name, c := range map[string]struct {
		views []any
		args  string
	}{
		"flights": {flightScript(), "search flights LON JFK 2027-03-01 --return 2027-03-08"},
		"hotels":  {stayScript(), "search hotels PAR 2027-03-01 2027-03-04 --rooms 2,1-7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("COLUMNS", "")
			server := newFakeServer(t, c.views, false)
			var out, errOut bytes.Buffer
			code := runWith(t.Context(), append(strings.Fields(c.args), "--server", server.URL), streams{nil, &out, &errOut, noMotion})
			if code != exitDone {
				t.Errorf("run(%s) = %d, want %d: %s", c.args, code, exitDone, errOut.String())
			}
			for _, line := range strings.Split(out.String(), "\n") {
				if cells(line) > 80 || strings.ContainsRune(line, '\x1b') {
					t.Errorf("line is wider than 80 columns or not plain: %q", line)
				}
			}
			golden(t, name+".stdout.golden", out.Bytes())
			golden(t, name+".stderr.golden", errOut.Bytes())
		})
	}
}

// TestSearchDocument prints the view as the server would at that revision, also after
// the stream has broken off and been taken up again.
func TestSearchDocument(t *testing.T) {
	views := flightScript()
	for cut := range len(views) {
		server := newFakeServer(t, views, false)
		server.cut = cut
		var out bytes.Buffer
		code := runWith(t.Context(), []string{"search", "flights", "LON", "JFK", "2027-03-01", "--json", "--server", server.URL}, streams{nil, &out, io.Discard, noMotion})
		if want := string(document(views[len(views)-1])) + "\n"; code != exitDone || out.String() != want {
			t.Errorf("cut behind event %d: run = %d, document\n%s\nwant\n%s", cut, code, out.String(), want)
		}
	}
}

// TestSearchAsks compares what is POSTed, and the view that the stream is asked for.
func TestSearchAsks(t *testing.T) {
	for name, c := range map[string]struct{ args, body, stream string }{
		"flights, all of it": {
			"search flights lhr JFK 2027-03-01 --return 2027-03-08 --adults 2 --child-ages 7,9 --infants-lap 1 --infants-seat 0 --cabin business --market US --currency EUR --sort cheapest --max-stops 0 --limit 5 --max-price 900",
			`/v1/flights/searches {"cabin":"business","currency":"EUR","limit":5,"market":"US","max_price":"900","max_stops":0,"passengers":{"adults":2,"child_ages":[7,9],"infants_lap":1,"infants_seat":0},"slices":[{"date":"2027-03-01","destination":"JFK","origin":"lhr"},{"date":"2027-03-08","destination":"lhr","origin":"JFK"}],"sort":"cheapest"}`,
			"/v1/flights/searches/k3x7/events?currency=EUR&limit=5&max_price=900&max_stops=0&sort=cheapest",
		},
		"flights, little": {
			"search flights LHR JFK 2027-03-01",
			`/v1/flights/searches {"passengers":{},"slices":[{"date":"2027-03-01","destination":"JFK","origin":"LHR"}]}`,
			"/v1/flights/searches/k3x7/events",
		},
		"hotels, rooms": {
			"search hotels PAR 2027-03-01 2027-03-04 --rooms 2,1-7-9 --board half_board --board room_only --min-stars 3.5 --free-cancellation",
			`/v1/hotels/searches {"board":"half_board,room_only","check_in":"2027-03-01","check_out":"2027-03-04","destination":{"place":"PAR"},"free_cancellation":1,"min_stars":"3.5","rooms":[{"adults":2,"child_ages":[]},{"adults":1,"child_ages":[7,9]}]}`,
			"/v1/hotels/searches/k3x7/events?board=half_board%2Croom_only&free_cancellation=1&min_stars=3.5",
		},
		"hotels, circle": {
			"search hotels 48.8566,2.3522,10 2027-03-01 2027-03-04",
			`/v1/hotels/searches {"check_in":"2027-03-01","check_out":"2027-03-04","destination":{"lat":48.8566,"lon":2.3522,"radius_km":10}}`,
			"/v1/hotels/searches/k3x7/events",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFakeServer(t, []any{flightView(1, "pending", nil), flightView(2, "complete", nil)}, false)
			var errOut bytes.Buffer
			runWith(t.Context(), append(strings.Fields(c.args), "--server", server.URL), streams{nil, io.Discard, &errOut, noMotion})
			if got := <-server.asked; got != c.body {
				t.Errorf("POST = %s\nwant   %s", got, c.body)
			}
			if got := <-server.asked; got != c.stream {
				t.Errorf("stream = %s\nwant     %s", got, c.stream)
			}
		})
	}
}

// TestTableFits lays tables out on every width: no line is wider, nothing is lost
// while the columns can hold it.
func TestTableFits(t *testing.T) {
	flights := flightTable(flightResults(), nil)
	for total := 1; total < 140; total++ {
		lines, ends := flights.lines(total)
		for _, line := range lines {
			if cells(line) > total {
				t.Errorf("width %d: line of %d columns: %q", total, cells(line), line)
			}
		}
		if ends[len(ends)-1] != len(lines) {
			t.Errorf("width %d: results end at %v of %d lines", total, ends, len(lines))
		}
		if all := strings.Join(lines, " "); total >= 66 && (!strings.Contains(all, "KEF") || !strings.Contains(all, "B61") || strings.Contains(all, "…")) {
			t.Errorf("width %d: something is lost:\n%s", total, strings.Join(lines, "\n"))
		}
	}
}
