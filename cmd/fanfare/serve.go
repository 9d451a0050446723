package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level}))
}

// reloadOnHangup reads the partners again at each SIGHUP. A bad file changes nothing,
// and the log says why.
func (s *server) reloadOnHangup(ctx context.Context, path string) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-hangups:
				s.reload(path)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangups)
		cancel()
		<-done
	}
}

func (s *server) reload(path string) {
	cfg, _, err := loadConfig(path)
	if err == nil {
		err = s.setPartners(cfg.Partners)
	}
	if err != nil {
		s.log.Warn("configuration not reloaded; nothing changed", "cause", err.Error())
		return
	}
	s.aggregator.SetApart(cfg.apart())
	s.log.Info("partners reloaded", "partners", len(cfg.Partners))
}
