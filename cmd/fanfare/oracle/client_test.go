package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The short form runs with the other tests. ORACLE=full (make oracle) asks more questions and looks
// at more views; ORACLE_SEED chooses them.
var full = os.Getenv("ORACLE") == "full"

func seed(t *testing.T) uint64 {
	text := os.Getenv("ORACLE_SEED")
	if text == "" {
		return 1
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("ORACLE_SEED=%q; a number", text)
	}
	return n
}

// demo starts the program with simulated partners and returns the address of its API.
func demo(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "fanfare")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "nomsgpack", "-o", binary, "fanfare/cmd/fanfare").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(binary, "demo", "--listen", "127.0.0.1:0", "--ops", "127.0.0.1:0", "--seed", strconv.FormatUint(seed(t), 10))
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, drained := bufio.NewReader(stderr), make(chan struct{})
	drain := sync.OnceFunc(func() {
		go func() {
			defer close(drained)
			_, _ = io.Copy(io.Discard, said)
		}()
	})
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		drain()
		<-drained
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	at := regexp.MustCompile(`page and API on (http://\S+)`)
	for {
		line, err := said.ReadString('\n')
		if found := at.FindStringSubmatch(line); found != nil {
			drain()
			return found[1]
		}
		if err != nil {
			t.Fatalf("the server did not start: %v", err)
		}
	}
}

// api is the server, and how many things have been checked.
type api struct {
	*testing.T
	base   string
	checks int
}

// check counts a check and reports what does not hold.
func (a *api) check(holds bool, format string, args ...any) {
	a.Helper()
	a.checks++
	if !holds {
		a.Errorf(format, args...)
	}
}

// get is 200 or 400. A server that says that it is busy is asked again, as its clients do.
func (a *api) get(path string, parameters map[string]string, out any) int {
	a.Helper()
	for range 60 {
		if status := a.getOnce(path, parameters, out); status != http.StatusServiceUnavailable {
			return status
		}
		time.Sleep(time.Second)
	}
	a.Fatalf("%s: the server is busy, a minute long", path)
	return 0
}

func (a *api) getOnce(path string, parameters map[string]string, out any) int {
	a.Helper()
	q := url.Values{}
	for name, value := range parameters {
		q.Set(name, value)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, a.base+path+"?"+q.Encode(), nil)
	if err != nil {
		a.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		a.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		a.Fatal(err)
	}
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, out); err != nil {
			a.Fatalf("%s: %v in %.300s", path, err, body)
		}
	} else if res.StatusCode != http.StatusBadRequest && res.StatusCode != http.StatusServiceUnavailable {
		a.Fatalf("%s?%s = %d %.300s", path, q.Encode(), res.StatusCode, body)
	}
	return res.StatusCode
}

// settled returns the id of a search whose revision has not changed for a while: late answers and
// combinations of tickets make later ones.
func (a *api) settled(product string, question map[string]string) string {
	a.Helper()
	var first, last head
	a.get("/v1/"+product, question, &first)
	still := 0
	for tries := 0; still < 3 && tries < 100; tries++ {
		time.Sleep(500 * time.Millisecond) // between two looks at a server that works by itself
		revision := last.Revision
		a.get("/v1/"+product+"/searches/"+first.ID, map[string]string{"limit": "1"}, &last)
		if still++; last.Revision != revision {
			still = 0
		}
	}
	return first.ID
}

func merged(ms ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range ms {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

// page is one page of a view.
func page[V any](a *api, product, id string, view map[string]string) V {
	a.Helper()
	var v V
	a.get("/v1/"+product+"/searches/"+id, merged(map[string]string{"currency": "EUR", "limit": "200", "offers": "all", "explain": "1"}, view), &v)
	return v
}

// everything returns all flights of the view, page by page, and the view itself. It is nil if the
// search made another revision meanwhile.
func (a *api) flights(id string, view map[string]string) ([]*flight, *flightView) {
	a.Helper()
	first := page[flightView](a, "flights", id, view)
	all := first.Results
	for next := first.NextCursor; next != nil; {
		more := page[flightView](a, "flights", id, merged(view, map[string]string{"cursor": *next}))
		if more.Revision != first.Revision {
			return nil, nil
		}
		all, next = append(all, more.Results...), more.NextCursor
	}
	return all, &first
}

// steady calls look until the search stands still while it looks.
func (a *api) steady(look func() bool) {
	a.Helper()
	for range 20 {
		if look() {
			return
		}
		time.Sleep(time.Second) // for the revision that comes
	}
	a.Error("the search never stood still")
}

func soon(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02") }
