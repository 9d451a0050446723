package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"fanfare/aggregator"
	"fanfare/aggregator/page"
	"fanfare/providers/travel"
)

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
	render func(*aggregator.Snapshot) (rendered, *page.Flights, error)
}

// rendered is a *FlightView or a *StayView.
type rendered interface {
	appendTo(b []byte, at *spans) []byte
	size() int     // about how long it is as JSON
	ids() []string // of the results
}

// viewRequest reads the view parameters.
func (a *API) viewRequest(p travel.Product, market travel.Country, values Values) (*request, travel.Invalid) {
	w := viewer{values: values, market: market, hasRate: a.cfg.Aggregator.Rates().Has}
	r := &request{api: a}
	if p == travel.Hotels {
		v := w.stays()
		r.view = viewOf{hash: v.Hash(), render: func(s *aggregator.Snapshot) (rendered, *page.Flights, error) {
			page, err := s.Stays(v, s.Rates)
			if err != nil {
				return nil, nil, err
			}
			return a.render.stays(s, page), nil, nil
		}}
	} else {
		v := w.flights()
		r.stop = w.money("stop_when_saving_below", v.Currency)
		r.view = viewOf{hash: v.Hash(), render: func(s *aggregator.Snapshot) (rendered, *page.Flights, error) {
			page, err := s.Flights(v, s.Rates)
			if err != nil {
				return nil, nil, err
			}
			return a.render.flights(s, page), page, nil
		}}
	}
	r.view.key = r.view.hash + "/" + values["cursor"]
	return r, w.errs.list
}

const jsonMedia = "application/json"

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

// sendJSON answers with v, which always marshals.
func sendJSON(c *gin.Context, status int, v any) {
	body, err := marshal(v)
	if err != nil {
		panic(fmt.Sprintf("api: %T: %v", v, err)) // impossible: plain structs
	}
	c.Data(status, jsonMedia, body)
}

// kept returns the view of a snapshot that others have asked for, false if it is not kept.
func (r *request) kept(s *aggregator.Snapshot) (*viewJSON, bool) {
	v, ok := r.api.cfg.Aggregator.Body(s, "json/"+r.view.key)
	if !ok {
		return nil, false
	}
	return v.(*viewJSON), true
}

// body is the rendered view of a snapshot, kept for others who ask for the same. It
// is compressed if wanted and worth it.
func (r *request) body(ctx context.Context, s *aggregator.Snapshot, zip bool) (body []byte, zipped bool, err error) {
	if !zip {
		view, err := r.plain(ctx, s)
		if err != nil {
			return nil, false, err
		}
		return view.text, false, nil
	}
	if packed, ok := r.api.cfg.Aggregator.Body(s, "gzip/"+r.view.key); ok {
		return packed.([]byte), true, nil
	}
	if left := r.api.cfg.Work(ctx, func() { body, zipped, err = r.packed(s) }); left != nil {
		return nil, false, left
	}
	return body, zipped, err
}

// plain is the rendered view of a snapshot, kept for others who ask for the same.
func (r *request) plain(ctx context.Context, s *aggregator.Snapshot) (view *viewJSON, err error) {
	if view, ok := r.kept(s); ok {
		return view, nil
	}
	left := r.api.cfg.Work(ctx, func() {
		var isNew bool
		if view, isNew, err = r.written(s); isNew {
			r.api.cfg.Aggregator.PutBody(s, "json/"+r.view.key, view, view.bytes())
		}
	})
	if left != nil {
		return nil, left
	}
	return view, err
}

// packed is the compressed view, where none is kept yet; a short one is not compressed.
func (r *request) packed(s *aggregator.Snapshot) (body []byte, zipped bool, err error) {
	view, _, err := r.written(s)
	if err != nil {
		return nil, false, err
	}
	if len(view.text) < minZip {
		return view.text, false, nil
	}
	packed := pack(view.text)
	r.api.cfg.Aggregator.PutBody(s, "gzip/"+r.view.key, packed, int64(cap(packed)))
	return packed, true, nil
}

// written is the view, which is new unless it is kept.
func (r *request) written(s *aggregator.Snapshot) (view *viewJSON, isNew bool, err error) {
	if view, ok := r.kept(s); ok {
		return view, false, nil
	}
	v, _, err := r.view.render(s)
	if err != nil {
		return nil, false, err
	}
	return writeView(v), true, nil
}

// zippers are expensive to make: each has tables of a megabyte.
var zippers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is a constant
	return w
}}

// pack compresses a body.
func pack(plain []byte) []byte {
	var b bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(plain) // a Buffer takes everything
	_ = w.Close()
	return slices.Clip(b.Bytes())
}

// minZip is the smallest body worth compressing: one packet holds it anyway.
const minZip = 1400

// write answers with the snapshot as the request sees it. The ETag is weak, because
// compressed and plain bodies share it.
func (r *request) write(c *gin.Context, s *aggregator.Snapshot, status int) {
	etag := `W/"` + strconv.FormatInt(s.Revision, 10) + "-" + r.view.hash + `"`
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	c.Header("Cache-Control", "no-cache")
	body, zipped, err := r.body(c.Request.Context(), s, acceptsGzip(c.GetHeader("Accept-Encoding")))
	if err != nil {
		refuse(c, err)
		return
	}
	c.Header("ETag", etag)
	if c.Request.Method == http.MethodGet && matches(c.GetHeader("If-None-Match"), etag) {
		c.Status(http.StatusNotModified)
		return
	}
	if zipped {
		c.Header("Content-Encoding", "gzip")
	}
	c.Header("Content-Length", strconv.Itoa(len(body)))
	c.Data(status, jsonMedia, body)
}

// writeEarly answers with a view that is not waited to the end for. It is this
// request's own: nobody keeps it.
func (r *request) writeEarly(c *gin.Context, s *aggregator.Snapshot, early *EarlyStop) {
	view, err := r.earlyView(c.Request.Context(), s, early)
	if err != nil {
		refuse(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, jsonMedia, view.text)
}

func (r *request) earlyView(ctx context.Context, s *aggregator.Snapshot, early *EarlyStop) (view *viewJSON, err error) {
	left := r.api.cfg.Work(ctx, func() {
		var v rendered
		if v, _, err = r.view.render(s); err == nil {
			v.(*FlightView).EarlyStop = early // only flights have the parameter
			view = writeView(v)
		}
	})
	return view, cmp.Or(left, err)
}

// refuse answers a view that cannot be rendered; a client that has left is not answered.
func refuse(c *gin.Context, err error) {
	if c.Request.Context().Err() != nil {
		return
	}
	if errors.Is(err, page.ErrCursorView) {
		invalid(c, travel.Invalid{{Field: "cursor", Message: err.Error()}})
		return
	}
	panic(fmt.Errorf("render: %w", err)) // the recovery logs it and answers 500
}

// matches compares weakly, as If-None-Match does.
func matches(header, etag string) bool {
	for _, tag := range strings.Split(header, ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		name, parameter, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, weighed := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !weighed || err == nil && q > 0
	}
	return false
}
