package partnersim

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const otaLonNYC = `<OTA_AirLowFareSearchRQ xmlns="http://www.opentravel.org/OTA/2003/05" Version="6.6.0">
<OriginDestinationInformation RPH="1"><DepartureDateTime>2027-03-01T00:00:00</DepartureDateTime><OriginLocation LocationCode="LON"/><DestinationLocation LocationCode="NYC"/></OriginDestinationInformation>
<OriginDestinationInformation RPH="2"><DepartureDateTime>2027-03-08</DepartureDateTime><OriginLocation LocationCode="NYC"/><DestinationLocation LocationCode="LON"/></OriginDestinationInformation>
<TravelPreferences MaxStopsQuantity="2"><CabinPref Cabin="Economy" PreferLevel="Preferred"/></TravelPreferences>
<TravelerInfoSummary><AirTravelerAvail><PassengerTypeQuantity Code="ADT" Quantity="2"/><PassengerTypeQuantity Code="CNN" Quantity="1"/><PassengerTypeQuantity Code="INF" Quantity="1"/></AirTravelerAvail></TravelerInfoSummary>
</OTA_AirLowFareSearchRQ>`

// otaCall is a good request that the vendor answers.
func otaCall(question string) *http.Request {
	r := httptest.NewRequest("POST", "/ota", strings.NewReader(question))
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("X-Api-Key", "secret")
	return r
}

func otaPartner(w *world.World, protocol string, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: "lapwing", Protocol: protocol, Currency: "GBP", Credentials: map[string]string{"api_key": "secret"}, Behaviour: behaviour})
}

// otaAmount is an amount as the documents write it.
type otaAmount struct {
	Amount   string          `xml:"Amount,attr"`
	Currency travel.Currency `xml:"CurrencyCode,attr"`
}

func (a otaAmount) minor(t *testing.T) int64 {
	t.Helper()
	m, err := travel.ParseMoney(a.Amount, a.Currency)
	if err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
	return m.Minor
}

type otaFare struct {
	Filed otaAmount   `xml:"BaseFare"`
	Base  otaAmount   `xml:"EquivFare"`
	Tax   []otaAmount `xml:"Taxes>Tax"`
	Total otaAmount   `xml:"TotalFare"`
}

type otaPricing struct {
	Fare   otaFare `xml:"ItinTotalFare"`
	Groups []struct {
		Type struct {
			Code     string `xml:"Code,attr"`
			Quantity int64  `xml:"Quantity,attr"`
		} `xml:"PassengerTypeQuantity"`
		Bases []string `xml:"FareBasisCodes>FareBasisCode"`
		Fare  otaFare  `xml:"PassengerFare"`
	} `xml:"PTC_FareBreakdowns>PTC_FareBreakdown"`
}

type otaItinerary struct {
	Options []struct {
		Segments []struct {
			Departure string `xml:"DepartureDateTime,attr"`
			Arrival   string `xml:"ArrivalDateTime,attr"`
			Operating []struct {
				Code string `xml:",attr"`
			} `xml:"OperatingAirline"`
		} `xml:"FlightSegment"`
	} `xml:"AirItinerary>OriginDestinationOptions>OriginDestinationOption"`
	Pricing    otaPricing   `xml:"AirItineraryPricingInfo"`
	Additional []otaPricing `xml:"TPA_Extensions>AdditionalFares>AirItineraryPricingInfo"`
}

func otaItineraries(t *testing.T, rw *httptest.ResponseRecorder) (all []otaItinerary, pricings int) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(rw.Body.Bytes()))
	for {
		token, err := dec.Token()
		if err != nil {
			break
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "PricedItinerary" {
			var it otaItinerary
			if err := dec.DecodeElement(&it, &s); err != nil {
				t.Fatal(err)
			}
			all = append(all, it)
			pricings += 1 + len(it.Additional)
		}
	}
	if rw.Code != 200 || len(all) == 0 {
		t.Fatalf("status %d: %.300s", rw.Code, rw.Body)
	}
	return all, pricings
}

// TestOTAAirAddsUp: base and taxes are the total, for each passenger and for all, and all are those asked for.
func TestOTAAirAddsUp(t *testing.T) {
	w := testWorld(1)
	additional, night := 0, 0
	for i := range 6 {
		spec := Spec{Name: "lapwing" + strconv.Itoa(i), Protocol: "ota-air", Currency: []travel.Currency{"GBP", "JPY", "KWD"}[i%3], MaxOffers: 40}
		all, _ := otaItineraries(t, call(NewPartner(w, spec), otaCall(otaLonNYC)))
		for _, it := range all {
			additional += len(it.Additional)
			legs := 0
			for _, o := range it.Options {
				legs += len(o.Segments)
				for _, s := range o.Segments {
					if s.Departure[:10] != s.Arrival[:10] {
						night++
					}
				}
			}
			for _, p := range append(it.Additional, it.Pricing) {
				sum, people := int64(0), ""
				for _, g := range p.Groups {
					taxes := int64(0)
					for _, tax := range g.Fare.Tax {
						taxes += tax.minor(t)
					}
					if g.Fare.Base.minor(t)+taxes != g.Fare.Total.minor(t) || len(g.Bases) != legs {
						t.Errorf("%+v of %d legs", g, legs)
					}
					sum += g.Type.Quantity * g.Fare.Total.minor(t)
					people += g.Type.Code + strconv.FormatInt(g.Type.Quantity, 10)
				}
				if total := p.Fare.Total.minor(t); sum != total || p.Fare.Base.minor(t)+p.Fare.Tax[0].minor(t) != total || people != "ADT2CNN1INF1" || p.Fare.Total.Currency != spec.Currency {
					t.Errorf("%s: %+v, the passengers pay %d", people, p.Fare, sum)
				}
			}
		}
	}
	if additional == 0 || night == 0 {
		t.Errorf("%d additional fares, %d flights over night", additional, night)
	}
}

func TestOTAAirExactlyNOffers(t *testing.T) {
	w := testWorld(1)
	for _, n := range []int{1, 50, 400} {
		if _, got := otaItineraries(t, call(otaPartner(w, "ota-air", Behaviour{Offers: n}), otaCall(otaLonNYC))); got != n {
			t.Errorf("Offers: %d gives %d", n, got)
		}
	}
}

func TestOTAAirRefuses(t *testing.T) {
	replace := func(old, fresh string) *http.Request { return otaCall(strings.Replace(otaLonNYC, old, fresh, 1)) }
	with := func(edit func(*http.Request)) *http.Request {
		r := otaCall(otaLonNYC)
		edit(r)
		return r
	}
	for _, c := range []struct {
		name string
		r    *http.Request
		code int
		want string
	}{
		{"method", with(func(r *http.Request) { r.Method = "GET" }), 405, `Code="450"`},
		{"media type", with(func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), 415, `Code="459"`},
		{"no key", with(func(r *http.Request) { r.Header.Del("X-Api-Key") }), 401, `Code="497"`},
		{"wrong key", with(func(r *http.Request) { r.Header.Set("X-Api-Key", "other") }), 401, "Authentication failed"},
		{"not XML", otaCall("<a"), 200, `Code="320"`},
		{"another message", replace("OTA_AirLowFareSearchRQ xmlns", "a/><b xmlns"), 200, `Code="320"`},
		{"another namespace", replace("OTA/2003/05", "OTA/2002/08"), 200, `Code="459"`},
		{"no version", replace(` Version="6.6.0"`, ""), 200, `Code="321"`},
		{"place", replace(`"LON"`, `"QQ9"`), 200, "QQ9"},
		{"date", replace("2027-03-01T", "2027-03-01 "), 200, "departure date"},
		{"past", replace("2027-03-01T", "2025-03-01T"), 200, "past"},
		{"order of dates", replace("2027-03-08", "2027-02-08"), 200, "past"},
		{"cabin", replace(`"Economy"`, `"Attic"`), 200, "Attic"},
		{"passenger type", replace(`"CNN"`, `"DOG"`), 200, "DOG"},
		{"too many babies", replace(`"INF" Quantity="1"`, `"INF" Quantity="3"`), 200, "infants"},
		{"far ahead", otaCall(strings.NewReplacer("2027-03-01", "2029-03-01", "2027-03-08", "2029-03-08").Replace(otaLonNYC)), 200, `Code="322"`},
		{"good", otaCall(otaLonNYC), 200, "<PricedItinerary "},
		{"soap", otaCall(soapOpen + otaLonNYC + soapShut), 200, "soap:Envelope"},
	} {
		rw := call(otaPartner(testWorld(1), "ota-air", Behaviour{}), c.r)
		if text := strings.ReplaceAll(rw.Body.String(), "ota:", ""); rw.Code != c.code || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %.400s; want %d %s", c.name, rw.Code, text, c.code, c.want)
		}
	}
}

// TestOTACredentials: wherever a partner wants them to stand.
func TestOTACredentials(t *testing.T) {
	security := `<s:Header><w:Security xmlns:w="urn:w"><w:UsernameToken><w:Username>u</w:Username><w:Password>p</w:Password></w:UsernameToken></w:Security></s:Header><s:Body>`
	envelope := func(header string) string {
		return `<s:Envelope xmlns:s="` + exchange.Soap11Space + `">` + header + otaLonNYC + `</s:Body></s:Envelope>`
	}
	pos := strings.Replace(otaLonNYC, `Version="6.6.0">`, `Version="6.6.0"><POS><Source><RequestorID Type="1" ID="u" MessagePassword="p"/></Source></POS>`, 1)
	for name, c := range map[string]struct {
		question string
		header   [2]string
		want     int
	}{
		"basic": {otaLonNYC, [2]string{"Authorization", "Basic dTpw"}, 200}, "another basic": {otaLonNYC, [2]string{"Authorization", "Basic dTpx"}, 401},
		"wsse": {envelope(security), [2]string{}, 200}, "another wsse": {envelope(strings.Replace(security, ">p<", ">q<", 1)), [2]string{}, 401},
		"requestor": {pos, [2]string{}, 200}, "none": {otaLonNYC, [2]string{}, 401},
	} {
		p := NewPartner(testWorld(1), Spec{Name: "lapwing", Protocol: "ota-air", Credentials: map[string]string{"username": "u", "password": "p"}})
		r := otaCall(c.question)
		r.Header.Del("X-Api-Key")
		if c.header[0] != "" {
			r.Header.Set(c.header[0], c.header[1])
		}
		if rw := call(p, r); rw.Code != c.want {
			t.Errorf("%s: %d %.200s", name, rw.Code, rw.Body)
		}
	}
}
