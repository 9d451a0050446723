package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"fanfare/providers/feeds"
	"fanfare/providers/travel"
)

// The figures of the product as a process of its own: simulated partners and clients
// run here, the server is built and started, so that its CPU time and memory are its
// own. Run them with make bench.

// process is a running fanfare serve.
type process struct {
	cmd  *exec.Cmd
	base string // http://host:port
	addr string
}

var serving = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)\n`)

// builtBinary builds the server once a run, as make build does.
var builtBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "fanfare")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "fanfare")
	out, err := exec.Command("go", "build", "-trimpath", "-tags", "nomsgpack", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// startProcess serves the partners with this much cache, on as many processors.
func startProcess(b *testing.B, declared []feeds.Feed, cacheBytes string, procs int) *process {
	b.Helper()
	binary, err := builtBinary()
	if err != nil {
		b.Fatal(err)
	}
	var config strings.Builder
	fmt.Fprintf(&config, "listen: 127.0.0.1:0\nops: {listen: \"127.0.0.1:0\"}\ncache: {max_bytes: %s}\npartners:\n", cacheBytes)
	for _, f := range declared {
		fmt.Fprintf(&config, "  - {name: %s, protocol: duffel, base_url: %q, credentials: {token: bench}, allow_private_network: true}\n", f.Name, f.BaseURL)
	}
	path := filepath.Join(b.TempDir(), "fanfare.yaml")
	if err := os.WriteFile(path, []byte(config.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	p := &process{cmd: exec.Command(binary, "serve", "--config", path)}
	p.cmd.Dir = filepath.Dir(path)
	p.cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", procs))
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.stop() })
	r := bufio.NewReader(stderr)
	for p.addr == "" {
		line, err := r.ReadString('\n')
		if err != nil {
			b.Fatalf("the server ended: %v", err)
		}
		if m := serving.FindStringSubmatch(line); m != nil && strings.Contains(line, "page") {
			p.addr, p.base = m[1], "http://"+m[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return p
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// cpu is the processor time used so far.
func (p *process) cpu(b *testing.B) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		b.Skip("no /proc here: ", err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks are 10 ms on Linux
}

// peakMiB is the largest resident size since the last reset.
func (p *process) peakMiB(b *testing.B) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Skip("no /proc here: ", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kb / 1024
}

func (p *process) resetPeak() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0o200)
}

// questions are distinct searches that ask partners few distinct questions, whose
// answers the simulator has ready: every market on each of some days.
func questions(b *testing.B, declared []feeds.Feed, days int) []string {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	var all []string
	for d := range days {
		day := time.Now().AddDate(0, 0, 60+d).Format(time.DateOnly)
		floorOn(b, client, declared, day)
		for i := range 26 * 26 {
			market := string([]byte{'A' + byte(i/26), 'A' + byte(i%26)})
			if _, ok := travel.MarketCurrency(travel.Country(market)); ok {
				all = append(all, "/v1/flights?origin=LHR&destination=JFK&date="+day+"&market="+market)
			}
		}
	}
	return all
}

// load is what a closed loop of clients saw.
type load struct {
	good, refused, bad int64
	took               time.Duration
}

// drive asks the questions from workers at once, for as long as there are questions.
// A client that is refused comes back a little later.
func drive(base string, workers int, asked []string) load {
	return driveWith(loadClient(workers), base, workers, asked)
}

func loadClient(workers int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}, Timeout: 30 * time.Second}
}

func driveWith(client *http.Client, base string, workers int, asked []string) load {
	var l load
	var next atomic.Int64
	start := time.Now()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(asked) {
					return
				}
				resp, err := client.Get(base + asked[i])
				if err != nil {
					atomic.AddInt64(&l.bad, 1)
					continue
				}
				n, _ := io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				switch {
				case resp.StatusCode == http.StatusOK && n > 1000:
					atomic.AddInt64(&l.good, 1)
				case resp.StatusCode == http.StatusServiceUnavailable:
					atomic.AddInt64(&l.refused, 1)
					time.Sleep(20 * time.Millisecond)
				default:
					atomic.AddInt64(&l.bad, 1)
				}
			}
		})
	}
	wg.Wait()
	l.took = time.Since(start)
	return l
}

// BenchmarkFigureSearch: processor time of a search, and peak memory with 16 at once
// and 64 MiB of cache.
func BenchmarkFigureSearch(b *testing.B) {
	for _, offers := range []int{10, 150} {
		b.Run(fmt.Sprintf("%d-offers", offers), func(b *testing.B) {
			declared := benchPartners(b, 8, offers, 0)
			asked := questions(b, declared, 2)
			p := startProcess(b, declared, "64MiB", 2)
			drive(p.base, 4, asked[:40]) // connections and tables are warm
			b.ResetTimer()
			p.resetPeak()
			before := p.cpu(b)
			l := drive(p.base, 16, asked[40:])
			if l.bad > 0 || l.good == 0 {
				b.Fatalf("%+v", l)
			}
			b.ReportMetric(float64(p.cpu(b)-before)/float64(time.Millisecond)/float64(l.good+l.refused), "cpu-ms/search")
			b.ReportMetric(float64(l.good)/l.took.Seconds(), "searches/s")
			b.ReportMetric(p.peakMiB(b), "peak-MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkFigureSaturation: the rate of good answers with 64 at once beside 16.
func BenchmarkFigureSaturation(b *testing.B) {
	declared := benchPartners(b, 8, 150, 0)
	asked := questions(b, declared, 4)
	p := startProcess(b, declared, "64MiB", 2)
	drive(p.base, 4, asked[:40])
	half := 40 + (len(asked)-40)/2
	b.ResetTimer()
	at16 := drive(p.base, 16, asked[40:half])
	at64 := drive(p.base, 64, asked[half:])
	b.ReportMetric(float64(at16.good)/at16.took.Seconds(), "good/s-at-16")
	b.ReportMetric(float64(at64.good)/at64.took.Seconds(), "good/s-at-64")
	b.ReportMetric(float64(at64.good)/at64.took.Seconds()/(float64(at16.good)/at16.took.Seconds()), "ratio")
	b.ReportMetric(float64(at64.refused), "refused")
	b.ReportMetric(float64(at16.bad+at64.bad), "bad")
	b.ReportMetric(p.peakMiB(b), "peak-MiB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFigureCachedPage: first pages of a held search a second, from a server on
// one processor.
func BenchmarkFigureCachedPage(b *testing.B) {
	declared := benchPartners(b, 8, 150, 0)
	asked := questions(b, declared, 1)
	p := startProcess(b, declared, "64MiB", 1)
	drive(p.base, 1, asked[:1])
	request := "GET " + asked[0] + " HTTP/1.1\r\nHost: fanfare\r\nAccept-Encoding: gzip\r\n\r\n"
	page := rawGet(b, p.addr, request)
	var took time.Duration
	n := 0
	b.ResetTimer()
	before := p.cpu(b)
	for b.Loop() {
		took += rawLoop(b, p.addr, request, 400, len(page))
		n += 400
	}
	b.ReportMetric(float64(n)/took.Seconds(), "pages/s")
	b.ReportMetric(float64(p.cpu(b)-before)/float64(time.Microsecond)/float64(n), "cpu-us/page")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFigureOverTheSlowest: a search over 8 partners that take 20 ms, beside
// fetching the same answers unparsed, turn by turn.
func BenchmarkFigureOverTheSlowest(b *testing.B) {
	for _, offers := range []int{10, 150} {
		b.Run(fmt.Sprintf("%d-offers", offers), func(b *testing.B) {
			declared := benchPartners(b, 8, offers, 20*time.Millisecond)
			asked := questions(b, declared, 1)
			p := startProcess(b, declared, "256MiB", 2)
			client, ourClient := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}, loadClient(1)
			var ours, floors []time.Duration
			b.ResetTimer()
			for i := range asked[:min(len(asked), 120)] {
				start := time.Now()
				if l := driveWith(ourClient, p.base, 1, asked[i:i+1]); l.good != 1 {
					b.Fatalf("%+v", l)
				}
				if i > 10 { // warm
					ours = append(ours, time.Since(start))
					floors = append(floors, floor(b, client, declared))
				}
			}
			b.ReportMetric(p50(ours), "search-p50-ms")
			b.ReportMetric(p50(floors), "floor-p50-ms")
			b.ReportMetric(p50(ours)-p50(floors), "over-p50-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
