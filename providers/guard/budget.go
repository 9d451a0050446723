package guard

import (
	"sync"
	"time"
)

// The numbers of docs/definitions.md 7 and docs/reliability.md 3.
const (
	retryShare  = 0.10 // retries for each call
	retryBurst  = 10.0
	retryFloor  = 1.0  // a second
	hedgeShare  = 0.05 // hedges for each call
	hedgeBurst  = 3.0  // few, so that an outage has few before it is seen to be one
	healthFull  = 10.0 // gRPC A6: a failure takes 1, a success gives 0.1
	healthLeast = 5.0  // at or below it nothing extra is sent
	lateCalls   = 100  // of the latest calls ...
	lateMost    = 10   // ... so many may be late before it is an outage and no straggler
)

// budget bounds what is sent to a partner beyond one attempt for each question. Retries
// and hedges are paid from the same tokens, which calls earn; hedges have a smaller share
// of their own besides. When the partner fails too often, or too many calls are late,
// nothing extra is sent at all: more load is the last thing that it needs.
type budget struct {
	mu      sync.Mutex // guards the fields below
	retries float64
	hedges  float64
	health  float64
	filled  time.Time
	late    [lateCalls]bool
	lates   int
	calls   int
}

func newBudget() *budget {
	return &budget{retries: retryBurst, hedges: hedgeBurst, health: healthFull, filled: time.Now()}
}

// call is one more question, before its first attempt; the ticket names it to hedge.
func (b *budget) call() (ticket int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	earned := max(retryShare, now.Sub(b.filled).Seconds()*retryFloor)
	b.retries, b.filled = min(b.retries+earned, retryBurst), now
	b.hedges = min(b.hedges+hedgeShare, hedgeBurst)
	ticket = b.calls % lateCalls
	if b.calls++; b.late[ticket] {
		b.late[ticket] = false
		b.lates--
	}
	return ticket
}

// ended counts how an attempt ended.
func (b *budget) ended(failed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if failed {
		b.health = max(b.health-1, 0)
		return
	}
	b.health = min(b.health+0.1, healthFull)
}

// retry takes a token for one more attempt.
func (b *budget) retry() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.health <= healthLeast || b.retries < 1 {
		return false
	}
	b.retries--
	return true
}

// hedge takes a token for a second attempt beside a call that is late.
func (b *budget) hedge(ticket int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.late[ticket] {
		b.late[ticket] = true
		b.lates++
	}
	if b.lates > lateMost || b.health <= healthLeast || b.retries < 1 || b.hedges < 1 {
		return false
	}
	b.retries--
	b.hedges--
	return true
}
