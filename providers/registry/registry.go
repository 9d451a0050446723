// Package registry is what must survive a crash: partners and the versions of their feeds,
// credentials, keys of the API, sessions and the audit of every change, in SQLite or
// PostgreSQL. What a method has returned without an error is on disk.
//
// A search never waits for the database. Everything that requests need stands in a Snapshot
// in memory, which is replaced whole when something has changed, here or in another process.
// While the database is away the last Snapshot goes on for a while; see Snapshot.KeysUsable.
//
// The package speaks one SQL to both databases, through database/sql: $1 placeholders,
// instants as milliseconds in BIGINT, lists and documents as JSON in TEXT.
package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ErrUnavailable is in every error of a database that cannot be reached, is locked, full or
// read-only. Nothing was written.
var ErrUnavailable = errors.New("the store is unavailable")

// The pace of the watch for changes of other processes: what they write acts within a second.
const (
	watchEvery   = 250 * time.Millisecond
	watchTimeout = 5 * time.Second
	writeTimeout = 5 * time.Second
)

// Options say where the store is.
type Options struct {
	URL     string           // sqlite:FILE or postgres://…
	DataDir string           // where a relative FILE begins
	Keys    *Keyring         // encrypts credentials; nil leaves secrets unavailable
	Now     func() time.Time // the business clock; nil is time.Now
	Log     func(message string, err error)
}

// Store is the database and the newest Snapshot of it. It is safe for concurrent use.
type Store struct {
	read, write *sql.DB
	dialect     dialect
	keys        *Keyring
	now         func() time.Time
	log         func(message string, err error)
	snapshot    atomic.Pointer[Snapshot]

	loading  sync.Mutex // guards migrated, and lets one goroutine read at a time
	migrated bool

	mu      sync.Mutex    // guards changed
	changed chan struct{} // closed when there is a newer snapshot
}

// Open prepares a store. A database that cannot be reached is no error: the snapshot is
// empty then, and Run goes on trying. A URL that cannot be one is an error.
func Open(ctx context.Context, o Options) (*Store, error) {
	d, read, write, err := open(o.URL, o.DataDir)
	if err != nil {
		return nil, err
	}
	s := &Store{read: read, write: write, dialect: d, keys: o.Keys, now: o.Now, log: o.Log, changed: make(chan struct{})}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = func(string, error) {}
	}
	s.snapshot.Store(&Snapshot{keys: map[string]*Key{}})
	if err := s.Refresh(ctx); err != nil {
		s.log("the store cannot be reached; open access and partners of the file go on", err)
	}
	return s, nil
}

// Close lets go of the database.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// Snapshot is the newest state, never nil. It is shared and must not be changed.
func (s *Store) Snapshot() *Snapshot { return s.snapshot.Load() }

// Changed returns the newest snapshot and a channel that is closed when there is a newer one.
func (s *Store) Changed() (*Snapshot, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snapshot.Load(), s.changed
}

// Run follows what other processes write, until ctx ends.
func (s *Store) Run(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	away := s.snapshot.Load().seen.IsZero()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.Refresh(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !away:
			s.log("the store cannot be reached; requests go on with what was last read", err)
		case err == nil && away:
			s.log("the store can be reached again", nil)
		}
		away = err != nil
	}
}

// Refresh reads the state again if something has changed, and creates or upgrades the tables
// if that has not been done yet.
func (s *Store) Refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	s.loading.Lock()
	defer s.loading.Unlock()
	if !s.migrated {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
		defer cancel()
		if err := s.dialect.migrate(ctx, s.write); err != nil {
			return unavailable("prepare the tables", err)
		}
		s.migrated = true
	}
	var generation int64
	if err := s.read.QueryRowContext(ctx, `SELECT n FROM generation`).Scan(&generation); err != nil {
		return unavailable("look for changes", err)
	}
	old := s.snapshot.Load()
	if generation == old.generation {
		s.snapshot.Store(old.seenAt(time.Now()))
		return nil
	}
	next, err := s.load(ctx)
	if err != nil {
		return unavailable("read the state", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.snapshot.Store(next)
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

func unavailable(doing string, err error) error {
	return fmt.Errorf("%s: %w: %w", doing, ErrUnavailable, err)
}
