package kiwi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

const bigOffers = 300

// big is an answer of about one and a half megabytes, as release 2 sends: return trips
// with a connection each way, booking tokens and links included.
func big() []byte {
	var b bytes.Buffer
	token := strings.Repeat("Zm9vYmFy-", 80)
	b.WriteString(`{"search_id":"0a1b","currency":"EUR","fx_rate":1,"data":[`)
	for i := range bigOffers {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%024x_0|%024x_0","flyFrom":"LHR","flyTo":"JFK","cityFrom":"London","cityCodeFrom":"LON","cityTo":"New York","cityCodeTo":"NYC","countryFrom":{"code":"GB","name":"United Kingdom"},"countryTo":{"code":"US","name":"United States"},"nightsInDest":7,"quality":%d.999,"distance":5540.16,"duration":{"departure":36000,"return":46800,"total":82800},"price":%d.%d,"conversion":{"EUR":%d.%d},"fare":{"adults":%d,"children":0,"infants":0},"price_dropdown":{"base_fare":1,"fees":0},"bags_price":{"1":45.5,"2":99},"baglimit":{"hand_height":55,"hand_length":40,"hand_weight":10,"hand_width":23,"hold_dimensions_sum":158,"hold_height":119,"hold_length":119,"hold_weight":23,"hold_width":119},"availability":{"seats":%d},"airlines":["GN","PF"],"routes":[["LHR","JFK"],["JFK","LHR"]],"pnr_count":2,"has_airport_change":false,"technical_stops":0,"throw_away_ticketing":false,"hidden_city_ticketing":false,"virtual_interlining":true,"booking_token":"%s","deep_link":"https://www.example.invalid/deep?booking_token=%s","facilitated_booking_available":true,"route":[`,
			i, i+7, 1000+i, 300+i, i%90+10, 300+i, i%90+10, 300+i, i%9+1, token, token)
		leg := func(n int, from, to string, dir int, departs, utcDeparts, arrives, utcArrives, comma string) {
			fmt.Fprintf(&b, `%s{"id":"%024x_%d","combination_id":"%024x","flyFrom":"%s","flyTo":"%s","cityFrom":"A","cityCodeFrom":"%s","cityTo":"B","cityCodeTo":"%s","local_departure":"2027-03-%s:00.000Z","utc_departure":"2027-03-%s:00.000Z","local_arrival":"2027-03-%s:00.000Z","utc_arrival":"2027-03-%s:00.000Z","airline":"%s","flight_no":%d,"operating_carrier":"PF","operating_flight_no":"%d","fare_basis":"KLOW%d","fare_category":"M","fare_classes":"K","fare_family":"LIGHT","return":%d,"bags_recheck_required":false,"vi_connection":false,"guarantee":false,"last_seen":"2026-12-01T00:00:00.000Z","refresh_timestamp":"2026-12-01T00:00:00.000Z","equipment":null,"vehicle_type":"aircraft"}`,
				comma, i+dir*7, n, i+dir*7, from, to, from, to, departs, utcDeparts, arrives, utcArrives, []string{"GN", "PF"}[dir], 100+i, 2000+i, i%5, dir)
		}
		m := i % 60
		at := func(day, hour int) string { return fmt.Sprintf("%02dT%02d:%02d", day, hour, m) }
		leg(0, "LHR", "CDG", 0, at(1, 8), at(1, 8), at(1, 10), at(1, 9), "")
		leg(1, "CDG", "JFK", 0, at(1, 12), at(1, 11), at(1, 13), at(1, 18), ",")
		leg(0, "JFK", "CDG", 1, at(8, 17), at(8, 22), at(9, 7), at(9, 6), ",")
		leg(1, "CDG", "LHR", 1, at(9, 11), at(9, 10), at(9, 11), at(9, 11), ",")
		b.WriteString(`]}`)
	}
	b.WriteString(`],"_results":300}`)
	return b.Bytes()
}

// std is the fields that Decode reads of that document.
type std struct {
	Currency string `json:"currency"`
	Data     []struct {
		ID       string      `json:"id"`
		Price    json.Number `json:"price"`
		Tickets  int         `json:"pnr_count"`
		VI       bool        `json:"virtual_interlining"`
		Change   bool        `json:"has_airport_change"`
		Stops    int         `json:"technical_stops"`
		Routes   [][]string  `json:"routes"`
		Duration struct {
			Departure int `json:"departure"`
			Return    int `json:"return"`
		} `json:"duration"`
		Bags  map[string]json.Number `json:"bags_price"`
		Limit struct {
			Weight float64 `json:"hand_weight"`
			Width  float64 `json:"hand_width"`
			Height float64 `json:"hand_height"`
			Length float64 `json:"hand_length"`
		} `json:"baglimit"`
		Availability struct {
			Seats *int `json:"seats"`
		} `json:"availability"`
		Route []struct {
			ID           string      `json:"id"`
			Combination  string      `json:"combination_id"`
			From         string      `json:"flyFrom"`
			To           string      `json:"flyTo"`
			Departs      string      `json:"local_departure"`
			DepartsUTC   string      `json:"utc_departure"`
			Arrives      string      `json:"local_arrival"`
			ArrivesUTC   string      `json:"utc_arrival"`
			Carrier      string      `json:"airline"`
			Number       json.Number `json:"flight_no"`
			Operator     string      `json:"operating_carrier"`
			OperatorNo   string      `json:"operating_flight_no"`
			Basis        string      `json:"fare_basis"`
			Category     string      `json:"fare_category"`
			Family       string      `json:"fare_family"`
			Return       int         `json:"return"`
			Recheck      bool        `json:"bags_recheck_required"`
			Interlining  bool        `json:"vi_connection"`
			Equipment    *string     `json:"equipment"`
			VehicleType  string      `json:"vehicle_type"`
			LocalSeconds int64       `json:"dTime"`
		} `json:"route"`
	} `json:"data"`
}

func stdDecode(doc []byte) (std, error) {
	var s std
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	return s, d.Decode(&s)
}

// TestEqualsEncodingJSON compares what both readers make of the same document.
func TestEqualsEncodingJSON(t *testing.T) {
	doc := big()
	a, err := Decode(doc, nil)
	s, stdErr := stdDecode(doc)
	if err != nil || stdErr != nil || len(a.Offers) != bigOffers || len(s.Data) != bigOffers || len(a.Notes) != 0 {
		t.Fatalf("Decode() = %d offers, drops %v, notes %v, %v; encoding/json %d, %v", len(a.Offers), a.Drops, a.Notes, err, len(s.Data), stdErr)
	}
	for i := range a.Offers {
		o, w := &a.Offers[i], &s.Data[i]
		total, _ := travel.ParseMoney(w.Price.String(), travel.Currency(s.Currency))
		if o.PartnerRef != w.ID || o.Price.Total != total || o.SeatsLeft != *w.Availability.Seats || len(o.SelfTransfer) != 1 || o.SelfTransfer[0] != 2 {
			t.Fatalf("offer %d: %+v, want %+v", i, o, w)
		}
		at := 0
		for _, slice := range o.Itinerary.Slices {
			for _, g := range slice.Segments {
				v := w.Route[at]
				if string(g.Origin) != v.From || string(g.Destination) != v.To || g.Departs.String()[:19]+".000Z" != v.Departs || g.Arrives.String()[:19]+".000Z" != v.Arrives ||
					g.Marketing != travel.NewFlight(v.Carrier, v.Number.String()) || g.Operating != travel.NewFlight(v.Operator, v.OperatorNo) || o.Fare.Basis[at] != v.Basis {
					t.Fatalf("offer %d, segment %d: %+v, want %+v", i, at, g, v)
				}
				at++
			}
		}
		if at != len(w.Route) {
			t.Fatalf("offer %d has %d segments, want %d", i, at, len(w.Route))
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	providertest.Bench(b, big(), bigOffers, func(doc []byte) (travel.Answer, error) { return Decode(doc, nil) }, "encoding/json", func(doc []byte) (int, error) {
		s, err := stdDecode(doc)
		return len(s.Data), err
	})
}
