package wire

import (
	"runtime/debug"
	"sync"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// AtOnce is how many calls of one question a client makes at the same time.
const AtOnce = 4

// Each makes n calls, AtOnce at the same time, and returns when all have ended: the error
// of each. A panic becomes the error of its call.
func Each(n int, call func(i int) error) []error {
	errs := make([]error, n)
	free := make(chan struct{}, AtOnce)
	var all sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					e := fault.Newf(fault.Panic, "%v", r)
					e.Detail = string(debug.Stack())
					errs[i] = e
				}
				<-free
			}()
			errs[i] = call(i)
		})
	}
	all.Wait()
	return errs
}

// Merged is the answers of several calls in one, at most MaxOffers of them, without those
// that failed, which are in its note calls_failed. If all failed the error is the first.
func Merged(parts []travel.Answer, errs []error) (travel.Answer, error) {
	var (
		all    travel.Answer
		first  error
		failed int
	)
	for i := range parts {
		if errs[i] != nil {
			if failed++; first == nil {
				first = errs[i]
			}
			continue
		}
		p := &parts[i]
		all.Offers = append(all.Offers, p.Offers...)
		all.Stays = append(all.Stays, p.Stays...)
		all.OffersIn += p.OffersIn
		for rule, n := range p.Drops {
			all.Drop(rule, n)
		}
		for name, n := range p.Notes {
			all.Note(name, n)
		}
	}
	if failed > 0 && failed == len(parts) {
		return travel.Answer{}, first
	}
	all.Note("calls_failed", failed)
	Bound(&all, MaxOffers)
	BoundRates(&all, MaxOffers)
	return all, nil
}
