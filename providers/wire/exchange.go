package wire

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"fanfare/providers/fault"
)

// Exchange is one request to a partner and the reading of what comes back, as T. It is what the
// clients of all protocols share; a question of several calls makes one for each.
type Exchange[T any] struct {
	Config Config
	Op     string // what is attempted, for errors: "search flights"

	Method string      // "" is POST with a body, and GET without one
	URL    string      // with its query
	Header http.Header // not modified; its Content-Type is sent with a body only
	Tokens *Tokens     // send their token as a bearer; nil is none

	// Body writes the body. nil sends none.
	Body func() ([]byte, error)

	MediaTypes []string // of a good answer; nil is JSON alone

	// Received, if set, sees the headers of a good answer before Decode is called.
	Received func(header http.Header)
	// Decode reads a whole body that came with a 2xx status. The body is only good until it
	// returns.
	Decode func(body []byte) (T, error)

	// Refused, if set, reads the whole body of any other status: the error that it states, nil for
	// none, and whether it says that there is nothing to sell. The error of the status, e, adopts
	// the partner's code and words. Nothing to sell with a plain HTTP 4xx is no_inventory; where
	// other statuses are, Refused sets the cause of e itself.
	Refused func(e *fault.Error, header http.Header, body []byte) (nothing bool, said error)

	// NothingIsError leaves no_inventory the error that it is, for calls that only find out what to
	// ask for. Otherwise nothing to sell is an answer: the zero T.
	NothingIsError bool
}

// Do sends the request and returns what was read. The error is this partner's *fault.Error of the
// operation, and T is zero beside it.
func (x Exchange[T]) Do(ctx context.Context) (T, error) {
	answer, err := x.authorized(ctx)
	if err == nil {
		return answer, nil
	}
	var none T
	if e := fault.Of(err); e.Cause == fault.NoInventory && !x.NothingIsError {
		return none, nil
	}
	return none, x.Config.Fault(x.Op, err)
}

// authorized sends the request, with a token if there are any.
func (x *Exchange[T]) authorized(ctx context.Context) (answer T, err error) {
	var body []byte
	if x.Body != nil {
		if body, err = x.Body(); err != nil {
			return answer, fault.New(fault.Malformed, fmt.Errorf("request: %w", err))
		}
	}
	if x.Tokens == nil {
		return x.send(ctx, body, "")
	}
	err = x.Tokens.Do(ctx, func(token string) (err error) {
		answer, err = x.send(ctx, body, token)
		return err
	})
	return answer, err
}

// send makes the round trip.
func (x *Exchange[T]) send(ctx context.Context, body []byte, token string) (answer T, err error) {
	method := x.Method
	if method == "" {
		method = http.MethodGet
		if len(body) > 0 {
			method = http.MethodPost
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, x.URL, bytes.NewReader(body))
	if err != nil {
		return answer, fault.Newf(fault.Malformed, "request URL") // the error repeats it, and it may hold a secret
	}
	if x.Header != nil {
		req.Header = x.Header.Clone()
	}
	if len(body) == 0 {
		req.Header.Del("Content-Type")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	call := Call{Request: req, MediaTypes: x.MediaTypes, MaxBody: x.Config.MaxBody}
	if call.MediaTypes == nil {
		call.MediaTypes = []string{"application/json"}
	}
	call.Decode = func(header http.Header, body []byte) (err error) {
		if x.Received != nil {
			x.Received(header)
		}
		answer, err = x.Decode(body)
		return err
	}
	if x.Refused != nil {
		call.Refused = x.refused
	}
	err = x.Config.HTTP.Do(ctx, call)
	return answer, err
}

// refused is the rule for the body of an error status; see Exchange.
func (x *Exchange[T]) refused(e *fault.Error, header http.Header, body []byte) {
	nothing, said := x.Refused(e, header, body)
	switch of := fault.Of(said); {
	case of != nil && of.Detail != "":
		e.Code, e.Detail = of.Code, of.Detail
	case of == nil && nothing && e.Cause == fault.HTTP4xx:
		e.Cause = fault.NoInventory
	}
}
