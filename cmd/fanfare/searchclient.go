package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
	"fanfare/web/api"
)

const (
	maxView       = 32 << 20         // of one document or event; a page of 200 results has under 4 MiB
	answerTimeout = 40 * time.Second // until a server begins to answer: more than any wait of ours
	dialTimeout   = 10 * time.Second
	maxReconnects = 5           // in a row, without an event between them
	reconnectWait = time.Second // until the server has said otherwise
)

// searchClient talks to one server about one search.
type searchClient struct {
	server  string
	product travel.Product
	view    map[string]any
	http    *http.Client
}

func newSearchClient(server string, product travel.Product, view map[string]any) (*searchClient, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("--server %s: an address such as http://127.0.0.1:8080", clean(server))
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	return &searchClient{
		server: strings.TrimRight(server, "/"), product: product, view: view,
		http: &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ResponseHeaderTimeout: answerTimeout,
			DisableCompression: true, // a stream is read as it is written
		}},
	}, nil
}

func (c *searchClient) path() string { return c.server + "/v1/" + string(c.product) + "/searches" }

// create starts or joins the search.
func (c *searchClient) create(ctx context.Context, query map[string]any) (*board, error) {
	fields := maps.Clone(query)
	maps.Copy(fields, c.view)
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.path(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	doc, err := io.ReadAll(io.LimitReader(res.Body, maxView))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", c.server, err)
	}
	b, err := newBoard(doc)
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", c.server, err)
	}
	return b, nil
}

// do sends the request; its error says in one line what to do about it.
func (c *searchClient) do(req *http.Request) (*http.Response, error) {
	res, err := c.http.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("no server answers at %s: %w; fanfare demo starts one, --server names another", c.server, failed.Err)
	}
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusCreated {
		return res, nil
	}
	defer res.Body.Close()
	return nil, c.refusal(res)
}

// refusal is a problem document as an error: wrong usage if a field is at fault.
func (c *searchClient) refusal(res *http.Response) error {
	var p api.Problem
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || media != "application/problem+json" || json.Unmarshal(body, &p) != nil {
		return fmt.Errorf("%s answers %s: not a Fanfare server?", c.server, clean(res.Status))
	}
	if p.Status == http.StatusBadRequest && len(p.Errors) > 0 {
		return errUsage{badFields(p.Errors)}
	}
	text := clean(strings.TrimSpace(p.Title + ". " + p.Detail))
	if wait := clean(res.Header.Get("Retry-After")); wait != "" {
		text += " Try again in " + wait + " s."
	}
	return errors.New(text)
}

// fieldNames are what the command line calls the fields of a body.
var fieldNames = strings.NewReplacer(
	"slices[0].date", "date", "slices[1].date", "--return", "slices[0].", "", "slices[1].", "", "passengers.", "--",
	"destination.place", "place", "destination.", "", "check_in", "check-in", "check_out", "check-out",
	"rooms", "--rooms", "cabin", "--cabin", "market", "--market", "currency", "--currency", "sort", "--sort", "limit", "--limit",
	"max_", "--max-", "min_", "--min-", "board", "--board", "free_", "--free-", "_", "-",
)

// badFields is one complaint a field and line, under the names that the command line has for fields.
func badFields(errs []travel.FieldError) error {
	seen := map[string]bool{}
	var lines []string
	for _, e := range errs {
		field := clean(fieldNames.Replace(e.Field))
		if e.Field == "slices[1].origin" || e.Field == "slices[1].destination" || seen[field] {
			continue // said already: a place is as wrong on the way back
		}
		seen[field] = true
		lines = append(lines, field+": "+clean(e.Message))
	}
	return errors.New(strings.Join(lines, "\nfanfare: "))
}

// event is one of the stream's; its error ends a connection.
type event struct {
	name string
	id   string
	data []byte
	err  error
}

// errExpired is a search that the server holds no more.
var errExpired = errors.New("the server holds this search no more; ask again")

// events connects to the stream and hands over its events until it ends, at the
// latest with ctx. The channel is closed then; the last event has the error.
func (c *searchClient) events(ctx context.Context, id, lastID string) <-chan event {
	out := make(chan event)
	go func() {
		defer close(out)
		err := c.read(ctx, id, lastID, func(e event) bool {
			select {
			case out <- e:
				return true
			case <-ctx.Done():
				return false
			}
		})
		select {
		case out <- event{err: err}:
		case <-ctx.Done():
		}
	}()
	return out
}

func (c *searchClient) read(ctx context.Context, id, lastID string, each func(event) bool) error {
	target := c.path() + "/" + url.PathEscape(id) + "/events"
	if query := viewValues(c.view).Encode(); query != "" {
		target += "?" + query
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNoContent, http.StatusNotFound:
		return errExpired
	default:
		return c.refusal(res)
	}
	return readEvents(res.Body, each)
}

// readEvents takes a stream of server-sent events apart until each has had enough.
// Its error is never nil: a stream has no end of its own.
func readEvents(r io.Reader, each func(event) bool) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxView)
	var e event
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) == 0 {
			if (len(e.data) > 0 || e.name != "") && !each(e) {
				return context.Canceled
			}
			e = event{}
			continue
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "event":
			e.name = string(value)
		case "id":
			e.id = string(value)
		case "data":
			if len(e.data) > 0 {
				e.data = append(e.data, '\n')
			}
			e.data = append(e.data, value...)
		case "retry":
			if !each(event{name: "retry", data: bytes.Clone(value)}) {
				return context.Canceled
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// watch brings b up to date until its search has ended, and shows it after each event
// and each tick. A stream that breaks off is taken up again.
func watch(ctx context.Context, c *searchClient, b *board, tick ticker, show func(spin int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ticks, stop := tick(spinEvery)
	defer stop()
	wait, failures, lastID, spin := reconnectWait, 0, "", 0
	stream := (<-chan event)(nil)
	defer func() {
		cancel()
		for stream != nil {
			if _, more := <-stream; !more {
				return
			}
		}
	}()
	for !b.terminal() {
		if stream == nil {
			if err := show(spin); err != nil {
				return err
			}
			stream = c.events(ctx, b.id(), lastID)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks:
			spin++
		case e := <-stream:
			if e.err != nil {
				stream = nil
				if failures++; failures > maxReconnects || errors.Is(e.err, errExpired) || ctx.Err() != nil {
					return fmt.Errorf("follow the search: %w", e.err)
				}
				if err := pause(ctx, wait); err != nil {
					return err
				}
				continue
			}
			if e.name == "retry" {
				if ms, err := strconv.Atoi(string(e.data)); err == nil && ms >= 0 && ms < 60_000 {
					wait = time.Duration(ms) * time.Millisecond
				}
				continue
			}
			if e.id != "" {
				lastID, failures = e.id, 0
			}
			if err := b.apply(e); err != nil {
				return fmt.Errorf("follow the search: %w", err)
			}
			if e.name != "snapshot" && e.name != "update" {
				continue
			}
		}
		if err := show(spin); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
