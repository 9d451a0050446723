package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"fanfare/providers/fault"
)

// exchange is one with a partner that answers with the status, and as the text of its body: what
// it was asked, or the error in the header Says.
func exchange(t *testing.T, status int, said error) Exchange[string] {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Seen", "yes")
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s %s %q %q %q", r.Method, r.URL, r.Header.Get("Content-Type"), r.Header.Get("Authorization"), body)
	}))
	t.Cleanup(server.Close)
	cfg, opts := Config{Name: "heron", BaseURL: server.URL, HTTP: made(t, HTTPConfig{BaseURL: server.URL, AllowPrivateNetwork: true})}.WithDefaults(nil, nil)
	if err := opts.Err(); err != nil {
		t.Fatal(err)
	}
	return Exchange[string]{
		Config: cfg, Op: "search flights", URL: server.URL + "/a?b=c", Header: http.Header{"Content-Type": {"text/plain"}},
		Decode: func(body []byte) (string, error) { return string(body), said },
	}
}

func body(text string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(text), nil }
}

func TestExchangeSends(t *testing.T) {
	for name, c := range map[string]struct {
		change func(x *Exchange[string])
		want   string
	}{
		"without a body":    {func(*Exchange[string]) {}, `GET /a?b=c "" "" ""`},
		"with a body":       {func(x *Exchange[string]) { x.Body = body("q") }, `POST /a?b=c "text/plain" "" "q"`},
		"a method":          {func(x *Exchange[string]) { x.Method = "POST" }, `POST /a?b=c "" "" ""`},
		"without a header":  {func(x *Exchange[string]) { x.Header = nil }, `GET /a?b=c "" "" ""`},
		"with tokens":       {func(x *Exchange[string]) { x.Tokens = fixedToken("t"); x.Body = body("q") }, `POST /a?b=c "text/plain" "Bearer t" "q"`},
		"a token, by right": {func(x *Exchange[string]) { x.Tokens = fixedToken("t"); x.Header = http.Header{"Authorization": {"x"}} }, `GET /a?b=c "" "Bearer t" ""`},
	} {
		x := exchange(t, 200, nil)
		c.change(&x)
		header := fmt.Sprint(x.Header)
		if got, err := x.Do(context.Background()); err != nil || got != c.want {
			t.Errorf("%s: Do() = %s, %v, want %s", name, got, err, c.want)
		}
		if after := fmt.Sprint(x.Header); after != header {
			t.Errorf("%s: the header became %s", name, after)
		}
	}
}

func fixedToken(value string) *Tokens {
	return NewTokens(func(context.Context) (Token, error) { return Token{Value: value}, nil })
}

func TestExchangeFails(t *testing.T) {
	document := fault.New(fault.PartnerError, errors.New("error document"))
	document.Code, document.Detail = "E1", "E1: closed"
	wordless := fault.New(fault.Malformed, errors.New("no document"))
	wordless.Code = "E2"
	states := func(nothing bool, said error) func(*Exchange[string]) {
		return func(x *Exchange[string]) {
			x.Refused = func(*fault.Error, http.Header, []byte) (bool, error) { return nothing, said }
		}
	}
	both := func(all ...func(*Exchange[string])) func(*Exchange[string]) {
		return func(x *Exchange[string]) {
			for _, change := range all {
				change(x)
			}
		}
	}
	fails := func(x *Exchange[string]) { x.NothingIsError = true }
	for name, c := range map[string]struct {
		status int
		said   error // of a good status
		change func(x *Exchange[string])
		want   string // cause, status, code; "" is the empty answer
	}{
		"status alone":             {500, nil, func(*Exchange[string]) {}, "http_5xx 500 "},
		"document adopted":         {500, nil, states(false, document), "http_5xx 500 E1"},
		"document without words":   {400, nil, states(true, wordless), "http_4xx 400 "},
		"nothing to sell":          {404, nil, states(true, nil), ""},
		"something to sell":        {404, nil, states(false, nil), "http_4xx 404 "},
		"nothing, and an error":    {404, nil, states(true, document), "http_4xx 404 E1"},
		"nothing, with 500":        {500, nil, states(true, nil), "http_5xx 500 "},
		"nothing, not let in":      {401, nil, states(true, nil), "unauthorized 401 "},
		"nothing, slow down":       {429, nil, states(true, nil), "http_429 429 "},
		"nothing, of a good body":  {200, fault.New(fault.NoInventory, nil), func(*Exchange[string]) {}, ""},
		"nothing is an error":      {404, nil, both(states(true, nil), fails), "no_inventory 404 "},
		"error of a good body":     {200, document, func(*Exchange[string]) {}, "partner_error 0 E1"},
		"refined by the protocol":  {500, nil, func(x *Exchange[string]) { x.Refused = overloaded }, "http_429 500 "},
		"URL that is none":         {200, nil, func(x *Exchange[string]) { x.URL = "http://a b/" }, "malformed 0 "},
		"body that is not written": {200, nil, func(x *Exchange[string]) { x.Body = func() ([]byte, error) { return nil, errors.New("x") } }, "malformed 0 "},
		"media type":               {200, nil, func(x *Exchange[string]) { x.MediaTypes = []string{"text/xml"} }, "malformed 0 "},
	} {
		x := exchange(t, c.status, c.said)
		c.change(&x)
		got, err := x.Do(context.Background())
		e := fault.Of(err)
		if got != "" {
			t.Errorf("%s: Do() = %q beside %v, want nothing", name, got, err)
		}
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: Do() = %v, want an empty answer", name, err)
			}
			continue
		}
		if e == nil || fmt.Sprintf("%s %d %s", e.Cause, e.HTTPStatus, e.Code) != c.want || e.Partner != "heron" || e.Op != "search flights" || e.Status != e.Cause.Status() {
			t.Errorf("%s: Do() = %v, %+v, want %s of heron", name, err, e, c.want)
		}
	}
}

func overloaded(e *fault.Error, header http.Header, _ []byte) (bool, error) {
	if header.Get("X-Seen") == "yes" {
		e.Cause = fault.HTTP429
	}
	return false, nil
}

func TestExchangeReceives(t *testing.T) {
	x := exchange(t, 200, nil)
	seen := ""
	x.Received = func(h http.Header) { seen = h.Get("X-Seen") }
	if _, err := x.Do(context.Background()); err != nil || seen != "yes" {
		t.Errorf("Received() saw %q, %v, want yes", seen, err)
	}
}
