package partnersim

import (
	"slices"
	"sync"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// World is everything that simulated partners sell: one schedule, one set of
// properties and one level of prices, of which each partner covers a part. It is
// safe for concurrent use.
type World struct {
	seed  dice
	atlas *places.Atlas
	now   func() time.Time
	net   *network
	tiers map[travel.Airport]int

	airports *memo[travel.Airport, *airport]
	feed     *memo[travel.Airport, []carrierAt]
	routes   *memo[[2]travel.Airport, *route]
	days     *memo[dayKey, []*flight]
	journeys *memo[journeyKey, []*journey]
	estates  *memo[gridCell, []*property]
	rendered *bodyCache

	townsOnce sync.Once
	towns     townMap // from townsOnce on

	mu       sync.RWMutex        // guards the field below
	partners map[market][]string // names
}

// NewWorld is the world of a seed. now is its clock, on which prices and days to
// departure depend; nil is time.Now.
func NewWorld(seed uint64, atlas *places.Atlas, now func() time.Time) *World {
	if now == nil {
		now = time.Now
	}
	return &World{
		seed: dice(0).num(int64(seed)), atlas: atlas, now: now, net: newNetwork(), tiers: tiers(),
		airports: newMemo[travel.Airport, *airport](20000),
		feed:     newMemo[travel.Airport, []carrierAt](20000),
		routes:   newMemo[[2]travel.Airport, *route](50000),
		days:     newMemo[dayKey, []*flight](20000),
		journeys: newMemo[journeyKey, []*journey](500),
		estates:  newMemo[gridCell, []*property](60000),
		rendered: newBodyCache(96 << 20),
		partners: map[market][]string{},
	}
}

func (w *World) dice(decision string) dice { return w.seed.str(decision) }

// tick is how long prices stand still. Answers are the same within one tick.
const tick = 10 * time.Minute

// moment is the beginning of the tick that the clock is in.
func (w *World) moment() time.Time { return w.now().UTC().Truncate(tick) }

// airport is the airport of a code, nil if the atlas has none or the world cannot tell its time.
func (w *World) airport(code travel.Airport) *airport {
	return w.airports.get(code, func() *airport {
		a, ok := w.atlas.Airport(code)
		if !ok || onGround(a.Name) {
			return nil
		}
		zone := w.atlas.Zone(code)
		if zone == nil {
			return nil
		}
		tier, known := w.tiers[code]
		if !known {
			tier = smallTier(a)
		}
		if a.Metro == "" {
			a.Metro = code
		}
		return &airport{Airport: a, zone: zone, tier: tier}
	})
}

// expand is the airports that a code of a question stands for: itself, or those of a metro area, largest first and at most eight.
func (w *World) expand(code travel.Airport) []*airport {
	var all []*airport
	for _, c := range w.atlas.Airports(code) {
		if a := w.airport(c); a != nil {
			all = append(all, a)
		}
	}
	return largest(all, 8)
}

// join adds a partner to those of its market, among whom exclusive things are divided.
func (w *World) join(m market, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.partners[m], name) {
		w.partners[m] = append(w.partners[m], name)
	}
}
