package assemble

import (
	"runtime/debug"
	"sync"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// MaxParallel is how many calls of one question a client makes at the same time.
const MaxParallel = 4

// Parallel makes n calls, MaxParallel at the same time, and returns when all have ended: the error
// of each. A panic becomes the error of its call.
func Parallel(n int, call func(i int) error) []error {
	errs := make([]error, n)
	free := make(chan struct{}, MaxParallel)
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

// NoteCallsFailed counts the failed calls of an answer that other calls brought.
const NoteCallsFailed = "calls_failed"

// MergeAnswers is the answers of several calls in one, at most MaxOffers of them. The error is
// that of the first call that failed, as of fault.OfCalls: Partial beside what the others
// brought, which may be nothing.
func MergeAnswers(parts []travel.Answer, errs []error) (travel.Answer, error) {
	var all travel.Answer
	failed, answered := 0, false
	for i := range parts {
		if errs[i] != nil {
			failed++
			if !fault.Of(errs[i]).Partial {
				continue
			}
		}
		answered = true
		p := &parts[i]
		all.Offers = append(all.Offers, p.Offers...)
		all.Stays = append(all.Stays, p.Stays...)
		all.AddCounts(p)
	}
	err := fault.OfCalls(answered, errs...)
	if err != nil && !answered {
		return travel.Answer{}, err
	}
	all.Note(NoteCallsFailed, failed)
	LimitOffers(&all, MaxOffers)
	LimitStays(&all, MaxOffers)
	return all, err
}
