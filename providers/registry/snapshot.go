package registry

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Snapshot is all that requests need of the store, as it was at one moment. It is immutable.
type Snapshot struct {
	Keys       []*Key     // by the time they were made, then by id
	Partners   []*Entrant // by name, without those removed
	generation int64
	seen       time.Time // when the store last said that this is its newest state; zero: never
	keys       map[string]*Key
	origins    []string
	sessions   map[string]*Session // by the hash of their id
}

// staleKeysFor is how long keys are trusted without a word from the store: a key that was
// revoked meanwhile would go on for so long.
const staleKeysFor = 5 * time.Minute

// KeysUsable reports whether the snapshot is young enough to say whose key is good.
func (s *Snapshot) KeysUsable() bool { return !s.seen.IsZero() && time.Since(s.seen) < staleKeysFor }

// seenAt is the same state, seen again later.
func (s *Snapshot) seenAt(at time.Time) *Snapshot {
	again := *s
	again.seen = at
	return &again
}

// Origins are those that public keys are bound to, and which are good now or may be again.
func (s *Snapshot) Origins() []string { return s.origins }

// KeyByActor is the key that an actor of the audit, key:ID, is; nil for another actor.
func (s *Snapshot) KeyByActor(actor string) *Key {
	id, _ := strings.CutPrefix(actor, "key:")
	return s.keys[id]
}

// load reads the whole state in one transaction.
func (s *Store) load(ctx context.Context) (*Snapshot, error) {
	seen := time.Now()
	raw, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: s.dialect.isolation, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer raw.Rollback() //nolint:errcheck // it only reads
	t := &tx{ctx, raw}
	next := &Snapshot{seen: seen, keys: map[string]*Key{}, sessions: map[string]*Session{}}
	if err := t.row(`SELECT n FROM generation`).Scan(&next.generation); err != nil {
		return nil, err
	}
	for _, read := range []func(*tx) error{next.readKeys, next.readSessions, next.readPartners} {
		if err := read(t); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// each calls scan for every row of a query.
func (t *tx) each(scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := t.raw.QueryContext(t.ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

const keyColumns = `id, kind, name, partner, scopes, origins, per_second, per_day, hash, former_hash, former_until, created_at, created_by, expires_at, revoked_at`

func (s *Snapshot) readKeys(t *tx) error {
	err := t.each(func(rows *sql.Rows) error {
		k, err := scanKey(rows)
		if err != nil {
			return err
		}
		s.Keys, s.keys[k.ID] = append(s.Keys, k), k
		if k.RevokedAt.IsZero() {
			s.origins = append(s.origins, k.Origins...)
		}
		return nil
	}, `SELECT `+keyColumns+` FROM api_keys ORDER BY created_at, id`)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// scanner is a row.
type scanner interface{ Scan(...any) error }

func scanKey(row scanner) (*Key, error) {
	var k Key
	var scopes, origins, hash, former string
	var formerUntil, created, expires, revoked int64
	if err := row.Scan(&k.ID, &k.Kind, &k.Name, &k.Partner, &scopes, &origins, &k.PerSecond, &k.PerDay,
		&hash, &former, &formerUntil, &created, &k.CreatedBy, &expires, &revoked); err != nil {
		return nil, err
	}
	k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.formerUntil = instant(created), instant(expires), instant(revoked), instant(formerUntil)
	return &k, errors.Join(json.Unmarshal([]byte(scopes), &k.Scopes), json.Unmarshal([]byte(origins), &k.Origins),
		readHash(&k.hash, hash), readHash(&k.former, former))
}

func readHash(out *[32]byte, text string) error {
	if text == "" {
		return nil
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(out) {
		return fmt.Errorf("%q is no hash", text)
	}
	copy(out[:], b)
	return nil
}

// instant is milliseconds as a time; 0 is none.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// millis is a time as milliseconds; none is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Entrant is a partner of the registry with all versions of its feed.
type Entrant struct {
	Name     string
	Versions []*Version        // by number
	Hosts    []string          // that operators have approved, sorted
	Secrets  map[string]Secret // by name, still sealed
}

// LiveVersion is the number of the version that is live, 0 without one.
func (e *Entrant) LiveVersion() int {
	for _, v := range e.Versions {
		if v.State == Live {
			return v.Number
		}
	}
	return 0
}

func (s *Snapshot) readPartners(t *tx) error {
	byName := map[string]*Entrant{}
	err := t.each(func(rows *sql.Rows) error {
		e := &Entrant{Secrets: map[string]Secret{}}
		s.Partners = append(s.Partners, e)
		err := rows.Scan(&e.Name)
		byName[e.Name] = e
		return err
	}, `SELECT name FROM partners WHERE removed_at = 0`)
	if err != nil {
		return fmt.Errorf("partners: %w", err)
	}
	slices.SortFunc(s.Partners, func(a, b *Entrant) int { return strings.Compare(a.Name, b.Name) }) // databases collate differently
	err = t.each(func(rows *sql.Rows) error {
		v, err := scanVersion(rows)
		if e := byName[v.Partner]; err == nil && e != nil {
			e.Versions = append(e.Versions, v)
		}
		return err
	}, `SELECT `+versionColumns+` FROM feed_versions ORDER BY number`)
	if err != nil {
		return fmt.Errorf("versions of feeds: %w", err)
	}
	err = t.each(func(rows *sql.Rows) error {
		var partner, host string
		err := rows.Scan(&partner, &host)
		if e := byName[partner]; err == nil && e != nil {
			e.Hosts = append(e.Hosts, host)
			slices.Sort(e.Hosts)
		}
		return err
	}, `SELECT partner, host FROM partner_hosts`)
	if err != nil {
		return fmt.Errorf("hosts: %w", err)
	}
	return s.readSecrets(t, byName)
}

// Entrant is the partner of a name, nil if the registry has none.
func (s *Snapshot) Entrant(name string) *Entrant {
	i, found := slices.BinarySearchFunc(s.Partners, name, func(e *Entrant, name string) int { return strings.Compare(e.Name, name) })
	if !found {
		return nil
	}
	return s.Partners[i]
}
