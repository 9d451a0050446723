package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// keyStage is a configuration with a store of its own and a server on it.
func keyStage(t *testing.T) (config, base, opsBase string) {
	t.Helper()
	t.Setenv("CHECK_TOKEN", "t")
	config = written(t, "fanfare.yaml", "listen: 127.0.0.1:0\nops: {listen: 127.0.0.1:0}\naccess: {public: key}\ndata_dir: "+t.TempDir()+"\npartners:"+goodPartner)
	server := launch(t, "serve", "--config", config)
	base = server.find(t, "page and API on ")
	return config, base, strings.TrimSuffix(strings.TrimSpace(server.find(t, "metrics on ")), "/metrics")
}

// keysRan runs a keys command that must end well, and returns what it wrote.
func keysRan(t *testing.T, args ...string) string {
	t.Helper()
	got := ranWith(t, "", append([]string{"keys"}, args...)...)
	if got.code != exitDone {
		t.Fatalf("fanfare keys %s = %d: %s", strings.Join(args, " "), got.code, got.err)
	}
	return strings.TrimSpace(got.out)
}

// keyStatus is how the API answers a request with the key.
func keyStatus(t *testing.T, base, key string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, base+"/v1/places?q=lon", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// becomes waits until the key's status is the one wanted: another process wrote it.
func becomes(t *testing.T, base, key string, want int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); keyStatus(t, base, key) != want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the status never became %d", want)
		}
	}
}

// TestKeysActAtOnce: a key made by a command opens a server that runs, rotated it opens with both
// texts, revoked with none; here and over the ops listener.
func TestKeysActAtOnce(t *testing.T) {
	config, base, opsBase := keyStage(t)
	key := keysRan(t, "create", "--config", config, "--kind", "public", "--name", "Ann", "--expires", "90d")
	becomes(t, base, key, http.StatusOK)
	ops := keysRan(t, "create", "--config", config, "--kind", "ops", "--name", "Bob", "--scopes", "ops:read,keys:write")
	becomes(t, base, ops, http.StatusForbidden)
	if got := keysRan(t, "list", "--config", config); strings.Contains(got, key[21:40]) || !strings.Contains(got, "Ann") || !strings.Contains(got, "good until") {
		t.Errorf("keys list:\n%s", got)
	}

	t.Setenv("FANFARE_KEY", ops)
	id := key[8:20]
	rotated := keysRan(t, "rotate", id, "--server", opsBase)
	becomes(t, base, rotated, http.StatusOK)
	if got := keyStatus(t, base, key); got != http.StatusOK {
		t.Errorf("the former text of a rotated key = %d", got)
	}
	keysRan(t, "revoke", id, "--server", opsBase)
	if got := keyStatus(t, base, rotated); got != http.StatusUnauthorized { // the server itself wrote it
		t.Errorf("a revoked key = %d", got)
	}
	second := keysRan(t, "create", "--server", opsBase, "--kind", "partner", "--name", "Kestrel", "--partner", "kestrel")
	if !strings.HasPrefix(second, "ffk_par_") {
		t.Errorf("a partner's key is %.12s…", second)
	}
	if got := keysRan(t, "list", "--server", opsBase); strings.Count(got, "\n") != 3 || !strings.Contains(got, "revoked") {
		t.Errorf("keys list --server:\n%s", got)
	}
	t.Setenv("FANFARE_KEY", second)
	if got := ranWith(t, "", "keys", "list", "--server", opsBase); got.code != exitFailed || !strings.Contains(got.err, "403") {
		t.Errorf("a partner's key listed keys: %d, %s", got.code, got.err)
	}
	keysRan(t, "rotate-secret", "--config", config)
}

func TestKeysCommandsRefuse(t *testing.T) {
	t.Setenv("CHECK_TOKEN", "t")
	config := written(t, "fanfare.yaml", "data_dir: "+t.TempDir()+"\npartners:"+goodPartner)
	unreachable := written(t, "fanfare.yaml", "data_dir: "+t.TempDir()+"\nstore: sqlite:missing/fanfare.db\npartners:"+goodPartner)
	t.Setenv("FANFARE_KEY", "")
	for _, test := range []struct {
		name string
		code int
		want string
		args []string
	}{
		{"nowhere", exitUsage, "--config FILE or --server URL", []string{"list"}},
		{"both", exitUsage, "--config FILE or --server URL", []string{"list", "--config", config, "--server", "http://x"}},
		{"no key", exitUsage, "FANFARE_KEY", []string{"list", "--server", "http://127.0.0.1:1"}},
		{"kind", exitUsage, "public, partner or ops", []string{"create", "--config", config, "--kind", "root", "--name", "x"}},
		{"no partner", exitUsage, "partner:", []string{"create", "--config", config, "--kind", "partner", "--name", "x"}},
		{"expires", exitUsage, "such as 90d or 12h", []string{"create", "--config", config, "--kind", "public", "--name", "x", "--expires", "soon"}},
		{"scopes", exitUsage, "a key of kind public has search", []string{"create", "--config", config, "--kind", "public", "--name", "x", "--scopes", "ops:read"}},
		{"no such key", exitFailed, `no key has the id "abc"`, []string{"revoke", "abc", "--config", config}},
		{"a bad configuration", exitUsage, "1 mistakes", []string{"list", "--config", written(t, "f.yaml", "listen: x\n")}},
		{"no store", exitFailed, "unavailable", []string{"list", "--config", unreachable}},
	} {
		got := ranWith(t, "", append([]string{"keys"}, test.args...)...)
		if got.code != test.code || !strings.Contains(got.err, test.want) {
			t.Errorf("%s: fanfare keys %s = %d, %s; want %d and %q", test.name, strings.Join(test.args, " "), got.code, got.err, test.code, test.want)
		}
	}
}

func TestParseLife(t *testing.T) {
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "12h": 12 * time.Hour, "0d": 0, "-1h": 0, "d": 0, "99999d": 0, "": 0, "1.5d": 0} {
		if got, err := parseLife(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("parseLife(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

// TestDemoSaysItsKeys: the demo prints a key of each kind before it is ready.
func TestDemoSaysItsKeys(t *testing.T) {
	demo := launch(t, "demo", "--listen", "127.0.0.1:0", "--ops", "127.0.0.1:0", "--partners", "3")
	key := "ffk_pub_" + demo.find(t, "public key: ffk_pub_")
	demo.find(t, "partner key (kestrel): ffk_par_")
	demo.find(t, "ops key: ffk_ops_")
	if got := keyStatus(t, demo.find(t, "page and API on "), key); got != http.StatusOK {
		t.Errorf("the public key = %d", got)
	}
}
