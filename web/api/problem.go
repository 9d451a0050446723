package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"fanfare/providers/travel"
)

// Problem is RFC 9457's application/problem+json.
type Problem struct {
	Type     string              `json:"type" doc:"Names the problem; a URN."`
	Title    string              `json:"title"`
	Status   int                 `json:"status" min:"400" max:"599"`
	Detail   string              `json:"detail,omitempty"`
	Instance string              `json:"instance" doc:"The request's id."`
	Errors   []travel.FieldError `json:"errors,omitempty" doc:"Which fields are at fault, and what would be right."`
	ID       string              `json:"id,omitempty" doc:"Of the search that failed."`
	Partners []Partner           `json:"partners,omitempty" doc:"Why each partner brought nothing."`
}

// The problem types.
const (
	ProblemInvalid       = "urn:fanfare:invalid-request"
	ProblemNotFound      = "urn:fanfare:not-found"
	ProblemMethod        = "urn:fanfare:method-not-allowed"
	ProblemSearchUnknown = "urn:fanfare:search-unknown"
	ProblemURLTooLong    = "urn:fanfare:url-too-long"
	ProblemTooLarge      = "urn:fanfare:body-too-large"
	ProblemMediaType     = "urn:fanfare:unsupported-media-type"
	ProblemTooMany       = "urn:fanfare:too-many-requests"
	ProblemOverloaded    = "urn:fanfare:overloaded"
	ProblemAllFailed     = "urn:fanfare:all-partners-failed"
	ProblemNoneAsked     = "urn:fanfare:no-partner-could-be-asked"
	ProblemNoPartners    = "urn:fanfare:no-partners"
	ProblemUnauthorized  = "urn:fanfare:unauthorized"
	ProblemForbidden     = "urn:fanfare:forbidden"
	ProblemStorage       = "urn:fanfare:storage"
	ProblemConflict      = "urn:fanfare:conflict"
	ProblemEvidence      = "urn:fanfare:evidence-missing"
	ProblemInternal      = "urn:fanfare:internal"
)

// requestIDKey is where the request's id stands in a gin context.
const requestIDKey = "fanfare.request"

// WriteProblem ends the request with p; the instance is filled in here.
func WriteProblem(c *gin.Context, p Problem) {
	p.Instance = c.GetString(requestIDKey)
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	body, err := json.Marshal(p)
	if err != nil {
		c.AbortWithStatus(http.StatusInternalServerError)
		return
	}
	for _, name := range []string{"ETag", "Location", "Content-Encoding", "Content-Length"} {
		c.Writer.Header().Del(name) // of the answer that this one replaces
	}
	c.Header("Cache-Control", "no-store")
	c.Abort()
	c.Data(p.Status, problemMedia, body)
}

func invalid(c *gin.Context, errs travel.Invalid) {
	WriteProblem(c, Problem{Type: ProblemInvalid, Title: "The request is not valid", Status: http.StatusBadRequest, Errors: errs})
}

func unknownSearch(c *gin.Context) {
	WriteProblem(c, Problem{Type: ProblemSearchUnknown, Title: "No such search is held", Status: http.StatusNotFound,
		Detail: "The search has expired or was never made; POST the query again."})
}

// retryAfter tells the client when to come back, in whole seconds, at least one.
func retryAfter(c *gin.Context, d time.Duration) {
	c.Header("Retry-After", strconv.Itoa(max(1, int((d+time.Second-1)/time.Second))))
}

func overloaded(c *gin.Context, wait time.Duration) {
	retryAfter(c, wait)
	WriteProblem(c, Problem{Type: ProblemOverloaded, Title: "Too many searches at once", Status: http.StatusServiceUnavailable,
		Detail: "No new search is started just now; try again after Retry-After."})
}

// noPartnersRetry is what a client is told to wait for a partner to be declared.
const noPartnersRetry = 30 * time.Second

func noPartners(c *gin.Context) {
	retryAfter(c, noPartnersRetry)
	WriteProblem(c, Problem{Type: ProblemNoPartners, Title: "There are no partners", Status: http.StatusServiceUnavailable,
		Detail: "No partner is declared, so there is nobody to ask."})
}

// WriteOverloaded refuses a request on a connection that is kept for health checks.
func WriteOverloaded(w http.ResponseWriter) {
	body, _ := json.Marshal(Problem{Type: ProblemOverloaded, Title: "Too many connections", Status: http.StatusServiceUnavailable,
		Detail: "Only health checks are answered just now; try again after Retry-After."}) // plain data: cannot fail
	w.Header().Set("Content-Type", problemMedia)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(body) // whoever has left is not answered
}

// TooMany refuses a client that asks faster than its limit.
func TooMany(c *gin.Context, wait time.Duration, what string) {
	retryAfter(c, wait)
	WriteProblem(c, Problem{Type: ProblemTooMany, Title: "Too many requests", Status: http.StatusTooManyRequests, Detail: what})
}

// SetRequestID names the request that c is about.
func SetRequestID(c *gin.Context, id string) { c.Set(requestIDKey, id) }

// maxComplaints bounds what one request is told: a body of 64 KiB could be wrong in
// thousands of places, and the answer must stay smaller than the question.
const maxComplaints = 50

// complaints collects what is wrong with a request, each field once.
type complaints struct{ list travel.Invalid }

// add notes a complaint, unless the field, or what it is part of, has one already:
// what could not be read is not also missing.
func (c *complaints) add(field, format string, args ...any) {
	if len(c.list) < maxComplaints && !c.has(field) {
		c.list = append(c.list, travel.FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
	}
}

// merge adds complaints, under the names that rename gives their fields; "" leaves one out.
func (c *complaints) merge(more travel.Invalid, rename func(string) string) {
	for _, e := range more {
		if c.has(e.Field) {
			continue
		}
		field := e.Field
		if rename != nil {
			field = rename(field)
		}
		if field != "" {
			c.add(field, "%s", e.Message)
		}
	}
}

func (c *complaints) has(field string) bool {
	for i := range c.list {
		rest, within := strings.CutPrefix(field, c.list[i].Field)
		if within && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}
