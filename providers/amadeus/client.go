package amadeus

import (
	"context"
	"net/http"
	"net/url"

	"fanfare/providers/assemble"
	"fanfare/providers/wire"
)

// AirCredentials and HotelCredentials are what a feed gives: the same keys open both.
var (
	AirCredentials = []wire.Setting{
		{Name: "client_id", About: "the API key of the application"},
		{Name: "client_secret", About: "the API secret of the application"},
	}
	HotelCredentials = AirCredentials
)

// media is the type of every answer but a token's.
const media = "application/vnd.amadeus+json"

// client is what both share: how a partner is called.
type client struct {
	cfg    wire.Config
	tokens *wire.Tokens
}

func newClient(cfg wire.Config) client {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {cfg.Credentials["client_id"]}, "client_secret": {cfg.Credentials["client_secret"]}}
	return client{cfg, wire.OAuth(cfg, wire.Login{URL: cfg.BaseURL + "/v1/security/oauth2/token", Form: form.Encode()}, tokenWords)}
}

// tokenWords is what a refused login says in the form of all other errors.
func tokenWords(body []byte) string {
	if e := errorDocument(body); e != nil {
		return e.Detail
	}
	return ""
}

// call is one call with a token; body is nil for GET.
func call[T any](ctx context.Context, c *client, operation, path string, body func() ([]byte, error), decode func([]byte) (T, error)) (T, error) {
	header := http.Header{}
	header.Set("Accept", media)
	if body != nil {
		header.Set("Content-Type", media)
		header.Set("X-HTTP-Method-Override", http.MethodGet)
	}
	return wire.Exchange[T]{
		Config: c.cfg, Op: operation, URL: c.cfg.BaseURL + path, Header: header, Tokens: c.tokens, Body: body,
		Decode: func(body []byte) (T, error) {
			answer, err := decode(body)
			return answer, assemble.AsPartnerError(err)
		},
		Refused: refused,
	}.Do(ctx)
}
