package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"fanfare/aggregator"
	"fanfare/providers/travel"
)

// create starts or joins a search from a body.
func (a *API) create(c *call) {
	body, ok := readJSON(c)
	if !ok {
		return
	}
	q, values, errs := readBody(body, c.product(), c.op.Body.View)
	if values == nil {
		invalid(c.Context, errs)
		return
	}
	s, r, joined := a.start(c, question{query: q, values: values, errs: errs})
	if s == nil {
		return
	}
	s.DiscloseID()
	ctx, cancel := a.waiting(c, a.cfg.FirstPaint)
	defer cancel()
	snapshot := s.Wait(ctx, func(s *aggregator.Snapshot) bool { return s.Status != aggregator.Pending })
	status := http.StatusCreated
	if joined {
		status = http.StatusOK
	}
	c.Header("Location", c.op.Path+"/"+s.ID)
	r.write(c.Context, snapshot, status)
}

// readJSON reads a bounded body of the right media type. If it returns false the
// request has been answered.
func readJSON(c *call) ([]byte, bool) {
	if media, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || media != jsonMedia {
		WriteProblem(c.Context, Problem{Type: ProblemMediaType, Title: "Not JSON", Status: http.StatusUnsupportedMediaType,
			Detail: "Send the query with Content-Type: application/json."})
		return nil, false
	}
	if coding := c.GetHeader("Content-Encoding"); coding != "" && coding != "identity" {
		WriteProblem(c.Context, Problem{Type: ProblemMediaType, Title: "Encoded body", Status: http.StatusUnsupportedMediaType,
			Detail: "Send the query without Content-Encoding."})
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		WriteProblem(c.Context, Problem{Type: ProblemTooLarge, Title: "The body is too large", Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("At most %d bytes are possible.", maxBody)})
		return nil, false
	case err != nil:
		invalid(c.Context, travel.Invalid{{Field: "body", Message: "it ended before its end"}})
		return nil, false
	}
	return body, true
}

// poll reads a held search: with after, as soon as there is a newer revision; with
// wait alone, as soon as the search is terminal.
func (a *API) poll(c *call) {
	s, r := a.heldRequest(c)
	if s == nil {
		return
	}
	enough := func(s *aggregator.Snapshot) bool { return s.Status.Terminal() }
	if c.values.Has("after") {
		after, _ := strconv.ParseInt(c.values["after"], 10, 64) // checked by the parser
		enough = func(s *aggregator.Snapshot) bool { return s.Revision > after }
	}
	snapshot := s.Snapshot()
	if wait := c.values.Duration("wait", 0); wait > 0 {
		release, ok := a.cfg.Limits.Wait(c.Context)
		if !ok {
			return
		}
		defer release()
		defer s.Watch()()
		ctx, cancel := a.waiting(c, wait)
		defer cancel()
		snapshot = s.Wait(ctx, enough)
	}
	r.write(c.Context, snapshot, http.StatusOK)
}

// heldRequest finds the search of the path and reads the view. If it returns nil the
// request has been answered.
func (a *API) heldRequest(c *call) (*aggregator.Search, *request) {
	s, ok := a.cfg.Aggregator.Find(c.Param("id"))
	if !ok || s.Query.Product != c.product() {
		unknownSearch(c.Context)
		return nil, nil
	}
	r, errs := a.viewRequest(c.product(), s.Query.Market, c.values)
	if len(errs) > 0 {
		invalid(c.Context, errs)
		return nil, nil
	}
	s.View(r.view.hash)
	return s, r
}

// lastWait is how long a wait may still last once the server drains: with the grace
// before it and the answer behind it, it ends within the drain of package web.
const lastWait = 9 * time.Second
