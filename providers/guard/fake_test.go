package guard

import (
	"context"
	"sync"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// fake is a partner whose answers are a function of the call's number.
type fake struct {
	mu    sync.Mutex // guards calls
	calls int
	ask   func(ctx context.Context, n int) (travel.Answer, error)
}

func (f *fake) call(ctx context.Context) travel.Answer {
	f.mu.Lock()
	f.calls++
	n := f.calls
	f.mu.Unlock()
	if f.ask == nil {
		return travel.Answer{}
	}
	a, err := f.ask(ctx, n)
	if failed := fault.Of(err); failed != nil {
		a.Err = failed
	}
	return a
}

func failsWith(cause fault.Cause) func(context.Context, int) (travel.Answer, error) {
	return func(context.Context, int) (travel.Answer, error) {
		if cause == fault.None {
			return travel.Answer{}, nil
		}
		return travel.Answer{}, fault.New(cause, nil)
	}
}

// partner is a fake behind a guard.
type partner struct {
	*Guard
	fake *fake
}

func guarded(f *fake, change func(*Config)) *partner {
	return guardedWith(f, change, Deps{Now: time.Now})
}

func guardedWith(f *fake, change func(*Config), deps Deps) *partner {
	cfg := Config{Name: "heron", Deadline: 8 * time.Second, MaxConcurrency: 4, Breaker: DefaultBreaker}
	if change != nil {
		change(&cfg)
	}
	return &partner{New(cfg, deps), f}
}

// Ask asks what a traveller asks: for flights.
func (p *partner) Ask(ctx context.Context) travel.Answer {
	return p.AskFor(ctx, travel.Flights)
}

func (p *partner) AskFor(ctx context.Context, product travel.Product) travel.Answer {
	return p.Do(ctx, Question{Product: product}, p.fake.call)
}

func (p *partner) AskBackground(ctx context.Context) travel.Answer {
	return p.Do(ctx, Question{Product: travel.Flights, Background: true}, p.fake.call)
}

// ended asks once and returns how that ended.
func ended(p *partner) string {
	a := p.Ask(context.Background())
	status, cause := fault.Judge(a.OffersKept(), a.Err)
	return string(status) + "/" + string(cause)
}

func wantEnd(t *testing.T, p *partner, want string) {
	t.Helper()
	if got := ended(p); got != want {
		t.Errorf("Ask ended %s, want %s", got, want)
	}
}
