package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
)

// logins counts logins and hands out numbered tokens.
type logins struct {
	n    int
	life time.Duration
	wait time.Duration
	err  error
}

func (l *logins) in(ctx context.Context) (Token, error) {
	l.n++
	n := l.n
	if l.wait > 0 {
		select {
		case <-time.After(l.wait):
		case <-ctx.Done():
			return Token{}, contextFault(ctx)
		}
	}
	return Token{fmt.Sprint("t", n), l.life}, l.err
}

func TestTokensShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &logins{life: time.Hour, wait: time.Second}
		tokens := NewTokens(l.in)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := tokens.Do(t.Context(), func(token string) error {
					if token != "t1" {
						t.Errorf("token %q, want the one that all share", token)
					}
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		time.Sleep(time.Hour - tokenMargin - time.Second)
		use(t, tokens, "t1")
		time.Sleep(2 * time.Second)
		use(t, tokens, "t2") // renewed ahead of its end
	})
}

func use(t *testing.T, tokens *Tokens, want string) {
	t.Helper()
	if err := tokens.Do(t.Context(), func(token string) error {
		if token != want {
			t.Errorf("token %q, want %q", token, want)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestTokensRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &logins{life: time.Hour}
		tokens := NewTokens(l.in)
		refuse := func(bad ...string) func(string) error {
			return func(token string) error {
				for _, b := range bad {
					if token == b {
						e := fault.Newf(fault.Unauthorized, "no")
						e.HTTPStatus = http.StatusUnauthorized
						return e
					}
				}
				return nil
			}
		}
		use(t, tokens, "t1")
		if err := tokens.Do(t.Context(), refuse("t1")); err != nil || l.n != 2 {
			t.Errorf("a revoked token: %v after %d logins, want a second login", err, l.n)
		}
		if err := tokens.Do(t.Context(), refuse("t2", "t3")); fault.Of(err) == nil || l.n != 3 {
			t.Errorf("all tokens refused: %v after %d logins, want one more login only", err, l.n)
		}
		if err := tokens.Do(t.Context(), refuse("t4")); fault.Of(err) == nil || l.n != 4 {
			t.Errorf("a new token refused: %v after %d logins, want no other login", err, l.n)
		}
	})
}

// TestTokensLeft: a caller that leaves takes nobody with it; an error is everybody's.
func TestTokensLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &logins{life: time.Hour, wait: time.Second}
		tokens := NewTokens(l.in)
		ctx, leave := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer leave()
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := tokens.Do(ctx, func(string) error { return nil }); fault.Of(err) == nil {
				t.Error("the one that left has a token")
			}
		})
		synctest.Wait()
		wg.Go(func() { use(t, tokens, "t2") })
		wg.Wait()
		tokens.refused("t2")
		l.err = fault.New(fault.Unauthorized, errors.New("bad key"))
		was := l.n
		for range 10 {
			wg.Go(func() {
				if err := tokens.Do(t.Context(), func(string) error { return nil }); fault.Of(err) == nil || fault.Of(err).Cause != fault.Unauthorized {
					t.Errorf("Do() = %v, want what the login said", err)
				}
			})
		}
		wg.Wait()
		if l.n != was+1 {
			t.Errorf("%d logins for callers at once, want 1", l.n-was)
		}
	})
}

func TestOAuth(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   Token
		cause  fault.Cause
		detail string
	}{
		{"good", 200, `{"token_type":"Bearer","access_token":"abc","expires_in":1799}`, Token{"abc", 1799 * time.Second}, "", ""},
		{"quoted life", 200, `{"access_token":"abc","expires_in":"60"}`, Token{"abc", time.Minute}, "", ""},
		{"no token", 200, `{"expires_in":60}`, Token{}, fault.Malformed, ""},
		{"bad client", 400, `{"error":"invalid_client","error_description":"Client credentials are invalid"}`, Token{}, fault.Unauthorized, "invalid_client: Client credentials are invalid"},
		{"in their own form", 401, `{"fault":"x"}`, Token{}, fault.Unauthorized, "own words"},
		{"down", 503, `<html>`, Token{}, fault.HTTP5xx, "own words"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				w.Write([]byte(c.body))
			}))
			defer server.Close()
			h, err := NewHTTP(HTTPConfig{BaseURL: server.URL, AllowPrivateNetwork: true, RelaxedTimeouts: true})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			tokens := OAuth(Config{HTTP: h}, Login{URL: server.URL}, func([]byte) string { return "own words" })
			got, err := tokens.login(t.Context())
			if got != c.want || (err == nil) != (c.cause == "") || err != nil && (fault.Of(err).Cause != c.cause || fault.Of(err).Detail != c.detail) {
				t.Errorf("login = %v, %v (%q), want %v, %s, %q", got, err, fault.Of(err).Detail, c.want, c.cause, c.detail)
			}
		})
	}
}
