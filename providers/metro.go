package providers

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// maxMetroCalls bounds the calls that one question for metro areas makes of a partner that
// knows airports only: London to New York would be 18 pairs. The pairs of main airports
// come first, where most flights are.
const maxMetroCalls = 4

// NoteMetroFailed counts the airports of a metro area that a partner gave no answer for,
// while it did for others.
const NoteMetroFailed = "metro_calls_failed"

// airportQueries are the questions that q makes where metro areas cannot be asked for: one
// for each choice of an airport for each area, the same in all slices, so that a return
// comes back to where it left. It is q alone if there is no metro area in it.
func airportQueries(q travel.Query, atlas *places.Atlas) []travel.Query {
	if q.Product != travel.Flights {
		return []travel.Query{q}
	}
	var areas []travel.Airport
	for _, s := range q.Slices {
		for _, code := range []travel.Airport{s.Origin, s.Destination} {
			if members := atlas.Airports(code); (len(members) > 1 || len(members) == 1 && members[0] != code) && !slices.Contains(areas, code) {
				areas = append(areas, code)
			}
		}
	}
	choices := []choice{{instead: map[travel.Airport]travel.Airport{}}}
	for _, area := range areas {
		var more []choice
		for _, c := range choices {
			for i, airport := range atlas.Airports(area) {
				more = append(more, c.with(area, airport, i))
			}
		}
		slices.SortStableFunc(more, func(a, b choice) int { return cmp.Compare(a.far, b.far) })
		choices = more[:min(len(more), maxMetroCalls)]
	}
	queries := make([]travel.Query, len(choices))
	for i, c := range choices {
		queries[i] = c.asked(q)
	}
	return queries
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

// asker asks one question through the guard. attempts is how many requests went out.
type asker func(ctx context.Context, q travel.Query) (a travel.Answer, attempts int)

// byAirports asks q, or, where the partner knows airports only, each of its airportQueries
// at once. What they say is one answer.
func (p *Provider) byAirports(ctx context.Context, q travel.Query, one asker) (travel.Answer, int) {
	if !p.cfg.AirportsOnly {
		return one(ctx, q)
	}
	queries := airportQueries(q, p.deps.Atlas)
	if len(queries) == 1 && slices.Equal(queries[0].Slices, q.Slices) {
		return one(ctx, q)
	}
	answers := make([]travel.Answer, len(queries))
	attempts := make([]int, len(queries))
	var wg sync.WaitGroup
	for i := range queries {
		wg.Go(func() { answers[i], attempts[i] = one(ctx, queries[i]) })
	}
	wg.Wait()
	sum := 0
	for _, n := range attempts {
		sum += n
	}
	joined := join(answers)
	for _, asked := range queries {
		joined.AskedAs = append(joined.AskedAs, string(asked.Slices[0].Origin)+"-"+string(asked.Slices[0].Destination))
	}
	return joined, sum
}

// join makes one answer of several: it failed only if all did, and then as the first.
func join(answers []travel.Answer) travel.Answer {
	var out travel.Answer
	failed := 0
	for i := range answers {
		a := &answers[i]
		out.OffersIn += a.OffersIn
		out.Offers = append(out.Offers, a.Offers...)
		for rule, n := range a.Drops {
			out.Drop(rule, n)
		}
		for name, n := range a.Notes {
			out.Note(name, n)
		}
		if a.Err != nil {
			failed++
		}
	}
	if failed == len(answers) {
		out.Err = answers[0].Err
	} else {
		out.Note(NoteMetroFailed, failed)
	}
	return out
}
