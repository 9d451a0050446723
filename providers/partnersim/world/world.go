// Package world is what simulated partners sell: airports, carriers, schedules, trips, hotels, rooms
// and their prices, all of which follow from one seed. It knows no vendor and no wire format.
package world

import (
	"slices"
	"sync"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// World is everything that simulated partners sell: one schedule, one set of
// properties and one level of prices, of which each partner covers a part. It is
// safe for concurrent use.
type World struct {
	seed  rng.RNG
	Atlas *places.Atlas
	Now   func() time.Time
	Net   *network
	tiers map[travel.Airport]int

	airports *Memo[travel.Airport, *Airport]
	feed     *Memo[travel.Airport, []carrierAt]
	routes   *Memo[[2]travel.Airport, *route]
	days     *Memo[dayKey, []*Flight]
	journeys *Memo[journeyKey, []*Journey]
	hotels   *Memo[gridCell, []*Property]
	Rendered *exchange.BodyCache

	townsOnce sync.Once
	Towns     townMap // from townsOnce on

	mu       sync.RWMutex        // guards the field below
	partners map[Market][]string // names
}

// New is the world of a seed. now is its clock, on which prices and days to
// departure depend; nil is time.Now.
func New(seed uint64, atlas *places.Atlas, now func() time.Time) *World {
	if now == nil {
		now = time.Now
	}
	return &World{
		seed: rng.RNG(0).Num(int64(seed)), Atlas: atlas, Now: now, Net: newNetwork(), tiers: tiers(),
		airports: NewMemo[travel.Airport, *Airport](20000),
		feed:     NewMemo[travel.Airport, []carrierAt](20000),
		routes:   NewMemo[[2]travel.Airport, *route](50000),
		days:     NewMemo[dayKey, []*Flight](20000),
		journeys: NewMemo[journeyKey, []*Journey](500),
		hotels:   NewMemo[gridCell, []*Property](60000),
		Rendered: exchange.NewBodyCache(96 << 20),
		partners: map[Market][]string{},
	}
}

func (w *World) rng(decision string) rng.RNG { return w.seed.Str(decision) }

// Tick is how long prices stand still. Answers are the same within one tick.
const Tick = 10 * time.Minute

// Moment is the beginning of the tick that the clock is in.
func (w *World) Moment() time.Time { return w.Now().UTC().Truncate(Tick) }

// Airport is the airport of a code, nil if the atlas has none or the world cannot tell its time.
func (w *World) Airport(code travel.Airport) *Airport {
	return w.airports.Get(code, func() *Airport {
		a, ok := w.Atlas.Airport(code)
		if !ok || onGround(a.Name) {
			return nil
		}
		zone := w.Atlas.Zone(code)
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
		return &Airport{Airport: a, Location: zone, Tier: tier}
	})
}

// Expand is the airports that a code of a question stands for: itself, or those of a metro area, largest first and at most eight.
func (w *World) Expand(code travel.Airport) []*Airport {
	var all []*Airport
	for _, c := range w.Atlas.Airports(code) {
		if a := w.Airport(c); a != nil {
			all = append(all, a)
		}
	}
	return largest(all, 8)
}

// Join adds a partner to those of its market, among whom exclusive things are divided.
func (w *World) Join(m Market, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.partners[m], name) {
		w.partners[m] = append(w.partners[m], name)
	}
}
