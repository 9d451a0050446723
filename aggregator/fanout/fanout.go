// Package fanout asks every source at once and owns the goroutines that do. Who is
// asked, and what becomes of the answers, is left to the aggregator.
package fanout

import (
	"context"
	"sync"

	"fanfare/providers/travel"
)

// Source is one partner as the fan-out sees it, for offers or rates. Ask returns
// soon after ctx ends; failure is in the Answer.
type Source interface {
	Name() string
	Ask(ctx context.Context, q travel.Query) travel.Answer
}

// All asks every source at once and hands each answer to answered as it comes, on
// the goroutine that waited for it, so that what answered does runs in parallel. It
// returns when all have been handed over.
func All[S Source](ctx context.Context, q travel.Query, sources []S, answered func(i int, a travel.Answer)) {
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() { answered(i, s.Ask(ctx, q)) })
	}
	wg.Wait()
}
