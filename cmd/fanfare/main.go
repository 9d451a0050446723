// Command fanfare is the one binary: the server, its simulated partners and the
// tools around them, a file for each command. Package server puts the server together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage is wrong use of a command: exit code 2.
type errUsage struct{ error }

// streams are a command's input and outputs: data on out, progress and complaints on err.
type streams struct {
	in       io.Reader
	out, err io.Writer
	tick     ticker // drives what moves on a terminal
}

// ticker is time.NewTicker outside tests.
type ticker func(every time.Duration) (ticks <-chan time.Time, stop func())

func realTicker(every time.Duration) (<-chan time.Time, func()) {
	t := time.NewTicker(every)
	return t.C, t.Stop
}

type commands struct {
	Demo    demoCmd    `cmd:"" help:"Simulated partners, server and page, with nothing to configure."`
	Serve   serveCmd   `cmd:"" help:"The server."`
	Sim     simCmd     `cmd:"" help:"One simulated partner."`
	Search  searchCmd  `cmd:"" help:"Search from the terminal, with a table that fills while partners answer."`
	Feed    feedCmd    `cmd:"" help:"What partners may declare."`
	Decode  decodeCmd  `cmd:"" help:"What Fanfare makes of a partner's response."`
	Hotels  hotelsCmd  `cmd:"" help:"Hotel listings of several partners."`
	Keys    keysCmd    `cmd:"" help:"Keys of the API: who may use it."`
	Version versionCmd `cmd:"" help:"The version."`
}

// run is what tests call: the whole program but its process.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	return runWith(ctx, args, streams{in, out, errOut, realTicker})
}

// runWith is run for tests that hold the time of the live table.
func runWith(ctx context.Context, args []string, std streams) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("fanfare"), kong.Description("A travel metasearch engine: one search, many partners, one list."),
		kong.Writers(std.out, std.err), kong.Exit(func(code int) { exited = code }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std),
	)
	if err != nil {
		fmt.Fprintln(std.err, "fanfare:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "fanfare: %v\nTry: fanfare --help\n", err)
		return exitUsage
	}
	err = command.Run()
	var usage errUsage
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintln(std.err, "fanfare:", err)
		return exitUsage
	}
	fmt.Fprintln(std.err, "fanfare:", err)
	return exitFailed
}
