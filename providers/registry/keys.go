package registry

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Scope is one thing that a key may do.
type Scope string

// The scopes of the planes.
const (
	ScopeSearch     Scope = "search"
	ScopeFeedRead   Scope = "feed:read"
	ScopeFeedWrite  Scope = "feed:write"
	ScopePush       Scope = "push"
	ScopePostback   Scope = "postback"
	ScopeReportRead Scope = "report:read"
	ScopeOpsRead    Scope = "ops:read"
	ScopeOpsWrite   Scope = "ops:write"
	ScopeKeysWrite  Scope = "keys:write"
)

// ScopesOf are the scopes that a key of a kind may have.
func ScopesOf(kind Kind) []Scope {
	switch kind {
	case Public:
		return []Scope{ScopeSearch}
	case Partner:
		return []Scope{ScopeFeedRead, ScopeFeedWrite, ScopePush, ScopePostback, ScopeReportRead}
	case Ops:
		return []Scope{ScopeOpsRead, ScopeOpsWrite, ScopeKeysWrite}
	}
	return nil
}

// Key is a key of the API, without its secret.
type Key struct {
	ID        string    `json:"id"`
	Kind      Kind      `json:"kind"`
	Name      string    `json:"name"` // whose it is, in the maker's words
	Partner   string    `json:"partner,omitempty"`
	Scopes    []Scope   `json:"scopes"`
	Origins   []string  `json:"origins,omitempty"` // pages that may use it; none is any
	PerSecond float64   `json:"per_second,omitempty"`
	PerDay    int       `json:"per_day,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`

	hash, former [32]byte
	formerUntil  time.Time // until when the secret before the last rotation is good too
}

// Has reports whether the key grants a scope.
func (k *Key) Has(scope Scope) bool { return slices.Contains(k.Scopes, scope) }

// active reports whether the key is neither revoked nor expired.
func (k *Key) active(now time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

// ErrKey is the error of every key that opens nothing: unknown, mistyped, wrong, expired or
// revoked. Callers are not told which.
var ErrKey = errors.New("the key is not valid")

// Verify returns the key that a text is. It is ErrKey if there is no such key now, and
// ErrUnavailable if the store has been away for so long that nobody can tell.
func (s *Snapshot) Verify(text string, now time.Time) (*Key, error) {
	kind, id, secret, ok := parseKey(text)
	if !ok {
		return nil, ErrKey
	}
	if !s.KeysUsable() {
		return nil, fmt.Errorf("verify a key: %w", ErrUnavailable)
	}
	k := s.keys[id]
	if k == nil {
		k = unknownKey // it takes as long as a wrong one
	}
	var b [secretLength]byte
	copy(b[:], secret)
	sum := sha256.Sum256(b[:])
	good := subtle.ConstantTimeCompare(sum[:], k.hash[:])
	former := subtle.ConstantTimeCompare(sum[:], k.former[:])
	if k.ID == "" || k.Kind != kind || !k.active(now) || good != 1 && (former != 1 || !now.Before(k.formerUntil)) {
		return nil, ErrKey
	}
	return k, nil
}

// unknownKey has the hash of no secret: a secret has another length.
var unknownKey = &Key{hash: sha256.Sum256([]byte("no such key"))}

// KeyRequest asks for a key.
type KeyRequest struct {
	Kind      Kind
	Name      string
	Partner   string  // of a partner's key
	Scopes    []Scope // empty: all of the kind but keys:write
	Origins   []string
	Expires   time.Time // zero: never
	PerSecond float64   // searches, 0 is the server's own limit
	PerDay    int       // searches, 0 is without limit

	// Maker holds the scopes of whoever asks: a key of kind ops gets no other. nil is an
	// operator at the machine itself.
	Maker *Key
}

// Complaints are all that is wrong with a request, one a line.
func (r *KeyRequest) check(now time.Time) error {
	var all []error
	add := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	if name := strings.TrimSpace(r.Name); name == "" || len(r.Name) > 100 {
		add("name: 1 to 100 bytes, such as whose key it is")
	}
	allowed := ScopesOf(r.Kind)
	if allowed == nil {
		add("kind: %q; public, partner or ops", r.Kind)
	}
	if (r.Kind == Partner) != (r.Partner != "") {
		add("partner: a key of kind partner names its partner, and no other does")
	}
	for _, scope := range r.Scopes {
		switch {
		case allowed != nil && !slices.Contains(allowed, scope):
			add("scopes: %q; a key of kind %s has %s", scope, r.Kind, joinScopes(allowed))
		case r.Kind == Ops && r.Maker != nil && !r.Maker.Has(scope):
			add("scopes: %q is not granted to the key that asks", scope)
		}
	}
	if !r.Expires.IsZero() && !now.Before(r.Expires) {
		add("expires: must be in the future")
	}
	if r.PerSecond < 0 || r.PerDay < 0 {
		add("per_second, per_day: must not be negative")
	}
	if len(r.Origins) > 0 && r.Kind != Public {
		add("origins: only a key of kind public is bound to pages")
	}
	for _, origin := range r.Origins {
		if u, err := url.Parse(origin); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != origin {
			add("origins: %q; such as https://www.example.com, without a path", origin)
		}
	}
	return errors.Join(all...)
}

func joinScopes(scopes []Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// InvalidError is a request that is wrong in itself; its text has one complaint a line.
type InvalidError struct{ error }

// CreateKey makes a key and returns its text, which is shown once and stored nowhere. The error
// is an InvalidError, a *Refusal or ErrUnavailable.
func (s *Store) CreateKey(ctx context.Context, actor string, r KeyRequest) (*Key, string, error) {
	now := s.now().UTC().Truncate(time.Millisecond)
	if err := r.check(now); err != nil {
		return nil, "", InvalidError{err}
	}
	if len(r.Scopes) == 0 {
		r.Scopes = slices.DeleteFunc(ScopesOf(r.Kind), func(scope Scope) bool {
			return scope == ScopeKeysWrite || r.Kind == Ops && r.Maker != nil && !r.Maker.Has(scope)
		})
	}
	slices.Sort(r.Scopes)
	secret := randomText(secretLength)
	k := &Key{ID: randomText(idLength), Kind: r.Kind, Name: r.Name, Partner: r.Partner, Scopes: slices.Compact(r.Scopes), Origins: r.Origins,
		PerSecond: r.PerSecond, PerDay: r.PerDay, CreatedAt: now, CreatedBy: actor, ExpiresAt: r.Expires.Truncate(time.Millisecond).UTC()}
	if r.Expires.IsZero() {
		k.ExpiresAt = time.Time{}
	}
	_, err := s.change(ctx, Entry{Actor: actor, Action: "key.create", Object: "key:" + k.ID}, func(t *tx, e *Entry) error {
		e.After = mustJSON(k)
		return t.exec(`INSERT INTO api_keys (`+keyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, $10, $11, $12, 0)`,
			k.ID, string(k.Kind), k.Name, k.Partner, string(mustJSON(k.Scopes)), string(mustJSON(k.Origins)), k.PerSecond, k.PerDay,
			hashSecret(secret), millis(k.CreatedAt), actor, millis(k.ExpiresAt))
	})
	if err != nil {
		return nil, "", err
	}
	return k, keyText(k.Kind, k.ID, secret), nil
}

// RevokeKey ends a key and the sessions that were opened with it. Revoking it again is no error.
func (s *Store) RevokeKey(ctx context.Context, actor, id string) error {
	_, err := s.change(ctx, Entry{Actor: actor, Action: "key.revoke", Object: "key:" + id}, func(t *tx, e *Entry) error {
		k, err := t.key(id)
		if err != nil {
			return err
		}
		e.Before = mustJSON(k)
		if k.RevokedAt.IsZero() {
			k.RevokedAt = e.At
		}
		e.After = mustJSON(k)
		return errors.Join(t.exec(`UPDATE api_keys SET revoked_at = $1 WHERE id = $2`, millis(k.RevokedAt), id),
			t.exec(`DELETE FROM sessions WHERE key_id = $1`, id))
	})
	return err
}

// RotationOverlap is how long the old secret of a rotated key is good beside the new one.
const RotationOverlap = 24 * time.Hour

// RotateKey gives a key another secret and returns its new text. The old text is good for
// another RotationOverlap.
func (s *Store) RotateKey(ctx context.Context, actor, id string) (*Key, string, error) {
	secret := randomText(secretLength)
	var rotated *Key
	_, err := s.change(ctx, Entry{Actor: actor, Action: "key.rotate", Object: "key:" + id}, func(t *tx, e *Entry) error {
		k, err := t.key(id)
		if err != nil {
			return err
		}
		if !k.active(e.At) {
			return refuse("the key %s is revoked or has expired", id)
		}
		rotated = k
		e.Before, e.After = mustJSON(k), mustJSON(k)
		return t.exec(`UPDATE api_keys SET former_hash = hash, former_until = $1, hash = $2 WHERE id = $3`,
			millis(e.At.Add(RotationOverlap)), hashSecret(secret), id)
	})
	if err != nil {
		return nil, "", err
	}
	return rotated, keyText(rotated.Kind, id, secret), nil
}

func (t *tx) key(id string) (*Key, error) {
	k, err := scanKey(t.row(`SELECT `+keyColumns+` FROM api_keys WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("no key has the id %q", id)
	}
	return k, err
}
