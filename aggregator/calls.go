package aggregator

import (
	"context"
	"sync"
	"sync/atomic"
)

// callGroup runs the calls of all searches. Calls belong to the aggregator, so that they go on
// when a traveller leaves. It is safe for concurrent use.
type callGroup struct {
	base    context.Context // of all calls; ends with close
	cancel  context.CancelFunc
	running sync.WaitGroup

	live       atomic.Int64 // fan-outs in progress that travellers have asked for
	background atomic.Int64 // those of parts
}

func newCallGroup() *callGroup {
	g := &callGroup{}
	g.base, g.cancel = context.WithCancel(context.Background())
	return g
}

// start runs a fan-out on a goroutine of its own.
func (g *callGroup) start(inBackground bool, fanOut func()) {
	count := &g.live
	if inBackground {
		count = &g.background
	}
	count.Add(1)
	g.running.Go(func() {
		defer count.Add(-1)
		fanOut()
	})
}

// close cancels all calls and waits for them.
func (g *callGroup) close() {
	g.cancel()
	g.running.Wait()
}
