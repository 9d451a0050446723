package guard

import (
	"context"
	"testing"

	"fanfare/providers/travel"
)

// BenchmarkGuard is what the guard costs a call: the same call with and without it. The
// target is under 5 µs and 10 allocations more.
func BenchmarkGuard(b *testing.B) {
	f := &fake{ask: func(context.Context, int) (travel.Answer, error) { return travel.Answer{}, nil }}
	ctx := context.Background()
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.call(ctx)
		}
	})
	for name, hedge := range map[string]bool{"guarded": false, "hedging": true} {
		p := guarded(f, func(cfg *Config) { cfg.Hedge = hedge })
		for range enoughLatencies {
			p.Ask(ctx)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Ask(ctx)
			}
		})
	}
}
