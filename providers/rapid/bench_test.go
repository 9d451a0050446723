package rapid

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// answerOf is an answer with so many properties with four rates each, as long as real
// ones are: three nights, all totals in two currencies.
func answerOf(properties int) []byte {
	var b strings.Builder
	charge := func(name string, cents int) string {
		return fmt.Sprintf(`%q:{"billable_currency":{"value":"%d.%02d","currency":"EUR"},"request_currency":{"value":"%d.%02d","currency":"GBP"}}`, name, cents/100, cents%100, cents/120, cents%100)
	}
	b.WriteByte('[')
	for i := range properties {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"property_id":"%d","status":"available","rooms":[`, 10000+i)
		for room := range 2 {
			if room > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"id":"%d","room_name":"Superior Room, %d King Bed","rates":[`, 200000+2*i+room, room+1)
			for rate := range 2 {
				if rate > 0 {
					b.WriteByte(',')
				}
				cents := 20000 + 100*i + 1000*room + 100*rate
				night := fmt.Sprintf(`[{"type":"base_rate","value":"%d.00","currency":"EUR"},{"type":"tax_and_service_fee","value":"7.00","currency":"EUR"}]`, cents/300)
				fmt.Fprintf(&b, `{"id":"%d","status":"available","available_rooms":%d,"refundable":%v,"member_deal_available":false,"sale_scenario":{"package":false,"member":false,"corporate":false,"distribution":false},`+
					`"merchant_of_record":"expedia","amenities":{"2390":{"id":"2390","name":"Free internet"},"2104":{"id":"2104","name":"Full breakfast"}},`+
					`"links":{"payment_options":{"method":"GET","href":"/v3/properties/%d/payment-options?token=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}},`+
					`"bed_groups":{"37310":{"links":{"price_check":{"method":"GET","href":"/v3/properties/%d/rooms/%d/rates/%d?token=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY","expires":"2027-02-01T10:00:00.000Z"}},`+
					`"id":"37310","description":"1 King Bed","configuration":[{"type":"KingBed","size":"King","quantity":1}]}},`+
					`"cancel_penalties":[{"currency":"EUR","start":"2027-02-27T18:00:00.000+01:00","end":"2027-03-01T18:00:00.000+01:00","percent":"100%%"}],`+
					`"occupancy_pricing":{"2":{"nightly":[%s,%s,%s],"totals":{%s,%s,%s,%s,%s,%s},"fees":{%s}}}}`,
					900000+4*i+2*room+rate, 1+i%9, rate == 0, i, i, room, rate, night, night, night,
					charge("inclusive", cents), charge("exclusive", cents-2100), charge("inclusive_strikethrough", cents+4000), charge("strikethrough", cents+3000),
					charge("property_inclusive", cents+600), charge("marketing_fee", 1500), charge("mandatory_tax", 600))
			}
			b.WriteString(`]}`)
		}
		b.WriteString(`],"score":100}`)
	}
	return append([]byte(b.String()), ']')
}

// What encoding/json is given to read: the fields that the decoder reads.
type (
	amountJSON struct{ Value, Currency string }
	chargeJSON struct {
		Billable amountJSON `json:"billable_currency"`
		Request  amountJSON `json:"request_currency"`
	}
	rateJSON struct {
		ID, Status       string
		AvailableRooms   int `json:"available_rooms"`
		Refundable       bool
		SaleScenario     struct{ Package, Member, MobilePromotion bool } `json:"sale_scenario"`
		MerchantOfRecord string                                          `json:"merchant_of_record"`
		Amenities        map[string]struct{ ID, Name string }
		BedGroups        map[string]struct {
			Links struct {
				PriceCheck struct{ Expires string } `json:"price_check"`
			}
		} `json:"bed_groups"`
		CancelPenalties []struct{ Start, Amount, Currency, Percent, Nights string } `json:"cancel_penalties"`
		Pricing         map[string]struct {
			Totals struct {
				Inclusive, Exclusive chargeJSON
				PropertyInclusive    chargeJSON `json:"property_inclusive"`
				PropertyFees         chargeJSON `json:"property_fees"`
			}
			Fees struct {
				Mandatory chargeJSON `json:"mandatory_fee"`
				Resort    chargeJSON `json:"resort_fee"`
				Tax       chargeJSON `json:"mandatory_tax"`
			}
		} `json:"occupancy_pricing"`
	}
	propertyJSON struct {
		ID    string `json:"property_id"`
		Rooms []struct {
			ID    string
			Name  string `json:"room_name"`
			Rates []rateJSON
		}
	}
)

func TestReadsWhatTheStandardLibraryReads(t *testing.T) {
	doc := answerOf(20)
	a, err := Decode(doc, nil)
	if err != nil || len(a.Stays) != 20 {
		t.Fatalf("Decode() = %d properties, drops %v, %v", len(a.Stays), a.Drops, err)
	}
	var want []propertyJSON
	if err := json.Unmarshal(doc, &want); err != nil {
		t.Fatal(err)
	}
	for i, p := range want {
		n := 0
		for _, room := range p.Rooms {
			for _, r := range room.Rates {
				got := a.Stays[i].Rates[n]
				n++
				price := r.Pricing["2"]
				ref := p.ID + "/" + room.ID + "/" + r.ID
				if got.PartnerRef != ref || got.Room != room.Name || got.Price.Total.Decimal() != price.Totals.PropertyInclusive.Billable.Value ||
					got.Price.Base.Decimal() != price.Totals.Exclusive.Billable.Value || got.PayAtProperty.Decimal() != price.Fees.Tax.Billable.Value ||
					got.RoomsLeft != r.AvailableRooms || (got.Cancellation.Refundable == travel.Yes) != r.Refundable || len(got.Cancellation.Steps) != 1 ||
					got.Cancellation.Steps[0].Fee.Decimal() != price.Totals.Inclusive.Billable.Value || got.Board != travel.BedAndBreakfast || got.Payment != travel.PayNow {
					t.Fatalf("%s: %s\nfrom %+v", ref, providertest.RateLine(&got), r)
				}
			}
		}
		if n != len(a.Stays[i].Rates) {
			t.Fatalf("%d rates, want %d", len(a.Stays[i].Rates), n)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	const properties = 125
	providertest.Bench(b, answerOf(properties), 4*properties, func(doc []byte) (travel.Answer, error) { return Decode(doc, nil) },
		"encoding/json", func(doc []byte) (n int, err error) {
			var all []propertyJSON
			err = json.Unmarshal(doc, &all)
			for _, p := range all {
				for _, room := range p.Rooms {
					n += len(room.Rates)
				}
			}
			return n, err
		})
}
