package feeds

import (
	"context"
	"errors"

	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// understood is a client of any protocol whose empty answers are believed only if nothing that
// came states a price. An offer that was read and dropped is not nothing: its rule says why.
type understood struct{ providers.Client }

// Ask asks the client.
func (c understood) Ask(ctx context.Context, q travel.Query) (travel.Answer, error) {
	ctx, stated := wire.WatchPrices(ctx)
	a, err := c.Client.Ask(ctx, q)
	if err == nil && a.OffersIn == 0 && stated() {
		return travel.Answer{}, unread()
	}
	return a, err
}

func unread() *fault.Error {
	return fault.New(fault.UnreadContent, errors.New("nothing was read of a document that states prices"))
}
