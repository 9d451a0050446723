package providers

import (
	"cmp"
	"context"
	"slices"

	"fanfare/providers/fault"
	"fanfare/providers/guard"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// maxMetroCalls bounds the calls that one question for metro areas makes of a partner that
// knows airports only: London to New York would be 18 pairs. The pairs of main airports
// come first, where most flights are.
const maxMetroCalls = 4

// Notes of a question for metro areas that was asked by airports.
const (
	// NoteMetroFailed counts the choices of airports that a partner gave no answer for, while
	// it did for others.
	NoteMetroFailed = "metro_calls_failed"
	// NoteMetroNotAsked counts the choices of airports that no call was made for: those beyond
	// maxMetroCalls, and those that a limit refused.
	NoteMetroNotAsked = "metro_pairs_not_asked"
)

// airportQueries are the questions that q makes where metro areas cannot be asked for: one
// for each choice of an airport for each area, the same in all slices, so that a return
// comes back to where it left. It is q alone if there is no metro area in it. left is how many
// more choices there are than are asked.
func airportQueries(q travel.Query, atlas *places.Atlas) (queries []travel.Query, left int) {
	if q.Product != travel.Flights {
		return []travel.Query{q}, 0
	}
	var areas []travel.Airport
	for _, s := range q.Slices {
		for _, code := range []travel.Airport{s.Origin, s.Destination} {
			if members := atlas.Airports(code); (len(members) > 1 || len(members) == 1 && members[0] != code) && !slices.Contains(areas, code) {
				areas = append(areas, code)
			}
		}
	}
	choices, all := []choice{{instead: map[travel.Airport]travel.Airport{}}}, 1
	for _, area := range areas {
		all *= len(atlas.Airports(area))
		var more []choice
		for _, c := range choices {
			for i, airport := range atlas.Airports(area) {
				more = append(more, c.with(area, airport, i))
			}
		}
		slices.SortStableFunc(more, func(a, b choice) int { return cmp.Compare(a.far, b.far) })
		choices = more[:min(len(more), maxMetroCalls)]
	}
	queries = make([]travel.Query, len(choices))
	for i, c := range choices {
		queries[i] = c.asked(q)
	}
	return queries, all - len(choices)
}

// choice is an airport for each of some metro areas; far is how far from the main ones it is.
type choice struct {
	instead map[travel.Airport]travel.Airport
	far     int
}

func (c choice) with(area, airport travel.Airport, position int) choice {
	next := choice{map[travel.Airport]travel.Airport{area: airport}, c.far + position}
	for a, b := range c.instead {
		next.instead[a] = b
	}
	return next
}

func (c choice) asked(q travel.Query) travel.Query {
	q.Slices = slices.Clone(q.Slices)
	for i := range q.Slices {
		s := &q.Slices[i]
		if airport, ok := c.instead[s.Origin]; ok {
			s.Origin = airport
		}
		if airport, ok := c.instead[s.Destination]; ok {
			s.Destination = airport
		}
	}
	return q
}

// askAirports asks each of the queries at once, in place of one that they stand for. Their
// answers are one answer. The main airports come first and have what quota there is. left is
// how many more choices of airports there were.
func (p *Provider) askAirports(ctx context.Context, queries []travel.Query, left int, as guard.Question) travel.Answer {
	calls := make([]guard.Call, len(queries))
	for i, q := range queries {
		calls[i] = p.call(q)
	}
	answers := p.guard.DoAll(ctx, as, calls)
	joined := join(answers)
	for i, asked := range queries {
		if answers[i].Attempts == 0 {
			left++
			continue
		}
		joined.AskedAs = append(joined.AskedAs, string(asked.Slices[0].Origin)+"-"+string(asked.Slices[0].Destination))
	}
	joined.Note(NoteMetroNotAsked, left)
	return joined
}

// join makes one answer of several. It has the error of the first that failed, beside what the
// others brought.
func join(answers []travel.Answer) travel.Answer {
	var out travel.Answer
	errs := make([]error, len(answers))
	failed, answered := 0, false
	for i := range answers {
		a := &answers[i]
		out.Attempts += a.Attempts
		out.AddCounts(a)
		out.Offers = append(out.Offers, a.Offers...)
		if errs[i] = a.Err; a.Err != nil {
			failed++
		}
		answered = answered || a.Err == nil || fault.Of(a.Err).Partial
	}
	if answered {
		out.Note(NoteMetroFailed, failed)
	}
	out.Err = fault.OfCalls(answered, errs...)
	return out
}
