package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os/signal"
	"syscall"

	"fanfare/providers/feeds"
)

type serveCmd struct {
	Config string `required:"" placeholder:"FILE" help:"The configuration, fanfare.yaml."`
	Check  bool   `help:"Only say what is wrong with the configuration."`
	Debug  bool   `help:"Log every partner call."`
}

// Run serves until it is told to stop. A configuration that cannot be used is wrong
// usage; SIGHUP reads its partners again.
func (cmd *serveCmd) Run(ctx context.Context, std streams) error {
	cfg, warnings, err := loadConfig(cmd.Config)
	for _, w := range warnings {
		fmt.Fprintf(std.err, "fanfare: %s: warning: %s\n", cmd.Config, w)
	}
	var complaints feeds.Complaints
	if errors.As(err, &complaints) {
		for _, c := range complaints {
			fmt.Fprintf(std.err, "%s: %s\n", cmd.Config, c)
		}
		return errUsage{fmt.Errorf("%s: %d mistakes", cmd.Config, len(complaints))}
	}
	if err != nil {
		return err
	}
	if cmd.Check {
		_, err := fmt.Fprintf(std.out, "%s: good, %d partners\n", cmd.Config, len(cfg.Partners))
		return err
	}
	log := newLog(std, cmd.Debug)
	outliveReaders()
	tuneCollector()
	s, err := newServer(cfg, log)
	if err != nil {
		return err
	}
	stop := s.reloadOnHangup(ctx, cmd.Config) // before anybody can know that the server is there
	defer stop()
	s.describe(func(format string, args ...any) { fmt.Fprintf(std.err, format, args...) })
	if w := s.ratesWarning(s.deps.Now()); w != "" {
		log.Warn(w)
	}
	return s.run(ctx)
}

func newLog(std streams, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	logger := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level}))
	log.SetFlags(0)
	log.SetOutput(libraryLog{logger})
	return logger
}

// libraryLog receives what libraries log by themselves. Such lines can quote what a partner or a
// client sent, and with it credentials: only their beginning up to the first quotation is kept,
// and that is said at debug level alone.
type libraryLog struct{ to *slog.Logger }

const maxLibraryLine = 80

// Write logs one line.
func (l libraryLog) Write(line []byte) (int, error) {
	said := line[:min(len(line), maxLibraryLine)]
	if i := bytes.IndexAny(said, "\"'`\n"); i >= 0 {
		said = said[:i]
	}
	said = bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, said)
	l.to.Debug("a library says", "text", string(bytes.TrimSpace(said)), "bytes", len(line))
	return len(line), nil
}

// outliveReaders keeps the process alive when whoever reads its output goes away: Go ends a
// process that writes to a closed standard output or error.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }
