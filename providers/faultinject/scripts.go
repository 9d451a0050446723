package faultinject

import (
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// InTurn answers each request with the next of the faults, and begins anew after the last.
func InTurn(faults ...Fault) Fault {
	var requests atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		faults[(requests.Add(1)-1)%int64(len(faults))](w, r, good)
	}
}

// EachFor answers with the first of the faults for a time, then with the next, and begins anew after
// the last.
func EachFor(d time.Duration, faults ...Fault) Fault {
	began := time.Now()
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		faults[int(time.Since(began)/d)%len(faults)](w, r, good)
	}
}

// OneIn answers one request in n, by chance, with the fault, and the others with rest.
func OneIn(n int, f, rest Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, good Answer) {
		if rand.IntN(n) == 0 {
			f(w, r, good)
			return
		}
		rest(w, r, good)
	}
}
