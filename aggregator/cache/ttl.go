package cache

import (
	"time"

	"fanfare/providers/travel"
)

// life is how long a price is fresh, and how long it may be shown at all.
type life struct {
	days       int // to departure or check-in, up to and including
	fresh, max time.Duration
}

// The table of docs/definitions.md 6. These are priors; learned ones come later.
var (
	flightLives = []life{
		{2, 2 * time.Minute, 5 * time.Minute},
		{13, 5 * time.Minute, 10 * time.Minute},
		{59, 10 * time.Minute, 10 * time.Minute},
		{1 << 30, 10 * time.Minute, 20 * time.Minute},
	}
	stayLives = []life{
		{2, 5 * time.Minute, 15 * time.Minute},
		{13, 10 * time.Minute, 30 * time.Minute},
		{59, 20 * time.Minute, time.Hour},
		{1 << 30, 30 * time.Minute, time.Hour},
	}
)

// noHit is how long "nothing" is believed (docs/definitions.md 6: negative caching 90 s).
const noHit = 90 * time.Second

// Lifetime is until when an answer taken at asOf is fresh, and until when it may be
// served at all. maxAge is the contract's cap, 0 for none.
func Lifetime(q travel.Query, asOf time.Time, empty bool, maxAge time.Duration) (fresh, hard time.Time) {
	lives, first := flightLives, travel.Date(0)
	if q.Product == travel.Hotels {
		lives, first = stayLives, q.CheckIn
	} else if len(q.Slices) > 0 {
		first = q.Slices[0].Date
	}
	days := int(first - travel.DateOf(asOf))
	l := lives[len(lives)-1]
	for _, candidate := range lives {
		if days <= candidate.days {
			l = candidate
			break
		}
	}
	if empty {
		l.fresh, l.max = noHit, noHit
	}
	if maxAge > 0 {
		l.fresh, l.max = min(l.fresh, maxAge), min(l.max, maxAge)
	}
	return asOf.Add(l.fresh), asOf.Add(l.max)
}
