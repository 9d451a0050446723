// Package api is the travellers' HTTP interface: the table of operations, the
// shapes of its answers, request parsing, problem bodies and the event stream. What a
// search is and how it is answered is left to the aggregator.
package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/aggregator"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Limits are what one client may do. Nil fields are no limit.
type Limits struct {
	// NewSearch asks whether this client may start another fan-out.
	NewSearch func(c *gin.Context) (wait time.Duration, ok bool)
	// Wait counts a stream or a request that waits until release is called, or answers and
	// returns false.
	Wait func(c *gin.Context) (release func(), ok bool)
}

// Config is what the API needs; all fields are required but Limits and Work.
type Config struct {
	Aggregator *aggregator.Aggregator
	Atlas      *places.Atlas
	Market     travel.Country // the default market
	Now        func() time.Time
	FirstPaint time.Duration
	MaxWait    time.Duration
	Limits     Limits
	// Work runs what ranks and writes a page when there is room for it, or returns the error of
	// ctx, which ended first; nil is at once.
	Work func(ctx context.Context, work func()) error
	// Draining ends when the server begins to drain; streams say goodbye then.
	Draining <-chan struct{}
}

// API serves the operations. It is safe for concurrent use.
type API struct {
	cfg        Config
	render     renderer
	operations []Operation
	spec       []byte
	docs       []byte
}

// New is the API, and fails only if its own table of operations is broken.
func New(cfg Config) (*API, error) {
	if cfg.Work == nil {
		cfg.Work = func(_ context.Context, work func()) error {
			work()
			return nil
		}
	}
	if cfg.Limits.NewSearch == nil {
		cfg.Limits.NewSearch = func(*gin.Context) (time.Duration, bool) { return 0, true }
	}
	if cfg.Limits.Wait == nil {
		cfg.Limits.Wait = func(*gin.Context) (func(), bool) { return func() {}, true }
	}
	a := &API{cfg: cfg, render: renderer{cfg.Atlas}}
	a.operations = Operations(cfg.Aggregator.Budget(), cfg.MaxWait)
	var err error
	if a.spec, err = Spec(a.operations); err != nil {
		return nil, err
	}
	a.docs, err = Docs(a.operations)
	return a, err
}

// call is one request of an operation, its parameters checked.
type call struct {
	*gin.Context
	op     *Operation
	values Values
}

func (c *call) product() travel.Product { return travel.Product(c.op.Tag) }

// Register adds every operation to the engine. Parameters are checked in one place,
// before any handler.
func (a *API) Register(e *gin.Engine) {
	handlers := map[string]func(*call){
		"flights.search": a.search, "hotels.search": a.search,
		"flights.create": a.create, "hotels.create": a.create,
		"flights.poll": a.poll, "hotels.poll": a.poll,
		"flights.events": a.events, "hotels.events": a.events,
		"places": a.places, "healthz": a.healthz, "readyz": a.readyz,
		"openapi": a.openAPI, "docs": a.docsPage, "docs.style": a.docsStyle,
	}
	for i := range a.operations {
		op := &a.operations[i]
		handle := handlers[op.ID]
		e.Handle(op.Method, strings.ReplaceAll(op.Path, "{id}", ":id"), func(c *gin.Context) {
			values, errs := parseQuery(c.Request.URL.RawQuery, op.Params)
			if len(errs) > 0 {
				invalid(c, errs)
				return
			}
			handle(&call{c, op, values})
		})
	}
}

func (a *API) places(c *call) {
	out := Places{Places: []Place{}}
	for _, p := range a.cfg.Atlas.Search(c.values["q"], c.values.Int("limit", 10)) {
		place := Place{ID: p.ID, Type: p.Type, Code: p.Code, Name: p.Name, City: p.City, Country: string(p.Country),
			Lat: p.Lat, Lon: p.Lon, Airports: make([]string, len(p.Airports))}
		for i, code := range p.Airports {
			place.Airports[i] = string(code)
		}
		out.Places = append(out.Places, place)
	}
	c.Header("Cache-Control", "public, max-age=3600")
	sendJSON(c.Context, http.StatusOK, out)
}

func (a *API) healthz(c *call) {
	c.Header("Cache-Control", "no-store")
	sendJSON(c.Context, http.StatusOK, Health{"ok"})
}

func (a *API) readyz(c *call) {
	c.Header("Cache-Control", "no-store")
	health := a.Ready()
	status := http.StatusOK
	if health.Status != "ok" {
		status = http.StatusServiceUnavailable
	}
	sendJSON(c.Context, status, health)
}

// Ready says whether searches can be answered. It never depends on partners being well.
func (a *API) Ready() Health {
	select {
	case <-a.cfg.Draining:
		return Health{"draining"}
	default:
	}
	if a.cfg.Aggregator.Partners() == 0 {
		return Health{"no_partners"}
	}
	return Health{"ok"}
}

func (a *API) openAPI(c *call)   { a.static(c, jsonMedia, a.spec) }
func (a *API) docsPage(c *call)  { a.static(c, "text/html; charset=utf-8", a.docs) }
func (a *API) docsStyle(c *call) { a.static(c, "text/css; charset=utf-8", docsCSS) }

// static sends what changes only with a new version of the server.
func (a *API) static(c *call, media string, body []byte) {
	c.Header("Cache-Control", "public, max-age=300")
	c.Data(http.StatusOK, media, body)
}
