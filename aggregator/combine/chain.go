package combine

import (
	"math/bits"
	"slices"
	"time"

	"fanfare/aggregator/rank"
	"fanfare/providers/travel"
)

// chain is one ticket of each part, in the order flown.
type chain []*ticket

// state is the best way to a ticket by each criterion, for one set of partners used so far.
type state struct {
	value [criteria]int64
	from  [criteria]step
}

// step is the ticket before, and the partners used up to it.
type step struct{ ticket, used int32 }

// best are the best combinations by each criterion of exactly this set of partners: at
// most one a criterion. It goes part by part and keeps, for each ticket and each subset of
// the partners used so far, the best way to it.
func (h *shortlister) best(t *Trip, set []int) []chain {
	full := 1<<len(set) - 1
	tickets := make([][]*ticket, len(h.parts))
	for i := range h.parts {
		tickets[i] = h.of(i, set)
	}
	ways := h.unreached(tickets, full+1)
	for i := range h.parts {
		for j, one := range tickets[i] {
			if i == 0 {
				copy(ways[i][j][one.bit].value[:], one.weights[:])
				continue
			}
			left := len(h.parts) - 1 - i
			for before, last := range tickets[i-1] {
				if !completes(ways[i-1][before], one.bit, full, left) {
					continue
				}
				if extra, meet := t.meet(last, one); meet {
					extend(ways[i][j], ways[i-1][before], before, one, &extra)
				}
			}
		}
	}
	return collect(tickets, ways, full)
}

// of are the part's tickets of the set's partners.
func (h *shortlister) of(part int, set []int) []*ticket {
	var all []*ticket
	for n, p := range set {
		own := h.parts[part].tickets[h.partners[p]]
		for _, one := range own {
			one.bit = 1 << n
		}
		all = append(all, own...)
	}
	return all
}

// unreached are the states of each part's tickets for n subsets of partners, to none of
// which there is a way yet. They share the memory of those of the set before.
func (h *shortlister) unreached(tickets [][]*ticket, n int) [][][]state {
	size := 0
	for _, part := range tickets {
		size += n * len(part)
	}
	h.states = slices.Grow(h.states[:0], size)[:size]
	for i := range h.states {
		for c := range h.states[i].value {
			h.states[i].value[c] = never
		}
	}
	ways := make([][][]state, len(tickets)) // part -> ticket -> partners used
	rest := h.states
	for i, part := range tickets {
		ways[i] = make([][]state, len(part))
		for j := range part {
			ways[i][j], rest = rest[:n:n], rest[n:]
		}
	}
	return ways
}

// completes reports whether a way to the ticket before can still use every partner of the set,
// with one more and so many parts left.
func completes(from []state, bit, full, left int) bool {
	for used := range from {
		if from[used].value[byPrice] != never && bits.OnesCount(uint(full&^(used|bit))) <= left {
			return true
		}
	}
	return false
}

// extend takes the ways to the ticket before on to one.
func extend(to, from []state, before int, one *ticket, extra *[criteria]int64) {
	for used := range from {
		for c, value := range from[used].value {
			if value == never {
				break // reached by all criteria, or by none
			}
			s := &to[used|one.bit]
			if sum := value + extra[c] + one.weights[c]; sum < s.value[c] {
				s.value[c], s.from[c] = sum, step{int32(before), int32(used)}
			}
		}
	}
}

// collect walks back from the best end of each criterion.
func collect(tickets [][]*ticket, ways [][][]state, full int) []chain {
	var all []chain
	end := len(ways) - 1
	for c := range criteria {
		at, least := -1, int64(never)
		for j := range ways[end] {
			if value := ways[end][j][full].value[c]; value < least {
				at, least = j, value
			}
		}
		if at < 0 {
			return nil
		}
		found := make(chain, len(ways))
		now := step{int32(at), int32(full)}
		for i := end; i >= 0; i-- {
			found[i] = tickets[i][now.ticket]
			now = ways[i][now.ticket][now.used].from[c]
		}
		if !slices.ContainsFunc(all, func(other chain) bool { return slices.Equal(other, found) }) {
			all = append(all, found)
		}
	}
	return all
}

// The bounds of a connection between two tickets.
const (
	maxLayover  = 24 * time.Hour // as long as airlines call it a connection
	maxSegments = 3              // of a slice of two tickets
)

// meet reports whether out can be caught after in, and what changing adds to each criterion.
func (t *Trip) meet(in, out *ticket) (extra [criteria]int64, ok bool) {
	a, b := in.last(), out.first()
	gap := b.Departs.Sub(a.Arrives)
	if gap < travel.LongestTransferBuffer && gap < t.transfer(in, out).Buffer(a, b) {
		return extra, false
	}
	if !t.Connect {
		return extra, true
	}
	if gap > maxLayover || !t.Atlas.SameArea(a.Destination, b.Origin) || len(in.result.Slices[0])+len(out.result.Slices[0]) > maxSegments || revisits(in, out) {
		return extra, false
	}
	facts := rank.ConnectionFacts(a, b, true)
	extra[byScore] = rank.Total(&facts, rank.Cost{}, t.Options)
	extra[byDuration] = then(facts.DurationMinutes, 0)
	extra[byConnections] = then(1, 0)
	return extra, true
}

// transfer is what is known of the change between two tickets.
func (t *Trip) transfer(in, out *ticket) travel.Transfer {
	return travel.Transfer{
		Domestic: t.domestic(in.last()) && t.domestic(out.first()),
		Bags:     !bagless(in.quote.Offer) || !bagless(out.quote.Offer),
	}
}

func (t *Trip) domestic(s *travel.Segment) bool {
	from, known := t.Atlas.Airport(s.Origin)
	to, other := t.Atlas.Airport(s.Destination)
	return known && other && from.Country == to.Country
}

// bagless reports whether the fare is known to include no checked bag; somebody who may have
// one has to collect it.
func bagless(o *travel.Offer) bool {
	n, known := o.Fare.CheckedBags.Count()
	return known && n == 0
}

// revisits reports whether the second ticket goes back to where the first has been.
func revisits(in, out *ticket) bool {
	been := in.result.Slices[0]
	for i := range out.result.Slices[0] {
		to := out.result.Slices[0][i].Destination
		for j := range been {
			if been[j].Origin == to || been[j].Destination == to {
				return true
			}
		}
	}
	return false
}
