package providers

import (
	"slices"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// accept drops what does not answer the question, in place, and counts it by rule.
// The document's own rules have been applied by the protocol.
func (p *Provider) accept(a *travel.Answer, q travel.Query) {
	now := p.deps.Now()
	a.Offers = slices.DeleteFunc(a.Offers, func(o travel.Offer) bool {
		rule := p.offerRule(&o, &q, now)
		if rule != "" {
			a.Drop(rule, 1)
		}
		return rule != ""
	})
	a.Stays = slices.DeleteFunc(a.Stays, func(s travel.Stay) bool {
		rule := stayRule(&s.Property, &q)
		if rule != "" {
			a.Drop(rule, len(s.Rates))
		}
		return rule != ""
	})
	for i := range a.Stays {
		a.Stays[i].Rates = slices.DeleteFunc(a.Stays[i].Rates, func(r travel.Rate) bool {
			rule := p.rateRule(&r, now)
			if rule != "" {
				a.Drop(rule, 1)
			}
			return rule != ""
		})
	}
	a.Stays = slices.DeleteFunc(a.Stays, func(s travel.Stay) bool { return len(s.Rates) == 0 })
}

func (p *Provider) offerRule(o *travel.Offer, q *travel.Query, now time.Time) string {
	switch {
	case o.Test && !p.cfg.AllowTestOffers:
		return travel.RuleTestOffer
	case !o.ExpiresAt.IsZero() && !o.ExpiresAt.After(now):
		return travel.RuleExpired
	case len(o.Itinerary.Slices) != len(q.Slices):
		return travel.RuleWrongRoute
	case o.Itinerary.Slices[0].Departs().Unix <= now.Unix():
		return travel.RulePast
	}
	for i := range q.Slices {
		if rule := sliceRule(&o.Itinerary.Slices[i], q.Slices[i], p.deps.Atlas); rule != "" {
			return rule
		}
	}
	if lowerCabin(o.Fare.Cabin, q.Cabin) {
		return travel.RuleWrongCabin
	}
	return ""
}

func sliceRule(s *travel.Slice, asked travel.SliceQuery, atlas *places.Atlas) string {
	if !at(s.Origin(), asked.Origin, atlas) || !at(s.Destination(), asked.Destination, atlas) {
		return travel.RuleWrongRoute
	}
	for i := 1; i < len(s.Segments); i++ {
		if !atlas.SameArea(s.Segments[i-1].Destination, s.Segments[i].Origin) {
			return travel.RuleWrongRoute // a change between two cities that nobody flies
		}
	}
	if s.Departs().Date() != asked.Date {
		return travel.RuleWrongDate
	}
	return ""
}

// at tells whether airport answers for code, which may be a metro area. An airport
// asked for by itself is not answered by its neighbour.
func at(airport, code travel.Airport, atlas *places.Atlas) bool {
	return airport == code || slices.Contains(atlas.Airports(code), airport)
}

// lowerCabin tells whether every segment is known to be in a lower cabin than
// asked. A mixed trip stays, and so does one in a better cabin.
func lowerCabin(cabins []travel.Cabin, asked travel.Cabin) bool {
	want := slices.Index(travel.Cabins, asked)
	for _, c := range cabins {
		if !c.Known() || slices.Index(travel.Cabins, c) >= want {
			return false
		}
	}
	return len(cabins) > 0
}

func stayRule(p *travel.Property, q *travel.Query) string {
	switch {
	case p.Name == "":
		return travel.RuleNoContent
	case p.HasGeo && outOfArea(p, q.StayQuery.Destination):
		return travel.RuleOutOfArea
	}
	return ""
}

// outOfArea allows a quarter of the radius and 5 km: partners measure from city
// centres of their own.
func outOfArea(p *travel.Property, d travel.Destination) bool {
	return places.DistanceMetres(d.Lat, d.Lon, p.Lat, p.Lon) > float64(d.RadiusKM)*1250+5000
}

func (p *Provider) rateRule(r *travel.Rate, now time.Time) string {
	switch {
	case r.Test && !p.cfg.AllowTestOffers:
		return travel.RuleTestOffer
	case !r.ExpiresAt.IsZero() && !r.ExpiresAt.After(now):
		return travel.RuleExpired
	}
	return ""
}
