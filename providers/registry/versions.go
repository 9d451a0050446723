package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// State is how far a version of a feed has come.
type State string

// The states, in the order of a feed's way: Shadow is asked beside searches and never shown,
// Canary is asked in a share of the searches. Suspended and Retired are asked in none.
const (
	Draft     State = "draft"
	Shadow    State = "shadow"
	Canary    State = "canary"
	Live      State = "live"
	Suspended State = "suspended"
	Retired   State = "retired"
)

var states = []State{Draft, Shadow, Canary, Live, Suspended, Retired}

// Version is one version of a partner's feed.
type Version struct {
	Partner   string          `json:"partner"`
	Number    int             `json:"version"`
	Document  string          `json:"-"` // the declaration as it was given
	State     State           `json:"state"`
	Share     float64         `json:"share,omitempty"` // of searches, in Canary
	WasLive   bool            `json:"was_live"`
	CreatedAt time.Time       `json:"created_at"`
	CreatedBy string          `json:"created_by"`
	StateAt   time.Time       `json:"state_at"`
	StateBy   string          `json:"state_by"`
	Report    json.RawMessage `json:"-"` // of the newest certificate, "" without one
	Evidence  Evidence        `json:"evidence"`
}

// Evidence is what has been seen of a version so far; see Missing.
type Evidence struct {
	Certified      bool    `json:"certified"`
	ShadowAnswers  int     `json:"shadow_answers"`
	ShadowErrors   int     `json:"shadow_errors"`
	ShadowOffers   int     `json:"shadow_offers"`
	ShadowValid    int     `json:"shadow_valid"` // of the offers, those that were kept
	Comparisons    int     `json:"comparisons"`  // with others' prices for the same
	MedianRatio    float64 `json:"median_price_ratio"`
	CanarySearches int     `json:"canary_searches"`
	OpenBreach     bool    `json:"open_breach"`
}

// What a promotion wants.
const (
	wantedAnswers     = 200
	wantedValidity    = 0.95
	allowedErrors     = 0.05
	wantedComparisons = 30
	leastRatio        = 0.8
	mostRatio         = 1.25
	wantedSearches    = 200
)

// Gap is one thing that a promotion still lacks: what is wanted, and how far it is.
type Gap struct {
	What string `json:"what"`
	Want string `json:"want"`
	Have string `json:"have"`
}

// Missing is what evidence lacks for a version to come into a state; empty if nothing.
func (e *Evidence) Missing(to State) (gaps []Gap) {
	lacks := func(bad bool, what, want, have string, args ...any) {
		if bad {
			gaps = append(gaps, Gap{what, want, fmt.Sprintf(have, args...)})
		}
	}
	share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	if to == Shadow || to == Canary || to == Live {
		lacks(!e.Certified, "certificate", "passed", "not passed")
	}
	if to == Canary || to == Live {
		validity, failed := share(e.ShadowValid, e.ShadowOffers), share(e.ShadowErrors, e.ShadowAnswers)
		lacks(e.ShadowAnswers < wantedAnswers, "shadow_answers", "at least 200", "%d", e.ShadowAnswers)
		lacks(validity < wantedValidity, "validity", "at least 0.95", "%.3f of %d offers", validity, e.ShadowOffers)
		lacks(failed > allowedErrors, "error_rate", "at most 0.05", "%.3f of %d answers", failed, e.ShadowAnswers)
		lacks(e.Comparisons < wantedComparisons, "comparisons", "at least 30", "%d", e.Comparisons)
		lacks(e.Comparisons > 0 && (e.MedianRatio < leastRatio || e.MedianRatio > mostRatio), "median_price_ratio", "0.8 to 1.25", "%.3f", e.MedianRatio)
	}
	if to == Live {
		lacks(e.CanarySearches < wantedSearches, "canary_searches", "at least 200", "%d", e.CanarySearches)
		lacks(e.OpenBreach, "breach", "none open", "one is open")
	}
	return gaps
}

// EvidenceMissing is the error of a promotion that lacks evidence.
type EvidenceMissing struct {
	To   State
	Gaps []Gap
}

// Error names what is missing.
func (e *EvidenceMissing) Error() string {
	text := fmt.Sprintf("%s wants more evidence:", e.To)
	for _, g := range e.Gaps {
		text += fmt.Sprintf(" %s is %s, wanted %s;", g.What, g.Have, g.Want)
	}
	return text[:len(text)-1]
}

// nextStates are the states that a version may come into from each, besides suspended and
// retired. A version that was live may be live again at once: that is a roll-back.
var nextStates = map[State][]State{
	Draft: {Shadow}, Shadow: {Canary, Draft}, Canary: {Live, Canary, Shadow}, Live: {}, Suspended: {Shadow}, Retired: {},
}

const versionColumns = `partner, number, document, state, share, was_live, created_at, created_by, state_at, state_by, report, evidence`

func scanVersion(row scanner) (*Version, error) {
	var v Version
	var created, stateAt int64
	var report, evidence string
	if err := row.Scan(&v.Partner, &v.Number, &v.Document, &v.State, &v.Share, &v.WasLive, &created, &v.CreatedBy, &stateAt, &v.StateBy, &report, &evidence); err != nil {
		return nil, err
	}
	v.CreatedAt, v.StateAt, v.Report = instant(created), instant(stateAt), json.RawMessage(report)
	return &v, json.Unmarshal([]byte(evidence), &v.Evidence)
}

// AddPartner lets a partner into the registry, without any version of a feed. One that was
// removed may come again, with its versions as drafts gone.
func (s *Store) AddPartner(ctx context.Context, actor, name string) error {
	_, err := s.change(ctx, Entry{Actor: actor, Action: "partner.add", Object: "partner:" + name}, func(t *tx, e *Entry) error {
		var removed int64
		err := t.row(`SELECT removed_at FROM partners WHERE name = $1`, name).Scan(&removed)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			err = t.exec(`INSERT INTO partners (name, created_at, removed_at) VALUES ($1, $2, 0)`, name, millis(e.At))
		case err == nil && removed == 0:
			return refuse("the partner %q is in the registry already", name)
		case err == nil:
			err = t.exec(`UPDATE partners SET removed_at = 0 WHERE name = $1`, name)
		}
		e.After = mustJSON(map[string]string{"partner": name})
		return err
	})
	return err
}

// RemovePartner takes a partner out: all its versions are retired, its keys revoked and its
// secrets deleted.
func (s *Store) RemovePartner(ctx context.Context, actor, name, reason string) error {
	_, err := s.change(ctx, Entry{Actor: actor, Action: "partner.remove", Object: "partner:" + name, Reason: reason}, func(t *tx, e *Entry) error {
		if err := t.partner(name); err != nil {
			return err
		}
		e.Before = mustJSON(map[string]string{"partner": name})
		at := millis(e.At)
		return errors.Join(
			t.exec(`UPDATE partners SET removed_at = $1 WHERE name = $2`, at, name),
			t.exec(`UPDATE feed_versions SET state = $1, share = 0, state_at = $2, state_by = $3 WHERE partner = $4 AND state <> $1`, string(Retired), at, e.Actor, name),
			t.exec(`UPDATE api_keys SET revoked_at = $1 WHERE partner = $2 AND revoked_at = 0`, at, name),
			t.exec(`DELETE FROM sessions WHERE partner = $1`, name),
			t.exec(`DELETE FROM partner_secrets WHERE partner = $1`, name),
			t.exec(`DELETE FROM partner_hosts WHERE partner = $1`, name))
	})
	return err
}

// partner is a Refusal unless the partner is in the registry.
func (t *tx) partner(name string) error {
	var removed int64
	err := t.row(`SELECT removed_at FROM partners WHERE name = $1`, name).Scan(&removed)
	if errors.Is(err, sql.ErrNoRows) || err == nil && removed != 0 {
		return notFound("no partner of the registry is named %q", name)
	}
	return err
}

// AddVersion keeps a declaration, which the caller has checked, as the partner's next version:
// a draft.
func (s *Store) AddVersion(ctx context.Context, actor, partner, document string) (*Version, error) {
	v := &Version{Partner: partner, Document: document, State: Draft, CreatedBy: actor, StateBy: actor}
	_, err := s.change(ctx, Entry{Actor: actor, Action: "feed.add", Object: "partner:" + partner}, func(t *tx, e *Entry) error {
		if err := t.partner(partner); err != nil {
			return err
		}
		if err := t.row(`SELECT COALESCE(MAX(number), 0) + 1 FROM feed_versions WHERE partner = $1`, partner).Scan(&v.Number); err != nil {
			return err
		}
		v.CreatedAt, v.StateAt = e.At, e.At
		e.Object = versionObject(partner, v.Number)
		e.After = mustJSON(v)
		return t.exec(`INSERT INTO feed_versions (`+versionColumns+`) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $6, $7, '', $8)`,
			partner, v.Number, document, string(Draft), false, millis(e.At), actor, string(mustJSON(v.Evidence)))
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func versionObject(partner string, number int) string {
	return fmt.Sprintf("feed:%s/%d", partner, number)
}

// Move asks for another state of a version.
type Move struct {
	Partner string
	Number  int
	To      State
	Share   float64 // of searches, for Canary: above 0 and at most 1
	Reason  string
	Force   bool // whatever the evidence and the order of states; with a reason
}

// SetState moves a version. Of each partner one version at most is live, and one is on its way
// there: a version that comes live retires the one that was, and one that comes into shadow or
// canary suspends another that is there. The error is an InvalidError, a *Refusal, an
// *EvidenceMissing or ErrUnavailable.
func (s *Store) SetState(ctx context.Context, actor string, m Move) (*Version, error) {
	var all []error
	if !slices.Contains(states, m.To) {
		all = append(all, fmt.Errorf("state: %q; one of draft, shadow, canary, live, suspended, retired", m.To))
	}
	if m.To == Canary && !(m.Share > 0 && m.Share <= 1) {
		all = append(all, errors.New("share: above 0 and at most 1, for canary"))
	}
	if m.To != Canary && m.Share != 0 {
		all = append(all, errors.New("share: only canary has one"))
	}
	if m.Force && m.Reason == "" {
		all = append(all, errors.New("reason: must be given with force"))
	}
	if err := errors.Join(all...); err != nil {
		return nil, InvalidError{err}
	}
	var moved *Version
	object := versionObject(m.Partner, m.Number)
	_, err := s.change(ctx, Entry{Actor: actor, Action: "feed.state", Object: object, Reason: m.Reason}, func(t *tx, e *Entry) error {
		v, err := t.version(m.Partner, m.Number)
		if err != nil {
			return err
		}
		e.Before = mustJSON(v)
		if err := v.mayMove(&m); err != nil {
			return err
		}
		v.State, v.Share, v.StateAt, v.StateBy, v.WasLive = m.To, m.Share, e.At, actor, v.WasLive || m.To == Live
		moved, e.After = v, mustJSON(v)
		return errors.Join(t.makeRoom(v), t.exec(`UPDATE feed_versions SET state = $1, share = $2, was_live = $3, state_at = $4, state_by = $5 WHERE partner = $6 AND number = $7`,
			string(v.State), v.Share, v.WasLive, millis(v.StateAt), actor, v.Partner, v.Number))
	})
	if err != nil {
		return nil, err
	}
	return moved, nil
}

func (t *tx) version(partner string, number int) (*Version, error) {
	if err := t.partner(partner); err != nil {
		return nil, err
	}
	v, err := scanVersion(t.row(`SELECT `+versionColumns+` FROM feed_versions WHERE partner = $1 AND number = $2`, partner, number))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound("the feed of %q has no version %d", partner, number)
	}
	return v, err
}

// mayMove is why a version must not come into a state, nil if it may.
func (v *Version) mayMove(m *Move) error {
	switch {
	case m.Force, m.To == Suspended, m.To == Retired:
		return nil
	case m.To == Live && v.WasLive && v.State != Live: // a roll-back
		return nil
	case !slices.Contains(nextStates[v.State], m.To):
		return refuse("a version in %s cannot come into %s", v.State, m.To)
	}
	if gaps := v.Evidence.Missing(m.To); len(gaps) > 0 {
		return &EvidenceMissing{m.To, gaps}
	}
	return nil
}

// makeRoom moves the version whose place v takes.
func (t *tx) makeRoom(v *Version) error {
	move := func(to State, from ...State) error {
		for _, state := range from {
			if err := t.exec(`UPDATE feed_versions SET state = $1, share = 0, state_at = $2, state_by = $3 WHERE partner = $4 AND number <> $5 AND state = $6`,
				string(to), millis(v.StateAt), v.StateBy, v.Partner, v.Number, string(state)); err != nil {
				return err
			}
		}
		return nil
	}
	switch v.State {
	case Live:
		return move(Retired, Live)
	case Shadow, Canary:
		return move(Suspended, Shadow, Canary)
	}
	return nil
}

// SetReport keeps a version's certificate and whether it was passed.
func (s *Store) SetReport(ctx context.Context, actor, partner string, number int, report json.RawMessage, passed bool) error {
	_, err := s.change(ctx, Entry{Actor: actor, Action: "feed.certify", Object: versionObject(partner, number)}, func(t *tx, e *Entry) error {
		v, err := t.version(partner, number)
		if err != nil {
			return err
		}
		v.Evidence.Certified = passed
		e.After = mustJSON(map[string]bool{"passed": passed})
		return t.exec(`UPDATE feed_versions SET report = $1, evidence = $2 WHERE partner = $3 AND number = $4`,
			string(report), string(mustJSON(v.Evidence)), partner, number)
	})
	return err
}

// ApproveHosts lets calls and redirects of a partner's feeds go to the hosts.
func (s *Store) ApproveHosts(ctx context.Context, actor, partner string, hosts []string) error {
	_, err := s.change(ctx, Entry{Actor: actor, Action: "partner.hosts", Object: "partner:" + partner}, func(t *tx, e *Entry) error {
		if err := t.partner(partner); err != nil {
			return err
		}
		e.After = mustJSON(hosts)
		for _, host := range hosts {
			if err := t.exec(`INSERT INTO partner_hosts (partner, host, approved_at, approved_by) VALUES ($1, $2, $3, $4) ON CONFLICT (partner, host) DO NOTHING`,
				partner, host, millis(e.At), actor); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
