package web_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Time in a bubble begins on 2000-01-01. Flights leave on 2000-03-01.
const (
	oneWay     = "/v1/flights?origin=LHR&destination=JFK&date=2000-03-01"
	hotelStay  = "/v1/hotels?destination=PAR&check_in=2000-03-01&check_out=2000-03-04"
	flightBody = `{"slices":[{"origin":"LHR","destination":"JFK","date":"2000-03-01"}]}`
	stayBody   = `{"destination":{"place":"PAR"},"check_in":"2000-03-01","check_out":"2000-03-04"}`
	flightPath = "/v1/flights/searches"
	stayPath   = "/v1/hotels/searches"
)

func cash(text string) travel.Money {
	currency, amount, _ := strings.Cut(text, " ")
	m, err := travel.ParseMoney(amount, travel.Currency(currency))
	if err != nil {
		panic(err)
	}
	return m
}

func at(text string) travel.LocalTime {
	var t travel.LocalTime
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

// leg is one flight, written "BA177 LHR 2000-03-01T10:00:00+00:00 JFK 2000-03-01T13:00:00-05:00".
func leg(text string) travel.Segment {
	f := strings.Fields(text)
	flight := travel.NewFlight(f[0][:2], f[0][2:])
	return travel.Segment{Marketing: flight, Operating: flight, Origin: travel.Airport(f[1]), Departs: at(f[2]),
		Destination: travel.Airport(f[3]), Arrives: at(f[4])}
}

// offer is a one-way offer; change may say more about it.
func offer(price string, change func(*travel.Offer), legs ...string) travel.Offer {
	o := travel.Offer{Price: travel.Price{Total: cash(price), Kind: travel.Live}, Itinerary: travel.Itinerary{Slices: make([]travel.Slice, 1)}}
	for _, l := range legs {
		o.Itinerary.Slices[0].Segments = append(o.Itinerary.Slices[0].Segments, leg(l))
	}
	if change != nil {
		change(&o)
	}
	return o
}

// direct is the n-th of many nonstop flights, each 10 minutes after the other.
func direct(n int, price string) travel.Offer {
	departs := time.Date(2000, 3, 1, 0, 10*n, 0, 0, time.UTC)
	s := travel.Segment{Origin: "LHR", Destination: "JFK", Departs: travel.LocalTimeOf(departs),
		Arrives: travel.LocalTimeOf(departs.Add(8 * time.Hour).In(time.FixedZone("", -5*3600)))}
	s.Marketing = travel.NewFlight("BA", strconv.Itoa(100+n))
	s.Operating = s.Marketing
	return travel.Offer{Price: travel.Price{Total: cash(price), Kind: travel.Live},
		Itinerary: travel.Itinerary{Slices: []travel.Slice{{Segments: []travel.Segment{s}}}}}
}

func flights(offers ...travel.Offer) travel.Answer { return travel.Answer{Offers: offers} }

func fails(cause fault.Cause) travel.Answer {
	return travel.Answer{Err: fault.New(cause, nil)}
}

func open(status fault.Status, cause fault.Cause) travel.Answer {
	e := fault.New(cause, nil)
	e.Status = status
	return travel.Answer{Err: e}
}

// asks is a partner that answers after a while.
func asks(name string, after time.Duration, a travel.Answer) *partner {
	return &partner{name: name, script: []scripted{{after, a}}}
}

// stay is a property with rates.
func stay(id, name string, stars, lat, lon float64, rates ...travel.Rate) travel.Stay {
	return travel.Stay{Property: travel.Property{ID: id, Name: name, Stars: stars, Lat: lat, Lon: lon, HasGeo: true}, Rates: rates}
}

func rate(price, room string, change func(*travel.Rate)) travel.Rate {
	r := travel.Rate{Room: room, Price: travel.Price{Total: cash(price), Kind: travel.Live},
		Rooms: []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: 2}}}}
	if change != nil {
		change(&r)
	}
	return r
}

// rich is a partner's answer that fills every field which a view can show.
func rich() travel.Answer {
	return flights(
		offer("GBP 412.30", func(o *travel.Offer) {
			o.Price.Base, o.Price.Taxes = cash("GBP 300.00"), cash("GBP 112.30")
			o.Seller = travel.Seller{Code: "BA", Name: "British Airways"}
			o.Fare = travel.Fare{Brand: "Economy Light", Basis: []string{"OLX"}, Cabin: []travel.Cabin{travel.Economy},
				CabinBags: travel.PiecesOf(1), CheckedBags: travel.PiecesOf(0), Refundable: travel.No, Changeable: travel.Yes,
				ChangeFee: cash("GBP 70.00")}
			o.SeatsLeft, o.ExpiresAt = 4, time.Now().Add(20*time.Minute)
			s := &o.Itinerary.Slices[0].Segments[0]
			s.DepartureTerminal, s.Aircraft = "5", "777"
		}, "BA177 LHR 2000-03-01T10:05:00+00:00 JFK 2000-03-01T13:10:00-05:00"),
		offer("USD 250.00", nil, "EI155 LHR 2000-03-01T02:00:00+00:00 DUB 2000-03-01T03:20:00+00:00",
			"EI105 DUB 2000-03-01T04:05:00+00:00 JFK 2000-03-01T09:00:00-05:00"),
	)
}

func richStay() travel.Answer {
	return travel.Answer{Stays: []travel.Stay{
		stay("1", "Grand Hotel", 4, 48.86, 2.34,
			rate("EUR 450.00", "Double", func(r *travel.Rate) {
				r.Board, r.Payment, r.RoomsLeft = travel.BedAndBreakfast, travel.PayNow, 3
				r.PayAtProperty = cash("EUR 12.00")
				r.Cancellation = travel.Cancellation{Refundable: travel.Yes, FreeUntil: time.Date(2000, 2, 25, 0, 0, 0, 0, time.UTC),
					Steps: []travel.CancellationStep{{From: time.Date(2000, 2, 25, 0, 0, 0, 0, time.UTC), Fee: cash("EUR 150.00")}}}
			}),
			rate("USD 400.00", "Twin", nil)),
		guested(7.1, 3, stay("2", "Budget Inn", 2, 48.9, 2.4, rate("GBP 200.00", "Double", nil))),
		guested(8.4, 120, stay("3", "Royal Lodge", 4, 48.861, 2.345, rate("GBP 199.00", "Double", nil))),
	}}
}

// guested is a property of which guests have something to say.
func guested(score float64, reviews int, s travel.Stay) travel.Stay {
	s.Property.GuestScore, s.Property.GuestReviews = score, reviews
	return s
}

func TestSchemasOfARichView(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("albatross", 0, rich()))
		if v := b.get(oneWay).want(200).view(); v.Status != "complete" || v.Counts.Results != 2 {
			t.Errorf("view = %+v, want complete with 2 results", v)
		}
	})
	inBubble(t, func(t *testing.T) {
		b := newBench(t, noConfig, asks("bluebird", 0, richStay()))
		if v := b.get(hotelStay).want(200).view(); v.Status != "complete" || v.Counts.Results != 3 {
			t.Errorf("view = %+v, want complete with 3 results", v)
		}
	})
}
