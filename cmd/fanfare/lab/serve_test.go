package lab

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/feeds"
	"fanfare/providers/guard"
	"fanfare/providers/travel"
)

const childEnv = "FANFARE_LAB_CHILD"

// TestMain is the server instead of the tests where the laboratory says so.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(serveChild(ctx))
}

// What a row may ask of the child beyond its configuration.
const (
	clockEnv = "FANFARE_LAB_CLOCK" // a file with the offset of the clock, such as 1h
	panicEnv = "FANFARE_LAB_PANIC" // a partner whose client panics at one call in three
)

// serveChild serves the configuration of the environment, as fanfare serve does, with a clock and a
// partner of the row's own.
func serveChild(ctx context.Context) int {
	path := os.Getenv(childEnv)
	cfg, _, err := server.Load(path)
	if err == nil {
		err = server.Serve(ctx, cfg, path, os.Stderr, server.Deps{Log: server.NewLog(os.Stderr, true), Now: offsetClock(os.Getenv(clockEnv)), Build: panickingClient(os.Getenv(panicEnv))})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// offsetClock is a clock as far off as the file says; nil without a file.
func offsetClock(file string) func() time.Time {
	if file == "" {
		return nil
	}
	return func() time.Time {
		text, _ := os.ReadFile(file)
		offset, _ := time.ParseDuration(strings.TrimSpace(string(text)))
		return time.Now().Add(offset)
	}
}

// panickingClient builds providers as ever, but for the named partner, whose client panics at one
// call in three.
func panickingClient(name string) func(*feeds.Feed, feeds.Deps) (*providers.Provider, error) {
	return func(f *feeds.Feed, d feeds.Deps) (*providers.Provider, error) {
		if f.Name != name {
			return feeds.Build(f, d)
		}
		return providers.New(providers.Config{DisplayName: f.Name, FeedVersion: "panics", CacheAllowed: true,
			Config: guard.Config{Name: f.Name, Deadline: f.Deadline, MaxConcurrency: 64, Breaker: guard.DefaultBreaker}}, &panicking{}, d.Deps), nil
	}
}

type panicking struct {
	mu    sync.Mutex // guards the field below
	calls int
}

func (*panicking) Capable(travel.Query) fault.Cause { return fault.None }

func (p *panicking) Ask(context.Context, travel.Query) (travel.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls++; p.calls%3 == 0 {
		panic("a decoder's mistake")
	}
	return travel.Answer{}, nil
}
