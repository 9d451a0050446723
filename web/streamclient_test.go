package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// events is a stream as a client in memory reads it.
type events struct {
	t      *testing.T
	path   string
	header http.Header
	cancel context.CancelFunc
	ended  chan struct{}

	mu     sync.Mutex // guards the fields below
	status int
	raw    bytes.Buffer
	writes []time.Time
}

func (e *events) Header() http.Header { return e.header }

func (e *events) Flush() {}

func (e *events) WriteHeader(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status = status
}

func (e *events) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.status == 0 {
		e.status = http.StatusOK
	}
	for range bytes.Count(b, []byte("\n\n")) {
		e.writes = append(e.writes, time.Now())
	}
	return e.raw.Write(b)
}

// follow opens a stream; it is closed with the test.
func (b *bench) follow(path string, headers ...string) *events {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	r := request(http.MethodGet, path, "", headers...).WithContext(ctx)
	if r.RemoteAddr == "192.0.2.1:1234" { // httptest's
		r.RemoteAddr = "127.0.0.1:1"
	}
	e := &events{t: b.t, path: r.URL.Path, header: http.Header{}, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		b.engine.ServeHTTP(e, r)
	}()
	b.t.Cleanup(e.close)
	synctest.Wait()
	return e
}

func (e *events) close() {
	e.cancel()
	<-e.ended
}

func (e *events) over() bool {
	select {
	case <-e.ended:
		return true
	default:
		return false
	}
}

type event struct {
	name, id, data, retry string
	comment               bool
	at                    time.Time
}

// read is all events so far, each one's data held against its schema.
func (e *events) read() []event {
	e.t.Helper()
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	if got := e.header.Get("Content-Type"); got != "text/event-stream" {
		e.t.Fatalf("%d with Content-Type %q", e.status, got)
	}
	template, _ := match(e.path)
	var all []event
	blocks := strings.Split(strings.TrimSuffix(e.raw.String(), "\n\n"), "\n\n")
	for i, block := range blocks {
		if block == "" {
			continue
		}
		ev := event{at: e.writes[i]}
		for _, line := range strings.Split(block, "\n") {
			field, value, _ := strings.Cut(line, ": ")
			switch field {
			case "":
				ev.comment = true
			case "event":
				ev.name = value
			case "id":
				ev.id = value
			case "data":
				ev.data = value
			case "retry":
				ev.retry = value
			default:
				e.t.Errorf("line %q", line)
			}
		}
		if !ev.comment {
			at := pointer("paths", template, "get", "responses", "200", "content", "text/event-stream", "x-events", ev.name)
			validateAs(e.t, e.path+" "+ev.name, at, []byte(ev.data))
			record(at, []byte(ev.data))
		}
		all = append(all, ev)
	}
	return all
}

// names are the kinds of the events so far, comments left out.
func (e *events) names() string {
	e.t.Helper()
	var names []string
	for _, ev := range e.read() {
		if !ev.comment {
			names = append(names, ev.name)
		}
	}
	return strings.Join(names, " ")
}

// apply is what a client makes of events: the newest view.
func apply(t *testing.T, all []event) map[string]any {
	t.Helper()
	var view map[string]any
	for _, ev := range all {
		switch ev.name {
		case "snapshot":
			view = parse(t, ev.data)
		case "update":
			applyUpdate(view, parse(t, ev.data))
		}
	}
	return view
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return v
}

func applyUpdate(view, u map[string]any) {
	byKey := func(list any, key string) map[string]any {
		m := map[string]any{}
		for _, item := range list.([]any) {
			m[item.(map[string]any)[key].(string)] = item
		}
		return m
	}
	partners, results := byKey(view["partners"], "name"), byKey(view["results"], "id")
	for name, p := range byKey(u["partners"], "name") {
		partners[name] = p
	}
	for _, id := range u["removed"].([]any) {
		delete(results, id.(string))
	}
	for id, r := range byKey(u["upsert"], "id") {
		results[id] = r
	}
	names := make([]string, 0, len(partners))
	for name := range partners {
		names = append(names, name)
	}
	slices.Sort(names)
	sorted, ordered := []any{}, []any{}
	for _, name := range names {
		sorted = append(sorted, partners[name])
	}
	for _, id := range u["order"].([]any) {
		ordered = append(ordered, results[id.(string)])
	}
	view["partners"], view["results"] = sorted, ordered
	delete(view, "early_stop")
	for name, value := range u {
		switch name {
		case "partners", "upsert", "removed", "order":
		default:
			view[name] = value
		}
	}
}

// apart asserts that events keep their distance.
func apart(t *testing.T, all []event) {
	t.Helper()
	var last time.Time
	for _, ev := range all {
		if ev.comment {
			continue
		}
		if gap := ev.at.Sub(last); gap < 100*time.Millisecond {
			t.Errorf("%s came %s after the event before it", ev.name, gap)
		}
		last = ev.at
	}
}
