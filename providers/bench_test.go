package providers

import (
	"context"
	"testing"

	"fanfare/providers/travel"
)

// BenchmarkAsk is what a Provider costs a call: the same client with and without it.
func BenchmarkAsk(b *testing.B) {
	c := &scripted{ask: func(context.Context, int) (travel.Answer, error) { return travel.Answer{}, nil }}
	q, ctx := flights(), context.Background()
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.Ask(ctx, q)
		}
	})
	for name, hedge := range map[string]bool{"guarded": false, "hedging": true} {
		p := provider(c, func(cfg *Config) { cfg.Hedge = hedge })
		for range 200 { // enough for hedging
			p.Ask(ctx, q)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Ask(ctx, q)
			}
		})
	}
}
