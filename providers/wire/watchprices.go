package wire

import (
	"context"
	"sync/atomic"

	"fanfare/providers/document"
)

// priced is whether any of the bodies of a question states a price.
type priced struct{ seen atomic.Bool }

type pricedKey struct{}

// WatchPrices makes calls with ctx look for prices in what comes: stated reports whether any
// body did.
func WatchPrices(ctx context.Context) (watched context.Context, stated func() bool) {
	p := new(priced)
	return context.WithValue(ctx, pricedKey{}, p), p.seen.Load
}

// Preparing makes calls with ctx be looked at no more: they only find out what to ask for, such
// as which properties there are, and prices in what they bring are none that can be bought.
func Preparing(ctx context.Context) context.Context {
	return context.WithValue(ctx, pricedKey{}, (*priced)(nil))
}

// look looks for prices in a body, if somebody watches and none was seen yet.
func look(ctx context.Context, body []byte) {
	if p, ok := ctx.Value(pricedKey{}).(*priced); ok && p != nil && !p.seen.Load() && document.StatesPrices(body) {
		p.seen.Store(true)
	}
}
