package partnersim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"fanfare/providers/partnersim/duffel"
	"fanfare/providers/partnersim/hotelbeds"
	"fanfare/providers/partnersim/world"
)

const (
	lhrJFK     = `{"data":{"slices":[{"origin":"LHR","destination":"JFK","departure_date":"2027-03-01"}],"passengers":[{"type":"adult"}],"cabin_class":"economy"}}`
	lonNYC     = `{"data":{"slices":[{"origin":"LON","destination":"NYC","departure_date":"2027-03-01"},{"origin":"NYC","destination":"LON","departure_date":"2027-03-08"}],"passengers":[{"type":"adult"},{"age":8},{"age":1}],"cabin_class":"business","max_connections":2}}`
	parisStay  = `{"stay":{"checkIn":"2027-03-01","checkOut":"2027-03-04"},"occupancies":[{"rooms":1,"adults":2,"children":0}],"geolocation":{"latitude":"48.8566","longitude":"2.3522","radius":"10","unit":"km"}}`
	familyStay = `{"stay":{"checkIn":"2027-03-01","checkOut":"2027-03-04"},"occupancies":[{"rooms":1,"adults":2,"children":1,"paxes":[{"type":"CH","age":7}]},{"rooms":2,"adults":2,"children":0}],"geolocation":{"latitude":51.5,"longitude":-0.12,"radius":8,"unit":"km"},"dailyRate":true}`
)

// duffelCall is a good request that the vendor answers.
func duffelCall(question string) *http.Request {
	r := httptest.NewRequest("POST", "/air/offer_requests?return_offers=true&supplier_timeout=5000", strings.NewReader(question))
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Duffel-Version", "v2")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return r
}

func sign(key, secret string, unix int64) string {
	sum := sha256.Sum256([]byte(key + secret + strconv.FormatInt(unix, 10)))
	return hex.EncodeToString(sum[:])
}

// hotelbedsCall is a good request that the vendor answers.
func hotelbedsCall(question string) *http.Request {
	r := httptest.NewRequest("POST", "/hotel-api/1.0/hotels", strings.NewReader(question))
	r.Header.Set("Api-key", "key")
	r.Header.Set("X-Signature", sign("key", "secret", testNow.Unix()))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	return r
}

func duffelPartner(w *world.World, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: "albatross", Protocol: "duffel", Currency: "GBP", Credentials: map[string]string{"token": "secret"}, Behaviour: behaviour})
}

func hotelbedsPartner(w *world.World, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: "pillow", Protocol: "hotelbeds", Currency: "EUR", Credentials: map[string]string{"api_key": "key", "secret": "secret"}, Behaviour: behaviour})
}

func call(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	h.ServeHTTP(rw, r)
	return rw
}

func offersOf(t *testing.T, rw *httptest.ResponseRecorder) []duffel.OfferDoc {
	t.Helper()
	var doc duffel.Document
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 || doc.Data.Offers == nil {
		t.Fatalf("status %d, %v: %.300s", rw.Code, err, rw.Body)
	}
	return *doc.Data.Offers
}

func hotelsOf(t *testing.T, rw *httptest.ResponseRecorder) *hotelbeds.Hotels {
	t.Helper()
	var doc hotelbeds.Document
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 || doc.Hotels == nil {
		t.Fatalf("status %d, %v: %.300s", rw.Code, err, rw.Body)
	}
	return doc.Hotels
}

// vendorFile reads one of the vendors' own documents; without them the test is skipped, loudly.
func vendorFile(t *testing.T, name string) []byte {
	t.Helper()
	folder := os.Getenv("FANFARE_PARTNERS")
	if folder == "" {
		folder = "../../../shared/partners"
	}
	body, err := os.ReadFile(folder + "/" + name)
	if err != nil {
		t.Skipf("NOT CHECKED against the vendor's own documents: set FANFARE_PARTNERS to their folder (%v)", err)
	}
	return body
}

// bare is a request without a header.
func bare(r *http.Request, header string) *http.Request {
	r.Header.Del(header)
	return r
}
