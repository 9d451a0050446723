package registry

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Entry is one change in the audit. Before and After are JSON without secrets, null where the
// object did not exist or does no more.
type Entry struct {
	ID     int64           `json:"id"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"`  // key:ID, person:SUBJECT or cli:USER
	Action string          `json:"action"` // such as key.create
	Object string          `json:"object"` // such as key:ID or feed:PARTNER/VERSION
	Reason string          `json:"reason"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
	Hash   string          `json:"-"` // of the entry and the hash before it
}

// sum is the entry's hash: each entry pins all before it, so that none can be changed or taken
// out unseen.
func (e *Entry) sum(before string) string {
	h := sha256.New()
	for _, part := range []string{before, strconv.FormatInt(e.ID, 10), strconv.FormatInt(e.At.UnixMilli(), 10),
		e.Actor, e.Action, e.Object, e.Reason, string(e.Before), string(e.After)} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// change makes one change with its entry in the audit, both or neither, and returns once it is
// on disk, and in the snapshot if that can be read again at once. do fills in what the entry says of before and after. An error
// of do's own is returned as it is; one of the database is ErrUnavailable.
func (s *Store) change(ctx context.Context, e Entry, do func(tx *tx, e *Entry) error) (Entry, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	if err := s.changeOnly(ctx, &e, do); err != nil {
		return e, err
	}
	if err := s.Refresh(ctx); err != nil {
		s.log("a change is on disk, and not yet read again", err)
	}
	return e, nil
}

func (s *Store) changeOnly(ctx context.Context, e *Entry, do func(tx *tx, e *Entry) error) error {
	raw, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(e.Action, err)
	}
	defer raw.Rollback() //nolint:errcheck // nothing is left to undo once it is committed
	t := &tx{ctx, raw}
	if s.dialect.lock != "" {
		if err := t.exec(s.dialect.lock); err != nil {
			return unavailable(e.Action, err)
		}
	}
	e.At = s.now().UTC().Truncate(time.Millisecond)
	if err := do(t, e); err != nil {
		var refused *Refusal
		var missing *EvidenceMissing
		if errors.As(err, &refused) || errors.As(err, &missing) {
			return err
		}
		return unavailable(e.Action, err)
	}
	if err := t.append(e); err != nil {
		return unavailable(e.Action, err)
	}
	if err := raw.Commit(); err != nil {
		return unavailable(e.Action, err)
	}
	return nil
}

// Refusal is a change that cannot be made because of what stands already.
type Refusal struct {
	NotFound bool
	Message  string
}

// Error is the message, a sentence without a capital.
func (r *Refusal) Error() string { return r.Message }

func refuse(format string, args ...any) error { return &Refusal{Message: fmt.Sprintf(format, args...)} }

func notFound(format string, args ...any) error {
	return &Refusal{NotFound: true, Message: fmt.Sprintf(format, args...)}
}

// tx is a transaction with its context.
type tx struct {
	ctx context.Context // of one transaction, which does not outlive it
	raw *sql.Tx
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.raw.ExecContext(t.ctx, query, args...)
	return err
}

func (t *tx) row(query string, args ...any) *sql.Row {
	return t.raw.QueryRowContext(t.ctx, query, args...)
}

// append writes the entry behind the last one, and counts the generation up.
func (t *tx) append(e *Entry) error {
	var last sql.NullString
	err := t.row(`SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1`).Scan(&e.ID, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	e.ID++
	e.Before, e.After = orNull(e.Before), orNull(e.After)
	e.Hash = e.sum(last.String)
	if err := t.exec(`INSERT INTO audit (id, at, actor, action, object, reason, before_state, after_state, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, e.At.UnixMilli(), e.Actor, e.Action, e.Object, e.Reason, string(e.Before), string(e.After), e.Hash); err != nil {
		return err
	}
	return t.exec(`UPDATE generation SET n = n + 1`)
}

func orNull(m json.RawMessage) json.RawMessage {
	if len(m) == 0 {
		return json.RawMessage("null")
	}
	return m
}

// mustJSON is what the audit says of a value of ours.
func mustJSON(v any) json.RawMessage {
	body, err := json.Marshal(v)
	if err != nil {
		panic("registry: " + err.Error()) // impossible: plain data
	}
	return body
}

// Audit returns the newest entries, at most limit, newest first; of one object if object is
// not "", and with ids below before if before is not 0.
func (s *Store) Audit(ctx context.Context, object string, before int64, limit int) ([]Entry, error) {
	return s.entries(ctx, `($1 = '' OR object = $1) AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3`, object, before, limit)
}

// CheckAudit recomputes the chain of hashes from the first entry on, and returns an error that
// names the first entry that does not fit.
func (s *Store) CheckAudit(ctx context.Context) error {
	last := Entry{}
	for {
		page, err := s.entries(ctx, `id > $1 ORDER BY id LIMIT 1000`, last.ID)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if e.ID != last.ID+1 || e.sum(last.Hash) != e.Hash {
				return fmt.Errorf("entry %d of the audit does not fit what stands before it", last.ID+1)
			}
			last = e
		}
	}
}

func (s *Store) entries(ctx context.Context, where string, args ...any) ([]Entry, error) {
	const doing = "read the audit"
	rows, err := s.read.QueryContext(ctx, `SELECT id, at, actor, action, object, reason, before_state, after_state, hash FROM audit WHERE `+where, args...)
	if err != nil {
		return nil, unavailable(doing, err)
	}
	defer rows.Close() //nolint:errcheck // read to the end
	all := []Entry{}
	for rows.Next() {
		var e Entry
		var at int64
		var before, after string
		if err := rows.Scan(&e.ID, &at, &e.Actor, &e.Action, &e.Object, &e.Reason, &before, &after, &e.Hash); err != nil {
			return nil, unavailable(doing, err)
		}
		e.At, e.Before, e.After = time.UnixMilli(at).UTC(), json.RawMessage(before), json.RawMessage(after)
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(doing, err)
	}
	return all, nil
}
