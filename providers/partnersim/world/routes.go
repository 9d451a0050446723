package world

import (
	"slices"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// service is one carrier flying one route in one direction, week after week.
type service struct {
	*Carrier
	PerWeek int // up to 7: on some days of the week; above: PerWeek/7 each day
	rng     rng.RNG
	base    int // flight numbers start here
	Shares  []share
}

// share is a carrier that sells the service's flights under numbers of its own.
type share struct {
	*Carrier
	Base int
}

// route is every nonstop between two airports, in one direction.
type route struct {
	from, to *Airport
	km       int
	Services []service
}

// dailyByDistance is how many flights a day a great hub sends to a great hub.
var dailyByDistance = []struct{ upTo, permille int }{
	{900, 8500}, {1800, 7500}, {3300, 6500}, {6500, 6200}, {9500, 3000}, {12500, 1900}, {20100, 1100},
}

// attraction is how strongly an airport of each tier draws flights, in permille:
// on short routes, and on long ones (over 4500 km), which only large places sustain.
var attraction = [2][6]int{{10, 50, 150, 340, 620, 1000}, {0, 4, 30, 170, 470, 1000}}

// fullRange is the longest nonstop there is.
const fullRangeKM = 15400

// Route computes who flies from one airport to the other; it is cached.
func (w *World) Route(from, to *Airport) *route {
	key := [2]travel.Airport{from.Code, to.Code}
	return w.routes.Get(key, func() *route { return w.newRoute(from, to) })
}

func (w *World) newRoute(from, to *Airport) *route {
	r := &route{from: from, to: to, km: Km(from, to)}
	if from.Metro == to.Metro && r.km < 150 || r.km < 60 {
		return r // nobody flies across town
	}
	weekly := map[*Carrier]int{}
	for _, end := range [2][2]*Airport{{from, to}, {to, from}} {
		for _, ch := range w.Net.byHub[end[0].Code] {
			weekly[ch.Carrier] = max(weekly[ch.Carrier], w.perWeek(ch, end[0], end[1], r.km))
		}
	}
	used := map[int]bool{}
	for _, c := range w.Net.carriers {
		if weekly[c] == 0 {
			continue
		}
		s := service{Carrier: c, PerWeek: weekly[c], rng: w.rng("route").Str(string(c.Code)).Str(string(from.Code)).Str(string(to.Code))}
		s.base = numberBase(s.rng, c, r.km)
		for used[s.base] {
			s.base += 200
		}
		used[s.base] = true
		r.Services = append(r.Services, s)
	}
	for i := range r.Services {
		w.addShares(r, &r.Services[i], used)
	}
	return r
}

// addShares finds who sells a service under numbers of their own: partners with a
// hub at either end nearly always, others now and then.
func (w *World) addShares(r *route, s *service, used map[int]bool) {
	if s.Kind != full && s.PerWeek < 7 {
		return
	}
	for _, c := range w.Net.carriers {
		if c == s.Carrier || c.Kind != full || !w.Net.Together(c, s.Carrier) {
			continue
		}
		likely := 20
		if w.Net.partners[[2]travel.Carrier{c.Code, s.Code}] {
			likely = 150
		}
		if w.isHub(c, r.from) || w.isHub(c, r.to) {
			likely = 800
		}
		d := s.rng.Str("share").Str(string(c.Code))
		if !d.Chance(likely) {
			continue
		}
		base := 2000 + 10*d.Str("number").Roll(700)
		for used[base] {
			base += 10
		}
		used[base] = true
		s.Shares = append(s.Shares, share{c, base})
	}
}

// numberBase is where a service's flight numbers start: low ones are for long routes.
func numberBase(d rng.RNG, c *Carrier, km int) int {
	switch {
	case c.Kind == lean:
		return 1000 + 10*d.Roll(700)
	case km > 4000:
		return 1 + 10*d.Roll(40)
	}
	return 400 + 10*d.Roll(250)
}

// perWeek is how many times a week a carrier flies between its hub and the other
// airport, 0 if not at all. It is the same in both directions.
func (w *World) perWeek(ch carrierHub, home, away *Airport, km int) int {
	if km > min(ch.ReachKM, fullRangeKM) || outOfReach(home, km) || outOfReach(away, km) {
		return 0
	}
	long := 0
	if km > 4500 {
		long = 1
	}
	daily := int64(0) // permille
	for _, band := range dailyByDistance {
		if km <= band.upTo {
			daily = int64(band.permille)
			break
		}
	}
	daily = rng.Permille(daily, attraction[long][away.Tier]*ch.Scale/100)
	if long == 1 && ch.Scale < 100 {
		daily = rng.Permille(daily, ch.Scale*10) // small hubs have few long routes
	}
	if w.isHub(ch.Carrier, away) || home.Country == away.Country {
		daily = rng.Permille(daily, 1300)
	}
	if ch.Kind == lean && km > 3000 {
		daily = rng.Permille(daily, 450)
	}
	d := w.rng("serves").Str(string(ch.Code)).Str(string(home.Code)).Str(string(away.Code))
	daily = rng.Permille(daily, d.Between(550, 1350))
	if home.Tier == 5 && away.Tier == 5 && ch.Scale >= 75 {
		daily = max(daily, 1000) // great hubs are always linked
	}
	week := int(daily*7+500) / 1000
	if slices.Contains(w.feeders(away), carrierAt{ch.Code, home.Code}) {
		return max(week, 7)
	}
	if week < 7 && !d.Str("opened").Chance(week*100) {
		return 0 // thin routes are mostly not flown at all
	}
	return min(week, 70) // ten a day: flight numbers of a service are ten apart
}

func outOfReach(a *Airport, km int) bool {
	limit, short := shortRunway[a.Code]
	return short && km > limit
}

func (w *World) isHub(c *Carrier, a *Airport) bool {
	return slices.ContainsFunc(c.Hubs, func(h hub) bool { return h.Airport == a.Code })
}

// carrierAt names a carrier at one of its hubs.
type carrierAt struct {
	Carrier travel.Carrier
	Hub     travel.Airport
}

// feeders are the services that keep an airport on the map whatever its size: the
// nearest hub of a carrier that sells connections, and the nearest great hub.
func (w *World) feeders(a *Airport) []carrierAt {
	return w.feed.Get(a.Code, func() []carrierAt { return w.newFeeders(a) })
}

func (w *World) newFeeders(a *Airport) []carrierAt {
	const abroadKM = 700 // how much farther than a foreign hub one of the own country may be
	best, bestGreat := 1<<30, 1<<30
	var near, great carrierAt
	for _, code := range w.Net.Hubs {
		h := w.Airport(code)
		if h == nil || code == a.Code {
			continue
		}
		d := Km(h, a)
		cost := d
		if h.Country != a.Country {
			cost += abroadKM
		}
		for _, ch := range w.Net.byHub[code] {
			if ch.Kind != full || ch.Alliance == "" && ch.Scale < 60 || d > ch.ReachKM || d < 60 || outOfReach(h, d) || outOfReach(a, d) || h.Metro == a.Metro {
				continue
			}
			if c := cost - ch.Scale; c < best {
				best, near = c, carrierAt{ch.Code, code}
			}
			if c := cost - ch.Scale; h.Tier == 5 && ch.Scale >= 75 && c < bestGreat {
				bestGreat, great = c, carrierAt{ch.Code, code}
			}
		}
	}
	var all []carrierAt
	for _, f := range []carrierAt{near, great} {
		if f.Carrier != "" && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}
