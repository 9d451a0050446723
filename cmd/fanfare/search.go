package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"fanfare/providers/travel"
	"fanfare/web/api"
)

type searchCmd struct {
	Flights searchFlightsCmd `cmd:"" help:"Search flights."`
	Hotels  searchHotelsCmd  `cmd:"" help:"Search hotels and other places to stay."`
}

// searchFlags are those of both products.
type searchFlags struct {
	Server   string `default:"http://127.0.0.1:8080" env:"FANFARE_SERVER" placeholder:"URL" help:"Which server to ask (${default})."`
	JSON     bool   `name:"json" help:"Print the search's last view as JSON instead of a table."`
	Market   string `placeholder:"GB" help:"Country of sale; the server has a default."`
	Currency string `placeholder:"GBP" help:"To show prices in; default the market's."`
	Limit    *int   `placeholder:"N" help:"How many results to show, at most 200."`
	MaxPrice string `placeholder:"AMOUNT" help:"In the currency shown."`
}

type searchFlightsCmd struct {
	searchFlags
	From        string `arg:"" help:"Airport or metro area: LHR, LON."`
	To          string `arg:"" help:"Airport or metro area."`
	Date        string `arg:"" help:"Of departure: 2027-03-01."`
	Return      string `placeholder:"DATE" help:"Of the way back; without it, one way."`
	Adults      *int   `placeholder:"N" help:"Default 1."`
	ChildAges   []int  `placeholder:"7,9" help:"Of children from 2 to 17."`
	InfantsLap  *int   `placeholder:"N" help:"Under 2, on a lap."`
	InfantsSeat *int   `placeholder:"N" help:"Under 2, in a seat."`
	Cabin       string `placeholder:"C" help:"economy, premium_economy, business or first."`
	Sort        string `placeholder:"BY" help:"best, cheapest, fastest, departure, arrival or choice."`
	MaxStops    *int   `placeholder:"N" help:"In any one direction."`
}

// Run follows a search of flights to its end.
func (cmd *searchFlightsCmd) Run(ctx context.Context, std streams) error {
	s := slice{"origin": cmd.From, "destination": cmd.To, "date": cmd.Date}
	slices := []slice{s}
	if cmd.Return != "" {
		slices = append(slices, slice{"origin": cmd.To, "destination": cmd.From, "date": cmd.Return})
	}
	passengers := map[string]any{}
	put(passengers, "adults", cmd.Adults)
	put(passengers, "infants_lap", cmd.InfantsLap)
	put(passengers, "infants_seat", cmd.InfantsSeat)
	if len(cmd.ChildAges) > 0 {
		passengers["child_ages"] = cmd.ChildAges
	}
	q := map[string]any{"slices": slices, "passengers": passengers}
	putText(q, "cabin", cmd.Cabin)
	view := map[string]any{}
	putText(view, "sort", cmd.Sort)
	put(view, "max_stops", cmd.MaxStops)
	return follow(ctx, std, &cmd.searchFlags, travel.Flights, q, view, flightTable)
}

type slice map[string]string

type searchHotelsCmd struct {
	searchFlags
	Place            string   `arg:"" help:"A place such as PAR, or latitude,longitude,kilometres."`
	CheckIn          string   `arg:"" help:"First night: 2027-03-01."`
	CheckOut         string   `arg:"" help:"Day of leaving: 2027-03-04."`
	Rooms            string   `placeholder:"2,1-7" help:"Rooms by comma; in each adults, then children's ages, joined by -. Default 2."`
	Sort             string   `placeholder:"BY" help:"best, cheapest, stars or distance."`
	MinStars         string   `placeholder:"N" help:"At least so many stars."`
	Board            []string `placeholder:"B" help:"room_only, bed_and_breakfast and so on."`
	FreeCancellation bool     `help:"Only what can be cancelled for nothing."`
}

// Run follows a search of hotels to its end.
func (cmd *searchHotelsCmd) Run(ctx context.Context, std streams) error {
	q := map[string]any{"destination": destination(cmd.Place), "check_in": cmd.CheckIn, "check_out": cmd.CheckOut}
	if cmd.Rooms != "" {
		rooms, err := roomsOf(cmd.Rooms)
		if err != nil {
			return errUsage{err}
		}
		q["rooms"] = rooms
	}
	view := map[string]any{}
	putText(view, "sort", cmd.Sort)
	putText(view, "min_stars", cmd.MinStars)
	putText(view, "board", strings.Join(cmd.Board, ","))
	if cmd.FreeCancellation {
		view["free_cancellation"] = 1
	}
	return follow(ctx, std, &cmd.searchFlags, travel.Hotels, q, view, stayTable)
}

// destination is a place's id, or a circle if the text has two commas.
func destination(text string) map[string]any {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return map[string]any{"place": text}
	}
	circle := map[string]any{}
	for i, name := range []string{"lat", "lon", "radius_km"} {
		circle[name] = parts[i] // the server says what is wrong with a text
		if v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64); err == nil {
			circle[name] = v
		}
	}
	return circle
}

type room struct {
	Adults    int   `json:"adults"`
	ChildAges []int `json:"child_ages"`
}

// roomsOf reads 2,1-7-9: rooms by comma; in each, adults, then children's ages.
func roomsOf(text string) ([]room, error) {
	var rooms []room
	for _, part := range strings.Split(text, ",") {
		r := room{ChildAges: []int{}}
		for i, number := range strings.Split(part, "-") {
			n, err := strconv.Atoi(strings.TrimSpace(number))
			switch {
			case err != nil:
				return nil, fmt.Errorf("--rooms %s: rooms by comma, in each adults, then children's ages, joined by -: such as 2,1-7", text)
			case i == 0:
				r.Adults = n
			default:
				r.ChildAges = append(r.ChildAges, n)
			}
		}
		rooms = append(rooms, r)
	}
	return rooms, nil
}

func put(fields map[string]any, name string, n *int) {
	if n != nil {
		fields[name] = *n
	}
}

func putText(fields map[string]any, name, text string) {
	if text != "" {
		fields[name] = text
	}
}

// shownSearch is what the terminal shows of a view; R is a result.
type shownSearch[R any] struct {
	Status   string        `json:"status"`
	Query    shownQuery    `json:"query"`
	Coverage api.Coverage  `json:"coverage"`
	Partners []api.Partner `json:"partners"`
	Counts   api.Counts    `json:"counts"`
	Results  []R           `json:"results"`
}

// errStopped is the end of a search by Ctrl-C.
var errStopped = errors.New("stopped before all partners had answered")

// follow starts or joins a search, shows how partners answer, and ends with its
// table or document on stdout.
func follow[R any](ctx context.Context, std streams, flags *searchFlags, product travel.Product, query, view map[string]any, table func([]R, []api.Partner) grid) error {
	putText(query, "market", flags.Market)
	putText(view, "currency", flags.Currency)
	putText(view, "max_price", flags.MaxPrice)
	put(view, "limit", flags.Limit)
	client, err := newSearchClient(flags.Server, product, view)
	if err != nil {
		return errUsage{err}
	}
	defer client.http.CloseIdleConnections()
	out := newDisplay(std, flags.JSON)
	defer out.close()
	b, err := client.create(ctx, query)
	if err == nil {
		err = watch(ctx, client, b, std.tick, func(spin int) error {
			s, err := shownAs[R](b)
			if err == nil {
				out.show(s.frame(table, product, spin))
			}
			return err
		})
	}
	if err != nil && ctx.Err() != nil {
		err = errStopped
	}
	if b == nil || err != nil {
		return err
	}
	s, err := shownAs[R](b)
	if err != nil {
		return err
	}
	out.clear()
	if flags.JSON {
		if _, err := fmt.Fprintf(std.out, "%s\n", b.document()); err != nil {
			return err
		}
	} else if err := out.finish(s.final(table, product)); err != nil {
		return err
	}
	if s.Status == "failed" {
		return errors.New("the search failed: no partner gave an answer that can be used")
	}
	return nil
}

// viewValues are the view's fields as parameters of a stream.
func viewValues(view map[string]any) url.Values {
	values := url.Values{}
	for name, v := range view {
		values.Set(name, fmt.Sprint(v))
	}
	return values
}
