package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/aggregator"
	"fanfare/providers/travel"
)

const (
	eventGap     = 100 * time.Millisecond // at most one event in this time (design 5)
	commentEvery = 15 * time.Second       // keeps proxies from hanging up
	streamLife   = 30 * time.Minute
	streamWrite  = 15 * time.Second // a reader that takes longer for one event is gone
	retryMillis  = 2000             // what a client is told to wait before it comes back
)

// stream is one client that follows a search.
type stream struct {
	c       *gin.Context
	control *http.ResponseController
	search  *aggregator.Search
	request *request
	last    *page // what the client has; nil before the first event
	done    bool
}

// page is a rendered view, taken apart to see what changed.
type page struct {
	revision int64
	status   aggregator.Status
	whole    []byte
	fields   map[string]json.RawMessage
	partners map[string]json.RawMessage
	order    []string
	results  map[string]json.RawMessage
}

// events is the SSE stream of a search.
func (a *API) events(c *gin.Context, op *Operation) {
	lastID := c.GetHeader("Last-Event-ID")
	if s, ok := a.cfg.Aggregator.Find(c.Param("id")); lastID != "" && (!ok || s.Query.Product != product(op)) {
		c.Status(http.StatusNoContent) // tells an EventSource to stop coming back
		return
	}
	s, r, _ := a.heldRequest(c, op)
	if s == nil {
		return
	}
	st := &stream{c: c, control: http.NewResponseController(c.Writer), search: s, request: r}
	first, err := st.render(s.Snapshot())
	if err != nil {
		invalid(c, travel.Invalid{{Field: "cursor", Message: err.Error()}})
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	defer s.Watch()()
	if !st.open(first, lastID) {
		return
	}
	st.follow(a.cfg.Draining)
}

// open sends what a client needs to be up to date: nothing if it already is.
func (st *stream) open(first *page, lastID string) bool {
	st.last = first
	if lastID == strconv.FormatInt(first.revision, 10) {
		if !st.flush([]byte(": resumed\n\n")) {
			return false
		}
		st.done = first.status.Terminal() && !st.search.Done(first.revision)
		return st.sayDone()
	}
	return st.send("snapshot", first.revision, first.whole) && st.sayDone()
}

// follow sends an event for each newer revision, until the client, the search or the
// server has had enough.
func (st *stream) follow(draining <-chan struct{}) {
	end := time.NewTimer(streamLife)
	defer end.Stop()
	comment := time.NewTicker(commentEvery)
	defer comment.Stop()
	for {
		snapshot, changed := st.search.Changed()
		if snapshot.Revision > st.last.revision {
			if !st.update(snapshot) || !st.pause(draining) {
				return
			}
			continue
		}
		select {
		case <-changed:
		case <-comment.C:
			if !st.search.Held() {
				st.bye()
				return
			}
			if !st.flush([]byte(": still here\n\n")) {
				return
			}
		case <-end.C:
			st.bye()
			return
		case <-draining:
			st.bye()
			return
		case <-st.c.Request.Context().Done():
			return
		}
	}
}

// pause keeps two events apart.
func (st *stream) pause(draining <-chan struct{}) bool {
	select {
	case <-time.After(eventGap):
		return true
	case <-draining:
		st.bye()
		return false
	case <-st.c.Request.Context().Done():
		return false
	}
}

func (st *stream) bye() {
	st.flush([]byte("retry: " + strconv.Itoa(retryMillis) + "\nevent: bye\ndata: {}\n\n"))
}

// update sends what changed since the last event.
func (st *stream) update(s *aggregator.Snapshot) bool {
	next, err := st.render(s)
	if err != nil {
		return false
	}
	if next.lacks(st.last) { // an update cannot say that a partner is gone
		st.last = next
		return st.send("snapshot", next.revision, next.whole) && st.sayDone()
	}
	body, err := json.Marshal(next.since(st.last))
	if err != nil {
		return false
	}
	st.last = next
	return st.send("update", next.revision, body) && st.sayDone()
}

// sayDone sends done when the status has first become terminal.
func (st *stream) sayDone() bool {
	if st.done || !st.last.status.Terminal() {
		return true
	}
	st.done = true
	st.search.Done(st.last.revision)
	body, err := json.Marshal(map[string]json.RawMessage{
		"id": st.last.fields["id"], "revision": st.last.fields["revision"],
		"state_hash": st.last.fields["state_hash"], "status": st.last.fields["status"],
	})
	return err == nil && st.send("done", st.last.revision, body)
}

func (st *stream) send(event string, id int64, data []byte) bool {
	var b bytes.Buffer
	b.Grow(len(data) + 64)
	b.WriteString("id: " + strconv.FormatInt(id, 10) + "\nevent: " + event + "\ndata: ")
	b.Write(data) // JSON without line breaks
	b.WriteString("\n\n")
	return st.flush(b.Bytes())
}

// flush writes with a deadline of its own: a stream outlives the server's.
func (st *stream) flush(b []byte) bool {
	_ = st.control.SetWriteDeadline(time.Now().Add(streamWrite)) // not every writer can; then the server's holds
	if _, err := st.c.Writer.Write(b); err != nil {
		return false
	}
	st.c.Writer.Flush()
	return st.c.Request.Context().Err() == nil
}

// render writes the snapshot as the client's view sees it, and takes it apart.
func (st *stream) render(s *aggregator.Snapshot) (*page, error) {
	body, err := st.request.streamBody(s)
	if err != nil {
		return nil, err
	}
	p := &page{revision: s.Revision, status: s.Status, whole: body,
		partners: map[string]json.RawMessage{}, results: map[string]json.RawMessage{}}
	if err := json.Unmarshal(body, &p.fields); err != nil {
		return nil, err
	}
	var partners, results []json.RawMessage
	if err := json.Unmarshal(p.fields["partners"], &partners); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(p.fields["results"], &results); err != nil {
		return nil, err
	}
	for i, raw := range partners {
		p.partners[s.Partners[i].Name] = raw
	}
	for _, raw := range results {
		var named struct{ ID string }
		if err := json.Unmarshal(raw, &named); err != nil {
			return nil, err
		}
		p.order = append(p.order, named.ID)
		p.results[named.ID] = raw
	}
	return p, nil
}

// streamBody is the view, with early_stop once little is left to be saved.
func (r *request) streamBody(s *aggregator.Snapshot) ([]byte, error) {
	if early := r.enough(s); early != nil {
		v, _, err := r.view.render(s)
		if err != nil {
			return nil, err
		}
		v.(*FlightView).EarlyStop = early
		return marshal(v)
	}
	body, _, err := r.body(s, false)
	return body, err
}

// Update is what changed on a page between two revisions (design 5).
type Update struct {
	ID         json.RawMessage   `json:"id"`
	Revision   json.RawMessage   `json:"revision"`
	StateHash  json.RawMessage   `json:"state_hash"`
	Status     json.RawMessage   `json:"status"`
	UpdatedAt  json.RawMessage   `json:"updated_at"`
	Coverage   json.RawMessage   `json:"coverage"`
	Counts     json.RawMessage   `json:"counts"`
	Labels     json.RawMessage   `json:"labels"`
	Highlights json.RawMessage   `json:"highlights"`
	NextCursor json.RawMessage   `json:"next_cursor"`
	EarlyStop  json.RawMessage   `json:"early_stop,omitempty"` // absent: the view has none
	Partners   []json.RawMessage `json:"partners"`             // changed only
	Facets     json.RawMessage   `json:"facets,omitempty"`     // if changed
	Order      []string          `json:"order"`                // ids of the page
	Upsert     []json.RawMessage `json:"upsert"`               // new on the page, or changed
	Removed    []string          `json:"removed"`
}

// lacks tells whether a partner that last shows is gone.
func (p *page) lacks(last *page) bool {
	for name := range last.partners {
		if _, still := p.partners[name]; !still {
			return true
		}
	}
	return false
}

// since tells what changed from last to p.
func (p *page) since(last *page) Update {
	f := p.fields
	u := Update{
		ID: f["id"], Revision: f["revision"], StateHash: f["state_hash"], Status: f["status"], UpdatedAt: f["updated_at"],
		Coverage: f["coverage"], Counts: f["counts"], Labels: f["labels"], Highlights: f["highlights"],
		NextCursor: f["next_cursor"], EarlyStop: f["early_stop"],
		Partners: []json.RawMessage{}, Order: append([]string{}, p.order...), Upsert: []json.RawMessage{}, Removed: []string{},
	}
	if !bytes.Equal(f["facets"], last.fields["facets"]) {
		u.Facets = f["facets"]
	}
	for _, name := range sortedKeys(p.partners) {
		if !bytes.Equal(p.partners[name], last.partners[name]) {
			u.Partners = append(u.Partners, p.partners[name])
		}
	}
	for _, id := range p.order {
		if !bytes.Equal(p.results[id], last.results[id]) {
			u.Upsert = append(u.Upsert, p.results[id])
		}
	}
	for _, id := range last.order {
		if _, still := p.results[id]; !still {
			u.Removed = append(u.Removed, id)
		}
	}
	return u
}
