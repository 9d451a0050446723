package ops

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"fanfare/web/api"
)

// KeyRequest asks for a key, as POST /v1/ops/keys takes it.
type KeyRequest struct {
	Kind      string    `json:"kind"`
	Name      string    `json:"name"`
	Partner   string    `json:"partner"`
	Scopes    []string  `json:"scopes"`
	Origins   []string  `json:"origins"`
	ExpiresAt time.Time `json:"expires_at"`
	PerSecond float64   `json:"per_second"`
	PerDay    int       `json:"per_day"`
}

// The errors of Keys, besides those that say what is wrong with a request in words.
var (
	ErrKey         = errors.New("the key is not valid")
	ErrUnavailable = errors.New("the store is unavailable")
	ErrNotFound    = errors.New("no such key")
)

// Keys are the keys of all planes, as operators see them. Its values are written as JSON.
type Keys interface {
	// Holder returns who holds an ops key and whether it has the scope. The error is ErrKey or
	// ErrUnavailable.
	Holder(text, scope string) (id string, granted bool, err error)
	List() any
	// Create and Rotate return the key and its text, which is shown once.
	Create(ctx context.Context, by string, r KeyRequest) (key any, text string, err error)
	Rotate(ctx context.Context, by, id string) (key any, text string, err error)
	Revoke(ctx context.Context, by, id string) error
}

// maxKeyRequest bounds a request for a key.
const maxKeyRequest = 16 << 10

// guardedBy returns what lets a request through whose key is of kind ops and has a scope.
func guardedBy(keys Keys) func(scope string, handle func(w http.ResponseWriter, r *http.Request, by string)) http.HandlerFunc {
	return func(scope string, handle func(w http.ResponseWriter, r *http.Request, by string)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			id, granted, err := keys.Holder(strings.TrimSpace(text), scope)
			switch {
			case errors.Is(err, ErrUnavailable):
				storage(w)
			case err != nil || !strings.EqualFold(scheme, "Bearer"):
				w.Header().Set("WWW-Authenticate", `Bearer realm="fanfare ops"`)
				writeProblem(w, api.Problem{Type: api.ProblemUnauthorized, Title: "A valid key is needed", Status: http.StatusUnauthorized,
					Detail: "Send Authorization: Bearer with a key of kind ops."})
			case !granted:
				writeProblem(w, api.Problem{Type: api.ProblemForbidden, Title: "The key does not allow this", Status: http.StatusForbidden,
					Detail: "The key must be of kind ops and have the scope " + scope + "."})
			default:
				handle(w, r, "key:"+id)
			}
		}
	}
}

// registerKeys adds the operations on keys to the operators' listener.
func registerKeys(mux *http.ServeMux, keys Keys) {
	guarded := guardedBy(keys)
	mux.HandleFunc("GET /v1/ops/keys", guarded("ops:read", func(w http.ResponseWriter, _ *http.Request, _ string) {
		writeJSON(w, http.StatusOK, map[string]any{"keys": keys.List()})
	}))
	mux.HandleFunc("POST /v1/ops/keys", guarded("keys:write", func(w http.ResponseWriter, r *http.Request, by string) {
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxKeyRequest))
		d.DisallowUnknownFields()
		var request KeyRequest
		if err := d.Decode(&request); err != nil {
			writeProblem(w, api.Problem{Type: api.ProblemInvalid, Title: "The request is not valid", Status: http.StatusBadRequest, Detail: err.Error()})
			return
		}
		key, text, err := keys.Create(r.Context(), by, request)
		writeKey(w, http.StatusCreated, key, text, err)
	}))
	mux.HandleFunc("POST /v1/ops/keys/{id}/rotate", guarded("keys:write", func(w http.ResponseWriter, r *http.Request, by string) {
		key, text, err := keys.Rotate(r.Context(), by, r.PathValue("id"))
		writeKey(w, http.StatusOK, key, text, err)
	}))
	mux.HandleFunc("DELETE /v1/ops/keys/{id}", guarded("keys:write", func(w http.ResponseWriter, r *http.Request, by string) {
		if err := keys.Revoke(r.Context(), by, r.PathValue("id")); err != nil {
			writeError(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
}

func writeKey(w http.ResponseWriter, status int, key any, text string, err error) {
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, status, map[string]any{"key": key, "secret": text})
}

// writeError answers with what went wrong: a store that is away, a key that is not there, or
// complaints about the request, one a line.
func writeError(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, ErrUnavailable):
		storage(w)
	case errors.Is(err, ErrNotFound):
		writeProblem(w, api.Problem{Type: api.ProblemNotFound, Title: "No such key", Status: http.StatusNotFound})
	default:
		writeProblem(w, api.Problem{Type: api.ProblemInvalid, Title: "The request is not valid", Status: http.StatusUnprocessableEntity,
			Detail: strings.ReplaceAll(err.Error(), "\n", "; ")})
	}
}

func storage(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	writeProblem(w, api.Problem{Type: api.ProblemStorage, Title: "The store is unavailable", Status: http.StatusServiceUnavailable,
		Detail: "Nothing was written; try again after Retry-After."})
}

func writeProblem(w http.ResponseWriter, p api.Problem) {
	writeBody(w, "application/problem+json", p.Status, p)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	writeBody(w, "application/json", status, body)
}

func writeBody(w http.ResponseWriter, media string, status int, body any) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever has left is not answered
}
