package duffel

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// staysDocument is a search of so many results with four rates each, as long as real ones
// are: amenities, photos and conditions included.
func staysDocument(results int) []byte {
	var b strings.Builder
	b.WriteString(`{"data":{"results":[`)
	for i := range results {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"srr_%06d","check_in_date":"2027-03-01","check_out_date":"2027-03-04","rooms":1,"guests":[{"type":"adult"},{"type":"adult"}],"expires_at":"2027-02-01T10:30:00.000Z",`+
			`"cheapest_rate_total_amount":"%d.00","cheapest_rate_currency":"EUR","accommodation":{"id":"acc_%06d","name":"Hotel Number %d","rating":4,"review_score":8.8,"chain":{"name":"Maison Test"},`+
			`"amenities":[{"type":"parking","description":"Parking"},{"type":"gym","description":"Gym"},{"type":"wifi","description":"Wi-Fi"}],"description":"A hotel of some words, close to everything that is close to it.",`+
			`"location":{"geographic_coordinates":{"latitude":48.%04d,"longitude":2.%04d},"address":{"line_one":"%d Rue du Test","city_name":"Paris","postal_code":"75001","region":"Paris","country_code":"FR"}},"rooms":[`,
			i, 100+i, i, i, 8000+i, 3000+i, i)
		for room := range 2 {
			if room > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"name":"Room of kind %d","beds":[{"type":"double","count":1}],"photos":[{"url":"https://images.example.com/photo-%d.jpg?fit=crop&w=256&q=80"}],"rates":[`, room, i)
			for rate := range 2 {
				if rate > 0 {
					b.WriteByte(',')
				}
				total := 100 + i + 10*room + rate
				fmt.Fprintf(&b, `{"id":"rat_%06d%d%d","total_currency":"EUR","total_amount":"%d.00","tax_currency":"EUR","tax_amount":"20.00","base_currency":"EUR","base_amount":"%d.00","fee_currency":"EUR","fee_amount":"0.00",`+
					`"due_at_accommodation_currency":"EUR","due_at_accommodation_amount":"4.50","source":"expedia","payment_type":"pay_now","board_type":"breakfast","payment_method":"balance","available_payment_methods":["balance","card"],`+
					`"conditions":[{"title":"Parking","description":"Public parking is available nearby."}],"cancellation_timeline":[{"before":"2027-02-24T12:00:00Z","refund_amount":"%d.00","currency":"EUR"}],`+
					`"quantity_available":%d,"expires_at":"2027-02-01T10:20:00.000Z","supported_loyalty_programme":null,"negotiated_rate_id":null,"code":null,"description":null,"name":null}`,
					i, room, rate, total, total-20, total, 1+i%5)
			}
			b.WriteString(`]}`)
		}
		b.WriteString(`]}}`)
	}
	b.WriteString(`]}}`)
	return []byte(b.String())
}

// What encoding/json is given to read: the fields that the decoder reads.
type (
	stayRateJSON struct {
		ID            string
		TotalAmount   string  `json:"total_amount"`
		TotalCurrency string  `json:"total_currency"`
		BaseAmount    string  `json:"base_amount"`
		BaseCurrency  string  `json:"base_currency"`
		TaxAmount     string  `json:"tax_amount"`
		TaxCurrency   string  `json:"tax_currency"`
		DueAmount     *string `json:"due_at_accommodation_amount"`
		DueCurrency   string  `json:"due_at_accommodation_currency"`
		Board         string  `json:"board_type"`
		Payment       string  `json:"payment_type"`
		Quantity      *int    `json:"quantity_available"`
		ExpiresAt     *string `json:"expires_at"`
		Timeline      []struct {
			Before, Currency string
			Refund           string `json:"refund_amount"`
		} `json:"cancellation_timeline"`
	}
	staysJSON struct {
		Data struct {
			Results []struct {
				ID            string
				CheckIn       string `json:"check_in_date"`
				CheckOut      string `json:"check_out_date"`
				Rooms         int
				Guests        []guestJSON
				ExpiresAt     string `json:"expires_at"`
				Accommodation struct {
					ID, Name string
					Rating   float64
					Chain    struct{ Name string }
					Location struct {
						Coordinates coordinatesJSON `json:"geographic_coordinates"`
						Address     struct {
							Line    string `json:"line_one"`
							City    string `json:"city_name"`
							Code    string `json:"postal_code"`
							Country string `json:"country_code"`
						}
					}
					Rooms []struct {
						Name  string
						Rates []stayRateJSON
					}
				}
			}
		}
	}
)

func TestStaysReadWhatTheStandardLibraryReads(t *testing.T) {
	doc := staysDocument(20)
	a, err := DecodeStays(doc, nil)
	if err != nil || len(a.Stays) != 20 {
		t.Fatalf("DecodeStays() = %d stays, drops %v, %v", len(a.Stays), a.Drops, err)
	}
	var want staysJSON
	if err := json.Unmarshal(doc, &want); err != nil {
		t.Fatal(err)
	}
	for i, result := range want.Data.Results {
		p, acc := a.Stays[i].Property, result.Accommodation
		if p.ID != acc.ID || p.Name != acc.Name || p.Stars != acc.Rating || p.Lat != acc.Location.Coordinates.Latitude || p.Lon != acc.Location.Coordinates.Longitude || p.Chain != acc.Chain.Name ||
			p.Address != acc.Location.Address.Line+", "+acc.Location.Address.Code+" "+acc.Location.Address.City+", "+acc.Location.Address.Country {
			t.Fatalf("%+v from %+v", p, acc)
		}
		n := 0
		for _, room := range acc.Rooms {
			for _, r := range room.Rates {
				got := a.Stays[i].Rates[n]
				n++
				sum := got.Price.Total
				sum.Minor -= got.PayAtProperty.Minor
				if got.PartnerRef != r.ID || got.Room != room.Name || sum.Decimal() != r.TotalAmount || got.PayAtProperty.Decimal() != *r.DueAmount || got.Price.Base.Decimal() != r.BaseAmount ||
					got.Price.Taxes.Decimal() != r.TaxAmount || got.RoomsLeft != *r.Quantity || got.Board != travel.BedAndBreakfast || got.Payment != travel.PayNow ||
					got.Cancellation.FreeUntil.Format("2006-01-02T15:04:05Z") != r.Timeline[0].Before || got.ExpiresAt.Format("2006-01-02T15:04:05.000Z") != *r.ExpiresAt || got.Rooms[0].Occupancy.Adults != 2 {
					t.Fatalf("%sfrom %+v", providertest.RateLine(&got), r)
				}
			}
		}
		if n != len(a.Stays[i].Rates) {
			t.Fatalf("%d rates, want %d", len(a.Stays[i].Rates), n)
		}
	}
}

func BenchmarkDecodeStays(b *testing.B) {
	const results = 125
	providertest.Bench(b, staysDocument(results), 4*results, func(doc []byte) (travel.Answer, error) { return DecodeStays(doc, nil) },
		"encoding/json", func(doc []byte) (n int, err error) {
			var all staysJSON
			err = json.Unmarshal(doc, &all)
			for _, result := range all.Data.Results {
				for _, room := range result.Accommodation.Rooms {
					n += len(room.Rates)
				}
			}
			return n, err
		})
}
