package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"fanfare/cmd/fanfare/server"
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
	cfg, warnings, err := server.Load(cmd.Config)
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
	outliveReaders()
	return server.Serve(ctx, cfg, cmd.Config, std.err, server.Deps{Log: server.NewLog(std.err, cmd.Debug)})
}

// outliveReaders keeps the process alive when whoever reads its output goes away: Go ends a
// process that writes to a closed standard output or error.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }
