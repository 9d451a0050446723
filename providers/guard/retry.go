package guard

import (
	"context"
	"math/rand/v2"
	"time"

	"fanfare/providers/fault"
)

// Full jitter around a retry (docs/definitions.md 7).
const (
	retrySoonest = 25 * time.Millisecond
	retryLatest  = 250 * time.Millisecond
)

// retry waits and then takes what a second attempt needs; nil if there is to be none.
func (g *Guard) retry(ctx context.Context, as *question, err error) *attempt {
	e := fault.Of(err)
	if e == nil || !e.Retryable() {
		return nil
	}
	wait := retrySoonest + rand.N(retryLatest-retrySoonest)
	p50, _, _ := as.state.latencies.quantiles() // 0 until known: any time left will do
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait+p50 {
		return nil
	}
	if as.state.breaker.waiting() != nil || !as.state.budget.retry() {
		return nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return nil
	}
	second, refused := g.admit(as)
	if refused != nil {
		return nil
	}
	g.observe(Extra{g.cfg.Name, ExtraRetry})
	return second
}
