package registry

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// good is evidence with which a version may come live.
var good = Evidence{Certified: true, ShadowAnswers: 200, ShadowErrors: 10, ShadowOffers: 1000, ShadowValid: 950, Comparisons: 30, MedianRatio: 1.25, CanarySearches: 200}

func TestMissingEvidenceIsNamed(t *testing.T) {
	for _, test := range []struct {
		name   string
		to     State
		change func(*Evidence)
		want   string // the gaps, by comma
	}{
		{"all is there", Live, func(*Evidence) {}, ""},
		{"shadow wants a certificate alone", Shadow, func(e *Evidence) { *e = Evidence{Certified: true} }, ""},
		{"no certificate", Shadow, func(e *Evidence) { e.Certified = false }, "certificate"},
		{"few answers", Canary, func(e *Evidence) { e.ShadowAnswers, e.ShadowErrors = 199, 0 }, "shadow_answers"},
		{"invalid offers", Canary, func(e *Evidence) { e.ShadowValid = 949 }, "validity"},
		{"errors", Canary, func(e *Evidence) { e.ShadowErrors = 11 }, "error_rate"},
		{"no comparison", Canary, func(e *Evidence) { e.Comparisons = 0 }, "comparisons"},
		{"cents read as units", Canary, func(e *Evidence) { e.MedianRatio = 100 }, "median_price_ratio"},
		{"too cheap", Canary, func(e *Evidence) { e.MedianRatio = 0.79 }, "median_price_ratio"},
		{"few canary searches", Live, func(e *Evidence) { e.CanarySearches = 0 }, "canary_searches"},
		{"an open breach", Live, func(e *Evidence) { e.OpenBreach = true }, "breach"},
		{"nothing", Live, func(e *Evidence) { *e = Evidence{} }, "certificate,shadow_answers,validity,comparisons,canary_searches"},
	} {
		e := good
		test.change(&e)
		var names []string
		for _, gap := range e.Missing(test.to) {
			names = append(names, gap.What)
		}
		if got := strings.Join(names, ","); got != test.want {
			t.Errorf("%s: Missing(%s) = %q, want %q", test.name, test.to, got, test.want)
		}
	}
}

func TestAFeedComesLiveAndRollsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := openStore(t, url, nil)
		if err := s.AddPartner(ctx, "ops", "kestrel"); err != nil {
			t.Fatal(err)
		}
		state := func() string {
			var all []string
			for _, v := range s.Snapshot().Entrant("kestrel").Versions {
				all = append(all, string(v.State))
			}
			return strings.Join(all, " ")
		}
		move := func(number int, to State, force bool, want string) {
			t.Helper()
			m := Move{Partner: "kestrel", Number: number, To: to, Force: force, Reason: "test"}
			if to == Canary {
				m.Share = 0.05
			}
			_, err := s.SetState(ctx, "partner", m)
			if err != nil != strings.HasPrefix(want, "!") {
				t.Fatalf("SetState(%d, %s) = %v", number, to, err)
			}
			if want := strings.TrimPrefix(want, "!"); state() != want {
				t.Fatalf("after SetState(%d, %s): %s, want %s", number, to, state(), want)
			}
		}
		for range 3 {
			if _, err := s.AddVersion(ctx, "partner", "kestrel", "name: kestrel"); err != nil {
				t.Fatal(err)
			}
		}
		move(1, Live, false, "!draft draft draft")
		move(1, Shadow, false, "!draft draft draft") // no certificate
		var missing *EvidenceMissing
		if _, err := s.SetState(ctx, "partner", Move{Partner: "kestrel", Number: 1, To: Shadow}); !errors.As(err, &missing) || len(missing.Gaps) != 1 {
			t.Errorf("SetState = %v, want the missing certificate", err)
		}
		if err := s.SetReport(ctx, "partner", "kestrel", 1, json.RawMessage(`{"status":"passed"}`), true); err != nil {
			t.Fatal(err)
		}
		move(1, Shadow, false, "shadow draft draft")
		move(1, Canary, false, "!shadow draft draft")
		move(1, Live, true, "live draft draft")
		move(2, Canary, true, "live canary draft")
		move(3, Shadow, true, "live suspended shadow")
		move(3, Live, true, "retired suspended live")
		move(1, Live, false, "live suspended retired") // a roll-back wants no evidence
		move(1, Suspended, false, "suspended suspended retired")
		if got := s.Snapshot().Entrant("kestrel").Versions[1].Share; got != 0 {
			t.Errorf("a suspended version has the share %v", got)
		}
		if err := s.RemovePartner(ctx, "ops", "kestrel", "the contract has ended"); err != nil {
			t.Fatal(err)
		}
		var refused *Refusal
		if _, err := s.AddVersion(ctx, "partner", "kestrel", ""); s.Snapshot().Entrant("kestrel") != nil || !errors.As(err, &refused) || !refused.NotFound {
			t.Errorf("a removed partner got a version: %v", err)
		}
		if err := s.CheckAudit(ctx); err != nil {
			t.Error(err)
		}
		entries, err := s.Audit(ctx, "feed:kestrel/3", 0, 10)
		if err != nil || len(entries) != 3 || entries[0].Action != "feed.state" || !strings.Contains(string(entries[0].Before), `"shadow"`) || !strings.Contains(string(entries[0].After), `"live"`) {
			t.Errorf("Audit = %+v, %v", entries, err)
		}
		if _, err := s.write.Exec(`UPDATE audit SET reason = 'none' WHERE id = 3`); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckAudit(ctx); err == nil || !strings.Contains(err.Error(), "entry 3") {
			t.Errorf("a changed entry was not found: %v", err)
		}
	})
}

func TestMovesAreChecked(t *testing.T) {
	s := openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "f.db"), nil)
	for _, m := range []Move{
		{To: "gold"}, {To: Canary}, {To: Canary, Share: 1.1}, {To: Live, Share: 0.5}, {To: Live, Force: true},
	} {
		var invalid InvalidError
		if _, err := s.SetState(context.Background(), "ops", m); !errors.As(err, &invalid) {
			t.Errorf("SetState(%+v) = %v, want a complaint", m, err)
		}
	}
}

func TestSecretsAreEncryptedAndBoundToHosts(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := openStore(t, url, nil)
		if err := s.AddPartner(ctx, "ops", "kestrel"); err != nil {
			t.Fatal(err)
		}
		const value = "hunter2-and-more"
		if err := s.SetSecret(ctx, "partner", "kestrel", "api_key", value, []string{"api.kestrel.example:443"}); err != nil {
			t.Fatal(err)
		}
		check := func(s *Store) {
			t.Helper()
			if got, err := s.Reveal("kestrel", "api_key", "api.kestrel.example:443"); got != value || err != nil {
				t.Fatalf("Reveal = %q, %v", got, err)
			}
		}
		check(s)
		if _, err := s.Reveal("kestrel", "api_key", "evil.example:443"); err == nil {
			t.Error("a secret was given to another host")
		}
		sealed := s.Snapshot().Entrant("kestrel").Secrets["api_key"].sealed
		if strings.Contains(sealed, value) {
			t.Error("the secret stands in the database")
		}
		if _, err := s.keys.open(place("other", "api_key"), sealed); err == nil {
			t.Error("another partner's row opens the secret")
		}
		running, err := Open(ctx, Options{URL: url, Keys: mustLoad(t, s.keys.path)}) // another process
		if err != nil {
			t.Fatal(err)
		}
		defer running.Close()
		if n, err := s.RotateSecretKey(ctx, "cli:test"); n != 1 || err != nil {
			t.Fatalf("RotateSecretKey = %d, %v", n, err)
		}
		check(s)
		refresh(t, running)
		check(running)
		if text, err := os.ReadFile(s.keys.path); err != nil || strings.Count(string(text), "\n") != 1 {
			t.Errorf("the file has %q, %v; want the new key alone", text, err)
		}
		if info, err := os.Stat(s.keys.path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is %v, %v", info.Mode(), err)
		}
		entries, err := s.Audit(ctx, "", 0, 100)
		if err != nil || strings.Contains(string(mustJSON(entries)), value) {
			t.Errorf("the audit tells the secret: %v", err)
		}
	})
}

func mustLoad(t *testing.T, path string) *Keyring {
	t.Helper()
	k, err := LoadKeyring(path, false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSessionsEndWithTheirKey(t *testing.T) {
	ctx, now := context.Background(), time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	s := openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "f.db"), func() time.Time { return now })
	k, _, err := s.CreateKey(ctx, "cli:test", KeyRequest{Kind: Ops, Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	start := func(session Session) string {
		t.Helper()
		id, err := s.StartSession(ctx, session)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	id, person := start(Session{Plane: "ops", KeyID: k.ID, Scopes: k.Scopes}), start(Session{Plane: "ops", Person: "ann"})
	has := func(id string, want bool) {
		t.Helper()
		if got := s.Snapshot().Session(id, now) != nil; got != want {
			t.Errorf("the session is there: %v, want %v", got, want)
		}
	}
	has(id, true)
	has("", false)
	if err := s.RevokeKey(ctx, "cli:test", k.ID); err != nil {
		t.Fatal(err)
	}
	has(id, false)
	has(person, true)
	now = now.Add(SessionLife)
	has(person, false)
}
