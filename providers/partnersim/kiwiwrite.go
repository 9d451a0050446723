package partnersim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// The vendor's documents.
type (
	kiwiDoc struct {
		SearchID string          `json:"search_id"`
		Currency travel.Currency `json:"currency"`
		FXRate   json.Number     `json:"fx_rate"`
		Data     []kiwiTrip      `json:"data"`
		Results  int             `json:"_results"`
	}
	kiwiTrip struct {
		ID           string         `json:"id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		CountryFrom  kiwiCountry    `json:"countryFrom"`
		CountryTo    kiwiCountry    `json:"countryTo"`
		kiwiTimes
		Nights      *int                            `json:"nightsInDest"`
		Quality     json.Number                     `json:"quality"`
		Distance    json.Number                     `json:"distance"`
		Duration    kiwiDuration                    `json:"duration"`
		Price       json.Number                     `json:"price"`
		Conversion  map[travel.Currency]json.Number `json:"conversion"`
		Fare        map[string]json.Number          `json:"fare"`
		BagsPrice   map[string]json.Number          `json:"bags_price"`
		BagLimit    map[string]int                  `json:"baglimit"`
		Seats       kiwiSeats                       `json:"availability"`
		Airlines    []travel.Carrier                `json:"airlines"`
		Route       []kiwiSegment                   `json:"route"`
		Token       string                          `json:"booking_token"`
		Facilitated bool                            `json:"facilitated_booking_available"`
		PNRs        int                             `json:"pnr_count"`
		Change      bool                            `json:"has_airport_change"`
		Technical   int                             `json:"technical_stops"`
		ThrowAway   bool                            `json:"throw_away_ticketing"`
		HiddenCity  bool                            `json:"hidden_city_ticketing"`
		Virtual     bool                            `json:"virtual_interlining"`
		Link        string                          `json:"deep_link"`
	}
	kiwiCountry struct {
		Code travel.Country `json:"code"`
		Name string         `json:"name"`
	}
	kiwiDuration struct {
		Departure int `json:"departure"` // seconds
		Return    int `json:"return"`
		Total     int `json:"total"`
	}
	kiwiSeats struct {
		Seats *int `json:"seats"`
	}
	// kiwiTimes: what is local ends in a Z all the same.
	kiwiTimes struct {
		LocalDeparture string `json:"local_departure"`
		UTCDeparture   string `json:"utc_departure"`
		LocalArrival   string `json:"local_arrival"`
		UTCArrival     string `json:"utc_arrival"`
	}
	kiwiSegment struct {
		ID           string         `json:"id"`
		Combination  string         `json:"combination_id"`
		FlyFrom      travel.Airport `json:"flyFrom"`
		FlyTo        travel.Airport `json:"flyTo"`
		CityFrom     string         `json:"cityFrom"`
		CityCodeFrom travel.Airport `json:"cityCodeFrom"`
		CityTo       string         `json:"cityTo"`
		CityCodeTo   travel.Airport `json:"cityCodeTo"`
		kiwiTimes
		Airline     travel.Carrier `json:"airline"`
		Number      int            `json:"flight_no"`
		Operating   travel.Carrier `json:"operating_carrier"`
		OperatingNo string         `json:"operating_flight_no"`
		Basis       string         `json:"fare_basis"`
		Category    string         `json:"fare_category"`
		Classes     string         `json:"fare_classes"`
		Family      string         `json:"fare_family"`
		Return      int            `json:"return"`
		Recheck     bool           `json:"bags_recheck_required"`
		VI          bool           `json:"vi_connection"`
		Guarantee   bool           `json:"guarantee"`
		Equipment   *string        `json:"equipment"`
		Vehicle     string         `json:"vehicle_type"`
	}
)

// kiwiTime is how the vendor writes all times.
const kiwiTime = "2006-01-02T15:04:05.000Z"

func kiwiSpan(from, to time.Time) kiwiTimes {
	return kiwiTimes{from.Format(kiwiTime), from.UTC().Format(kiwiTime), to.Format(kiwiTime), to.UTC().Format(kiwiTime)}
}

// render makes the document. exactly, if not zero, is the number of lean offers to make.
func (p *kiwi) render(q *kiwiQuestion, question dice, now time.Time, exactly int) kiwiDoc {
	trips := p.trips(q.ask, now, max(exactly, p.spec.MaxOffers))
	if exactly > 0 {
		trips = exactlyTrips(trips, exactly)
	}
	if q.sort == "duration" {
		slices.SortStableFunc(trips, func(a, b trip) int { return cmp.Compare(a.minutes(), b.minutes()) })
	}
	doc := kiwiDoc{SearchID: duffelID("", question, 20), Currency: q.currency, FXRate: kiwiNumber(inCurrency(100, q.currency).Decimal()), Data: []kiwiTrip{}, Results: len(trips)}
	trips = trips[min(q.offset, len(trips)):]
	if exactly == 0 {
		trips = trips[:min(q.limit, len(trips))]
	}
	for i := range trips {
		doc.Data = append(doc.Data, p.trip(q, &trips[i]))
	}
	return doc
}

// minutes is the time of all slices.
func (t *trip) minutes() (n int) {
	for i := range t.slices {
		n += t.slices[i].journey.minutes()
	}
	return n
}

// trip is one result. The way out and the way back are a ticket each, and a way whose
// carriers do not work together is two.
func (p *kiwi) trip(q *kiwiQuestion, t *trip) kiwiTrip {
	first, last := &t.slices[0], &t.slices[len(t.slices)-1]
	price := func(cents int64) json.Number { return kiwiNumber(inCurrency(cents, q.currency).Decimal()) }
	out := kiwiTrip{
		FlyFrom: first.from().Code, CityFrom: first.from().City, CityCodeFrom: first.from().Metro, CountryFrom: kiwiCountry{first.from().Country, string(first.from().Country)},
		FlyTo: first.to().Code, CityTo: first.to().City, CityCodeTo: first.to().Metro, CountryTo: kiwiCountry{first.to().Country, string(first.to().Country)},
		kiwiTimes: kiwiSpan(first.dep(), first.arr()), Quality: kiwiNumber(fmt.Sprintf("%d.%d", 90+t.id.roll(400), t.id.roll(1e6))),
		Distance: kiwiNumber(fmt.Sprintf("%d.%02d", first.km, t.id.roll(100))), Facilitated: true,
		Conversion: map[travel.Currency]json.Number{"EUR": kiwiNumber(inCurrency(t.total, "EUR").Decimal()), q.currency: price(t.total)},
		Price:      price(t.total), Fare: map[string]json.Number{}, BagsPrice: p.bags(q, t),
		BagLimit: map[string]int{"hold_width": 52, "hold_height": 28, "hold_length": 78, "hold_dimensions_sum": 158, "hold_weight": 23},
	}
	if p.brand(t).CabinBags > 0 {
		for name, size := range map[string]int{"hand_width": 40, "hand_height": 20, "hand_length": 55, "hand_weight": 8} {
			out.BagLimit[name] = size
		}
	}
	for kind, name := range []string{"adults", "children", "infants"} {
		if each, _ := t.each(paxType(kind)); q.count[kind] > 0 || kind == 0 {
			out.Fare[name] = price(each)
		}
	}
	if left := t.id.str("seats").roll(12); left > 0 && left < 10 {
		out.Seats.Seats = &left
	}
	for i := range t.slices {
		p.slice(&out, t, i)
	}
	out.Duration.Total = out.Duration.Departure + out.Duration.Return
	if len(t.slices) == 2 {
		nights := int(travel.DateOf(last.dep()) - travel.DateOf(first.arr()))
		out.Nights = &nights
	}
	out.ID = duffelID("", t.id, 24)
	out.Token = duffelID("", t.id.str("token"), 120)
	out.Link = "https://partner.example/deep?flightsId=" + out.ID
	return out
}

// brand is the least of the slices' brands.
func (p *kiwi) brand(t *trip) brand {
	least := t.slices[0].brand
	for _, s := range t.slices[1:] {
		least.CabinBags, least.Checked = min(least.CabinBags, s.brand.CabinBags), min(least.Checked, s.brand.Checked)
	}
	return least
}

// bags is what the first and second bag cost, nothing for those that are included.
func (p *kiwi) bags(q *kiwiQuestion, t *trip) map[string]json.Number {
	included, all := p.brand(t).Checked, map[string]json.Number{}
	for n := 1; n <= 2; n++ {
		cents := int64(max(n-included, 0)) * int64(len(t.slices)) * int64(t.id.str("bag").between(2500, 6000))
		all[strconv.Itoa(n)] = kiwiNumber(inCurrency(cents, q.currency).Decimal())
	}
	return all
}

// slice adds the segments of a direction.
func (p *kiwi) slice(out *kiwiTrip, t *trip, n int) {
	s := &t.slices[n]
	seconds := s.minutes() * 60
	if n == 0 {
		out.Duration.Departure = seconds
	} else {
		out.Duration.Return = seconds
	}
	ticket := duffelID("", t.id.str("ticket").num(int64(n)), 24)
	out.PNRs++
	for i, leg := range s.legs {
		split := i > 0 && leg.by != s.legs[i-1].by && !p.w.net.together(leg.by, s.legs[i-1].by)
		if split {
			ticket = duffelID("", t.id.str("ticket").num(int64(n)).num(int64(i)), 24)
			out.PNRs++
			out.Virtual = true
		}
		cabin := map[travel.Cabin]string{travel.Economy: "M", travel.PremiumEconomy: "W", travel.Business: "C", travel.First: "F"}[s.cabinOn(leg)]
		seg := kiwiSegment{
			ID: ticket + "_" + strconv.Itoa(i), Combination: ticket, FlyFrom: leg.from.Code, FlyTo: leg.to.Code,
			CityFrom: leg.from.City, CityCodeFrom: leg.from.Metro, CityTo: leg.to.City, CityCodeTo: leg.to.Metro,
			kiwiTimes: kiwiSpan(leg.dep, leg.arr), Airline: leg.by.Code, Number: leg.byNumber, Basis: fareBasis(s.brand, leg), Category: cabin,
			Classes: fareBasis(s.brand, leg)[:1], Return: n, Recheck: split, VI: split, Guarantee: split, Vehicle: "aircraft",
		}
		if !leg.operatorUnsaid {
			seg.Operating = leg.carrier.Code
			if !leg.opNumberUnsaid {
				seg.OperatingNo = strconv.Itoa(leg.number)
			}
		}
		if i > 0 && s.legs[i-1].to != leg.from {
			out.Change = true
		}
		if !slices.Contains(out.Airlines, leg.by.Code) {
			out.Airlines = append(out.Airlines, leg.by.Code)
		}
		out.Route = append(out.Route, seg)
	}
}
