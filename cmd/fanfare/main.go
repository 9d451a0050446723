// Command fanfare is the one binary: the server, its simulated partners and the
// tools around them. Here the parts meet; what each does is left to them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes of design 3.
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
}

type commands struct {
	Demo    demoCmd    `cmd:"" help:"Simulated partners, server and page, with nothing to configure."`
	Serve   serveCmd   `cmd:"" help:"The server."`
	Sim     simCmd     `cmd:"" help:"One simulated partner."`
	Search  searchCmd  `cmd:"" help:"Search from the terminal, with a table that fills while partners answer."`
	Decode  decodeCmd  `cmd:"" help:"What Fanfare makes of a partner's response."`
	Version versionCmd `cmd:"" help:"The version."`
}

// run is what tests call: the whole program but its process.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("fanfare"), kong.Description("A travel metasearch engine: one search, many partners, one list."),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exited = code }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{in, out, errOut}),
	)
	if err != nil {
		fmt.Fprintln(errOut, "fanfare:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(errOut, "fanfare: %v\nTry: fanfare --help\n", err)
		return exitUsage
	}
	err = command.Run()
	var usage errUsage
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintln(errOut, "fanfare:", err)
		return exitUsage
	}
	fmt.Fprintln(errOut, "fanfare:", err)
	return exitFailed
}
