package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/feeds"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
)

// benchPartners starts n simulated airline partners that answer after latency with
// so many offers each, as lean documents.
func benchPartners(b *testing.B, n, offers int, latency time.Duration) []feeds.Feed {
	b.Helper()
	world := partnersim.NewWorld(1, places.Default(), time.Now)
	var declared []feeds.Feed
	for i := range n {
		spec := partnersim.Spec{
			Name: fmt.Sprintf("partner%d", i), Protocol: "duffel", Credentials: map[string]string{"token": "bench"}, Currency: "GBP",
			Markup: i * 3, Behaviour: partnersim.Behaviour{Latency: partnersim.Latency{Fixed: latency}, Offers: offers, NoGzip: true},
		}
		sim, err := partnersim.Serve(b.Context(), "127.0.0.1:0", partnersim.NewPartner(world, spec))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(sim.Close)
		declared = append(declared, demoFeed(spec, sim.URL()))
	}
	return declared
}

// benchServer is a whole server with these partners.
func benchServer(b *testing.B, declared []feeds.Feed) *server.Server {
	b.Helper()
	cfg := server.Defaults()
	cfg.DataDir = b.TempDir()
	cfg.Listen, cfg.Ops.Listen, cfg.Partners = "127.0.0.1:0", "127.0.0.1:0", declared
	s, err := server.New(cfg, server.Deps{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	return s
}

var benchDate = time.Now().AddDate(0, 0, 60).Format(time.DateOnly)

// benchMarkets make searches of their own that ask partners the very same question:
// the market is in a search's id and not in what this protocol sends.
var benchMarkets = strings.Fields("GB FR DE ES IT NL BE AT PT IE FI GR US CA AU NZ CH NO DK SE PL CZ HU RO TR ZA BR MX JP KR CN HK SG MY TH ID PH IN")

// floor fetches all partners at once and reads their answers without looking at them.
func floor(b *testing.B, client *http.Client, declared []feeds.Feed) time.Duration {
	return floorOn(b, client, declared, benchDate)
}

func floorOn(b *testing.B, client *http.Client, declared []feeds.Feed, day string) time.Duration {
	body := fmt.Sprintf(`{"data":{"slices":[{"origin":"LHR","destination":"JFK","departure_date":"%s"}],"passengers":[{"type":"adult"}],"cabin_class":"economy","max_connections":2}}`, day)
	start := time.Now()
	var wg sync.WaitGroup
	for _, f := range declared {
		wg.Go(func() {
			req, _ := http.NewRequest("POST", f.BaseURL+"/air/offer_requests?return_offers=true", strings.NewReader(body))
			for k, v := range map[string]string{"Authorization": "Bearer bench", "Duffel-Version": "v2", "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"} {
				req.Header.Set(k, v)
			}
			resp, err := client.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			defer resp.Body.Close()
			if n, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= 300 || n == 0 {
				b.Errorf("floor: %s, %d bytes, %v", resp.Status, n, err)
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

func p50(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}

// BenchmarkOverTheSlowestPartner compares a one-shot search over 8 partners that take
// 20 ms with fetching the same answers unparsed, turn by turn.
func BenchmarkOverTheSlowestPartner(b *testing.B) {
	for _, offers := range []int{10, 150} {
		b.Run(fmt.Sprintf("%d-offers", offers), func(b *testing.B) {
			declared := benchPartners(b, 8, offers, 20*time.Millisecond)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
			floor(b, client, declared) // the simulator computes its answers at the first question
			var ours, floors []time.Duration
			s := benchServer(b, declared)
			base := "http://" + s.Addr().String()
			for i := 0; b.Loop(); i++ {
				if i%len(benchMarkets) == 0 && i > 0 {
					b.StopTimer() // a new server: every search is a fan-out
					s = benchServer(b, declared)
					base = "http://" + s.Addr().String()
					b.StartTimer()
				}
				start := time.Now()
				got := benchSearch(b, client, base, benchMarkets[i%len(benchMarkets)])
				ours = append(ours, time.Since(start))
				if got != 8*offers {
					b.Fatalf("%d offers in the answer, want %d", got, 8*offers)
				}
				floors = append(floors, floor(b, client, declared))
			}
			b.ReportMetric(p50(ours), "search-p50-ms")
			b.ReportMetric(p50(floors), "floor-p50-ms")
			b.ReportMetric(p50(ours)-p50(floors), "over-p50-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// benchSearch makes a one-shot search and returns how many offers partners kept.
func benchSearch(b *testing.B, client *http.Client, base, market string) int {
	resp, err := client.Get(base + "/v1/flights?origin=LHR&destination=JFK&date=" + benchDate + "&market=" + market)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Status   string
		Partners []struct {
			Kept int `json:"offers_kept"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Status != "complete" {
		b.Fatalf("%s: status %q, %v", resp.Status, got.Status, err)
	}
	kept := 0
	for _, p := range got.Partners {
		kept += p.Kept
	}
	return kept
}

// BenchmarkCachedPage asks for the first page of a held search, and in the same run
// for the same bytes from a bare gin handler, over loopback with keep-alive.
func BenchmarkCachedPage(b *testing.B) {
	declared := benchPartners(b, 8, 150, 0)
	s := benchServer(b, declared)
	base := "http://" + s.Addr().String()
	benchSearch(b, http.DefaultClient, base, "GB")
	path := "/v1/flights?origin=LHR&destination=JFK&date=" + benchDate + "&market=GB"
	for _, encoding := range []string{"gzip", "identity"} {
		b.Run(encoding, func(b *testing.B) {
			request := "GET " + path + " HTTP/1.1\r\nHost: fanfare\r\nAccept-Encoding: " + encoding + "\r\n\r\n"
			page := rawGet(b, s.Addr().String(), request)
			gin.SetMode(gin.ReleaseMode)
			bare := gin.New()
			bare.GET("/v1/flights", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", page) })
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			server := &http.Server{Handler: bare}
			go func() { _ = server.Serve(l) }()
			defer server.Close()
			var mine, theirs time.Duration
			const batch = 200
			n := 0
			for b.Loop() { // in turns, so that a noisy neighbour meets both
				mine += rawLoop(b, s.Addr().String(), request, batch, len(page))
				theirs += rawLoop(b, l.Addr().String(), request, batch, len(page))
				n += batch
			}
			b.ReportMetric(float64(n)/mine.Seconds(), "fanfare-req/s")
			b.ReportMetric(float64(n)/theirs.Seconds(), "gin-req/s")
			b.ReportMetric(theirs.Seconds()/mine.Seconds(), "ratio")
			b.ReportMetric(float64(len(page)), "B/page")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// rawGet returns the body of one answer.
func rawGet(b *testing.B, addr, request string) []byte {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		b.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("%v, %v", resp, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// rawLoop makes n requests over 4 connections with a client that does next to
// nothing, and checks the length of every answer.
func rawLoop(b *testing.B, addr, request string, n, size int) time.Duration {
	const connections = 4
	start := time.Now()
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			r := bufio.NewReaderSize(conn, 64<<10)
			for range n / connections {
				if _, err := io.WriteString(conn, request); err != nil {
					b.Error(err)
					return
				}
				length := -1
				for {
					line, err := r.ReadSlice('\n')
					if err != nil {
						b.Error(err)
						return
					}
					if len(line) <= 2 {
						break
					}
					if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
						length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
					}
				}
				if length != size {
					b.Errorf("answer of %d bytes, want %d", length, size)
					return
				}
				if _, err := r.Discard(length); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}
