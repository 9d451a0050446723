package partnersim

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/ndc"
)

// BenchmarkFirstAnswer computes an answer in a world where nothing is cached yet.
func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		w := testWorld(1)
		if rw := call(duffelPartner(w, Behaviour{}), duffelCall(lhrJFK)); rw.Code != http.StatusOK {
			b.Fatal(rw.Code)
		}
	}
}

// discard is a client that reads nothing.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func benchmarkCached(b *testing.B, p *Partner, ask func(string) *http.Request, question string) {
	requests := func() *http.Request {
		r := ask(question)
		r.Header.Set("Accept-Encoding", "gzip")
		return r
	}
	p.ServeHTTP(httptest.NewRecorder(), requests())
	b.ReportAllocs()
	for b.Loop() {
		p.ServeHTTP(discard{http.Header{}}, requests())
	}
}

func BenchmarkCachedFlights(b *testing.B) {
	benchmarkCached(b, duffelPartner(testWorld(1), Behaviour{}), duffelCall, lhrJFK)
}

func BenchmarkCachedHotels(b *testing.B) {
	benchmarkCached(b, hotelbedsPartner(testWorld(1), Behaviour{}), hotelbedsCall, parisStay)
}

// BenchmarkHotels renders an answer anew, with the properties already known.
func BenchmarkHotels(b *testing.B) {
	w := testWorld(1)
	p := hotelbedsPartner(w, Behaviour{})
	for b.Loop() {
		w.Rendered = exchange.NewBodyCache(1)
		call(p, hotelbedsCall(parisStay))
	}
}

// BenchmarkNDC renders an answer anew, with the flights already known.
func BenchmarkNDC(b *testing.B) {
	for _, spec := range ndcKinds[:2] {
		b.Run(spec.Version, func(b *testing.B) {
			w := testWorld(1)
			spec.Behaviour.Offers = 500
			p := ndcOf(w, spec)
			b.ReportAllocs()
			for b.Loop() {
				w.Rendered = exchange.NewBodyCache(1)
				call(p, ndcCall(ndcLHRJFK.ask(spec.Version)))
			}
		})
	}
}

func BenchmarkCachedNDC(b *testing.B) {
	benchmarkCached(b, ndcPartner(testWorld(1), ndc.V213, Behaviour{}), ndcCall, ndcLHRJFK.ask213())
}
