package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/feeds"
	"fanfare/providers/places"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
	"fanfare/web/api"
)

type decodeCmd struct {
	Protocol string `required:"" placeholder:"P" help:"One of the protocols."`
	Query    string `placeholder:"FILE" help:"Check against this query (JSON, as POSTed)."`
	File     string `arg:"" help:"The document, - for standard input."`
}

// Run writes one JSON line for each offer or rate, and the drops by rule to stderr.
func (cmd *decodeCmd) Run(_ context.Context, std streams) error {
	if !slices.Contains(feeds.Protocols(), cmd.Protocol) {
		return errUsage{fmt.Errorf("--protocol %s: one of %v", cmd.Protocol, feeds.Protocols())}
	}
	body, err := cmd.read(std)
	if err != nil {
		return err
	}
	answer, err := feeds.DecodeDocument(cmd.Protocol, body, places.Default())
	if e := fault.Of(err); e != nil && e.Detail != "" { // the partner's own words are for operators, as here
		return fmt.Errorf("%s: %w: %s", cmd.File, err, e.Detail)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.File, err)
	}
	if err := cmd.check(&answer); err != nil {
		return err
	}
	if err := writeDecoded(std.out, &answer); err != nil {
		return err
	}
	for _, rule := range sortedNames(answer.Drops) {
		fmt.Fprintf(std.err, "drop %s %d\n", rule, answer.Drops[rule])
	}
	for _, note := range sortedNames(answer.Notes) {
		fmt.Fprintf(std.err, "note %s %d\n", note, answer.Notes[note])
	}
	return nil
}

// check applies the rules that need the question, if there is one. The query is read
// as on the day before its first date, so that documents of the past can be checked.
func (cmd *decodeCmd) check(answer *travel.Answer) error {
	if cmd.Query == "" {
		return nil
	}
	body, err := os.ReadFile(cmd.Query)
	if err != nil {
		return fmt.Errorf("read the query: %w", err)
	}
	q, err := api.ParseQuery(body, productOf(answer, feeds.Products(cmd.Protocol)))
	if err == nil {
		q, err = q.Normalise(dayBefore(q), places.Default(), travel.Country(server.Defaults().Search.Market))
	}
	if err != nil {
		return fmt.Errorf("%s: not a query: %w", cmd.Query, err)
	}
	providers.Accept(answer, q, places.Default())
	return nil
}

// productOf is what a document of a protocol is about: of one that covers both, the
// document tells.
func productOf(a *travel.Answer, sold []travel.Product) travel.Product {
	if len(a.Stays) > 0 && slices.Contains(sold, travel.Hotels) {
		return travel.Hotels
	}
	return sold[0]
}

// dayBefore is noon of the day before the query's first date.
func dayBefore(q travel.Query) time.Time {
	first := q.CheckIn
	if len(q.Slices) > 0 {
		first = q.Slices[0].Date
	}
	return first.AddDays(-1).Time().Add(12 * time.Hour)
}

func sortedNames(counts map[string]int) []string {
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// read takes at most what an answer of a partner may have.
func (cmd *decodeCmd) read(std streams) ([]byte, error) {
	in := std.in
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, wire.DefaultMaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", cmd.File, err)
	}
	if len(body) > wire.DefaultMaxBody {
		return nil, fmt.Errorf("%s: larger than %d bytes, the bound of one answer", cmd.File, wire.DefaultMaxBody)
	}
	return body, nil
}

// The lines of decode.
type offerLine struct {
	OfferID      string      `json:"offer_id"`
	Slices       []api.Slice `json:"slices"`
	Price        plainPrice  `json:"price"`
	Fare         api.Fare    `json:"fare"`
	SeatsLeft    *int        `json:"seats_left"`
	ExpiresAt    api.Instant `json:"expires_at"`
	SelfTransfer bool        `json:"self_transfer"`
}

type rateLine struct {
	Property     propertyLine     `json:"property"`
	RateID       string           `json:"rate_id"`
	Room         *string          `json:"room"`
	Board        *string          `json:"board"`
	Price        plainPrice       `json:"price"`
	Cancellation api.Cancellation `json:"cancellation"`
	Payment      *string          `json:"payment"`
}

type plainPrice struct {
	Total         travel.Money  `json:"total"`
	Base          travel.Money  `json:"base"`
	Taxes         travel.Money  `json:"taxes"`
	Fees          travel.Money  `json:"fees"`
	PayAtProperty *travel.Money `json:"pay_at_property,omitempty"`
}

type propertyLine struct {
	ID    string   `json:"id"`
	Name  *string  `json:"name"`
	Stars *float64 `json:"stars"`
	Lat   *float64 `json:"lat"`
	Lon   *float64 `json:"lon"`
}

func writeDecoded(w io.Writer, a *travel.Answer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range a.Offers {
		if err := e.Encode(offerLineOf(&a.Offers[i])); err != nil {
			return err
		}
	}
	for i := range a.Stays {
		for j := range a.Stays[i].Rates {
			if err := e.Encode(rateLineOf(&a.Stays[i].Property, &a.Stays[i].Rates[j])); err != nil {
				return err
			}
		}
	}
	return nil
}

func asStated(m travel.Money) travel.Money { return m }

func offerLineOf(o *travel.Offer) offerLine {
	line := offerLine{
		OfferID: o.PartnerRef, Price: plainPrice{Total: o.Price.Total, Base: o.Price.Base, Taxes: o.Price.Taxes, Fees: o.Price.Fees},
		Fare: api.FareOf(&o.Fare, asStated), SeatsLeft: api.Positive(o.SeatsLeft),
		ExpiresAt: api.Instant{Time: o.ExpiresAt}, SelfTransfer: len(o.SelfTransfer) > 0,
	}
	for i := range o.Itinerary.Slices {
		var segments []travel.ResultSegment
		for _, s := range o.Itinerary.Slices[i].Segments {
			segments = append(segments, travel.ResultSegment{Segment: s})
		}
		line.Slices = append(line.Slices, api.SliceOf(segments))
	}
	return line
}

func rateLineOf(p *travel.Property, r *travel.Rate) rateLine {
	shown := api.RateOf(r, api.Price{}, asStated)
	line := rateLine{
		Property: propertyLine{ID: p.ID, Name: api.Optional(p.Name)}, RateID: r.PartnerRef, Room: shown.Room, Board: shown.Board,
		Price:        plainPrice{Total: r.Price.Total, Base: r.Price.Base, Taxes: r.Price.Taxes, Fees: r.Price.Fees},
		Cancellation: shown.Cancellation, Payment: shown.Payment,
	}
	if r.PayAtProperty.Known() {
		line.Price.PayAtProperty = &r.PayAtProperty
	}
	if p.Stars > 0 {
		line.Property.Stars = &p.Stars
	}
	if p.HasGeo {
		line.Property.Lat, line.Property.Lon = &p.Lat, &p.Lon
	}
	return line
}
