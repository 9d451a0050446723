package guard

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// failing is an error of the cause, with what the network would say beside it.
func failing(cause fault.Cause, status int, change func(*fault.Error)) error {
	e := fault.New(cause, errors.New("scripted"))
	e.HTTPStatus = status
	if change != nil {
		change(e)
	}
	return e
}

func TestPanicIsAFailedPartner(t *testing.T) {
	p := guarded(&fake{ask: func(context.Context, int) (travel.Answer, error) { panic("boom") }}, nil)
	wantEnd(t, p, "error_parse/panic")
}

func TestDeadlineEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := guarded(&fake{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			<-ctx.Done()
			return travel.Answer{}, ctx.Err()
		}}, func(cfg *Config) { cfg.Deadline = 3 * time.Second })
		start := time.Now()
		wantEnd(t, p, "timeout/deadline")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("ended after %v, want the deadline, 3s", took)
		}
	})
}

// TestRetry: what the table of causes allows is tried once more, and nothing else.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		name     string
		err      error
		attempts int
	}{
		{"refused", failing(fault.Refused, 0, nil), 2},
		{"reset before the body", failing(fault.Reset, 0, nil), 2},
		{"reset in the body", failing(fault.Reset, 0, func(e *fault.Error) { e.InBody = true }), 1},
		{"502", failing(fault.HTTP5xx, 502, nil), 2},
		{"503", failing(fault.HTTP5xx, 503, nil), 2},
		{"503 that says when", failing(fault.HTTP5xx, 503, func(e *fault.Error) { e.RetryAfter = time.Second }), 1},
		{"504", failing(fault.HTTP5xx, 504, nil), 2},
		{"500", failing(fault.HTTP5xx, 500, nil), 1},
		{"deadline", failing(fault.Deadline, 0, nil), 1},
		{"connect timeout", failing(fault.ConnectTimeout, 0, nil), 1},
		{"tls", failing(fault.TLS, 0, nil), 1},
		{"dns", failing(fault.DNS, 0, nil), 1},
		{"4xx", failing(fault.HTTP4xx, 404, nil), 1},
		{"malformed", failing(fault.Malformed, 0, nil), 1},
		{"429", failing(fault.HTTP429, 429, nil), 1},
		{"unauthorized", failing(fault.Unauthorized, 401, nil), 1},
		{"error document", failing(fault.PartnerError, 0, nil), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
					if n == 1 {
						return travel.Answer{}, c.err
					}
					return travel.Answer{}, nil
				}}
				start := time.Now()
				a := guarded(s, nil).Ask(context.Background())
				if s.calls != c.attempts || a.Attempts != c.attempts || (a.Err == nil) != (c.attempts == 2) {
					t.Errorf("%d calls, attempts %d, %v; want %d", s.calls, a.Attempts, a.Err, c.attempts)
				}
				if waited := time.Since(start); c.attempts == 2 && (waited < retrySoonest || waited >= retryLatest) {
					t.Errorf("the retry came after %s", waited)
				}
			})
		})
	}
}

// TestRetryOnce: a retry that fails is not tried again, and the later failure is the answer.
func TestRetryOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			return travel.Answer{}, failing(fault.HTTP5xx, 501+n, nil)
		}}
		a := guarded(s, nil).Ask(context.Background())
		if e := fault.Of(a.Err); s.calls != 2 || e == nil || e.HTTPStatus != 503 {
			t.Errorf("%d calls, %v; want 2 and the second failure", s.calls, a.Err)
		}
	})
}

// TestRetryWithinTheDeadline: there is no retry where it could not end in time.
func TestRetryWithinTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			time.Sleep(7990 * time.Millisecond)
			return travel.Answer{}, failing(fault.HTTP5xx, 503, nil)
		}}
		if a := guarded(s, nil).Ask(context.Background()); a.Attempts != 1 {
			t.Errorf("%d attempts with 10 ms left, want 1", a.Attempts)
		}
	})
}

// TestRetryBudget: a partner of which every tenth call fails is retried every time; one
// that mostly fails is not, and its breaker has not had more attempts than it allows.
func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mostly := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if n%4 == 0 {
				return travel.Answer{}, nil
			}
			return travel.Answer{}, failing(fault.HTTP5xx, 503, nil)
		}}
		p := guarded(mostly, func(c *Config) { c.Breaker.FailureRatio, c.Breaker.Consecutive = 1, 1000 })
		for range 300 {
			ended(p)
			time.Sleep(50 * time.Millisecond)
		}
		if extra := mostly.calls - 300; extra > 12 {
			t.Errorf("%d retries at a partner that mostly fails", extra)
		}
		now := 0
		seldom := &fake{ask: func(_ context.Context, n int) (travel.Answer, error) {
			if now++; now%12 == 0 {
				return travel.Answer{}, failing(fault.Refused, 0, nil)
			}
			return travel.Answer{}, nil
		}}
		p = guarded(seldom, nil)
		for range 240 {
			wantEnd(t, p, "no_hit/no_inventory")
			time.Sleep(50 * time.Millisecond)
		}
		down := &fake{ask: failsWith(fault.Refused)}
		p = guarded(down, nil)
		for range 20 {
			ended(p)
		}
		if down.calls != DefaultBreaker.Consecutive {
			t.Errorf("%d attempts at a partner that is down, want those that open the breaker: %d", down.calls, DefaultBreaker.Consecutive)
		}
	})
}

// TestRetryTakesQuota: every attempt is a search at the partner.
func TestRetryTakesQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &fake{ask: failsWith(fault.Refused)}
		p := guarded(s, func(c *Config) { c.Rate.PerDay = 3 })
		wantEnd(t, p, "error_network/refused")
		wantEnd(t, p, "error_network/refused")
		wantEnd(t, p, "budget_skipped/quota")
		if s.calls != 3 {
			t.Errorf("%d attempts of a quota of 3", s.calls)
		}
	})
}
