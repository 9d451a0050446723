package rapid

import (
	"io"
	"net/http"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
)

// TestNothingToPrepare: only a call for rates can find out that there is nothing to sell.
func TestNothingToPrepare(t *testing.T) {
	for _, path := range []string{geographyPath, contentPath} {
		p := newPartner(t, 3)
		p.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == path {
				w.WriteHeader(http.StatusNotFound)
				io.WriteString(w, `{"type":"no_availability","message":"Nothing."}`)
			}
			return r.URL.Path == path
		}
		_, err := client(t, p.URL, nil).Ask(t.Context(), one())
		if e := fault.Of(err); e == nil || e.Cause != fault.NoInventory {
			t.Errorf("%s: %v, want no_inventory", path, err)
		}
	}
}

func TestErrorDocumentInGoodStatus(t *testing.T) {
	for _, path := range []string{geographyPath, contentPath} {
		p := newPartner(t, 3)
		p.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == path {
				w.Write(providertest.Load(t, "rapid/error.json"))
			}
			return r.URL.Path == path
		}
		_, err := client(t, p.URL, nil).Ask(t.Context(), one())
		if e := fault.Of(err); e == nil || e.Cause != fault.PartnerError || e.Code != "invalid_input" {
			t.Errorf("%s: %v, want partner_error", path, err)
		}
	}
}

// TestPages: links are followed on the partner's host only, with path and query, and not
// for ever.
