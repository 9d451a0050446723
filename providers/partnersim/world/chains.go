package world

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// Detour is the most that a trip of d km may be flown, changing on the way.
func Detour(d int) int { return d*7/5 + detourAllows }

// connects reports whether somebody who flies into the middle also sells a flight out of it.
func (w *World) connects(in, out *route) bool {
	for i := range in.Services {
		for k := range out.Services {
			if w.Net.Together(in.Services[i].Carrier, out.Services[k].Carrier) {
				return true
			}
		}
	}
	return false
}

// viaOne are the hubs worth changing at between two airports, the shortest ways and the greatest hubs first.
func (w *World) viaOne(from, to *Airport) [][]*Airport {
	type candidate struct {
		hub  *Airport
		cost int
	}
	d := Km(from, to)
	var found []candidate
	for _, code := range w.Net.Hubs {
		h := w.Airport(code)
		if h == nil || h == from || h == to || h.Metro == from.Metro || h.Metro == to.Metro {
			continue
		}
		way := Km(from, h) + Km(h, to)
		if way > Detour(d) {
			continue
		}
		in, out := w.Route(from, h), w.Route(h, to)
		if len(in.Services) > 0 && len(out.Services) > 0 && w.connects(in, out) {
			found = append(found, candidate{h, way - 400*h.Tier})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.hub.Code, b.hub.Code))
	})
	var chains [][]*Airport
	for _, c := range found[:min(len(found), maxChains)] {
		chains = append(chains, []*Airport{from, c.hub, to})
	}
	return chains
}

// spokes are the hubs with a nonstop to or from an airport: its feeders first, then the largest.
func (w *World) spokes(a *Airport, toward bool) []*Airport {
	var first, rest []*Airport
	for _, code := range w.Net.Hubs {
		h := w.Airport(code)
		if h == nil || h == a {
			continue
		}
		r := w.Route(a, h)
		if toward {
			r = w.Route(h, a)
		}
		if len(r.Services) == 0 {
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
func (w *World) viaTwo(from, to *Airport) [][]*Airport { return w.pairs(from, to, true) }

func (w *World) pairs(from, to *Airport, sane bool) [][]*Airport {
	type candidate struct {
		chain []*Airport
		cost  int
	}
	var found []candidate
	limit := Detour(Km(from, to))
	ends := w.spokes(to, true)
	for _, h1 := range w.spokes(from, false) {
		for _, h2 := range ends {
			if h1 == h2 || h1 == to || h2 == from || len(w.Route(h1, h2).Services) == 0 {
				continue
			}
			way := Km(from, h1) + Km(h1, h2) + Km(h2, to)
			if sane && way > limit {
				continue
			}
			found = append(found, candidate{[]*Airport{from, h1, h2, to}, way - 300*(h1.Tier+h2.Tier)})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.chain[1].Code+a.chain[2].Code, b.chain[1].Code+b.chain[2].Code))
	})
	var chains [][]*Airport
	for _, c := range found[:min(len(found), 8)] {
		chains = append(chains, c.chain)
	}
	return chains
}

// lastResort finds some way between two places that are far from everything:
// carriers that do not work together, detours, and at the end three changes by a great hub.
func (w *World) lastResort(from, to *Airport, date travel.Date) []*Journey {
	if all := w.fly(w.viaOne(from, to), date, true); len(all) > 0 {
		return all
	}
	if all := w.fly(w.pairs(from, to, false), date, true); len(all) > 0 {
		return all
	}
	for _, code := range w.Net.Hubs {
		mid := w.Airport(code)
		if mid == nil || mid.Tier < 5 || mid == from || mid == to {
			continue
		}
		for _, a := range w.feeders(from) {
			for _, b := range w.feeders(to) {
				chain := dedupe([]*Airport{from, w.Airport(a.Hub), mid, w.Airport(b.Hub), to})
				if chain == nil {
					continue
				}
				if all := w.fly([][]*Airport{chain}, date, true); len(all) > 0 {
					return all
				}
			}
		}
	}
	return nil
}

// dedupe drops an airport that follows itself, and gives up (nil) on a chain that comes back to one.
func dedupe(chain []*Airport) []*Airport {
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
