package providers

import (
	"slices"
	"time"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// accept drops what does not answer the question, or cannot be sold any more, in
// place, and counts it by rule. The document's own rules have been applied by the
// protocol.
func (p *Provider) accept(a *travel.Answer, q travel.Query) {
	now := p.deps.Now()
	drop(a,
		func(o *travel.Offer) string { return p.offerRule(o, &q, now) },
		func(s *travel.Property) string { return stayRule(s, &q) },
		func(r *travel.Rate) string { return p.rateRule(r, now) })
}

// Accept drops what does not answer the question, in place, and counts it by rule:
// only wrong_route, wrong_date, wrong_cabin and out_of_area, so that documents of the
// past can be checked too. q is normalised.
func Accept(a *travel.Answer, q travel.Query, atlas *places.Atlas) {
	drop(a,
		func(o *travel.Offer) string { return questionRule(o, &q, atlas) },
		func(s *travel.Property) string { return areaRule(s, &q) },
		func(*travel.Rate) string { return "" })
}

// drop removes, in place, whatever breaks a rule, and counts it; a property counts
// with all its rates, and goes with its last one.
func drop(a *travel.Answer, offer func(*travel.Offer) string, stay func(*travel.Property) string, rate func(*travel.Rate) string) {
	a.Offers = travel.Filter(a.Offers, func(o *travel.Offer) bool { return !counted(a, offer(o), 1) })
	a.Stays = travel.Filter(a.Stays, func(s *travel.Stay) bool { return !counted(a, stay(&s.Property), len(s.Rates)) })
	for i := range a.Stays {
		a.Stays[i].Rates = travel.Filter(a.Stays[i].Rates, func(r *travel.Rate) bool { return !counted(a, rate(r), 1) })
	}
	a.Stays = travel.Filter(a.Stays, func(s *travel.Stay) bool { return len(s.Rates) > 0 })
}

func counted(a *travel.Answer, rule string, n int) bool {
	if rule == "" {
		return false
	}
	a.Drop(rule, n)
	return true
}

func (p *Provider) offerRule(o *travel.Offer, q *travel.Query, now time.Time) string {
	switch {
	case o.Test && !p.cfg.AllowTestOffers:
		return travel.RuleTestOffer
	case !o.ExpiresAt.IsZero() && !o.ExpiresAt.After(now):
		return travel.RuleExpired
	case len(o.Itinerary.Slices) == len(q.Slices) && o.Itinerary.Slices[0].Departs().Unix <= now.Unix():
		return travel.RulePast
	case o.Travellers != 0 && o.Travellers != q.Passengers.Seats()+q.Passengers.InfantsLap:
		return travel.RuleWrongPassengers
	}
	return questionRule(o, q, p.deps.Atlas)
}

// questionRule is the rule by which an offer does not answer the question, "" if it does.
func questionRule(o *travel.Offer, q *travel.Query, atlas *places.Atlas) string {
	if len(o.Itinerary.Slices) != len(q.Slices) {
		return travel.RuleWrongRoute
	}
	for i := range q.Slices {
		if rule := sliceRule(&o.Itinerary.Slices[i], q.Slices[i], atlas); rule != "" {
			return rule
		}
	}
	if lowerCabin(o.Fare.Cabin, q.Cabin) {
		return travel.RuleWrongCabin
	}
	return ""
}

func sliceRule(s *travel.Slice, asked travel.SliceQuery, atlas *places.Atlas) string {
	if !serves(s.Origin(), asked.Origin, atlas) || !serves(s.Destination(), asked.Destination, atlas) {
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

// serves reports whether airport answers for code, which may be a metro area. An airport
// asked for by itself is not answered by its neighbour.
func serves(airport, code travel.Airport, atlas *places.Atlas) bool {
	return airport == code || slices.Contains(atlas.Airports(code), airport)
}

// lowerCabin reports whether every segment is known to be in a lower cabin than
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
	if p.Name == "" {
		return travel.RuleNoContent
	}
	return areaRule(p, q)
}

func areaRule(p *travel.Property, q *travel.Query) string {
	if p.HasGeo && outOfArea(p, q.StayQuery.Destination) {
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
