package partnersim

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// detour is the most that a trip of d km may be flown, changing on the way.
func detour(d int) int { return d*7/5 + detourAllows }

// connects tells whether somebody who flies into the middle also sells a flight out of it.
func (w *World) connects(in, out *route) bool {
	for i := range in.services {
		for k := range out.services {
			if w.net.together(in.services[i].carrier, out.services[k].carrier) {
				return true
			}
		}
	}
	return false
}

// viaOne are the hubs worth changing at between two airports, the shortest ways and the greatest hubs first.
func (w *World) viaOne(from, to *airport) [][]*airport {
	type candidate struct {
		hub  *airport
		cost int
	}
	d := km(from, to)
	var found []candidate
	for _, code := range w.net.hubs {
		h := w.airport(code)
		if h == nil || h == from || h == to || h.Metro == from.Metro || h.Metro == to.Metro {
			continue
		}
		way := km(from, h) + km(h, to)
		if way > detour(d) {
			continue
		}
		in, out := w.route(from, h), w.route(h, to)
		if len(in.services) > 0 && len(out.services) > 0 && w.connects(in, out) {
			found = append(found, candidate{h, way - 400*h.tier})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.hub.Code, b.hub.Code))
	})
	var chains [][]*airport
	for _, c := range found[:min(len(found), maxChains)] {
		chains = append(chains, []*airport{from, c.hub, to})
	}
	return chains
}

// spokes are the hubs with a nonstop to or from an airport: its feeders first, then the largest.
func (w *World) spokes(a *airport, toward bool) []*airport {
	var first, rest []*airport
	for _, code := range w.net.hubs {
		h := w.airport(code)
		if h == nil || h == a {
			continue
		}
		r := w.route(a, h)
		if toward {
			r = w.route(h, a)
		}
		if len(r.services) == 0 {
			continue
		}
		if slices.ContainsFunc(w.feeders(a), func(f carrierAt) bool { return f.Hub == code }) {
			first = append(first, h)
		} else {
			rest = append(rest, h)
		}
	}
	return append(first, largest(rest, maxLastHubs-min(len(first), maxLastHubs))...)
}

// viaTwo are chains with two changes.
func (w *World) viaTwo(from, to *airport) [][]*airport { return w.pairs(from, to, true) }

func (w *World) pairs(from, to *airport, sane bool) [][]*airport {
	type candidate struct {
		chain []*airport
		cost  int
	}
	var found []candidate
	limit := detour(km(from, to))
	ends := w.spokes(to, true)
	for _, h1 := range w.spokes(from, false) {
		for _, h2 := range ends {
			if h1 == h2 || h1 == to || h2 == from || len(w.route(h1, h2).services) == 0 {
				continue
			}
			way := km(from, h1) + km(h1, h2) + km(h2, to)
			if sane && way > limit {
				continue
			}
			found = append(found, candidate{[]*airport{from, h1, h2, to}, way - 300*(h1.tier+h2.tier)})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.chain[1].Code+a.chain[2].Code, b.chain[1].Code+b.chain[2].Code))
	})
	var chains [][]*airport
	for _, c := range found[:min(len(found), 8)] {
		chains = append(chains, c.chain)
	}
	return chains
}

// lastResort finds some way between two places that are far from everything:
// carriers that do not work together, detours, and at the end three changes by a great hub.
func (w *World) lastResort(from, to *airport, date travel.Date) []*journey {
	if all := w.fly(w.viaOne(from, to), date, true); len(all) > 0 {
		return all
	}
	if all := w.fly(w.pairs(from, to, false), date, true); len(all) > 0 {
		return all
	}
	for _, code := range w.net.hubs {
		mid := w.airport(code)
		if mid == nil || mid.tier < 5 || mid == from || mid == to {
			continue
		}
		for _, a := range w.feeders(from) {
			for _, b := range w.feeders(to) {
				chain := dedupe([]*airport{from, w.airport(a.Hub), mid, w.airport(b.Hub), to})
				if chain == nil {
					continue
				}
				if all := w.fly([][]*airport{chain}, date, true); len(all) > 0 {
					return all
				}
			}
		}
	}
	return nil
}

// dedupe drops an airport that follows itself, and gives up (nil) on a chain that comes back to one.
func dedupe(chain []*airport) []*airport {
	chain = slices.Compact(chain)
	seen := map[travel.Airport]bool{}
	for _, a := range chain {
		if a == nil || seen[a.Code] {
			return nil
		}
		seen[a.Code] = true
	}
	return chain
}
