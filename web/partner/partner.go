// Package partner is the partner plane: what a partner sees and does of its own feed, with a key
// of kind partner. Which partner it is comes from the key alone, so that no request can name
// another one's. What is kept where is left to Feeds.
package partner

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"fanfare/providers/travel"
	"fanfare/web/access"
	"fanfare/web/api"
)

// The errors of Feeds, besides *Refused.
var (
	ErrNotFound    = errors.New("not found")
	ErrUnavailable = errors.New("the store is unavailable")
)

// Refused is a change that cannot be made as things stand.
type Refused struct {
	Message string
	Missing []travel.FieldError // the evidence that a promotion lacks, and how far it is; nil for another reason
}

// Error is the message.
func (r *Refused) Error() string { return r.Message }

// Invalid is what is wrong with a request or a declaration, all at once.
type Invalid []travel.FieldError

// Error joins the complaints.
func (i Invalid) Error() string { return travel.Invalid(i).Error() }

// Feeds are the feeds of partners in the registry. Versions are written as JSON. The errors are
// ErrNotFound, ErrUnavailable, *Refused and Invalid.
type Feeds interface {
	Versions(partner string) (all []any, live any, err error)
	Version(partner string, number int) (version any, document string, err error)
	Add(ctx context.Context, by, partner, document string) (version any, err error)
	Check(partner string, number int) (complaints []travel.FieldError, err error)
	SetState(ctx context.Context, by, partner string, number int, change StateChange) (version any, err error)
	SetSecret(ctx context.Context, by, partner, name string, secret Secret) error
}

// StateChange asks for another state of a version.
type StateChange struct {
	State  string  `json:"state"`
	Share  float64 `json:"share"`
	Force  bool    `json:"force"`
	Reason string  `json:"reason"`
}

// Secret is a credential, and the hosts, as host:port, that it may be sent to.
type Secret struct {
	Value string   `json:"value"`
	Hosts []string `json:"hosts"`
}

// The bounds of requests.
const (
	maxDocument = 256 << 10
	maxBody     = 64 << 10
)

// Register adds the plane to the public listener's engine, behind the gate of package access.
func Register(e *gin.Engine, feeds Feeds) {
	p := plane{feeds}
	g := e.Group("/v1/partner", func(c *gin.Context) { c.Header("Cache-Control", "no-store") })
	g.GET("/feed", p.scoped("feed:read", p.live))
	g.GET("/feed/versions", p.scoped("feed:read", p.versions))
	g.GET("/feed/versions/:n", p.scoped("feed:read", p.version))
	g.POST("/feed/versions", p.scoped("feed:write", p.add))
	g.POST("/feed/versions/:n/check", p.scoped("feed:read", p.check))
	g.POST("/feed/versions/:n/state", p.scoped("feed:write", p.state))
	g.PUT("/secrets/:name", p.scoped("feed:write", p.secret))
}

type plane struct{ feeds Feeds }

// scoped lets a request through whose key has the scope.
func (p plane) scoped(scope string, handle func(c *gin.Context, partner, by string)) gin.HandlerFunc {
	return func(c *gin.Context) {
		grant := access.GrantOf(c)
		if grant == nil || grant.Partner == "" { // the gate lets none through without a key
			api.WriteProblem(c, api.Problem{Type: api.ProblemUnauthorized, Title: "A valid key is needed", Status: http.StatusUnauthorized})
			return
		}
		if !grant.Has(scope) {
			api.WriteProblem(c, api.Problem{Type: api.ProblemForbidden, Title: "The key does not allow this", Status: http.StatusForbidden,
				Detail: "The key has not the scope " + scope + "."})
			return
		}
		handle(c, grant.Partner, "key:"+grant.KeyID)
	}
}

func (p plane) live(c *gin.Context, partner, _ string) {
	_, live, err := p.feeds.Versions(partner)
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"partner": partner, "live": live})
}

func (p plane) versions(c *gin.Context, partner, _ string) {
	all, _, err := p.feeds.Versions(partner)
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"versions": all})
}

// number is the version of the path; it answers and is false for none.
func number(c *gin.Context) (int, bool) {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 || strconv.Itoa(n) != c.Param("n") {
		Refuse(c, ErrNotFound)
		return 0, false
	}
	return n, true
}

func (p plane) version(c *gin.Context, partner, _ string) {
	n, ok := number(c)
	if !ok {
		return
	}
	version, document, err := p.feeds.Version(partner, n)
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"version": version, "document": document})
}

func (p plane) add(c *gin.Context, partner, by string) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxDocument))
	if err != nil {
		api.WriteProblem(c, api.Problem{Type: api.ProblemTooLarge, Title: "The declaration is too large", Status: http.StatusRequestEntityTooLarge})
		return
	}
	version, err := p.feeds.Add(c.Request.Context(), by, partner, string(body))
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusCreated, version)
}

func (p plane) check(c *gin.Context, partner, _ string) {
	n, ok := number(c)
	if !ok {
		return
	}
	complaints, err := p.feeds.Check(partner, n)
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"good": len(complaints) == 0, "errors": append([]travel.FieldError{}, complaints...)})
}

func (p plane) state(c *gin.Context, partner, by string) {
	n, ok := number(c)
	if !ok {
		return
	}
	var change StateChange
	if !ReadJSON(c, &change) {
		return
	}
	if change.Force {
		api.WriteProblem(c, api.Problem{Type: api.ProblemForbidden, Title: "The key does not allow this", Status: http.StatusForbidden,
			Detail: "Only operators may force a state."})
		return
	}
	version, err := p.feeds.SetState(c.Request.Context(), by, partner, n, change)
	if err != nil {
		Refuse(c, err)
		return
	}
	c.JSON(http.StatusOK, version)
}

func (p plane) secret(c *gin.Context, partner, by string) {
	var secret Secret
	if !ReadJSON(c, &secret) {
		return
	}
	if err := p.feeds.SetSecret(c.Request.Context(), by, partner, c.Param("name"), secret); err != nil {
		Refuse(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

// ReadJSON reads a body into out, a pointer to a struct, and knows no other keys. It answers and is
// false if it cannot.
func ReadJSON(c *gin.Context, out any) bool {
	d := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(out)
	if err == nil && d.More() {
		err = errors.New("data behind the document")
	}
	if err != nil {
		api.WriteProblem(c, api.Problem{Type: api.ProblemInvalid, Title: "The request is not valid", Status: http.StatusBadRequest, Detail: err.Error()})
	}
	return err == nil
}

// Refuse answers with what went wrong.
func Refuse(c *gin.Context, err error) {
	p := ProblemOf(err)
	if p.Type == api.ProblemStorage {
		c.Header("Retry-After", "5")
	}
	api.WriteProblem(c, p)
}

// ProblemOf is the answer to an error of Feeds.
func ProblemOf(err error) api.Problem {
	var invalid Invalid
	var refused *Refused
	switch {
	case errors.Is(err, ErrUnavailable):
		return api.Problem{Type: api.ProblemStorage, Title: "The store is unavailable", Status: http.StatusServiceUnavailable,
			Detail: "Nothing was written; try again after Retry-After."}
	case errors.Is(err, ErrNotFound):
		return api.Problem{Type: api.ProblemNotFound, Title: "There is no such thing", Status: http.StatusNotFound}
	case errors.As(err, &invalid):
		return api.Problem{Type: api.ProblemInvalid, Title: "The request is not valid", Status: http.StatusUnprocessableEntity, Errors: travel.Invalid(invalid)}
	case errors.As(err, &refused) && refused.Missing != nil:
		return api.Problem{Type: api.ProblemEvidence, Title: "Evidence is missing", Status: http.StatusConflict, Errors: refused.Missing}
	case errors.As(err, &refused):
		return api.Problem{Type: api.ProblemConflict, Title: "This cannot be done now", Status: http.StatusConflict, Detail: refused.Message}
	}
	return api.Problem{Type: api.ProblemInternal, Title: "Internal error", Status: http.StatusInternalServerError}
}
