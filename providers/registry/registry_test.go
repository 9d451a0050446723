package registry

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// onBoth runs a test on SQLite and on a PostgreSQL that it starts.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "fanfare.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, startPostgres(t)) })
}

// startPostgres starts a PostgreSQL of the test's own, which is reached by a socket in its
// folder, and returns its address.
func startPostgres(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("initdb"); err != nil {
		t.Skip("POSTGRESQL IS MISSING, nothing is proved here: initdb is not on the path")
	}
	dir, err := os.MkdirTemp("", "pg") // a socket's path has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		if os.Getuid() == 0 { // PostgreSQL does not run as root
			cmd = exec.Command("runuser", append([]string{"-u", "nobody", "--", name}, args...)...)
			cmd.Dir = dir
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "nobody", dir).CombinedOutput(); err != nil {
			t.Fatalf("chown: %v\n%s", err, out)
		}
	}
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "-U", "fanfare", "-A", "trust", "--no-sync", "-E", "UTF8")
	run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", "-k "+dir+" -c listen_addresses=''", "start")
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "immediate", "stop") })
	return "postgres://fanfare@/postgres?host=" + dir
}

func openStore(t *testing.T, url string, now func() time.Time) *Store {
	t.Helper()
	keys, err := LoadKeyring(filepath.Join(t.TempDir(), "secret.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), Options{URL: url, Keys: keys, Now: now, Log: func(m string, err error) { t.Log(m, err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for end := time.Now().Add(time.Minute); !s.Snapshot().KeysUsable(); { // the machine may be slow
		if err := s.Refresh(context.Background()); err != nil && time.Now().After(end) {
			t.Fatal(err)
		}
	}
	return s
}

func TestKeysLiveAsLongAsTheyShould(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		ctx, now := context.Background(), time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
		s := openStore(t, url, func() time.Time { return now })
		other := openStore(t, url, func() time.Time { return now }) // as another process
		k, text, err := s.CreateKey(ctx, "cli:test", KeyRequest{Kind: Partner, Name: "Kestrel", Partner: "kestrel", Expires: now.Add(48 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		verify := func(s *Store, text string, want error) {
			t.Helper()
			if got, err := s.Snapshot().Verify(text, now); !errors.Is(err, want) || want == nil && got.ID != k.ID {
				t.Errorf("Verify(%.12s…) = %v, %v, want %v", text, got, err, want)
			}
		}
		verify(s, text, nil)
		verify(other, text, ErrKey) // it has not looked yet
		refresh(t, other)
		verify(other, text, nil)

		_, second, err := s.RotateKey(ctx, "cli:test", k.ID)
		if err != nil {
			t.Fatal(err)
		}
		verify(s, text, nil)
		verify(s, second, nil)
		now = now.Add(RotationOverlap)
		verify(s, text, ErrKey)
		verify(s, second, nil)
		now = now.Add(24 * time.Hour) // expired
		verify(s, second, ErrKey)
		now = now.Add(-time.Hour)
		if err := other.RevokeKey(ctx, "cli:test", k.ID); err != nil {
			t.Fatal(err)
		}
		verify(other, second, ErrKey)
		verify(s, second, nil)
		refresh(t, s)
		verify(s, second, ErrKey)
		verify(openStore(t, url, nil), second, ErrKey) // from the first request after a restart

		var refused *Refusal
		if _, _, err := s.RotateKey(ctx, "cli:test", k.ID); !errors.As(err, &refused) || refused.NotFound {
			t.Errorf("a revoked key was rotated: %v", err)
		}
		if err := s.RevokeKey(ctx, "cli:test", "nosuchkey000"); !errors.As(err, &refused) || !refused.NotFound {
			t.Errorf("RevokeKey of no key = %v", err)
		}
	})
}

func refresh(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestKeyTexts(t *testing.T) {
	text := keyText(Ops, randomText(idLength), randomText(secretLength))
	if kind, id, secret, ok := parseKey(text); !ok || kind != Ops || len(id) != idLength || len(secret) != secretLength {
		t.Fatalf("parseKey(%q) = %v, %q, %q, %v", text, kind, id, secret, ok)
	}
	for i := range text { // one character mistyped, wherever
		c := byte('0')
		if text[i] == c {
			c = '1'
		}
		wrong := text[:i] + string(c) + text[i+1:]
		if _, _, _, ok := parseKey(wrong); ok {
			t.Errorf("parseKey(%q) is a key, with character %d mistyped", wrong, i)
		}
	}
	for _, wrong := range []string{"", "ffk_", text[:len(text)-1], text + "0", strings.ToUpper(text), "ffk_pub_" + text[8:], " " + text} {
		if _, _, _, ok := parseKey(wrong); ok {
			t.Errorf("parseKey(%q) is a key", wrong)
		}
	}
}

func TestKeyRequestsAreChecked(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	weak := &Key{Kind: Ops, Scopes: []Scope{ScopeOpsRead, ScopeKeysWrite}}
	for _, test := range []struct {
		name string
		r    KeyRequest
		want string // part of the complaints, "" is none
	}{
		{"public", KeyRequest{Kind: Public, Name: "x", Origins: []string{"https://www.example.com"}}, ""},
		{"no name", KeyRequest{Kind: Public}, "name:"},
		{"unknown kind", KeyRequest{Kind: "root", Name: "x"}, "public, partner or ops"},
		{"partner without partner", KeyRequest{Kind: Partner, Name: "x"}, "partner:"},
		{"public with partner", KeyRequest{Kind: Public, Name: "x", Partner: "kestrel"}, "partner:"},
		{"scope of another kind", KeyRequest{Kind: Public, Name: "x", Scopes: []Scope{ScopeOpsRead}}, "has search"},
		{"scope that the maker has not", KeyRequest{Kind: Ops, Name: "x", Scopes: []Scope{ScopeOpsWrite}, Maker: weak}, "not granted"},
		{"scope that the maker has", KeyRequest{Kind: Ops, Name: "x", Scopes: []Scope{ScopeOpsRead}, Maker: weak}, ""},
		{"past", KeyRequest{Kind: Public, Name: "x", Expires: now}, "future"},
		{"origin with a path", KeyRequest{Kind: Public, Name: "x", Origins: []string{"https://a.example/b"}}, "without a path"},
		{"origin of a partner", KeyRequest{Kind: Partner, Name: "x", Partner: "p", Origins: []string{"https://a.example"}}, "kind public"},
		{"negative", KeyRequest{Kind: Public, Name: "x", PerDay: -1}, "negative"},
	} {
		err := test.r.check(now)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}
