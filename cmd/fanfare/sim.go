package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"fanfare/providers/partnersim"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

type simCmd struct {
	Protocol string            `required:"" placeholder:"P" help:"One of the protocols."`
	Listen   string            `required:"" placeholder:"ADDR" help:"Where to answer, such as 127.0.0.1:9001."`
	Replay   string            `placeholder:"FILE" help:"Answer every search with this document."`
	Seed     uint64            `default:"1" help:"Of the world that is sold."`
	Name     string            `default:"sim" help:"The partner's name; another name sells another part of the world."`
	Currency string            `default:"EUR" help:"What it sells in."`
	Creds    map[string]string `name:"credential" placeholder:"KEY=VALUE" help:"Credentials to insist on; without them any well-formed ones do."`
	Version  string            `placeholder:"V" help:"ndc: the release to speak, 17.2 or 21.3."`
	Latency  time.Duration     `default:"0s" help:"How long each answer takes to begin."`
	Fault    string            `placeholder:"FAULT" help:"How to fail: http_503, reset, truncated and so on."`
}

// Run is one simulated partner until it is told to stop.
func (cmd *simCmd) Run(ctx context.Context, std streams) error {
	outliveReaders()
	handler, err := cmd.handler()
	if err != nil {
		return err
	}
	server, err := partnersim.Serve(ctx, cmd.Listen, handler)
	if err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintf(std.err, "%s partner on %s\n", cmd.Protocol, server.URL())
	<-ctx.Done()
	return nil
}

func (cmd *simCmd) handler() (http.Handler, error) {
	if !slices.Contains(partnersim.Protocols(), cmd.Protocol) {
		return nil, errUsage{fmt.Errorf("--protocol %s: one of %v", cmd.Protocol, partnersim.Protocols())}
	}
	if cmd.Replay != "" {
		document, err := os.ReadFile(cmd.Replay)
		if err != nil {
			return nil, err
		}
		return partnersim.Replay(cmd.Protocol, document, cmd.Creds), nil
	}
	fault := partnersim.Fault(cmd.Fault)
	if fault != partnersim.FaultNone && !slices.Contains(partnersim.Faults(), fault) {
		return nil, errUsage{fmt.Errorf("--fault %s: one of %v", cmd.Fault, partnersim.Faults())}
	}
	if cmd.Version != "" && (cmd.Protocol != "ndc" || cmd.Version != "17.2" && cmd.Version != "21.3") {
		return nil, errUsage{fmt.Errorf("--version %s: 17.2 or 21.3, with --protocol ndc", cmd.Version)}
	}
	world := partnersim.NewWorld(cmd.Seed, places.Default(), time.Now)
	return partnersim.NewPartner(world, partnersim.Spec{
		Name: cmd.Name, DisplayName: cmd.Name, Protocol: cmd.Protocol, Credentials: cmd.Creds, Currency: travel.Currency(cmd.Currency),
		Version:   cmd.Version,
		Behaviour: partnersim.Behaviour{Latency: partnersim.Latency{Fixed: cmd.Latency}, Fault: fault},
	}), nil
}
