package registry

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// SessionLife is how long a session of a page lasts at most.
const SessionLife = 12 * time.Hour

// Session is a person who has signed in, or a page that was opened with a key.
type Session struct {
	Plane   string // partner, ops or public
	KeyID   string // the key that opened it, "" for a person
	Person  string // subject and name from the issuer, "" for a key
	Partner string // whose window it is
	Scopes  []Scope
	EndsAt  time.Time
}

// Has reports whether the session grants a scope.
func (s *Session) Has(scope Scope) bool {
	for _, granted := range s.Scopes {
		if granted == scope {
			return true
		}
	}
	return false
}

// StartSession keeps a session and returns its id, which only the browser has: the store has a
// hash of it.
func (s *Store) StartSession(ctx context.Context, session Session) (id string, err error) {
	id = randomText(secretLength)
	now := s.now()
	if end := now.Add(SessionLife); session.EndsAt.IsZero() || session.EndsAt.After(end) {
		session.EndsAt = end
	}
	actor := "person:" + session.Person
	if session.KeyID != "" {
		actor = "key:" + session.KeyID
	}
	_, err = s.change(ctx, Entry{Actor: actor, Action: "session.start", Object: "plane:" + session.Plane}, func(t *tx, e *Entry) error {
		if err := t.exec(`DELETE FROM sessions WHERE ends_at <= $1`, millis(now)); err != nil {
			return err
		}
		return t.exec(`INSERT INTO sessions (hash, plane, key_id, person, partner, scopes, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			sessionHash(id), session.Plane, session.KeyID, session.Person, session.Partner, string(mustJSON(session.Scopes)), millis(now), millis(session.EndsAt))
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// EndSession signs out. An id that is none is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	_, err := s.change(ctx, Entry{Actor: "session", Action: "session.end", Object: "session"}, func(t *tx, e *Entry) error {
		return t.exec(`DELETE FROM sessions WHERE hash = $1`, sessionHash(id))
	})
	return err
}

func sessionHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// Session is the session of an id, nil if there is none now. One that a key has opened ends
// with the key, and has no scope that the key has not.
func (s *Snapshot) Session(id string, now time.Time) *Session {
	found := s.sessions[sessionHash(id)]
	if found == nil || !now.Before(found.EndsAt) || !s.KeysUsable() {
		return nil
	}
	if found.KeyID != "" {
		if k := s.keys[found.KeyID]; k == nil || !k.active(now) {
			return nil
		}
	}
	return found
}

func (s *Snapshot) readSessions(t *tx) error {
	err := t.each(func(rows *sql.Rows) error {
		var hash, scopes string
		var ends int64
		var one Session
		if err := rows.Scan(&hash, &one.Plane, &one.KeyID, &one.Person, &one.Partner, &scopes, &ends); err != nil {
			return err
		}
		one.EndsAt = instant(ends)
		s.sessions[hash] = &one
		return json.Unmarshal([]byte(scopes), &one.Scopes)
	}, `SELECT hash, plane, key_id, person, partner, scopes, ends_at FROM sessions`)
	if err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}
