package aggregator

import (
	"math"

	"fanfare/aggregator/page"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// estimate notes what history says of the partners that the snapshot has and lacks.
func (s *Snapshot) estimate(past *history) {
	if s.Query.Product != travel.Flights {
		return
	}
	var at standing
	for i := range s.Partners {
		p := &s.Partners[i]
		if pending(p.Status) {
			s.pages.Outstanding.Partners++
		}
		switch {
		case p.Status == fault.NotApplicable:
			continue
		case p.Usable():
			at.answered = append(at.answered, p.Name)
			continue
		case pending(p.Status):
			at.pending = append(at.pending, p.Name)
		}
		at.missing = append(at.missing, p.Name)
	}
	f := past.forecast(routeOf(&s.Query), s.UpdatedAt, at)
	s.MissingCheapest, s.ExpectedShare = f.cheapest, f.share
	if f.saving != nil {
		saving := int64(math.Ceil(*f.saving * page.Millionths))
		s.pages.Outstanding.Saving = &saving
	}
}

func pending(s fault.Status) bool { return s == fault.Asking || s == fault.Queued }
