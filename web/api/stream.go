package api

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"fanfare/aggregator"
)

const (
	eventGap     = 100 * time.Millisecond // at most one event in this time
	commentEvery = 15 * time.Second       // keeps proxies from hanging up
	streamLife   = 30 * time.Minute
	streamWrite  = 15 * time.Second // a reader that takes longer for one event is gone
	retryMillis  = 2000             // what a client is told to wait before it comes back
)

// stream is one client that follows a search.
type stream struct {
	c       *call
	control *http.ResponseController
	search  *aggregator.Search
	request *request
	last    *renderedView // what the client has
	done    bool          // the client has been told that the search is done
	spoke   time.Time
}

// events is the SSE stream of a search.
func (a *API) events(c *call) {
	lastID := c.GetHeader("Last-Event-ID")
	if lastID != "" && a.gone(c) {
		c.Status(http.StatusNoContent) // tells an EventSource to stop coming back
		return
	}
	s, r := a.heldRequest(c)
	if s == nil {
		return
	}
	release, ok := a.cfg.Limits.Wait(c.Context)
	if !ok {
		return
	}
	defer release()
	st := &stream{c: c, control: http.NewResponseController(c.Writer), search: s, request: r}
	first, err := st.render(s.Snapshot())
	if err != nil {
		refuse(c.Context, err)
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	defer s.Watch()()
	if st.open(first, lastID) {
		st.follow(a.cfg.Draining)
	}
}

// gone reports whether the search of the path is not held, or expired.
func (a *API) gone(c *call) bool {
	s, ok := a.cfg.Aggregator.Find(c.Param("id"))
	return !ok || s.Query.Product != c.product() || s.Snapshot().Over()
}

// open sends what a client needs to be up to date: nothing if it already is.
func (st *stream) open(first *renderedView, lastID string) bool {
	st.last = first
	if lastID != strconv.FormatInt(first.revision, 10) {
		return st.send("snapshot", first.revision, first.text)
	}
	st.done = first.status.Terminal() && !st.search.ClaimDone(first.revision)
	return st.flush([]byte(": resumed\n\n"))
}

// follow sends events, apart from each other, until the client, the search or the
// server has had enough.
func (st *stream) follow(draining <-chan struct{}) {
	end := time.NewTimer(streamLife)
	defer end.Stop()
	comment := time.NewTicker(commentEvery)
	defer comment.Stop()
	for {
		snapshot, changed := st.search.Changed()
		var due <-chan time.Time
		if st.behind(snapshot) {
			wait := time.Until(st.spoke.Add(eventGap))
			if wait <= 0 {
				if !st.say(snapshot) {
					return
				}
				continue
			}
			changed, due = nil, time.After(wait)
		}
		good := true
		select {
		case <-changed:
		case <-due:
			good = st.say(st.search.Snapshot())
		case <-comment.C:
			if !st.search.Active() || snapshot.Over() {
				st.bye()
				return
			}
			good = st.flush([]byte(": still here\n\n"))
		case <-end.C:
			st.bye()
			return
		case <-draining:
			st.bye()
			return
		case <-st.c.Request.Context().Done():
			return
		}
		if !good {
			return
		}
	}
}

func (st *stream) behind(s *aggregator.Snapshot) bool {
	return st.owesDone() || s.Revision > st.last.revision
}

// owesDone reports whether the status has first become terminal without a done.
func (st *stream) owesDone() bool { return !st.done && st.last.status.Terminal() }

// say sends the next event that is due.
func (st *stream) say(s *aggregator.Snapshot) bool {
	if st.owesDone() {
		return st.sayDone()
	}
	return st.update(s)
}

func (st *stream) bye() {
	time.Sleep(time.Until(st.spoke.Add(eventGap)))
	st.flush([]byte("retry: " + strconv.Itoa(retryMillis) + "\nevent: bye\ndata: {}\n\n"))
}

// update sends what changed since the last event.
func (st *stream) update(s *aggregator.Snapshot) bool {
	next, err := st.render(s)
	if err != nil {
		return false
	}
	last := st.last
	st.last = next
	if next.lacks(last) { // an update cannot say that a partner is gone
		return st.send("snapshot", next.revision, next.text)
	}
	return st.send("update", next.revision, next.since(last))
}

func (st *stream) sayDone() bool {
	st.done = true
	st.search.ClaimDone(st.last.revision)
	return st.send("done", st.last.revision, st.last.done())
}

func (st *stream) send(event string, id int64, data []byte) bool {
	var b bytes.Buffer
	b.Grow(len(data) + 64)
	b.WriteString("id: " + strconv.FormatInt(id, 10) + "\nevent: " + event + "\ndata: ")
	b.Write(data) // JSON without line breaks
	b.WriteString("\n\n")
	sent := st.flush(b.Bytes())
	st.spoke = time.Now()
	return sent
}

// flush writes with a deadline of its own: a stream outlives the server's.
func (st *stream) flush(b []byte) bool {
	_ = st.control.SetWriteDeadline(time.Now().Add(streamWrite)) // not every writer can; then the server's holds
	if _, err := st.c.Writer.Write(b); err != nil {
		return false
	}
	return st.control.Flush() == nil && st.c.Request.Context().Err() == nil
}
