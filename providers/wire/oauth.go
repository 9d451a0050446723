package wire

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/fault"
)

// OAuth is the tokens of the client credentials grant (RFC 6749, 4.4): request makes
// the call to the token endpoint with its form and credentials, whose place vendors
// disagree on. Words, if set, reads an error document in a vendor's own form; that of
// RFC 6749, 5.2 is read without.
func OAuth(h *HTTP, request func(ctx context.Context) (*http.Request, error), words func(body []byte) string) *Tokens {
	return NewTokens(func(ctx context.Context) (Token, error) {
		req, err := request(ctx)
		if err != nil {
			return Token{}, fault.Newf(fault.Malformed, "token request")
		}
		var token Token
		err = h.Do(ctx, Call{
			Request:    req,
			MediaTypes: []string{"application/json"},
			MaxBody:    maxTokenBody,
			Decode:     func(_ http.Header, body []byte) (err error) { token, err = decodeToken(body); return err },
			Refused: func(e *fault.Error, _ http.Header, body []byte) {
				code, said := oauthError(body)
				if e.Detail = said; said == "" && words != nil {
					e.Detail = words(body)
				}
				if code == "invalid_client" || code == "unauthorized_client" {
					e.Cause = fault.Unauthorized // with status 400, as the RFC lets it be
				}
			},
		})
		if err != nil {
			e := *fault.Of(err)
			e.Op = "log in"
			return Token{}, &e
		}
		return token, nil
	})
}

// maxTokenBody is more than any token answer has, JWTs included.
const maxTokenBody = 64 << 10

const (
	tokenAccessToken = iota
	tokenExpiresIn
)

var tokenKeys = document.NewKeys([]string{tokenAccessToken: "access_token", tokenExpiresIn: "expires_in"}...)

const (
	oauthErrorError = iota
	oauthErrorErrorDescription
)

var oauthErrorKeys = document.NewKeys([]string{oauthErrorError: "error", oauthErrorErrorDescription: "error_description"}...)

func decodeToken(body []byte) (Token, error) {
	r := document.NewJSON(body)
	defer r.Close()
	var t Token
	for o := r.Object(tokenKeys); o.Next(); {
		if o.Key() == tokenAccessToken {
			t.Value = r.Text()
		} else if seconds, ok := r.Float(); ok && seconds > 0 {
			t.Life = time.Duration(math.Min(seconds, maxTokenLife) * float64(time.Second))
		}
	}
	if err := r.End(); err != nil {
		return Token{}, fault.New(fault.Malformed, err)
	}
	if t.Value == "" {
		return Token{}, fault.New(fault.Malformed, errors.New("no access_token in the answer to a login"))
	}
	return t, nil
}

// maxTokenLife, in seconds, keeps an absurd lifetime from overflowing: a month.
const maxTokenLife = 31 * 86400

func oauthError(body []byte) (code, words string) {
	r := document.NewJSON(body)
	defer r.Close()
	var description string
	for o := r.Object(oauthErrorKeys); o.Next(); {
		if o.Key() == oauthErrorError {
			code = r.Text()
		} else {
			description = r.Text()
		}
	}
	if r.End() != nil {
		return "", ""
	}
	return code, document.Words(code, description)
}
