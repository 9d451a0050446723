// Package api is the travellers' HTTP interface: the table of operations, the
// shapes of design 5, request parsing, problem bodies and the event stream. What a
// search is and how it is answered is left to the aggregator.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"fanfare/aggregator"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Config is what the API needs; all fields are required but NewSearch.
type Config struct {
	Aggregator *aggregator.Aggregator
	Atlas      *places.Atlas
	Market     travel.Country // the default market
	Now        func() time.Time
	FirstPaint time.Duration
	MaxWait    time.Duration
	// NewSearch asks whether this client may start another fan-out; nil is always.
	NewSearch func(c *gin.Context) (wait time.Duration, ok bool)
	// Draining ends when the server begins to drain; streams say goodbye then.
	Draining <-chan struct{}
}

// API serves the operations. It is safe for concurrent use.
type API struct {
	cfg        Config
	render     renderer
	operations []Operation
	spec       []byte
}

// New is the API, and fails only if its own table of operations is broken.
func New(cfg Config) (*API, error) {
	a := &API{cfg: cfg, render: renderer{cfg.Atlas}}
	a.operations = Operations(cfg.Aggregator.Budget(), cfg.MaxWait)
	spec, err := Spec(a.operations)
	a.spec = spec
	return a, err
}

// Register adds every operation to the engine.
func (a *API) Register(e *gin.Engine) {
	handlers := map[string]func(*gin.Context, *Operation){
		"flights.search": a.search, "hotels.search": a.search,
		"flights.create": a.create, "hotels.create": a.create,
		"flights.poll": a.poll, "hotels.poll": a.poll,
		"flights.events": a.events, "hotels.events": a.events,
		"places": a.places, "healthz": a.healthz, "readyz": a.readyz,
	}
	for i := range a.operations {
		op := &a.operations[i]
		handle := handlers[op.ID]
		e.Handle(op.Method, strings.ReplaceAll(op.Path, "{id}", ":id"), func(c *gin.Context) { handle(c, op) })
	}
	e.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", a.spec) })
	e.GET("/docs", func(c *gin.Context) { c.Data(http.StatusOK, "text/html; charset=utf-8", Docs(a.operations)) })
}

func product(op *Operation) travel.Product { return travel.Product(op.Tag) }

// request is a view of one search, ready to be rendered.
type request struct {
	api  *API
	view viewOf
	stop travel.Money // stop_when_saving_below; not stated is never
}

// viewOf is one product's view: how it is called in caches, and how it is written.
type viewOf struct {
	key    string // canonical, with paging
	hash   string
	render func(*aggregator.Snapshot) (any, *aggregator.FlightPage, error)
}

// viewRequest reads the view parameters.
func (a *API) viewRequest(p travel.Product, market travel.Country, values Values) (*request, travel.Invalid) {
	w := viewer{values: values, market: market, hasRate: a.cfg.Aggregator.Rates().Has}
	r := &request{api: a}
	if p == travel.Hotels {
		v := w.stays()
		r.view = viewOf{hash: v.Hash(), render: func(s *aggregator.Snapshot) (any, *aggregator.FlightPage, error) {
			page, err := s.Stays(v, a.cfg.Aggregator.Rates())
			if err != nil {
				return nil, nil, err
			}
			return a.render.stays(page), nil, nil
		}}
	} else {
		v := w.flights()
		r.stop = w.money("stop_when_saving_below", v.Currency)
		r.view = viewOf{hash: v.Hash(), render: func(s *aggregator.Snapshot) (any, *aggregator.FlightPage, error) {
			page, err := s.Flights(v, a.cfg.Aggregator.Rates())
			if err != nil {
				return nil, nil, err
			}
			return a.render.flights(page), page, nil
		}}
	}
	r.view.key = r.view.hash + "/" + values["cursor"]
	return r, w.errs
}

// marshal writes v as JSON without escaping what only HTML needs escaped.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// body is the rendered view of a snapshot, kept for others who ask for the same. It
// is compressed if wanted and worth it.
func (r *request) body(s *aggregator.Snapshot, zip bool) (body []byte, zipped bool, err error) {
	kept := r.api.cfg.Aggregator
	if zip {
		if packed, ok := kept.Body(s, "gzip/"+r.view.key); ok {
			return packed, true, nil
		}
	}
	plain, ok := kept.Body(s, "json/"+r.view.key)
	if !ok {
		v, _, err := r.view.render(s)
		if err != nil {
			return nil, false, err
		}
		if plain, err = marshal(v); err != nil {
			return nil, false, fmt.Errorf("render: %w", err)
		}
		kept.PutBody(s, "json/"+r.view.key, plain)
	}
	if !zip || len(plain) < minZip {
		return plain, false, nil
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is a constant
	_, _ = w.Write(plain)                           // a Buffer takes everything
	_ = w.Close()
	kept.PutBody(s, "gzip/"+r.view.key, b.Bytes())
	return b.Bytes(), true, nil
}

// minZip is the smallest body worth compressing: one packet holds it anyway.
const minZip = 1400

// write answers with the snapshot as the request sees it.
func (r *request) write(c *gin.Context, s *aggregator.Snapshot, status int) {
	etag := `"` + strconv.FormatInt(s.Revision, 10) + "-" + r.view.hash + `"`
	c.Header("ETag", etag)
	c.Header("Vary", "Accept-Encoding")
	c.Header("Cache-Control", "no-cache")
	if status == http.StatusOK && c.Request.Method == http.MethodGet && matches(c.GetHeader("If-None-Match"), etag) {
		c.Status(http.StatusNotModified)
		return
	}
	body, zipped, err := r.body(s, acceptsGzip(c.GetHeader("Accept-Encoding")))
	switch {
	case errors.Is(err, aggregator.ErrCursorView):
		c.Writer.Header().Del("ETag")
		invalid(c, travel.Invalid{{Field: "cursor", Message: err.Error()}})
		return
	case err != nil:
		_ = c.Error(err)
		WriteProblem(c, Problem{Type: ProblemInternal, Status: http.StatusInternalServerError})
		return
	}
	if zipped {
		c.Header("Content-Encoding", "gzip")
	}
	c.Data(status, "application/json", body)
}

func matches(header, etag string) bool {
	for _, tag := range strings.Split(header, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.TrimSpace(q) != "q=0"
		}
	}
	return false
}

// question is what a traveller asks, as far as it could be read.
type question struct {
	product travel.Product
	query   travel.Query // not yet normalised
	values  Values       // the view, and how to wait
	errs    travel.Invalid
	rename  func(travel.Invalid) travel.Invalid // from the paths of a body to what the traveller wrote; nil is none
}

// start normalises the question, asks whether the client may start it, and starts or
// joins it. If it returns nil the request has been answered.
func (a *API) start(c *gin.Context, asked question) (s *aggregator.Search, r *request, joined bool) {
	q, err := asked.query.Normalise(a.cfg.Now(), a.cfg.Atlas, a.cfg.Market)
	errs := asked.errs
	var wrong travel.Invalid
	if errors.As(err, &wrong) {
		if asked.rename != nil {
			wrong = asked.rename(wrong)
		}
		errs = append(errs, wrong...)
	}
	r, viewErrs := a.viewRequest(asked.product, q.Market, asked.values)
	if errs = append(errs, viewErrs...); len(errs) > 0 {
		invalid(c, errs)
		return nil, nil, false
	}
	if _, held := a.cfg.Aggregator.Find(q.ID()); !held && a.cfg.NewSearch != nil {
		if wait, ok := a.cfg.NewSearch(c); !ok {
			TooMany(c, wait, "Too many new searches from this address; joining a held one is not limited so.")
			return nil, nil, false
		}
	}
	s, joined, err = a.cfg.Aggregator.Search(q)
	if err != nil {
		overloaded(c, aggregator.RetryAfter)
		return nil, nil, false
	}
	return s, r, joined
}

// search is the one-shot.
func (a *API) search(c *gin.Context, op *Operation) {
	values, errs := parseQuery(c.Request.URL.RawQuery, op.Params)
	if len(errs) > 0 {
		invalid(c, errs)
		return
	}
	asked := question{product: product(op), values: values, rename: asParameters}
	if asked.product == travel.Hotels {
		asked.query, asked.errs = stayQuery(values)
	} else {
		asked.query = flightQuery(values)
	}
	s, r, _ := a.start(c, asked)
	if s == nil {
		return
	}
	defer s.Watch()()
	ctx, cancel := context.WithTimeout(c.Request.Context(), values.Duration("wait", a.cfg.Aggregator.Budget()))
	defer cancel()
	snapshot, early := r.wait(ctx, s)
	if c.Request.Context().Err() != nil {
		return // nobody is there to read it
	}
	switch {
	case snapshot.Status == aggregator.Failed && unasked(snapshot):
		a.noneAsked(c, snapshot)
	case snapshot.Status == aggregator.Failed:
		WriteProblem(c, Problem{Type: ProblemAllFailed, Title: "Every partner failed", Status: http.StatusBadGateway,
			ID: snapshot.ID, Partners: partnersOf(snapshot)})
	case early != nil:
		a.writeEarly(c, r, snapshot, early)
	default:
		r.write(c, snapshot, http.StatusOK)
	}
}

// wait waits for the end of the search, or until little is left to be saved.
func (r *request) wait(ctx context.Context, s *aggregator.Search) (*aggregator.Snapshot, *EarlyStop) {
	var early *EarlyStop
	snapshot := s.Wait(ctx, func(s *aggregator.Snapshot) bool {
		if s.Status.Terminal() {
			return true
		}
		early = r.enough(s)
		return early != nil
	})
	if snapshot.Status.Terminal() {
		early = nil
	}
	return snapshot, early
}

// enough tells what is given up by stopping now, nil if that is too much or unknown.
func (r *request) enough(s *aggregator.Snapshot) *EarlyStop {
	if !r.stop.Known() || s.Status != aggregator.Partial {
		return nil
	}
	_, page, err := r.view.render(s)
	if err != nil || page == nil {
		return nil
	}
	residual, known := page.Residual()
	if !known || residual.Minor >= r.stop.Minor {
		return nil
	}
	return &EarlyStop{residual}
}

func (a *API) writeEarly(c *gin.Context, r *request, s *aggregator.Snapshot, early *EarlyStop) {
	v, _, err := r.view.render(s)
	if err == nil {
		v.(*FlightView).EarlyStop = early
		c.Header("Cache-Control", "no-store")
		var body []byte
		if body, err = marshal(v); err == nil {
			c.Data(http.StatusOK, "application/json", body)
			return
		}
	}
	invalid(c, travel.Invalid{{Field: "cursor", Message: err.Error()}})
}

func (a *API) noneAsked(c *gin.Context, s *aggregator.Snapshot) {
	wait := time.Minute
	for _, p := range s.Partners {
		if left := p.RetryAt.Sub(a.cfg.Now()); !p.RetryAt.IsZero() && left < wait {
			wait = left
		}
	}
	retryAfter(c, wait)
	WriteProblem(c, Problem{Type: ProblemNoneAsked, Title: "No partner could be asked", Status: http.StatusServiceUnavailable,
		ID: s.ID, Partners: partnersOf(s)})
}

// create starts or joins a search from a body.
func (a *API) create(c *gin.Context, op *Operation) {
	if _, errs := parseQuery(c.Request.URL.RawQuery, nil); len(errs) > 0 {
		invalid(c, errs)
		return
	}
	body, ok := a.readBody(c)
	if !ok {
		return
	}
	q, values, errs := readBody(body, product(op), op.Body.View)
	if values == nil {
		invalid(c, errs)
		return
	}
	s, r, joined := a.start(c, question{product: product(op), query: q, values: values, errs: errs})
	if s == nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.cfg.FirstPaint)
	defer cancel()
	snapshot := s.Wait(ctx, func(s *aggregator.Snapshot) bool { return s.Status != aggregator.Pending })
	status := http.StatusCreated
	if joined {
		status = http.StatusOK
	}
	c.Header("Location", strings.TrimSuffix(op.Path, "/")+"/"+s.ID)
	r.write(c, snapshot, status)
}

func (a *API) readBody(c *gin.Context) ([]byte, bool) {
	if media, _, err := mime.ParseMediaType(c.GetHeader("Content-Type")); err != nil || media != "application/json" {
		WriteProblem(c, Problem{Type: ProblemMediaType, Title: "Not JSON", Status: http.StatusUnsupportedMediaType,
			Detail: "Send the query with Content-Type: application/json."})
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		WriteProblem(c, Problem{Type: ProblemTooLarge, Title: "The body is too large", Status: http.StatusRequestEntityTooLarge,
			Detail: fmt.Sprintf("At most %d bytes are possible.", maxBody)})
		return nil, false
	case err != nil:
		invalid(c, travel.Invalid{{Field: "body", Message: "it ended before its end"}})
		return nil, false
	}
	return body, true
}

// poll reads a held search.
func (a *API) poll(c *gin.Context, op *Operation) {
	s, r, values := a.heldRequest(c, op)
	if s == nil {
		return
	}
	snapshot := s.Snapshot()
	if values.Has("after") {
		after, _ := strconv.ParseInt(values["after"], 10, 64) // checked by the parser
		leave := s.Watch()
		ctx, cancel := context.WithTimeout(c.Request.Context(), values.Duration("wait", 0))
		snapshot = s.Wait(ctx, func(s *aggregator.Snapshot) bool { return s.Revision > after })
		cancel()
		leave()
		if c.Request.Context().Err() != nil {
			return
		}
	} else if wait := values.Duration("wait", 0); wait > 0 {
		leave := s.Watch()
		ctx, cancel := context.WithTimeout(c.Request.Context(), wait)
		snapshot = s.Wait(ctx, func(s *aggregator.Snapshot) bool { return s.Status.Terminal() })
		cancel()
		leave()
	}
	r.write(c, snapshot, http.StatusOK)
}

// heldRequest finds the search of the path and reads the view. If it returns nil the
// request has been answered.
func (a *API) heldRequest(c *gin.Context, op *Operation) (*aggregator.Search, *request, Values) {
	values, errs := parseQuery(c.Request.URL.RawQuery, op.Params)
	if len(errs) > 0 {
		invalid(c, errs)
		return nil, nil, nil
	}
	s, ok := a.cfg.Aggregator.Find(c.Param("id"))
	if !ok || s.Query.Product != product(op) {
		unknownSearch(c)
		return nil, nil, nil
	}
	r, errs := a.viewRequest(product(op), s.Query.Market, values)
	if len(errs) > 0 {
		invalid(c, errs)
		return nil, nil, nil
	}
	s.View(r.view.hash)
	return s, r, values
}

func (a *API) places(c *gin.Context, op *Operation) {
	values, errs := parseQuery(c.Request.URL.RawQuery, op.Params)
	if len(errs) > 0 {
		invalid(c, errs)
		return
	}
	out := Places{Places: []Place{}}
	for _, p := range a.cfg.Atlas.Search(values["q"], values.Int("limit", 10)) {
		place := Place{ID: p.ID, Type: p.Type, Code: p.Code, Name: p.Name, City: p.City, Country: string(p.Country),
			Lat: p.Lat, Lon: p.Lon, Airports: make([]string, len(p.Airports))}
		for i, code := range p.Airports {
			place.Airports[i] = string(code)
		}
		out.Places = append(out.Places, place)
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.JSON(http.StatusOK, out)
}

func (a *API) healthz(c *gin.Context, _ *Operation) { c.JSON(http.StatusOK, Health{"ok"}) }

func (a *API) readyz(c *gin.Context, _ *Operation) {
	select {
	case <-a.cfg.Draining:
		c.JSON(http.StatusServiceUnavailable, Health{"draining"})
	default:
		c.JSON(http.StatusOK, Health{"ok"})
	}
}
