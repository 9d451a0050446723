package registry

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// killChildEnv makes the test binary a process that writes until it is killed.
const killChildEnv = "FANFARE_REGISTRY_WRITER"

func TestMain(m *testing.M) {
	if url := os.Getenv(killChildEnv); url != "" {
		writeUntilKilled(url)
	}
	os.Exit(m.Run())
}

// writeUntilKilled has four writers that make and revoke keys and add versions of a feed. Each
// says on stdout what it has been told is done.
func writeUntilKilled(url string) {
	ctx := context.Background()
	s, err := Open(ctx, Options{URL: url, Log: func(m string, err error) { fmt.Fprintln(os.Stderr, m, err) }})
	if err != nil {
		fmt.Fprintln(os.Stderr, "not opened:", err)
		os.Exit(3)
	}
	for !s.Snapshot().KeysUsable() { // the machine may be slow
		s.Refresh(ctx) //nolint:errcheck // tried again
	}
	var out sync.Mutex
	say := func(format string, args ...any) {
		out.Lock()
		defer out.Unlock()
		fmt.Printf(format+"\n", args...) // one write: whole or not at all
	}
	say("ready")
	for writer := range 4 {
		go func() {
			for n := 0; ; n++ {
				k, text, err := s.CreateKey(ctx, "writer", KeyRequest{Kind: Public, Name: fmt.Sprint(writer, " ", n)})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					continue
				}
				say("created %s", text)
				if n%2 == 0 {
					if err := s.RevokeKey(ctx, "writer", k.ID); err == nil {
						say("revoked %s", text)
					}
				}
				if v, err := s.AddVersion(ctx, "writer", "kestrel", "n: "+k.ID); err == nil {
					say("version %d %s", v.Number, k.ID)
				}
			}
		}()
	}
	select {}
}

// TestNothingAcknowledgedIsLost kills a process that writes, at random moments, and looks at what
// the next one finds. KILLS=100 is the full form.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv("KILLS"))
	if rounds == 0 {
		rounds = 8
	}
	onBoth(t, func(t *testing.T, url string) {
		if err := openStore(t, url, nil).AddPartner(context.Background(), "test", "kestrel"); err != nil {
			t.Fatal(err)
		}
		created, revoked, versions := map[string]bool{}, map[string]bool{}, map[int]string{}
		for round := range rounds {
			for _, line := range killedWriter(t, url, time.Duration(20+rand.IntN(480))*time.Millisecond) {
				switch words := strings.Fields(line); {
				case len(words) == 2 && words[0] == "created":
					created[words[1]] = true
				case len(words) == 2 && words[0] == "revoked":
					revoked[words[1]] = true
				case len(words) == 3 && words[0] == "version":
					n, _ := strconv.Atoi(words[1])
					versions[n] = words[2]
				}
			}
			began := time.Now()
			checkNothingLost(t, url, created, revoked, versions)
			if t.Failed() {
				t.Fatalf("in round %d of %d", round+1, rounds)
			}
			if round == rounds-1 {
				t.Logf("%d rounds: %d keys and %d versions acknowledged, %d revocations; the last check took %v", rounds, len(created), len(versions), len(revoked), time.Since(began))
			}
		}
		if len(created) == 0 || len(revoked) == 0 || len(versions) == 0 {
			t.Errorf("%d keys, %d revocations, %d versions: nothing was proved", len(created), len(revoked), len(versions))
		}
	})
}

// killedWriter runs the writers for a while after they are ready, kills them, and returns what
// they have said.
func killedWriter(t *testing.T, url string, after time.Duration) (lines []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killChildEnv+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var kill *time.Timer
	for in := bufio.NewScanner(out); in.Scan(); {
		if kill == nil { // ready
			kill = time.AfterFunc(after, func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
			continue
		}
		lines = append(lines, in.Text())
	}
	if err := cmd.Wait(); kill == nil {
		t.Fatalf("the writers never were ready: %v", err)
	}
	return lines
}

// checkNothingLost opens the store as the next process does: what was acknowledged is there,
// and what was not is there whole or not at all.
func checkNothingLost(t *testing.T, url string, created, revoked map[string]bool, versions map[int]string) {
	t.Helper()
	ctx := context.Background()
	s, err := Open(ctx, Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for !s.Snapshot().KeysUsable() {
		if err := s.Refresh(ctx); err != nil && t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for text := range created {
		if _, err := s.Snapshot().Verify(text, now); err != nil && !revoked[text] {
			_, id, _, _ := parseKey(text)
			if k := s.Snapshot().keys[id]; k == nil || k.RevokedAt.IsZero() { // a revocation may have been cut off before it was said
				t.Errorf("an acknowledged key is lost: %v", err)
			}
		}
	}
	for text := range revoked {
		if _, err := s.Snapshot().Verify(text, now); !errors.Is(err, ErrKey) {
			t.Errorf("an acknowledged revocation is lost: %v", err)
		}
	}
	kept := s.Snapshot().Entrant("kestrel").Versions
	for n, id := range versions {
		if n > len(kept) || kept[n-1].Document != "n: "+id {
			t.Errorf("the acknowledged version %d is lost", n)
		}
	}
	if err := s.CheckAudit(ctx); err != nil {
		t.Error(err)
	}
	count := func(query string) (n int) {
		if err := s.read.QueryRow(query).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	for action, rows := range map[string]int{"key.create": len(s.Snapshot().Keys), "feed.add": len(kept)} {
		if n := count(`SELECT COUNT(*) FROM audit WHERE action = '` + action + `'`); n != rows {
			t.Errorf("%d entries of %s for %d rows", n, action, rows)
		}
	}
	if s.dialect.name == "sqlite" {
		var good string
		if err := s.read.QueryRow(`PRAGMA integrity_check`).Scan(&good); err != nil || good != "ok" {
			t.Errorf("integrity_check: %s, %v", good, err)
		}
	}
}

// TestPragmasHoldOnEveryConnection holds what makes a commit durable.
func TestPragmasHoldOnEveryConnection(t *testing.T) {
	s := openStore(t, "sqlite:"+filepath.Join(t.TempDir(), "f.db"), nil)
	for pool, n := range map[*sql.DB]int{s.read: readers, s.write: 1} {
		for range n { // held until the end, so that each is another one
			conn, err := pool.Conn(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
				var got string
				if err := conn.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s = %q, %v, want %q", pragma, got, err, want)
				}
			}
		}
	}
}
