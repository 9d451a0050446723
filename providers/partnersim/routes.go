package partnersim

import (
	"slices"

	"fanfare/providers/travel"
)

// service is one carrier flying one route in one direction, week after week.
type service struct {
	*carrier
	PerWeek int // up to 7: on some days of the week; above: PerWeek/7 each day
	dice    dice
	base    int // flight numbers start here
	shares  []share
}

// share is a carrier that sells the service's flights under numbers of its own.
type share struct {
	*carrier
	base int
}

// route is every nonstop between two airports, in one direction.
type route struct {
	from, to *airport
	km       int
	services []service
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

// route computes who flies from one airport to the other; it is cached.
func (w *World) route(from, to *airport) *route {
	key := [2]travel.Airport{from.Code, to.Code}
	return w.routes.get(key, func() *route { return w.newRoute(from, to) })
}

func (w *World) newRoute(from, to *airport) *route {
	r := &route{from: from, to: to, km: km(from, to)}
	if from.Metro == to.Metro && r.km < 150 || r.km < 60 {
		return r // nobody flies across town
	}
	weekly := map[*carrier]int{}
	for _, end := range [2][2]*airport{{from, to}, {to, from}} {
		for _, ch := range w.net.byHub[end[0].Code] {
			weekly[ch.carrier] = max(weekly[ch.carrier], w.perWeek(ch, end[0], end[1], r.km))
		}
	}
	used := map[int]bool{}
	for _, c := range w.net.carriers {
		if weekly[c] == 0 {
			continue
		}
		s := service{carrier: c, PerWeek: weekly[c], dice: w.dice("route").str(string(c.Code)).str(string(from.Code)).str(string(to.Code))}
		s.base = numberBase(s.dice, c, r.km)
		for used[s.base] {
			s.base += 200
		}
		used[s.base] = true
		r.services = append(r.services, s)
	}
	for i := range r.services {
		w.addShares(r, &r.services[i], used)
	}
	return r
}

// addShares finds who sells a service under numbers of their own: partners with a
// hub at either end nearly always, others now and then.
func (w *World) addShares(r *route, s *service, used map[int]bool) {
	if s.Kind != full && s.PerWeek < 7 {
		return
	}
	for _, c := range w.net.carriers {
		if c == s.carrier || c.Kind != full || !w.net.together(c, s.carrier) {
			continue
		}
		likely := 20
		if w.net.partners[[2]travel.Carrier{c.Code, s.Code}] {
			likely = 150
		}
		if w.isHub(c, r.from) || w.isHub(c, r.to) {
			likely = 800
		}
		d := s.dice.str("share").str(string(c.Code))
		if !d.chance(likely) {
			continue
		}
		base := 2000 + 10*d.str("number").roll(700)
		for used[base] {
			base += 10
		}
		used[base] = true
		s.shares = append(s.shares, share{c, base})
	}
}

// numberBase is where a service's flight numbers start: low ones are for long routes.
func numberBase(d dice, c *carrier, km int) int {
	switch {
	case c.Kind == lean:
		return 1000 + 10*d.roll(700)
	case km > 4000:
		return 1 + 10*d.roll(40)
	}
	return 400 + 10*d.roll(250)
}

// perWeek is how many times a week a carrier flies between its hub and the other
// airport, 0 if not at all. It is the same in both directions.
func (w *World) perWeek(ch carrierHub, home, away *airport, km int) int {
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
	daily = permille(daily, attraction[long][away.tier]*ch.Scale/100)
	if long == 1 && ch.Scale < 100 {
		daily = permille(daily, ch.Scale*10) // small hubs have few long routes
	}
	if w.isHub(ch.carrier, away) || home.Country == away.Country {
		daily = permille(daily, 1300)
	}
	if ch.Kind == lean && km > 3000 {
		daily = permille(daily, 450)
	}
	d := w.dice("serves").str(string(ch.Code)).str(string(home.Code)).str(string(away.Code))
	daily = permille(daily, d.between(550, 1350))
	if home.tier == 5 && away.tier == 5 && ch.Scale >= 75 {
		daily = max(daily, 1000) // great hubs are always linked
	}
	week := int(daily*7+500) / 1000
	if slices.Contains(w.feeders(away), carrierAt{ch.Code, home.Code}) {
		return max(week, 7)
	}
	if week < 7 && !d.str("opened").chance(week*100) {
		return 0 // thin routes are mostly not flown at all
	}
	return min(week, 70) // ten a day: flight numbers of a service are ten apart
}

func outOfReach(a *airport, km int) bool {
	limit, short := shortRunway[a.Code]
	return short && km > limit
}

func (w *World) isHub(c *carrier, a *airport) bool {
	return slices.ContainsFunc(c.Hubs, func(h hub) bool { return h.Airport == a.Code })
}

// carrierAt names a carrier at one of its hubs.
type carrierAt struct {
	Carrier travel.Carrier
	Hub     travel.Airport
}

// feeders are the services that keep an airport on the map whatever its size: the
// nearest hub of a carrier that sells connections, and the nearest great hub.
func (w *World) feeders(a *airport) []carrierAt {
	return w.feed.get(a.Code, func() []carrierAt { return w.newFeeders(a) })
}

func (w *World) newFeeders(a *airport) []carrierAt {
	const abroadKM = 700 // how much farther than a foreign hub one of the own country may be
	best, bestGreat := 1<<30, 1<<30
	var near, great carrierAt
	for _, code := range w.net.hubs {
		h := w.airport(code)
		if h == nil || code == a.Code {
			continue
		}
		d := km(h, a)
		cost := d
		if h.Country != a.Country {
			cost += abroadKM
		}
		for _, ch := range w.net.byHub[code] {
			if ch.Kind != full || ch.Alliance == "" && ch.Scale < 60 || d > ch.ReachKM || d < 60 || outOfReach(h, d) || outOfReach(a, d) || h.Metro == a.Metro {
				continue
			}
			if c := cost - ch.Scale; c < best {
				best, near = c, carrierAt{ch.Code, code}
			}
			if c := cost - ch.Scale; h.tier == 5 && ch.Scale >= 75 && c < bestGreat {
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
