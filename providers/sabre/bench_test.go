package sabre

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/document"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// bigOffers are in big: two in each itinerary of gir.json, with other prices, beside a
// third that is sold out, with what else real ones have of each passenger.
const bigOffers = 400

func big(tb testing.TB) []byte {
	tb.Helper()
	doc := string(providertest.Load(tb, "sabre-bfm/gir.json"))
	from := strings.Index(doc, `{"id":5,`)
	to := strings.LastIndex(doc, `]}]}}`)
	one := doc[from:to]
	var refs strings.Builder
	for i := range 16 {
		fmt.Fprintf(&refs, `{"ref":%d},`, 10+i*7)
	}
	list := "[" + strings.TrimSuffix(refs.String(), ",") + "]"
	one = strings.ReplaceAll(one, `"passengerTotalFare":`, `"taxes":`+list+`,"taxSummaries":`+list+`,"currencyConversion":{"from":"USD","to":"GBP","exchangeRateUsed":0.857},`+
		`"fareMessages":[{"type":"N","code":"0","carrier":"GN","info":"NONREF/SVCCHGPLUSFAREDIF/CXL BY FLT TIME OR NOVALUE"},{"type":"W","code":"0","info":"VALIDATING CARRIER - GN"},{"type":"W","code":"0","info":"CAT 15 SALES RESTRICTIONS FREE TEXT FOUND - VERIFY RULES"}],"passengerTotalFare":`)
	var b strings.Builder
	b.WriteString(doc[:from])
	for i := range bigOffers / 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.NewReplacer(`{"id":5,`, fmt.Sprintf(`{"id":%d,`, i+1), `"totalPrice":2600.5`, fmt.Sprintf(`"totalPrice":%d.75`, 2000+i), "ndc-8f2", fmt.Sprintf("ndc-%d", i)).Replace(one))
	}
	b.WriteString(doc[to:])
	return []byte(b.String())
}

// stdAnswer is the fields that Decode reads, for encoding/json.
type stdAnswer struct {
	Response struct {
		Schedules []struct {
			ID      int `json:"id"`
			Stops   int `json:"stopCount"`
			Elapsed int `json:"elapsedTime"`
			Departs struct {
				stdPlace
			} `json:"departure"`
			Arrives stdPlace `json:"arrival"`
			Carrier struct {
				Marketing       string          `json:"marketing"`
				MarketingNumber json.RawMessage `json:"marketingFlightNumber"`
				Operating       string          `json:"operating"`
				OperatingNumber json.RawMessage `json:"operatingFlightNumber"`
				Disclosure      string          `json:"disclosure"`
				Equipment       struct {
					Code string `json:"code"`
				} `json:"equipment"`
			} `json:"carrier"`
		} `json:"scheduleDescs"`
		Legs []struct {
			ID        int `json:"id"`
			Elapsed   int `json:"elapsedTime"`
			Schedules []struct {
				Ref  int `json:"ref"`
				Days int `json:"departureDateAdjustment"`
			} `json:"schedules"`
		} `json:"legDescs"`
		Components []struct {
			ID    int    `json:"id"`
			Basis string `json:"fareBasisCode"`
			Brand struct {
				Name string `json:"brandName"`
			} `json:"brand"`
		} `json:"fareComponentDescs"`
		Groups []struct {
			Description struct {
				Legs []struct {
					Date string `json:"departureDate"`
				} `json:"legDescriptions"`
			} `json:"groupDescription"`
			Itineraries []struct {
				ID   int `json:"id"`
				Legs []struct {
					Ref int `json:"ref"`
				} `json:"legs"`
				Pricing []stdPricing `json:"pricingInformation"`
			} `json:"itineraries"`
		} `json:"itineraryGroups"`
	} `json:"groupedItineraryResponse"`
}

type stdPlace struct {
	Airport  string `json:"airport"`
	Time     string `json:"time"`
	Terminal string `json:"terminal"`
	Days     int    `json:"dateAdjustment"`
}

type stdSum struct {
	Total         json.Number `json:"totalPrice"`
	Each          json.Number `json:"totalFare"`
	Taxes         json.Number `json:"totalTaxAmount"`
	Currency      string      `json:"currency"`
	Base          json.Number `json:"baseFareAmount"`
	BaseCurrency  string      `json:"baseFareCurrency"`
	Equiv         json.Number `json:"equivalentAmount"`
	EquivCurrency string      `json:"equivalentCurrency"`
}

type stdPricing struct {
	Offer struct {
		ID  string `json:"offerId"`
		TTL string `json:"ttl"`
	} `json:"offer"`
	Fare *struct {
		Carrier    string `json:"validatingCarrierCode"`
		LastDate   string `json:"lastTicketDate"`
		LastTime   string `json:"lastTicketTime"`
		Passengers []struct {
			Info struct {
				Type          string `json:"passengerType"`
				Number        int    `json:"passengerNumber"`
				NonRefundable bool   `json:"nonRefundable"`
				Components    []struct {
					Ref      int `json:"ref"`
					Segments []struct {
						Segment struct {
							Cabin string `json:"cabinCode"`
							Seats int    `json:"seatsAvailable"`
						} `json:"segment"`
					} `json:"segments"`
				} `json:"fareComponents"`
				Total     stdSum `json:"passengerTotalFare"`
				Penalties struct {
					List []struct {
						Type       string      `json:"type"`
						When       string      `json:"applicability"`
						Changeable *bool       `json:"changeable"`
						Refundable *bool       `json:"refundable"`
						Amount     json.Number `json:"amount"`
						Currency   string      `json:"currency"`
					} `json:"penalties"`
				} `json:"penaltiesInfo"`
				Bags []struct {
					Kind     string `json:"provisionType"`
					Segments []struct {
						ID int `json:"id"`
					} `json:"segments"`
					Allowance struct {
						Ref int `json:"ref"`
					} `json:"allowance"`
				} `json:"baggageInformation"`
			} `json:"passengerInfo"`
		} `json:"passengerInfoList"`
		Total stdSum `json:"totalFare"`
	} `json:"fare"`
}

// TestEqualsEncodingJSON compares what both readers make of the same document.
func TestEqualsEncodingJSON(t *testing.T) {
	doc := big(t)
	a, err := Decode(doc, nil)
	var std stdAnswer
	if stdErr := json.Unmarshal(doc, &std); err != nil || stdErr != nil || len(a.Offers) != bigOffers || len(doc) < 600_000 {
		t.Fatalf("%d bytes: %d offers, drops %v, %v; encoding/json %v", len(doc), len(a.Offers), a.Drops, err, stdErr)
	}
	r := &std.Response
	group := &r.Groups[0]
	for i := range group.Itineraries {
		w := &group.Itineraries[i]
		var want []string
		for _, l := range w.Legs {
			for _, s := range r.Legs[l.Ref-1].Schedules {
				f := &r.Schedules[s.Ref-1]
				number := strings.Trim(string(f.Carrier.MarketingNumber), `"`)
				want = append(want, travel.NewFlight(f.Carrier.Marketing, number).String(), f.Departs.Airport, f.Departs.Time[:8], f.Arrives.Airport, f.Arrives.Time[:8])
			}
		}
		o := &a.Offers[2*i]
		var got []string
		for _, s := range o.Itinerary.Slices {
			for _, g := range s.Segments {
				got = append(got, g.Marketing.String(), string(g.Origin), g.Departs.String()[11:19], string(g.Destination), g.Arrives.String()[11:19])
			}
		}
		fare := w.Pricing[0].Fare
		total, _ := document.Money(fare.Total.Total.String(), fare.Total.Currency)
		fee, _ := document.Money(fare.Passengers[1].Info.Penalties.List[0].Amount.String(), "GBP")
		if strings.Join(got, " ") != strings.Join(want, " ") || o.Price.Total != total || o.Seller.Code != fare.Carrier || o.Fare.ChangeFee != fee ||
			o.Fare.Basis[0] != r.Components[fare.Passengers[0].Info.Components[0].Ref-1].Basis || a.Offers[2*i+1].PartnerRef != w.Pricing[1].Offer.ID {
			t.Fatalf("itinerary %d:\n%s%s\nwant %v %v", w.ID, providertest.Line(o), got, want, total)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	decode := func(doc []byte) (travel.Answer, error) { return Decode(doc, nil) }
	providertest.Bench(b, big(b), bigOffers, decode, "encoding/json", func(doc []byte) (int, error) {
		var std stdAnswer
		err := json.Unmarshal(doc, &std)
		return 2 * len(std.Response.Groups[0].Itineraries), err
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range documents {
		f.Add(providertest.Load(f, "sabre-bfm/"+name))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Decode(doc, nil)
		if err != nil {
			return
		}
		providertest.Consistent(t, &a)
		for i := range a.Offers {
			if o := &a.Offers[i]; o.PartnerRef == "" {
				t.Fatalf("kept an offer that cannot be named: %s", providertest.Line(o))
			}
		}
	})
}
