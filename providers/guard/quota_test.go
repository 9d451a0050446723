package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestBulkheadAndOutbound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &fake{ask: func(ctx context.Context, _ int) (travel.Answer, error) {
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}}
		p := guarded(c, func(cfg *Config) { cfg.MaxConcurrency = 1 })
		go ended(p)
		synctest.Wait()
		wantEnd(t, p, "budget_skipped/bulkhead")
		p.deps.Outbound = semaphore.NewWeighted(0)
		time.Sleep(2 * time.Second)
		wantEnd(t, p, "budget_skipped/overload")
		p.deps.Outbound = nil
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

func TestQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := guarded(&fake{}, func(cfg *Config) { cfg.Rate = RateConfig{PerSecond: 2, PerDay: 4} })
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "budget_skipped/quota")
		time.Sleep(time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "no_hit/no_inventory")
		time.Sleep(time.Minute)
		a := p.Ask(context.Background())
		if e := fault.Of(a.Err); e == nil || e.Cause != fault.Quota || time.Now().Add(e.RetryAfter).UTC().Format(time.DateTime) != "2000-01-02 00:00:00" {
			t.Errorf("beyond the day's quota: %v, want quota until midnight", a.Err)
		}
		time.Sleep(24 * time.Hour)
		wantEnd(t, p, "no_hit/no_inventory")
	})
}

// A call that was not made costs no quota: neither the day's when the second's is
// used up, nor any while the breaker's probes are out.
func TestRefusedCallsCostNoQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := guarded(&fake{}, func(cfg *Config) { cfg.Rate = RateConfig{PerSecond: 1}; cfg.SearchesPerDay = 2 })
		wantEnd(t, p, "no_hit/no_inventory")
		for range 5 {
			wantEnd(t, p, "budget_skipped/quota") // the second's
		}
		time.Sleep(time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
		time.Sleep(time.Second)
		wantEnd(t, p, "budget_skipped/quota") // the day's
	})
	synctest.Test(t, func(t *testing.T) {
		fail := true
		c := &fake{}
		c.ask = func(context.Context, int) (travel.Answer, error) {
			if fail {
				return travel.Answer{}, fault.New(fault.HTTP5xx, nil)
			}
			time.Sleep(time.Second)
			return travel.Answer{}, nil
		}
		p := guarded(c, func(cfg *Config) { cfg.MaxConcurrency, cfg.SearchesPerDay = 64, 5+probes+1 })
		for range 5 {
			ended(p)
		}
		fail = false
		time.Sleep(7 * time.Second)
		for range probes {
			go ended(p)
		}
		synctest.Wait()
		for range 10 {
			wantEnd(t, p, "circuit_open/http_5xx") // three are out
		}
		time.Sleep(2 * time.Second)
		wantEnd(t, p, "no_hit/no_inventory")
		wantEnd(t, p, "budget_skipped/quota")
	})
}
