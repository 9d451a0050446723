package access

import (
	"time"

	"golang.org/x/time/rate"

	"fanfare/providers/lru"
)

// failures counts wrong keys by address: 10 a minute, so that nobody tries keys in earnest. A
// key has 256 random bits; the limit is for the noise.
type failures struct {
	addresses *lru.Cache[string, *rate.Limiter]
}

const (
	failuresAllowed = 10
	failuresFor     = time.Minute
	maxAddresses    = 100_000
)

func newFailures() *failures {
	return &failures{lru.New[string, *rate.Limiter](maxAddresses, 0)}
}

func (f *failures) of(address string) *rate.Limiter {
	return f.addresses.GetOrPut(address, func() *rate.Limiter {
		return rate.NewLimiter(rate.Every(failuresFor/failuresAllowed), failuresAllowed)
	})
}

// tooMany reports whether the address has used up its wrong keys. An address that never sent
// one is not remembered.
func (f *failures) tooMany(address string) bool {
	l, known := f.addresses.Get(address)
	return known && l.Tokens() < 1
}

func (f *failures) count(address string) { f.of(address).Allow() }
