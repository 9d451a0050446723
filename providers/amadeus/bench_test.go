package amadeus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

const bigOffers = 250

// bigAir is an answer of about 1.3 MB, the most that a search brings: return trips for two
// adults and a child, with a connection there.
func bigAir() []byte {
	var b bytes.Buffer
	b.WriteString(`{"meta":{"count":250},"data":[`)
	for i := range bigOffers {
		if i > 0 {
			b.WriteByte(',')
		}
		m := i / 3 % 60 // three brands of the same flights
		fmt.Fprintf(&b, `{"type":"flight-offer","id":"%d","source":"GDS","instantTicketingRequired":false,"nonHomogeneous":false,"oneWay":false,"lastTicketingDate":"2027-02-01","numberOfBookableSeats":%d,"itineraries":[`, i+1, i%9+1)
		segment := func(id int, carrier, from, to, departs, arrives, duration string) {
			fmt.Fprintf(&b, `{"departure":{"iataCode":"%s","terminal":"2","at":"2027-03-%s:00"},"arrival":{"iataCode":"%s","at":"2027-03-%s:00"},"carrierCode":"%s","number":"%d","aircraft":{"code":"320"},"operating":{"carrierCode":"PF"},"duration":"%s","id":"%d","numberOfStops":0,"blacklistedInEU":false}`,
				from, departs, to, arrives, carrier, 1000+i/3, duration, id)
		}
		at := func(day, hour int) string { return fmt.Sprintf("%02dT%02d:%02d", day, hour, m) }
		b.WriteString(`{"duration":"PT10H","segments":[`)
		segment(3*i+1, "GN", "LHR", "CDG", at(1, 8), at(1, 10), "PT1H")
		b.WriteByte(',')
		segment(3*i+2, "GN", "CDG", "JFK", at(1, 12), at(1, 13), "PT7H")
		b.WriteString(`]},{"duration":"PT7H","segments":[`)
		segment(3*i+3, "GN", "JFK", "LHR", at(8, 20), at(9, 8), "PT7H")
		fmt.Fprintf(&b, `]}],"price":{"currency":"EUR","total":"%d.%02d","base":"900.00","fees":[{"amount":"0.00","type":"SUPPLIER"},{"amount":"0.00","type":"TICKETING"}],"grandTotal":"%d.%02d"},"pricingOptions":{"fareType":["PUBLISHED"],"includedCheckedBagsOnly":true},"validatingAirlineCodes":["GN"],"travelerPricings":[`, 1000+i, i%100, 1000+i, i%100)
		for p := range 3 {
			if p > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"travelerId":"%d","fareOption":"STANDARD","travelerType":"%s","price":{"currency":"EUR","total":"400.00","base":"300.00"},"fareDetailsBySegment":[`, p+1, []string{"ADULT", "ADULT", "CHILD"}[p])
			for s := range 3 {
				if s > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `{"segmentId":"%d","cabin":"ECONOMY","fareBasis":"KLX%dTLGT","brandedFare":"BRAND%d","class":"K","includedCheckedBags":{"quantity":%d}}`, 3*i+s+1, i%3, i%3, i%3)
			}
			b.WriteString(`]}`)
		}
		b.WriteString(`]}`)
	}
	b.WriteString(`],"dictionaries":{"locations":{"LHR":{"cityCode":"LON","countryCode":"GB"}},"aircraft":{"320":"AIRBUS A320"},"currencies":{"EUR":"EURO"},"carriers":{"GN":"GANNET AIR","PF":"PUFFIN LINES"}}}`)
	return b.Bytes()
}

// stdAir is the fields that DecodeAir reads of that document.
type stdAir struct {
	Data []struct {
		Type        string `json:"type"`
		ID          string `json:"id"`
		Seats       int    `json:"numberOfBookableSeats"`
		Last        string `json:"lastTicketingDate"`
		Itineraries []struct {
			Duration string `json:"duration"`
			Segments []struct {
				ID        string `json:"id"`
				Departure stdEnd `json:"departure"`
				Arrival   stdEnd `json:"arrival"`
				Carrier   string `json:"carrierCode"`
				Number    string `json:"number"`
				Aircraft  struct {
					Code string `json:"code"`
				} `json:"aircraft"`
				Operating struct {
					Carrier string `json:"carrierCode"`
				} `json:"operating"`
				Duration string `json:"duration"`
				Stops    int    `json:"numberOfStops"`
			} `json:"segments"`
		} `json:"itineraries"`
		Price      stdPrice `json:"price"`
		Validating []string `json:"validatingAirlineCodes"`
		Travelers  []struct {
			Type  string   `json:"travelerType"`
			Price stdPrice `json:"price"`
			Fares []struct {
				Segment string `json:"segmentId"`
				Cabin   string `json:"cabin"`
				Basis   string `json:"fareBasis"`
				Brand   string `json:"brandedFare"`
				Checked struct {
					Quantity *int `json:"quantity"`
				} `json:"includedCheckedBags"`
			} `json:"fareDetailsBySegment"`
		} `json:"travelerPricings"`
	} `json:"data"`
	Dictionaries struct {
		Carriers map[string]string `json:"carriers"`
	} `json:"dictionaries"`
}

type stdEnd struct {
	Code     string `json:"iataCode"`
	Terminal string `json:"terminal"`
	At       string `json:"at"`
}

type stdPrice struct {
	Currency   string `json:"currency"`
	Total      string `json:"total"`
	Base       string `json:"base"`
	GrandTotal string `json:"grandTotal"`
	Fees       []struct {
		Amount string `json:"amount"`
	} `json:"fees"`
}

// TestAirEqualsEncodingJSON compares what both readers make of the same document.
func TestAirEqualsEncodingJSON(t *testing.T) {
	doc := bigAir()
	a, err := DecodeAir(doc, nil)
	var std stdAir
	stdErr := json.Unmarshal(doc, &std)
	if err != nil || stdErr != nil || len(a.Offers) != bigOffers || len(std.Data) != bigOffers || len(a.Notes) != 0 {
		t.Fatalf("DecodeAir() = %d offers, drops %v, notes %v, %v; encoding/json %d, %v", len(a.Offers), a.Drops, a.Notes, err, len(std.Data), stdErr)
	}
	for i := range a.Offers {
		o, w := &a.Offers[i], &std.Data[i]
		total, _ := travel.ParseMoney(w.Price.GrandTotal, travel.Currency(w.Price.Currency))
		bags, _ := o.Fare.CheckedBags.Count()
		if o.PartnerRef != w.ID || o.Price.Total != total || o.SeatsLeft != w.Seats || o.Seller.Name != std.Dictionaries.Carriers[w.Validating[0]] ||
			o.Fare.Brand != w.Travelers[0].Fares[0].Brand || bags != *w.Travelers[0].Fares[0].Checked.Quantity || len(o.Itinerary.Slices) != len(w.Itineraries) {
			t.Fatalf("offer %d: %+v, want %+v", i, o, w)
		}
		at := 0
		for j, slice := range o.Itinerary.Slices {
			for k, g := range slice.Segments {
				v := w.Itineraries[j].Segments[k]
				if string(g.Origin) != v.Departure.Code || string(g.Destination) != v.Arrival.Code || g.Departs.String()[:19] != v.Departure.At || g.Arrives.String()[:19] != v.Arrival.At ||
					g.Marketing != travel.NewFlight(v.Carrier, v.Number) || string(g.Operating.Carrier) != v.Operating.Carrier || o.Fare.Basis[at] != w.Travelers[0].Fares[at].Basis {
					t.Fatalf("offer %d, slice %d, segment %d: %+v, want %+v", i, j, k, g, v)
				}
				at++
			}
		}
	}
}

func BenchmarkDecodeAir(b *testing.B) {
	providertest.Bench(b, bigAir(), bigOffers, func(doc []byte) (travel.Answer, error) { return DecodeAir(doc, nil) }, "encoding/json", func(doc []byte) (int, error) {
		var std stdAir
		err := json.Unmarshal(doc, &std)
		return len(std.Data), err
	})
}

const bigRates = 400

// bigHotel is an answer of some 0.5 MB: 20 properties with 20 offers each, as one call
// for offers brings.
func bigHotel() []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for h := range 20 {
		if h > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"hotel-offers","hotel":{"type":"hotel","hotelId":"CNPAR%03d","chainCode":"CN","dupeId":"70003%d","name":"Cosy Nook Number %d","cityCode":"PAR","latitude":48.8%d,"longitude":2.3%d},"available":true,"offers":[`, h, h, h, h, h)
		for i := range 20 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"id":"OFFER%03d%03d","checkInDate":"2027-03-01","checkOutDate":"2027-03-04","rateCode":"BAR","rateFamilyEstimated":{"code":"BAR","type":"P"},"boardType":"BREAKFAST","room":{"type":"A%dK","typeEstimated":{"category":"DELUXE_ROOM","beds":%d,"bedType":"KING"},"description":{"text":"Flexible rate number %d, breakfast included for each guest\nDeluxe king room, 30sqm, Wireless internet for a fee, non smoking, with a view of the courtyard","lang":"EN"}},"guests":{"adults":2},"price":{"currency":"EUR","base":"%d.00","total":"%d.50","taxes":[{"code":"TOTAL_TAX","pricingFrequency":"PER_STAY","pricingMode":"PER_PRODUCT","amount":"30.50","currency":"EUR","included":false}],"variations":{"average":{"base":"100.00"},"changes":[{"startDate":"2027-03-01","endDate":"2027-03-02","base":"100.00"},{"startDate":"2027-03-02","endDate":"2027-03-04","base":"110.00"}]}},"policies":{"paymentType":"guarantee","guarantee":{"acceptedPayments":{"creditCards":["VI","CA","AX"],"methods":["CREDIT_CARD"]}},"cancellations":[{"deadline":"2027-02-%02dT23:59:00+01:00","amount":"%d.00","description":{"text":"Free cancellation until then"}}]},"self":"https://example.invalid/v3/shopping/hotel-offers/OFFER%03d%03d"}`,
				h, i, i%9, i%3+1, i, 200+i, 230+i, i+1, 100+i, h, i)
		}
		fmt.Fprintf(&b, `],"self":"https://example.invalid/v3/shopping/hotel-offers?hotelIds=CNPAR%03d"}`, h)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// stdHotel is the fields that DecodeHotel reads of that document.
type stdHotel struct {
	Data []struct {
		Type      string `json:"type"`
		Available *bool  `json:"available"`
		Hotel     struct {
			ID    string  `json:"hotelId"`
			Name  string  `json:"name"`
			Chain string  `json:"chainCode"`
			Lat   float64 `json:"latitude"`
			Lon   float64 `json:"longitude"`
		} `json:"hotel"`
		Offers []struct {
			ID       string `json:"id"`
			CheckIn  string `json:"checkInDate"`
			CheckOut string `json:"checkOutDate"`
			Board    string `json:"boardType"`
			Room     struct {
				Type      string `json:"type"`
				Estimated struct {
					Category string `json:"category"`
					Beds     int    `json:"beds"`
					BedType  string `json:"bedType"`
				} `json:"typeEstimated"`
				Description struct {
					Text string `json:"text"`
				} `json:"description"`
			} `json:"room"`
			Guests struct {
				Adults int `json:"adults"`
			} `json:"guests"`
			Price struct {
				Currency string `json:"currency"`
				Base     string `json:"base"`
				Total    string `json:"total"`
				Taxes    []struct {
					Code      string `json:"code"`
					Frequency string `json:"pricingFrequency"`
					Mode      string `json:"pricingMode"`
					Amount    string `json:"amount"`
					Currency  string `json:"currency"`
					Included  *bool  `json:"included"`
				} `json:"taxes"`
			} `json:"price"`
			Policies struct {
				Payment       string `json:"paymentType"`
				Cancellations []struct {
					Deadline    string `json:"deadline"`
					Amount      string `json:"amount"`
					Description struct {
						Text string `json:"text"`
					} `json:"description"`
				} `json:"cancellations"`
			} `json:"policies"`
		} `json:"offers"`
	} `json:"data"`
}

func TestHotelEqualsEncodingJSON(t *testing.T) {
	doc := bigHotel()
	a, err := DecodeHotel(doc, nil)
	var std stdHotel
	stdErr := json.Unmarshal(doc, &std)
	if err != nil || stdErr != nil || a.OffersKept() != bigRates || len(a.Stays) != len(std.Data) || len(a.Notes) != 0 {
		t.Fatalf("DecodeHotel() = %d rates, drops %v, notes %v, %v; encoding/json %d, %v", a.OffersKept(), a.Drops, a.Notes, err, len(std.Data), stdErr)
	}
	for i, s := range a.Stays {
		w := std.Data[i]
		if s.Property.ID != w.Hotel.ID || s.Property.Name != w.Hotel.Name || s.Property.Lat != w.Hotel.Lat || len(s.Rates) != len(w.Offers) {
			t.Fatalf("property %d: %+v, want %+v", i, s.Property, w.Hotel)
		}
		for j, r := range s.Rates {
			v := w.Offers[j]
			total, _ := travel.ParseMoney(v.Price.Total, travel.Currency(v.Price.Currency))
			fee, _ := travel.ParseMoney(v.Policies.Cancellations[0].Amount, travel.Currency(v.Price.Currency))
			if r.PartnerRef != v.ID || r.Price.Total != total || r.RoomCode != v.Room.Type || r.Rooms[0].Occupancy.Adults != v.Guests.Adults ||
				r.Cancellation.FreeUntil.Format("2006-01-02T15:04Z07:00") != v.Policies.Cancellations[0].Deadline[:11]+"22:59Z" || r.Cancellation.Steps[0].Fee != fee {
				t.Fatalf("property %d, rate %d: %+v, want %+v", i, j, r, v)
			}
		}
	}
}

func BenchmarkDecodeHotel(b *testing.B) {
	providertest.Bench(b, bigHotel(), bigRates, func(doc []byte) (travel.Answer, error) { return DecodeHotel(doc, nil) }, "encoding/json", func(doc []byte) (int, error) {
		var std stdHotel
		err := json.Unmarshal(doc, &std)
		n := 0
		for i := range std.Data {
			n += len(std.Data[i].Offers)
		}
		return n, err
	})
}
