package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/feeds"
	"fanfare/providers/partnersim"
	"fanfare/providers/places"
	"fanfare/providers/registry"
)

type demoCmd struct {
	Listen   string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Where page and API are (${default})."`
	Ops      string `default:"127.0.0.1:0" placeholder:"ADDR" help:"Where metrics are; the default takes a free port and prints it."`
	Seed     uint64 `default:"1" help:"Of the world that the partners sell."`
	Partners int    `default:"0" placeholder:"N" help:"How many of the simulated partners to start; 0 is all."`
	DataDir  string `placeholder:"DIR" help:"Where the store is kept; without it the store is gone when the demo ends."`
}

// Run starts simulated partners on free ports of this machine, and a server that
// knows them.
func (cmd *demoCmd) Run(ctx context.Context, std streams) error {
	specs := partnersim.DemoPartners(cmd.Seed)
	if cmd.Partners < 0 || cmd.Partners > len(specs) {
		return errUsage{fmt.Errorf("--partners %d: 0 to %d", cmd.Partners, len(specs))}
	}
	if cmd.Partners > 0 {
		specs = specs[:cmd.Partners]
	}
	cfg := server.Defaults()
	if cfg.DataDir = cmd.DataDir; cfg.DataDir == "" {
		dir, err := os.MkdirTemp("", "fanfare-demo-")
		if err != nil {
			return fmt.Errorf("make a folder for the store: %w", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // what is left is in the folder for temporary files
		cfg.DataDir = dir
	}
	cfg.Listen, cfg.Ops.Listen = cmd.Listen, cmd.Ops
	world := partnersim.NewWorld(cmd.Seed, places.Default(), time.Now)
	sims, stop := context.WithCancel(context.WithoutCancel(ctx)) // partners answer until the server has drained
	defer stop()
	for _, spec := range specs {
		sim, err := partnersim.Serve(sims, "127.0.0.1:0", partnersim.NewPartner(world, spec))
		if err != nil {
			return err
		}
		defer sim.Close()
		cfg.Partners = append(cfg.Partners, demoFeed(spec, sim.URL()))
	}
	outliveReaders()
	server.TuneCollector()
	s, err := server.New(cfg, server.Deps{Log: server.NewLog(std.err, false)})
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "%d simulated partners: nothing here can be bought\n", len(specs))
	if err := demoKeys(ctx, s, specs, std.err); err != nil {
		return err
	}
	s.Describe(std.err)
	return s.Run(ctx)
}

// demoKeys makes a key of each kind and says what they are: they are of use only here.
func demoKeys(ctx context.Context, s *server.Server, specs []partnersim.Spec, w io.Writer) error {
	partner := "kestrel"
	if !slices.ContainsFunc(specs, func(spec partnersim.Spec) bool { return spec.Name == partner }) && len(specs) > 0 {
		partner = specs[0].Name
	}
	for _, key := range []struct {
		title string
		r     registry.KeyRequest
	}{
		{"public key", registry.KeyRequest{Kind: registry.Public}},
		{"partner key (" + partner + ")", registry.KeyRequest{Kind: registry.Partner, Partner: partner}},
		{"ops key", registry.KeyRequest{Kind: registry.Ops, Scopes: registry.ScopesOf(registry.Ops)}},
	} {
		key.r.Name = "demo"
		_, text, err := s.Store().CreateKey(ctx, "cli:demo", key.r)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %s\n", key.title, text)
	}
	return nil
}

func demoFeed(spec partnersim.Spec, url string) feeds.Feed {
	var f feeds.Feed
	f.SetDefaults()
	f.Name, f.DisplayName, f.Protocol, f.BaseURL, f.Credentials = spec.Name, spec.DisplayName, spec.Protocol, url, spec.Credentials
	f.Options, f.AllowPrivateNetwork, f.LookToBook.SearchesPerDay = spec.Options, true, spec.PerDay
	return f
}
