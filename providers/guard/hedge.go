package guard

import (
	"context"
	"errors"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// hedgeFloor is the soonest that a second attempt goes out (docs/definitions.md 7).
const hedgeFloor = 50 * time.Millisecond

// errOutrun ends the attempt that the other has outrun. It counts nowhere.
var errOutrun = fault.New(fault.Cancelled, errors.New("the other attempt was faster"))

// hedgeDelay is when a call that has not answered is late: after the 95th percentile of
// the latest calls. False where the feed does not ask for hedging, while too few calls are
// known, and while the breaker is not closed.
func (g *Guard) hedgeDelay(state *productState) (time.Duration, bool) {
	if !g.cfg.Hedge {
		return 0, false
	}
	_, p95, known := state.latencies.quantiles()
	if breaker, _, _, _ := state.breaker.now(); !known || breaker != Closed {
		return 0, false
	}
	return max(p95, hedgeFloor), true
}

// hedged makes the first attempt, and a second beside it once that is late and the budget
// allows it. The first good answer wins; a failure is only the answer if both fail, and one
// in part comes ahead of one as a whole. It returns when both have ended, which for the loser is soon.
func (g *Guard) hedged(ctx context.Context, call Call, as *question, one *attempt, ticket int, delay time.Duration) (travel.Answer, int) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(errOutrun)
	answers := make(chan travel.Answer, 2)
	run := func(one *attempt) { answers <- g.try(ctx, call, as, one) }
	go run(one)
	late := time.NewTimer(delay)
	defer late.Stop()
	running, attempts := 1, 1
	var best *travel.Answer
	for running > 0 {
		select {
		case got := <-answers:
			if failed := fault.Of(got.Err); best == nil || failed == nil || failed.Partial {
				best = &got
			}
			if running--; best.Err != nil {
				continue // the other attempt, if there is one, may still answer
			}
			cancel(errOutrun)
			if running > 0 {
				<-answers // the loser, which ends soon and counts nowhere
			}
			return *best, attempts
		case <-late.C:
			if !as.state.budget.hedge(ticket) {
				continue
			}
			second, refused := g.admit(as)
			if refused != nil {
				continue
			}
			g.observe(Extra{g.cfg.Name, ExtraHedge})
			running, attempts = running+1, attempts+1
			go run(second)
		}
	}
	return *best, attempts
}
