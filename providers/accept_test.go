package providers

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestAcceptDropsAnswersToOtherQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock stands at 2000-01-01
		good := func() travel.Offer {
			departs := time.Date(2000, 4, 10, 9, 0, 0, 0, time.UTC)
			return travel.Offer{
				Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{{
					Marketing: travel.Flight{Carrier: "BA", Number: "177"}, Origin: "LHR", Destination: "JFK",
					Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour)),
				}}}}},
				Price: travel.Price{Total: travel.Money{Minor: 10_000, Currency: "GBP"}},
			}
		}
		segment := func(o *travel.Offer) *travel.Segment { return &o.Itinerary.Slices[0].Segments[0] }
		for _, test := range []struct {
			rule   string
			change func(*travel.Offer)
		}{
			{"", func(*travel.Offer) {}},
			{travel.RuleTestOffer, func(o *travel.Offer) { o.Test = true }},
			{travel.RuleExpired, func(o *travel.Offer) { o.ExpiresAt = time.Now().Add(-time.Second) }},
			{travel.RuleWrongRoute, func(o *travel.Offer) { segment(o).Destination = "EWR" }},
			{travel.RuleWrongRoute, func(o *travel.Offer) { o.Itinerary.Slices = append(o.Itinerary.Slices, o.Itinerary.Slices[0]) }},
			{travel.RuleWrongDate, func(o *travel.Offer) { segment(o).Departs.Unix += 86400 }},
			{travel.RulePast, func(o *travel.Offer) { segment(o).Departs.Unix = time.Now().Unix() - 60 }},
		} {
			o := good()
			test.change(&o)
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				return travel.Answer{Offers: []travel.Offer{o, good()}, OffersIn: 2}, nil
			}}, nil)
			a := p.Ask(context.Background(), flights())
			kept := 2
			if test.rule != "" {
				kept = 1
			}
			if len(a.Offers) != kept || (test.rule != "" && a.Drops[test.rule] != 1) {
				t.Errorf("rule %q: kept %d, drops %v", test.rule, len(a.Offers), a.Drops)
			}
		}
	})
}

func TestNothingKeptIsAContractError(t *testing.T) {
	wrong := func(context.Context, int) (travel.Answer, error) {
		a := travel.Answer{OffersIn: 3}
		a.Drop(travel.RuleZeroPrice, 3)
		return a, nil
	}
	wantOutcome(t, provider(&scripted{ask: wrong}, nil), "error_contract/invalid_offers")
	only := func(context.Context, int) (travel.Answer, error) {
		a := travel.Answer{OffersIn: 3}
		a.Drop(travel.RulePackageOnly, 3)
		return a, nil
	}
	wantOutcome(t, provider(&scripted{ask: only}, nil), "no_hit/no_inventory")
}

func TestAcceptDropsLowerCabinsAndChangesOfCity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock stands at 2000-01-01
		segment := func(from, to travel.Airport, hour int) travel.Segment {
			departs := time.Date(2000, 4, 10, hour, 0, 0, 0, time.UTC)
			return travel.Segment{Marketing: travel.Flight{Carrier: "BA", Number: "177"}, Origin: from, Destination: to,
				Departs: travel.LocalTimeOf(departs), Arrives: travel.LocalTimeOf(departs.Add(2 * time.Hour))}
		}
		for _, test := range []struct {
			name     string
			cabins   []travel.Cabin
			segments []travel.Segment
			rule     string
		}{
			{"as asked", []travel.Cabin{travel.Business}, []travel.Segment{segment("LHR", "JFK", 9)}, ""},
			{"unknown cabin", nil, []travel.Segment{segment("LHR", "JFK", 9)}, ""},
			{"lower cabin", []travel.Cabin{travel.Economy}, []travel.Segment{segment("LHR", "JFK", 9)}, travel.RuleWrongCabin},
			{"mixed cabins", []travel.Cabin{travel.Economy, travel.Business}, []travel.Segment{segment("LHR", "CDG", 9), segment("CDG", "JFK", 13)}, ""},
			{"another airport of the city", nil, []travel.Segment{segment("LHR", "CDG", 9), segment("ORY", "JFK", 15)}, ""},
			{"another city", nil, []travel.Segment{segment("LHR", "CDG", 9), segment("MAD", "JFK", 15)}, travel.RuleWrongRoute},
		} {
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				o := travel.Offer{Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: test.segments}}}, Fare: travel.Fare{Cabin: test.cabins}}
				return travel.Answer{Offers: []travel.Offer{o}, OffersIn: 1}, nil
			}}, nil)
			q := flights()
			q.Cabin = travel.Business
			a := p.Ask(context.Background(), q)
			if test.rule == "" && len(a.Offers) != 1 || test.rule != "" && a.Drops[test.rule] != 1 {
				t.Errorf("%s: kept %d, drops %v; want rule %q", test.name, len(a.Offers), a.Drops, test.rule)
			}
		}
	})
}

func TestAcceptDropsStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := travel.Query{Product: travel.Hotels, Market: "GB"}
		q.StayQuery.Destination = travel.Destination{Place: "PAR", Lat: 48.85, Lon: 2.35, RadiusKM: 15}
		for _, test := range []struct {
			rule   string
			change func(*travel.Stay)
		}{
			{"", func(*travel.Stay) {}},
			{"", func(s *travel.Stay) { s.Property.HasGeo = false }},
			{travel.RuleNoContent, func(s *travel.Stay) { s.Property.Name = "" }},
			{travel.RuleOutOfArea, func(s *travel.Stay) { s.Property.Lat = 49.5 }},
			{travel.RuleTestOffer, func(s *travel.Stay) { s.Rates[0].Test = true }},
			{travel.RuleExpired, func(s *travel.Stay) { s.Rates[0].ExpiresAt = time.Now() }},
		} {
			s := travel.Stay{Property: travel.Property{ID: "1", Name: "Grand", Lat: 48.85, Lon: 2.35, HasGeo: true}, Rates: make([]travel.Rate, 1)}
			test.change(&s)
			p := provider(&scripted{ask: func(context.Context, int) (travel.Answer, error) {
				return travel.Answer{Stays: []travel.Stay{s}, OffersIn: 1}, nil
			}}, nil)
			a := p.Ask(context.Background(), q)
			if test.rule == "" && a.OffersKept() != 1 || test.rule != "" && a.Drops[test.rule] != 1 {
				t.Errorf("rule %q: kept %d, drops %v", test.rule, a.OffersKept(), a.Drops)
			}
		}
		p := provider(&scripted{}, func(cfg *Config) { cfg.Coverage.Destinations = []travel.Airport{"LON"} })
		if got := p.Applicable(q); got != fault.Route {
			t.Errorf("a place that is not covered: %q, want route", got)
		}
	})
}
