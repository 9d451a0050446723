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

// Login is the call to a token endpoint. Vendors disagree on where the credentials stand.
type Login struct {
	URL           string
	Form          string // grant_type and whatever else, encoded
	Authorization string // the header; "" is none
}

// OAuth is the tokens of the client credentials grant (RFC 6749, 4.4). words, if set, reads an
// error document in a vendor's own form; that of RFC 6749, 5.2 is read without.
func OAuth(c Config, login Login, words func(body []byte) string) *Tokens {
	c.MaxBody = maxTokenBody
	header := http.Header{}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	header.Set("Accept", "application/json")
	if login.Authorization != "" {
		header.Set("Authorization", login.Authorization)
	}
	return NewTokens(func(ctx context.Context) (Token, error) {
		return Exchange[Token]{
			Config: c, Op: "log in", Method: http.MethodPost, URL: login.URL, Header: header,
			Body:   func() ([]byte, error) { return []byte(login.Form), nil },
			Decode: decodeToken,
			Refused: func(e *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
				code, text := oauthError(body)
				if e.Detail = text; text == "" && words != nil {
					e.Detail = words(body)
				}
				if code == "invalid_client" || code == "unauthorized_client" {
					e.Cause = fault.Unauthorized // with status 400, as the RFC lets it be
				}
				return false, nil
			},
		}.Do(ctx)
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
