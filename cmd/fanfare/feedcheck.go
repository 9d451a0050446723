package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/feeds"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/web/api"
)

type feedCheckCmd struct {
	File    string `arg:"" help:"The declaration: one partner's block, or a configuration."`
	Partner string `placeholder:"NAME" help:"Which partner, of a configuration with several."`
	Sample  string `placeholder:"RESPONSE" help:"A recorded answer of the partner: shows its offers."`
	Live    bool   `help:"Ask the partner, with its test_query or for a trip in 30 days: shows its offers."`
}

// Run writes every complaint to stderr, and the offers of a sample or of a live answer to stdout,
// as decode does.
func (cmd *feedCheckCmd) Run(ctx context.Context, std streams) error {
	document, err := os.ReadFile(cmd.File)
	if err != nil {
		return fmt.Errorf("read the declaration: %w", err)
	}
	all, paths, errs, warnings := feeds.Declarations(document)
	for i := range all {
		all[i].Check(paths[i], server.Defaults().Search.MaxWait, &errs)
	}
	errs.Locate(document)
	say := func(c feeds.Complaint, kind string) {
		if c.Line > 0 {
			fmt.Fprintf(std.err, "%s:%d: %s%s: %s\n", cmd.File, c.Line, kind, c.Path, c.Message)
		} else {
			fmt.Fprintf(std.err, "%s: %s%s: %s\n", cmd.File, kind, c.Path, c.Message)
		}
	}
	for _, c := range warnings {
		say(c, "warning: ")
	}
	for _, c := range errs {
		say(c, "")
	}
	if len(errs) > 0 {
		return fmt.Errorf("%s: %d mistakes", cmd.File, len(errs))
	}
	f, err := cmd.pick(all)
	if err != nil {
		return err
	}
	switch {
	case cmd.Sample != "":
		return cmd.sample(ctx, std, f)
	case cmd.Live:
		return cmd.live(ctx, std, f)
	}
	_, err = fmt.Fprintf(std.err, "%s: good\n", cmd.File)
	return err
}

// pick is the partner that is meant.
func (cmd *feedCheckCmd) pick(all []feeds.Feed) (*feeds.Feed, error) {
	var names []string
	for i := range all {
		if all[i].Name == cmd.Partner || cmd.Partner == "" && len(all) == 1 {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	if cmd.Partner == "" && cmd.Sample == "" && !cmd.Live && len(all) > 0 {
		return &all[0], nil // nothing is shown of it
	}
	return nil, errUsage{fmt.Errorf("--partner: one of %s", strings.Join(names, ", "))}
}

// sample shows what the feed makes of a recorded answer.
func (cmd *feedCheckCmd) sample(ctx context.Context, std streams, f *feeds.Feed) error {
	decode := decodeCmd{File: cmd.Sample}
	body, err := decode.read(std)
	if err != nil {
		return err
	}
	answer, complaints, err := f.DecodeSample(ctx, body, places.Default())
	for _, c := range complaints {
		fmt.Fprintf(std.err, "%s: %s\n", cmd.Sample, c)
	}
	if err != nil {
		return failureOf(cmd.Sample, err)
	}
	return cmd.show(std, cmd.Sample, &answer, len(complaints))
}

// failureOf is an error with the partner's own words, which are for operators.
func failureOf(of string, err error) error {
	if e := fault.Of(err); e != nil && e.Detail != "" {
		return fmt.Errorf("%s: %w: %s", of, err, e.Detail)
	}
	return fmt.Errorf("%s: %w", of, err)
}

// show writes the offers of an answer, and what was dropped.
func (cmd *feedCheckCmd) show(std streams, of string, a *travel.Answer, complaints int) error {
	if err := writeDecoded(std.out, a); err != nil {
		return err
	}
	for _, rule := range sortedNames(a.Drops) {
		fmt.Fprintf(std.err, "drop %s %d\n", rule, a.Drops[rule])
	}
	for _, note := range sortedNames(a.Notes) {
		fmt.Fprintf(std.err, "note %s %d\n", note, a.Notes[note])
	}
	fmt.Fprintf(std.err, "%s: %d offers, %d kept\n", of, a.OffersIn, a.OffersKept())
	switch {
	case complaints > 0:
		return fmt.Errorf("%s: %d complaints", of, complaints)
	case a.OffersIn > 0 && a.OffersKept() == 0:
		return fmt.Errorf("%s: no offer was kept", of)
	}
	return nil
}

// live asks the partner once.
func (cmd *feedCheckCmd) live(ctx context.Context, std streams, f *feeds.Feed) error {
	q, err := testQuery(f)
	if err != nil {
		return fmt.Errorf("%s: test_query: %w", cmd.File, err)
	}
	p, err := feeds.Build(f, feeds.Deps{Deps: providers.Deps{Atlas: places.Default(),
		Deps: guard.Deps{Now: time.Now, Accounts: guard.NewAccounts(), Outbound: semaphore.NewWeighted(64), Background: semaphore.NewWeighted(16)}}})
	if err != nil {
		return err
	}
	defer p.Close()
	answer := p.Ask(ctx, q)
	fmt.Fprintf(std.err, "%s answered in %v\n", f.Name, answer.Took.Round(time.Millisecond))
	if answer.Err != nil {
		return failureOf(f.Name, answer.Err)
	}
	return cmd.show(std, f.Name, &answer, 0)
}

// testQuery is what a live check asks: the declared query, or a trip that most partners sell.
func testQuery(f *feeds.Feed) (travel.Query, error) {
	product := feeds.Products(f.Protocol)[0]
	if len(f.Coverage.Products) > 0 {
		product = travel.Product(f.Coverage.Products[0])
	}
	day := travel.DateOf(time.Now().AddDate(0, 0, 30))
	q := travel.Query{Product: product, Market: "GB"}
	switch {
	case f.TestQuery != nil:
		body, err := feeds.QueryJSON(f.TestQuery)
		if err != nil {
			return q, err
		}
		if q, err = api.ParseQuery(body, product); err != nil {
			return q, err
		}
	case product == travel.Flights:
		q.FlightQuery = travel.FlightQuery{Cabin: travel.Economy, Passengers: travel.Passengers{Adults: 1},
			Slices: []travel.SliceQuery{{Origin: "LHR", Destination: "JFK", Date: day}}}
	default:
		q.StayQuery = travel.StayQuery{Destination: travel.Destination{Place: "PAR"}, CheckIn: day, CheckOut: day.AddDays(2), Rooms: []travel.Occupancy{{Adults: 2}}}
	}
	return q.Normalise(time.Now(), places.Default(), travel.Country(server.Defaults().Search.Market))
}
