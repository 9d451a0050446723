// Package web is the server: a gin engine with its middleware, the travellers' API
// and page on the public listener, and its time-outs and drain. What the operations
// do is left to web/api, what ops see to web/ops.
package web

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"fanfare/web/access"
	"fanfare/web/api"
	"fanfare/web/partner"
	"fanfare/web/ui"
)

// Config is what the public listener needs besides the API.
type Config struct {
	TrustedProxies []string // CIDRs that may set X-Forwarded-For
	CORSOrigins    []string // origins whose pages may read answers; "*" is all
	Limits         Limits
	Access         *access.Gate  // nil: the API is open to all, and there are no keys
	Feeds          partner.Feeds // of the partner plane; nil is no plane
	Log            *slog.Logger
}

// Engine is the public listener's handler. newAPI gets the limits that only the API can apply.
func Engine(cfg Config, newAPI func(limits api.Limits) (*api.API, error)) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ForwardedByClientIP = true
	e.RemoteIPHeaders = []string{"X-Forwarded-For"}
	if err := e.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted_proxies: %w", err)
	}
	limiter := newLimiter(cfg.Limits)
	e.Use(requestID, recovered(cfg.Log), secure, boundedURL, cors(cfg.CORSOrigins, cfg.Access), chunked)
	if cfg.Access != nil {
		e.Use(cfg.Access.Check(clientAddress))
	}
	e.Use(limiter.requests)
	a, err := newAPI(api.Limits{NewSearch: limiter.newSearch, Wait: limiter.wait})
	if err != nil {
		return nil, err
	}
	a.Register(e)
	ui.Register(e)
	if cfg.Feeds != nil {
		partner.Register(e, cfg.Feeds)
	}
	e.NoRoute(func(c *gin.Context) {
		api.WriteProblem(c, api.Problem{Type: api.ProblemNotFound, Title: "No such path", Status: http.StatusNotFound,
			Detail: "The paths stand in /openapi.json."})
	})
	e.NoMethod(func(c *gin.Context) {
		api.WriteProblem(c, api.Problem{Type: api.ProblemMethod, Status: http.StatusMethodNotAllowed,
			Detail: "The methods of each path stand in /openapi.json."})
	})
	return e, nil
}

// requestID names the request, for its problem bodies and the log.
func requestID(c *gin.Context) {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	id := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	api.SetRequestID(c, id)
	c.Header("X-Request-Id", id)
}

// recovered turns a panic of a handler into a 500, and logs where it was. Headers and
// parameters stay out of the log. An answer that has begun is broken off, so that
// nobody takes the half of it for the whole.
func recovered(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			r := recover()
			switch {
			case r == nil:
				return
			case r == http.ErrAbortHandler:
				panic(r)
			}
			log.Error("panic in a handler", "op", c.FullPath(), "cause", fmt.Sprint(r), "stack", string(debug.Stack()))
			if c.Writer.Written() {
				panic(http.ErrAbortHandler)
			}
			api.WriteProblem(c, api.Problem{Type: api.ProblemInternal, Status: http.StatusInternalServerError})
		}()
		c.Next()
	}
}

// chunked ends the connection after a request in chunks. One that also states its length is how
// requests are smuggled past a proxy, and net/http does not say that it did.
func chunked(c *gin.Context) {
	if len(c.Request.TransferEncoding) > 0 {
		c.Header("Connection", "close")
	}
}

// maxURL bounds request targets (docs/reliability.md 3).
const maxURL = 4 << 10

// boundedURL refuses over-long request targets before they are looked at.
func boundedURL(c *gin.Context) {
	if len(c.Request.RequestURI) > maxURL || len(c.Request.URL.RawQuery) > maxURL {
		api.WriteProblem(c, api.Problem{Type: api.ProblemURLTooLong, Title: "The URL is too long", Status: http.StatusRequestURITooLong,
			Detail: fmt.Sprintf("At most %d bytes are possible.", maxURL)})
	}
}

// secure sets the headers that every answer has: nothing is executed, framed or
// sniffed, and the page loads only its own files.
func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}

// cors lets pages of the given origins read answers, and those that keys are bound to. No answer
// of the API depends on a cookie but where a key is required: see access.
func cors(origins []string, gate *access.Gate) gin.HandlerFunc {
	allowed := map[string]bool{}
	for _, o := range origins {
		allowed[o] = true
	}
	return func(c *gin.Context) {
		var bound []string
		if gate != nil {
			bound = gate.Origins()
		}
		if len(allowed) == 0 && len(bound) == 0 {
			return
		}
		h := c.Writer.Header()
		h.Add("Vary", "Origin") // also where there is none: a cache must not hand that answer to a page
		origin := c.GetHeader("Origin")
		if origin == "" || !allowed[origin] && !allowed["*"] && !slices.Contains(bound, origin) {
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "ETag, Location, Retry-After, X-Request-Id")
		if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, Last-Event-ID")
			h.Set("Access-Control-Max-Age", "3600")
			c.AbortWithStatus(http.StatusNoContent)
		}
	}
}

// clientAddress is the client's address, an IPv6 one by its /64.
func clientAddress(c *gin.Context) (key string, loopback bool) {
	ip := net.ParseIP(c.ClientIP())
	switch {
	case ip == nil:
		return "unknown", false
	case ip.IsLoopback():
		return "loopback", true
	case ip.To4() != nil:
		return ip.String(), false
	}
	return ip.Mask(net.CIDRMask(64, 128)).String(), false
}
