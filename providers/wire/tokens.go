package wire

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"fanfare/providers/fault"
)

// Tokens keeps a partner's access token: the first call that needs one logs in, the
// others wait for it and share it, until shortly before it ends or until the partner
// refuses it. It is safe for concurrent use.
type Tokens struct {
	login func(ctx context.Context) (Token, error)
	now   func() time.Time

	mu      sync.Mutex // guards the fields below
	current string
	until   time.Time // of the machine's clock
	pending *attempt
}

// Token is an access token and how long it is good for from now on; a Life of 0 is unsaid.
type Token struct {
	Value string
	Life  time.Duration
}

// attempt is a login that others may wait for.
type attempt struct {
	done  chan struct{}
	token string
	err   error
	left  bool // the caller that logged in went away: nothing is known
}

// Tokens are renewed ahead of their end by a tenth of their life, at most a minute, so
// that none ends on its way. One whose life is unsaid is taken for good for ten minutes.
const (
	tokenMargin  = time.Minute
	tokenDefault = 10 * time.Minute
)

// NewTokens logs in with the function when a token is first needed. Its error is a
// *fault.Error.
func NewTokens(login func(ctx context.Context) (Token, error)) *Tokens {
	return &Tokens{login: login, now: time.Now}
}

// Do calls with a token. If the partner refuses one that was not new (HTTP 401), it logs
// in once more and calls again: tokens are revoked before their time. An error of the
// login is returned as it is.
func (t *Tokens) Do(ctx context.Context, call func(token string) error) error {
	token, fresh, err := t.get(ctx)
	if err != nil {
		return err
	}
	err = call(token)
	if e := fault.Of(err); e == nil || e.HTTPStatus != http.StatusUnauthorized || ctx.Err() != nil {
		return err
	}
	t.refused(token)
	if fresh {
		return err
	}
	if token, _, err = t.get(ctx); err != nil {
		return err
	}
	if err = call(token); fault.Of(err) != nil && fault.Of(err).HTTPStatus == http.StatusUnauthorized {
		t.refused(token)
	}
	return err
}

// get is a good token; fresh reports whether it was made by this very call.
func (t *Tokens) get(ctx context.Context) (token string, fresh bool, err error) {
	for {
		t.mu.Lock()
		if t.current != "" && t.now().Before(t.until) {
			defer t.mu.Unlock()
			return t.current, false, nil
		}
		if t.pending == nil {
			a := &attempt{done: make(chan struct{})}
			t.pending = a
			t.mu.Unlock()
			t.logIn(ctx, a)
			return a.token, true, a.err
		}
		a := t.pending
		t.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", false, contextFault(ctx)
		case <-a.done:
			if !a.left {
				return a.token, a.err == nil, a.err
			}
		}
	}
}

// logIn is the attempt of the one caller that all others wait for.
func (t *Tokens) logIn(ctx context.Context, a *attempt) {
	a.left = true // if login panics, nobody may wait for ever
	a.err = fault.New(fault.Panic, errors.New("login broke off"))
	var got Token
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if a.err == nil {
			life := got.Life
			if life <= 0 {
				life = tokenDefault
			}
			a.token, t.current, t.until = got.Value, got.Value, t.now().Add(life-min(life/10, tokenMargin))
		}
		t.pending = nil
		close(a.done)
	}()
	got, a.err = t.login(ctx)
	if a.err == nil && got.Value == "" {
		a.err = fault.New(fault.Malformed, errors.New("a login without a token"))
	}
	a.left = a.err != nil && ctx.Err() != nil
}

// refused forgets a token, if it is still the current one.
func (t *Tokens) refused(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == token {
		t.current = ""
	}
}
