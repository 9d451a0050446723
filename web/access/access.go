// Package access decides who may use the public listener's API: it checks the key of a
// request, keeps its holder for the handlers and limits, and ends requests whose key has been
// revoked. Which keys there are is left to Keys.
package access

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/web/api"
)

// Grant is what a valid key allows.
type Grant struct {
	KeyID     string
	Plane     string // public, partner or ops
	Partner   string // of a key of the partner plane
	Scopes    []string
	Origins   []string // pages that may use it; none is any
	PerSecond float64  // new searches, 0 is the server's own limit
	PerDay    int      // new searches, 0 is without limit
}

// Has reports whether the key grants a scope.
func (g *Grant) Has(scope string) bool { return slices.Contains(g.Scopes, scope) }

// The errors of Verify.
var (
	ErrKey         = errors.New("the key is not valid")
	ErrUnavailable = errors.New("keys cannot be checked")
)

// Keys are the keys that there are. Its methods are called in the path of a request and must
// not wait for anything.
type Keys interface {
	// Verify returns what a key allows, ErrKey or ErrUnavailable.
	Verify(text string) (*Grant, error)
	// Changed returns a channel that is closed when keys have changed.
	Changed() <-chan struct{}
	// Origins are those that public keys are bound to.
	Origins() []string
}

// The planes of the public listener.
const (
	Public  = "public"
	Partner = "partner"
)

// partnerPath is where the partner plane is; all else below /v1/ is the public plane's.
const partnerPath = "/v1/partner/"

// Gate lets requests through or not. It is safe for concurrent use.
type Gate struct {
	keys     Keys
	required bool
	page     *pageSessions
	failures *failures

	mu   sync.Mutex // guards live
	live map[*liveRequest]bool
}

// liveRequest is a request that is answered just now.
type liveRequest struct {
	key    string
	cancel context.CancelCauseFunc
}

// New makes a gate. With required, the travellers' API wants a key or a page of this server;
// pages are known by a cookie that is signed with pageSecret.
func New(keys Keys, required bool, pageSecret []byte) *Gate {
	return &Gate{keys: keys, required: required, page: &pageSessions{pageSecret}, failures: newFailures(), live: map[*liveRequest]bool{}}
}

// grantKey is where the holder's grant stands in a gin context.
const grantKey = "fanfare.grant"

// GrantOf is what the request's key allows; nil without a key.
func GrantOf(c *gin.Context) *Grant {
	g, _ := c.Value(grantKey).(*Grant)
	return g
}

// Check is the middleware: it answers requests that may not go on. The address is the client's,
// by which wrong keys are counted.
func (g *Gate) Check(address func(c *gin.Context) (key string, exempt bool)) gin.HandlerFunc {
	return func(c *gin.Context) {
		path := c.Request.URL.Path
		if !strings.HasPrefix(path, "/v1/") {
			if g.required && path == "/" {
				g.page.begin(c)
			}
			return
		}
		plane := Public
		if strings.HasPrefix(path, partnerPath) {
			plane = Partner
		}
		c.Writer.Header().Add("Vary", "Authorization")
		header := c.Request.Header.Values("Authorization")
		if len(header) == 0 {
			if plane == Public && (!g.required || g.page.has(c)) {
				return
			}
			unauthorized(c, "The request has no key: send Authorization: Bearer ffk_…")
			return
		}
		g.checkKey(c, plane, header, address)
	}
}

// checkKey lets a request with a key go on under its grant.
func (g *Gate) checkKey(c *gin.Context, plane string, header []string, address func(c *gin.Context) (string, bool)) {
	from, exempt := address(c)
	if !exempt && g.failures.tooMany(from) {
		api.TooMany(c, failuresFor, "Too many wrong keys from this address.")
		return
	}
	scheme, key, _ := strings.Cut(header[0], " ")
	key = strings.TrimSpace(key)
	grant, err := g.keys.Verify(key)
	if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") {
		err = ErrKey
	}
	switch {
	case errors.Is(err, ErrUnavailable):
		storage(c)
		return
	case err != nil:
		if !exempt {
			g.failures.count(from)
		}
		unauthorized(c, "The key is not valid.")
		return
	}
	if why := grant.refuses(c, plane); why != "" {
		api.WriteProblem(c, api.Problem{Type: api.ProblemForbidden, Title: "The key does not allow this", Status: http.StatusForbidden, Detail: why})
		return
	}
	c.Set(grantKey, grant)
	ctx, cancel := context.WithCancelCause(c.Request.Context())
	defer cancel(nil)
	one := &liveRequest{key, cancel}
	g.enter(one)
	defer g.leave(one)
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// refuses is why the key does not allow a request of the plane, "" if it does.
func (g *Grant) refuses(c *gin.Context, plane string) string {
	origin := c.GetHeader("Origin")
	switch {
	case g.Plane != plane:
		return "A key of the " + g.Plane + " plane opens nothing here."
	case plane == Public && !g.Has("search"):
		return "The key has not the scope search."
	case len(g.Origins) > 0 && !slices.Contains(g.Origins, origin):
		return "The key is bound to other pages."
	}
	return ""
}

// Origins are those that keys are bound to: their pages may read answers.
func (g *Gate) Origins() []string { return g.keys.Origins() }

func (g *Gate) enter(one *liveRequest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.live[one] = true
}

func (g *Gate) leave(one *liveRequest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.live, one)
}

// errRevoked is the cause of a request's end whose key is not valid any more.
var errRevoked = errors.New("the key was revoked or has expired")

// sweepEvery is how often keys of requests that go on are looked at for their expiry.
const sweepEvery = time.Second

// Run ends requests whose key is not valid any more, such as event streams, until ctx ends.
func (g *Gate) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		changed := g.keys.Changed()
		g.sweep()
		select {
		case <-changed:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (g *Gate) sweep() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for one := range g.live {
		if _, err := g.keys.Verify(one.key); errors.Is(err, ErrKey) {
			one.cancel(errRevoked)
		}
	}
}

func unauthorized(c *gin.Context, detail string) {
	c.Header("WWW-Authenticate", `Bearer realm="fanfare"`)
	api.WriteProblem(c, api.Problem{Type: api.ProblemUnauthorized, Title: "A valid key is needed", Status: http.StatusUnauthorized, Detail: detail})
}

// storage refuses what cannot be decided while the store is away.
func storage(c *gin.Context) {
	c.Header("Retry-After", "5")
	api.WriteProblem(c, api.Problem{Type: api.ProblemStorage, Title: "The store is unavailable", Status: http.StatusServiceUnavailable,
		Detail: "Keys cannot be checked just now; try again after Retry-After."})
}
