package aggregator

import (
	"cmp"
	"slices"
	"time"

	"fanfare/providers/fault"
)

// addLocked puts a partner into the search, with a kept answer if there is one.
func (s *Search) addLocked(source Partner, now time.Time) *partner {
	p := &partner{source: source, status: fault.Asking}
	s.partners = append(s.partners, p)
	if cause := source.Applicable(s.Query); cause != fault.None {
		p.status, p.cause = fault.NotApplicable, cause
		return p
	}
	kept, ok := s.kept.answer(source)
	if !ok || !now.Before(kept.Answer.HardUntil) {
		s.agg.lookup("miss")
		return p
	}
	current := s.again(kept, now, s.agg.cfg.Rates())
	if kept.Offers() > 0 && current.Offers() == 0 { // each price is past its own hard limit
		s.agg.lookup("miss")
		return p
	}
	p.apply(current, now)
	if now.Before(p.standing.Answer.FreshUntil) {
		s.agg.lookup("hit")
	} else {
		s.agg.lookup("stale")
	}
	return p
}

// reconcileLocked makes the search's partners those of the aggregator: gone ones are removed with
// their answers, and if it is whole, changed ones are too, and new and changed ones added
// unasked.
func (s *Search) reconcileLocked(whole bool) (changed bool) {
	wanted := *s.agg.partners.Load()
	kept := s.partners[:0:0]
	for _, p := range s.partners {
		if slices.ContainsFunc(wanted, func(w Partner) bool { return w == p.source || !whole && w.Name() == p.source.Name() }) {
			kept = append(kept, p)
		}
	}
	changed = len(kept) != len(s.partners)
	s.partners = kept
	if !whole {
		return changed
	}
	now := s.agg.now()
	for _, source := range wanted {
		if !slices.ContainsFunc(s.partners, func(p *partner) bool { return p.source == source }) {
			p := s.addLocked(source, now)
			if p.status == fault.Asking {
				p.status = fault.Queued
			}
			changed = true
		}
	}
	slices.SortFunc(s.partners, func(x, y *partner) int { return cmp.Compare(x.source.Name(), y.source.Name()) })
	return changed
}

// partnersReplaced takes the aggregator's new partners in. Who still waits for the search waits
// for the new ones too. A search that has ended has not asked them: they come in when it is asked
// again, and until then what a partner has said under another declaration stands.
func (s *Search) partnersReplaced() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.reconcileLocked(!s.round.terminal) {
		return
	}
	if !s.round.terminal {
		s.askLocked(s.selectPartnersLocked((*partner).unasked, s.agg.now()))
	}
	s.publishLocked()
}

// selectPartnersLocked are the partners for which is holds.
func (s *Search) selectPartnersLocked(is func(p *partner, now time.Time) bool, now time.Time) (targets []*partner) {
	for _, p := range s.partners {
		if is(p, now) {
			targets = append(targets, p)
		}
	}
	return targets
}
