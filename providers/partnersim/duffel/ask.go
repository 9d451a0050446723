package duffel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// questionDoc is the vendor's request body, every field that it documents.
type questionDoc struct {
	Data *struct {
		Slices         []sliceAsked     `json:"slices"`
		Passengers     []passengerAsked `json:"passengers"`
		CabinClass     *string          `json:"cabin_class"`
		MaxConnections *int             `json:"max_connections"`
		PrivateFares   json.RawMessage  `json:"private_fares"`
		AirlineCredits json.RawMessage  `json:"airline_credit_ids"`
	} `json:"data"`
}

type sliceAsked struct {
	Origin        string          `json:"origin"`
	Destination   string          `json:"destination"`
	DepartureDate string          `json:"departure_date"`
	DepartureTime json.RawMessage `json:"departure_time"`
	ArrivalTime   json.RawMessage `json:"arrival_time"`
}

type passengerAsked struct {
	Type       *string         `json:"type"`
	Age        *int            `json:"age"`
	FareType   *string         `json:"fare_type"`
	GivenName  *string         `json:"given_name"`
	FamilyName *string         `json:"family_name"`
	Loyalty    json.RawMessage `json:"loyalty_programme_accounts"`
}

// request is a question that the vendor would accept.
type request struct {
	world.Ask
	origins, destinations []travel.Airport // as asked, slice by slice
	passengers            []passengerAsked
	cabin                 *string // as asked
}

// Limits of a Duffel offer request.
const (
	maxSlices     = 6
	maxPassengers = 9
)

// parse reads a request body as strictly as the vendor does.
func (p *air) parse(question []byte, now time.Time) (*request, []errorDoc) {
	var q questionDoc
	dec := json.NewDecoder(bytes.NewReader(question))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return nil, []errorDoc{*jsonError(err)}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, []errorDoc{errJSON}
	}
	if q.Data == nil {
		return nil, []errorDoc{errNoData}
	}
	req := &request{passengers: q.Data.Passengers, cabin: q.Data.CabinClass}
	req.MaxStops = 1 // the vendor's default
	var errs []errorDoc
	complain := func(code, field, pointer, format string, args ...any) {
		errs = append(errs, *invalid(code, field, pointer, fmt.Sprintf(format, args...)))
	}
	if m := q.Data.MaxConnections; m != nil {
		if req.MaxStops = *m; *m < 0 {
			complain("validation_inclusion", "max_connections", "/max_connections", "Field 'max_connections' must be greater than or equal to 0")
		}
	}
	req.Ask.Cabin = travel.Economy
	if c := q.Data.CabinClass; c != nil {
		if req.Ask.Cabin = travel.Cabin(*c); !req.Ask.Cabin.Known() {
			complain("validation_inclusion", "cabin_class", "/cabin_class", "Field 'cabin_class' must be one of first, business, premium_economy, economy")
		}
	}
	p.parseSlices(req, q.Data.Slices, now, complain)
	parsePassengers(req, complain)
	return req, errs
}

// jsonError tells bad syntax, unknown fields and wrong types apart.
func jsonError(err error) *errorDoc {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		name := strings.TrimPrefix(wrong.Field, "data.")
		return invalid("validation_type", name, "/"+strings.ReplaceAll(name, ".", "/"), "Field '"+name+"' has the wrong type")
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		name = strings.Trim(name, `"`)
		return invalid("validation_unknown", name, "/"+name, "Field '"+name+"' is not known")
	}
	return &errJSON
}

type complaint func(code, field, pointer, format string, args ...any)

func (p *air) parseSlices(req *request, asked []sliceAsked, now time.Time, complain complaint) {
	switch n := len(asked); {
	case n == 0:
		complain("validation_required", "slices", "/slices", "Field 'slices' can't be blank")
	case n > maxSlices:
		complain("validation_length", "slices", "/slices", "Field 'slices' should have at most %d item(s)", maxSlices)
		return
	}
	var last travel.Date
	for i, s := range asked {
		at := fmt.Sprintf("/slices/%d/", i)
		out := world.AskSlice{From: p.airports(s.Origin, at, "origin", complain), To: p.airports(s.Destination, at, "destination", complain)}
		if s.Origin != "" && s.Origin == s.Destination {
			complain("validation_invalid", "destination", at+"destination", "Field 'destination' can't be the same as 'origin'")
		}
		date, err := travel.ParseDate(s.DepartureDate)
		switch {
		case s.DepartureDate == "":
			complain("validation_required", "departure_date", at+"departure_date", "Field 'departure_date' can't be blank")
		case err != nil:
			complain("validation_format", "departure_date", at+"departure_date", "Field 'departure_date' must be a valid ISO 8601 date")
		case len(out.From) > 0 && date < travel.DateOf(now.In(out.From[0].Location)):
			complain("validation_invalid", "departure_date", at+"departure_date", "Field 'departure_date' must be after %s", travel.DateOf(now).AddDays(-1))
		case date < last:
			complain("validation_invalid", "departure_date", at+"departure_date", "Field 'departure_date' must be on or after %s", last)
		}
		last = max(last, date)
		if int(date-travel.DateOf(now)) > world.DaysAhead {
			out.From = nil // nobody sells that far ahead yet: an empty answer
		}
		out.Date = date
		req.Slices = append(req.Slices, world.Narrow(out))
		req.origins = append(req.origins, travel.Airport(s.Origin))
		req.destinations = append(req.destinations, travel.Airport(s.Destination))
	}
}

func (p *air) airports(code, at, field string, complain complaint) []*world.Airport {
	if code == "" {
		complain("validation_required", field, at+field, "Field '%s' can't be blank", field)
		return nil
	}
	all := p.World.Expand(travel.Airport(code))
	if len(all) == 0 {
		complain("validation_invalid", field, at+field, "Field '%s' must be a valid IATA airport or city code", field)
	}
	return all
}

func parsePassengers(req *request, complain complaint) {
	switch n := len(req.passengers); {
	case n == 0:
		complain("validation_required", "passengers", "/passengers", "Field 'passengers' can't be blank")
	case n > maxPassengers:
		complain("validation_length", "passengers", "/passengers", "Field 'passengers' should have at most %d item(s)", maxPassengers)
	}
	count := [3]int{}
	for i, pax := range req.passengers {
		at := fmt.Sprintf("/passengers/%d/", i)
		kind := world.Adult
		switch {
		case pax.Type != nil && pax.Age != nil:
			complain("validation_invalid", "age", at+"age", "A passenger can have only a type or an age, but not both")
		case pax.Age != nil:
			switch age := *pax.Age; {
			case age < 0 || age > 120:
				complain("validation_inclusion", "age", at+"age", "Field 'age' must be between 0 and 120")
			case age < 2:
				kind = world.Infant
			case age < 12:
				kind = world.Child
			}
		case pax.Type == nil && pax.FareType == nil:
			complain("validation_required", "type", at+"type", "Field 'type' can't be blank")
		case pax.Type == nil || *pax.Type == "adult":
		case *pax.Type == "child":
			kind = world.Child
		case *pax.Type == "infant_without_seat":
			kind = world.Infant
		default:
			complain("validation_inclusion", "type", at+"type", "Field 'type' must be one of adult, child, infant_without_seat")
		}
		count[kind]++
		req.Pax = append(req.Pax, kind)
	}
	if count[world.Infant] > count[world.Adult] {
		complain("validation_invalid", "passengers", "/passengers", "Each infant without a seat must travel with an adult of its own")
	}
}
