package ops

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"fanfare/web/api"
	"fanfare/web/partner"
)

// Partners are the registry's partners as operators see them, beside what partner.Feeds has. The
// errors are those of package partner.
type Partners interface {
	partner.Feeds
	AddPartner(ctx context.Context, by, name string) error
	RemovePartner(ctx context.Context, by, name, reason string) error
	ApproveHosts(ctx context.Context, by, name string, hosts []string) error
	// Audit returns the newest entries, newest first, before the id unless it is 0.
	Audit(ctx context.Context, object string, before int64) (entries any, err error)
}

// maxRequest bounds a request of the plane.
const maxRequest = 256 << 10

// registerPartners adds the operations on partners to the operators' listener.
func registerPartners(mux *http.ServeMux, guarded func(scope string, handle func(w http.ResponseWriter, r *http.Request, by string)) http.HandlerFunc, partners Partners) {
	write := func(pattern string, handle func(r *http.Request, by string) (status int, body any, err error)) {
		mux.HandleFunc(pattern, guarded("ops:write", func(w http.ResponseWriter, r *http.Request, by string) {
			r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
			status, body, err := handle(r, by)
			switch {
			case err != nil:
				writePlaneError(w, err)
			case body == nil:
				w.WriteHeader(status)
			default:
				writeJSON(w, status, body)
			}
		}))
	}
	write("POST /v1/ops/partners", func(r *http.Request, by string) (int, any, error) {
		var in struct {
			Name string `json:"name"`
		}
		if err := readJSON(r, &in); err != nil {
			return 0, nil, err
		}
		return http.StatusCreated, map[string]string{"name": in.Name}, partners.AddPartner(r.Context(), by, in.Name)
	})
	write("DELETE /v1/ops/partners/{name}", func(r *http.Request, by string) (int, any, error) {
		reason := r.URL.Query().Get("reason")
		if reason == "" {
			return 0, nil, partner.Invalid{{Field: "reason", Message: "must say why"}}
		}
		return http.StatusNoContent, nil, partners.RemovePartner(r.Context(), by, r.PathValue("name"), reason)
	})
	write("PUT /v1/ops/partners/{name}/feed", func(r *http.Request, by string) (int, any, error) {
		document, err := io.ReadAll(r.Body)
		if err != nil {
			return 0, nil, partner.Invalid{{Field: "document", Message: err.Error()}}
		}
		v, err := partners.Add(r.Context(), by, r.PathValue("name"), string(document))
		return http.StatusCreated, v, err
	})
	write("POST /v1/ops/partners/{name}/feed/versions/{n}/state", func(r *http.Request, by string) (int, any, error) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil {
			return 0, nil, partner.ErrNotFound
		}
		var change partner.StateChange
		if err := readJSON(r, &change); err != nil {
			return 0, nil, err
		}
		v, err := partners.SetState(r.Context(), by, r.PathValue("name"), n, change)
		return http.StatusOK, v, err
	})
	write("POST /v1/ops/partners/{name}/hosts", func(r *http.Request, by string) (int, any, error) {
		var in struct {
			Hosts []string `json:"hosts"`
		}
		if err := readJSON(r, &in); err != nil {
			return 0, nil, err
		}
		return http.StatusNoContent, nil, partners.ApproveHosts(r.Context(), by, r.PathValue("name"), in.Hosts)
	})
	write("PUT /v1/ops/partners/{name}/secrets/{secret}", func(r *http.Request, by string) (int, any, error) {
		var secret partner.Secret
		if err := readJSON(r, &secret); err != nil {
			return 0, nil, err
		}
		return http.StatusNoContent, nil, partners.SetSecret(r.Context(), by, r.PathValue("name"), r.PathValue("secret"), secret)
	})
	mux.HandleFunc("GET /v1/ops/audit", guarded("ops:read", func(w http.ResponseWriter, r *http.Request, _ string) {
		before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
		if r.URL.Query().Get("before") == "" {
			before, err = 0, nil
		}
		if err != nil || before < 0 {
			writePlaneError(w, partner.Invalid{{Field: "before", Message: "must be the id of an entry"}})
			return
		}
		entries, err := partners.Audit(r.Context(), r.URL.Query().Get("object"), before)
		if err != nil {
			writePlaneError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"entries": entries})
	}))
}

// readJSON reads a body into out, and knows no other keys.
func readJSON(r *http.Request, out any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		return partner.Invalid{{Field: "body", Message: err.Error()}}
	}
	return nil
}

func writePlaneError(w http.ResponseWriter, err error) {
	p := partner.ProblemOf(err)
	if p.Type == api.ProblemStorage {
		w.Header().Set("Retry-After", "5")
	}
	writeProblem(w, p)
}
