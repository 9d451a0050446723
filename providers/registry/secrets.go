package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Secret is one credential of a partner, encrypted.
type Secret struct {
	Name  string
	Hosts []string // host:port that it may be sent to
	SetAt time.Time
	SetBy string

	sealed string
}

var secretName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// maxSecret bounds a credential; certificates and long tokens fit.
const maxSecret = 16 << 10

func place(partner, name string) string { return "partner:" + partner + "/secret:" + name }

// errNoKeys is the error of secrets where there is no secret key.
var errNoKeys = fmt.Errorf("there is no secret key: %w", ErrUnavailable)

// SetSecret sets or replaces a credential of a partner. It cannot be read again but by the
// calls to its hosts.
func (s *Store) SetSecret(ctx context.Context, actor, partner, name, value string, hosts []string) error {
	var all []error
	if !secretName.MatchString(name) {
		all = append(all, fmt.Errorf("name: %q; 1 to 64 of a-z, 0-9, _ and -", name))
	}
	if value == "" || len(value) > maxSecret {
		all = append(all, fmt.Errorf("value: must have 1 to %d bytes", maxSecret))
	}
	if len(hosts) == 0 {
		all = append(all, errors.New("hosts: at least one host that it may be sent to"))
	}
	if err := errors.Join(all...); err != nil {
		return InvalidError{err}
	}
	if s.keys == nil {
		return errNoKeys
	}
	_, err := s.change(ctx, Entry{Actor: actor, Action: "secret.set", Object: "partner:" + partner}, func(t *tx, e *Entry) error {
		if err := t.partner(partner); err != nil {
			return err
		}
		if err := s.keys.reload(); err != nil { // within the transaction: see RotateSecretKey
			return refuse("%v", err)
		}
		sealed := s.keys.seal(place(partner, name), value)
		e.After = mustJSON(map[string]any{"secret": name, "hosts": hosts})
		return t.exec(`INSERT INTO partner_secrets (partner, name, sealed, hosts, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (partner, name) DO UPDATE SET sealed = excluded.sealed, hosts = excluded.hosts, set_at = excluded.set_at, set_by = excluded.set_by`,
			partner, name, sealed, string(mustJSON(hosts)), millis(e.At), actor)
	})
	return err
}

// Reveal is the value of a partner's secret, for a call to the given host and port only.
func (s *Store) Reveal(partner, name, host string) (string, error) {
	if s.keys == nil {
		return "", errNoKeys
	}
	e := s.Snapshot().Entrant(partner)
	if e == nil {
		return "", fmt.Errorf("no partner is named %q", partner)
	}
	secret, set := e.Secrets[name]
	if !set {
		return "", fmt.Errorf("the secret %q is not set", name)
	}
	if !slices.Contains(secret.Hosts, host) {
		return "", fmt.Errorf("the secret %q was not set for %s", name, host)
	}
	return s.keys.open(place(partner, name), secret.sealed)
}

func (s *Snapshot) readSecrets(t *tx, byName map[string]*Entrant) error {
	err := t.each(func(rows *sql.Rows) error {
		var partner, hosts string
		var secret Secret
		var at int64
		if err := rows.Scan(&partner, &secret.Name, &secret.sealed, &hosts, &at, &secret.SetBy); err != nil {
			return err
		}
		secret.SetAt = instant(at)
		if err := json.Unmarshal([]byte(hosts), &secret.Hosts); err != nil {
			return err
		}
		if e := byName[partner]; e != nil {
			e.Secrets[secret.Name] = secret
		}
		return nil
	}, `SELECT partner, name, sealed, hosts, set_at, set_by FROM partner_secrets`)
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	return nil
}

// RotateSecretKey encrypts every secret with a new key of the keyring and forgets the old ones.
// The key file has both until all is written, so that it may be interrupted anywhere and done
// again. A secret that is set meanwhile is encrypted within its transaction: before this one
// with a key that is still known, after it with the new key. Where the keys come from the
// environment the new one stands there first already, and the old ones may be taken out then.
func (s *Store) RotateSecretKey(ctx context.Context, actor string) (rotated int, err error) {
	if s.keys == nil {
		return 0, errNoKeys
	}
	if err := s.keys.reload(); err != nil {
		return 0, err
	}
	if s.keys.path != "" {
		if err := s.keys.replace(append([]secretKey{newSecretKey()}, s.keys.all()...)); err != nil {
			return 0, err
		}
	}
	_, err = s.change(ctx, Entry{Actor: actor, Action: "secret_key.rotate", Object: "store"}, func(t *tx, e *Entry) error {
		type row struct{ partner, name, sealed string }
		var all []row
		err := t.each(func(rows *sql.Rows) error {
			var r row
			err := rows.Scan(&r.partner, &r.name, &r.sealed)
			all = append(all, r)
			return err
		}, `SELECT partner, name, sealed FROM partner_secrets`)
		if err != nil {
			return err
		}
		for _, r := range all {
			at := place(r.partner, r.name)
			text, err := s.keys.open(at, r.sealed)
			if err != nil {
				return refuse("the secret %q of %s: %v", r.name, r.partner, err)
			}
			if err := t.exec(`UPDATE partner_secrets SET sealed = $1 WHERE partner = $2 AND name = $3`, s.keys.seal(at, text), r.partner, r.name); err != nil {
				return err
			}
		}
		rotated = len(all)
		e.After = mustJSON(map[string]any{"key": s.keys.all()[0].id, "secrets": rotated})
		return nil
	})
	if err != nil || s.keys.path == "" {
		return rotated, err
	}
	return rotated, s.keys.replace(s.keys.all()[:1])
}
