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
	marshal() ([]byte, error)
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

// body is the rendered view of a snapshot, kept for others who ask for the same. It
// is compressed if wanted and worth it.
func (r *request) body(ctx context.Context, s *aggregator.Snapshot, zip bool) (body []byte, zipped bool, err error) {
	kept := r.api.cfg.Aggregator
	if zip {
		if packed, ok := kept.Body(s, "gzip/"+r.view.key); ok {
			return packed, true, nil
		}
	} else if plain, ok := kept.Body(s, "json/"+r.view.key); ok {
		return plain, false, nil
	}
	if left := r.api.cfg.Work(ctx, func() { body, zipped, err = r.written(s, zip) }); left != nil {
		return nil, false, left
	}
	return body, zipped, err
}

// written is body where none is kept yet.
func (r *request) written(s *aggregator.Snapshot, zip bool) (body []byte, zipped bool, err error) {
	kept := r.api.cfg.Aggregator
	plain, ok := kept.Body(s, "json/"+r.view.key)
	if !ok {
		v, _, err := r.view.render(s)
		if err != nil {
			return nil, false, err
		}
		if plain, err = v.marshal(); err != nil {
			return nil, false, fmt.Errorf("render: %w", err)
		}
		if !zip {
			kept.PutBody(s, "json/"+r.view.key, plain)
		}
	}
	if !zip || len(plain) < minZip {
		return plain, false, nil
	}
	packed := pack(plain)
	kept.PutBody(s, "gzip/"+r.view.key, packed)
	return packed, true, nil
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
	body, err := r.earlyBody(c.Request.Context(), s, early)
	if err != nil {
		refuse(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, jsonMedia, body)
}

func (r *request) earlyBody(ctx context.Context, s *aggregator.Snapshot, early *EarlyStop) (body []byte, err error) {
	left := r.api.cfg.Work(ctx, func() {
		var v rendered
		if v, _, err = r.view.render(s); err == nil {
			v.(*FlightView).EarlyStop = early // only flights have the parameter
			body, err = v.marshal()
		}
	})
	return body, cmp.Or(left, err)
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
