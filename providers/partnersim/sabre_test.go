package partnersim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/partnersim/world"
)

const sabreLonNYC = `{"OTA_AirLowFareSearchRQ":{"Version":"4","POS":{"Source":[{"PseudoCityCode":"SIM1","RequestorID":{"Type":"1","ID":"1","CompanyName":{"Code":"TN"}}}]},
"OriginDestinationInformation":[{"RPH":"1","DepartureDateTime":"2027-03-01T00:00:00","OriginLocation":{"LocationCode":"LON"},"DestinationLocation":{"LocationCode":"NYC"}},
{"RPH":"2","DepartureDateTime":"2027-03-08T00:00:00","OriginLocation":{"LocationCode":"NYC"},"DestinationLocation":{"LocationCode":"LON"}}],
"TravelPreferences":{"CabinPref":[{"Cabin":"Y","PreferLevel":"Preferred"}]},
"TravelerInfoSummary":{"SeatsRequested":[3],"AirTravelerAvail":[{"PassengerTypeQuantity":[{"Code":"ADT","Quantity":2},{"Code":"C07","Quantity":1},{"Code":"INF","Quantity":1}]}],
"PriceRequestInformation":{"TPA_Extensions":{"BrandedFareIndicators":{"MultipleBrandedFares":true}}}},
"TPA_Extensions":{"IntelliSellTransaction":{"RequestType":{"Name":"50ITINS"}}}}}`

func sabrePartner(w *world.World, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: "godwit", Protocol: "sabre-bfm", Currency: "USD", Credentials: map[string]string{"client_id": "V1:a:b:c", "client_secret": "secret"}, Behaviour: behaviour})
}

// sabreLogin asks for a token.
func sabreLogin(id, secret string) *http.Request {
	r := httptest.NewRequest("POST", "/v2/auth/token", strings.NewReader("grant_type=client_credentials"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	r.SetBasicAuth(encode(id), encode(secret))
	return r
}

// sabreCall is a good request that the vendor answers, if the token is one that it gave out.
func sabreCall(token, question string) *http.Request {
	r := httptest.NewRequest("POST", "/v4/offers/shop", strings.NewReader(question))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	return r
}

// sabreToken is what a partner gives out for the right credentials.
func sabreToken(t *testing.T, p *Partner) string {
	t.Helper()
	var doc struct {
		Token string `json:"access_token"`
	}
	rw := call(p, sabreLogin("V1:a:b:c", "secret"))
	if json.Unmarshal(rw.Body.Bytes(), &doc) != nil || rw.Code != 200 || doc.Token == "" {
		t.Fatalf("no token: %d %s", rw.Code, rw.Body)
	}
	return doc.Token
}

type sabreSum struct {
	TotalPrice, TotalFare, TotalTaxAmount, EquivalentAmount json.Number
}

type sabreRef struct{ Ref int }

type sabreRS struct {
	GroupedItineraryResponse struct {
		Messages      []struct{ Severity, Text string }
		ScheduleDescs []struct {
			ID      int
			Arrival struct{ DateAdjustment int }
		}
		LegDescs []struct {
			ID        int
			Schedules []sabreRef
		}
		FareComponentDescs []struct{ ID int }
		ItineraryGroups    []struct {
			Itineraries []struct {
				Legs               []sabreRef
				PricingInformation []struct {
					Fare struct {
						TotalFare         sabreSum
						PassengerInfoList []struct {
							PassengerInfo struct {
								PassengerType      string
								PassengerNumber    int64
								PassengerTotalFare sabreSum
								FareComponents     []struct {
									Ref      int
									Segments []struct{}
								}
							}
						}
					}
				}
			}
		}
	}
}

func sabreShopped(t *testing.T, rw *httptest.ResponseRecorder) (doc sabreRS, offers int) {
	t.Helper()
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 {
		t.Fatalf("%d, %v: %.300s", rw.Code, err, rw.Body)
	}
	for _, g := range doc.GroupedItineraryResponse.ItineraryGroups {
		for _, it := range g.Itineraries {
			offers += len(it.PricingInformation)
		}
	}
	return doc, offers
}

// sabreCents is an amount in dollars.
func sabreCents(t *testing.T, n json.Number) int64 {
	t.Helper()
	return otaAmount{n.String(), "USD"}.minor(t)
}

// TestSabreAddsUp: passengers pay the total, and every reference is to something that is there.
func TestSabreAddsUp(t *testing.T) {
	p := sabrePartner(testWorld(1), Behaviour{})
	doc, offers := sabreShopped(t, call(p, sabreCall(sabreToken(t, p), sabreLonNYC)))
	rs := doc.GroupedItineraryResponse
	brands, night := 0, 0
	for _, s := range rs.ScheduleDescs {
		night += s.Arrival.DateAdjustment
	}
	for _, it := range rs.ItineraryGroups[0].Itineraries {
		legs := 0
		for _, leg := range it.Legs {
			if leg.Ref < 1 || leg.Ref > len(rs.LegDescs) {
				t.Fatalf("no leg %d", leg.Ref)
			}
			for _, s := range rs.LegDescs[leg.Ref-1].Schedules {
				if legs++; s.Ref < 1 || s.Ref > len(rs.ScheduleDescs) {
					t.Fatalf("no schedule %d", s.Ref)
				}
			}
		}
		brands = max(brands, len(it.PricingInformation))
		for _, price := range it.PricingInformation {
			sum, people := int64(0), ""
			for _, one := range price.Fare.PassengerInfoList {
				who := one.PassengerInfo
				each := sabreCents(t, who.PassengerTotalFare.TotalFare)
				if each != sabreCents(t, who.PassengerTotalFare.EquivalentAmount)+sabreCents(t, who.PassengerTotalFare.TotalTaxAmount) {
					t.Errorf("%+v", who)
				}
				sum += each * who.PassengerNumber
				people += who.PassengerType + " "
				segments := 0
				for _, c := range who.FareComponents {
					if segments += len(c.Segments); c.Ref < 1 || c.Ref > len(rs.FareComponentDescs) {
						t.Fatalf("no fare component %d", c.Ref)
					}
				}
				if segments != legs {
					t.Errorf("%d segments have fares, of %d", segments, legs)
				}
			}
			if total := sabreCents(t, price.Fare.TotalFare.TotalPrice); sum != total || people != "ADT C07 INF " {
				t.Errorf("%s pay %d of %d", people, sum, total)
			}
		}
	}
	if offers < 30 || brands < 2 || night < 1 {
		t.Errorf("%d offers, %d brands, %d nights", offers, brands, night)
	}
	one, _ := sabreShopped(t, call(p, sabreCall(sabreToken(t, p), strings.Replace(sabreLonNYC, "true", "false", 1))))
	for _, it := range one.GroupedItineraryResponse.ItineraryGroups[0].Itineraries {
		if len(it.PricingInformation) != 1 {
			t.Errorf("%d brands, none asked for", len(it.PricingInformation))
		}
	}
}

func TestSabreExactlyNOffers(t *testing.T) {
	for _, n := range []int{1, 50, 400} {
		p := sabrePartner(testWorld(1), Behaviour{Offers: n})
		if _, got := sabreShopped(t, call(p, sabreCall(sabreToken(t, p), sabreLonNYC))); got != n {
			t.Errorf("Offers: %d gives %d", n, got)
		}
	}
}

func TestSabreRefuses(t *testing.T) {
	p := sabrePartner(testWorld(1), Behaviour{})
	token := sabreToken(t, p)
	replace := func(old, fresh string) *http.Request {
		return sabreCall(token, strings.Replace(sabreLonNYC, old, fresh, 1))
	}
	with := func(r *http.Request, edit func(*http.Request)) *http.Request { edit(r); return r }
	for _, c := range []struct {
		name string
		r    *http.Request
		code int
		want string
	}{
		{"another secret", sabreLogin("V1:a:b:c", "other"), 401, "Wrong clientID"},
		{"no login", with(sabreLogin("a", "b"), func(r *http.Request) { r.Header.Del("Authorization") }), 401, "invalid_client"},
		{"encoded once", with(sabreLogin("a", "b"), func(r *http.Request) { r.SetBasicAuth("V1:a:b:c", "secret") }), 401, "syntax"},
		{"login in JSON", with(sabreLogin("a", "b"), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }), 400, "grant_type"},
		{"path", with(sabreCall(token, sabreLonNYC), func(r *http.Request) { r.URL.Path = "/v9/shop" }), 404, "NOT_FOUND"},
		{"method", with(sabreCall(token, sabreLonNYC), func(r *http.Request) { r.Method = "GET" }), 405, "METHOD"},
		{"media type", with(sabreCall(token, sabreLonNYC), func(r *http.Request) { r.Header.Set("Content-Type", "text/xml") }), 415, "MEDIA"},
		{"no token", sabreCall("", sabreLonNYC), 401, "MISSING_CREDENTIALS"},
		{"another token", sabreCall("T1", sabreLonNYC), 401, "INVALID_CREDENTIALS"},
		{"not JSON", sabreCall(token, "{"), 400, "JSON"},
		{"another message", sabreCall(token, "{}"), 400, "OTA_AirLowFareSearchRQ"},
		{"a number as text", replace(`"Quantity":2`, `"Quantity":"2"`), 400, "Quantity"},
		{"no agency", replace("SIM1", ""), 400, "PseudoCityCode"},
		{"request type", replace("50ITINS", "51ITINS"), 400, "RequestType"},
		{"a date alone", replace("T00:00:00", ""), 400, "DepartureDateTime"},
		{"place", replace(`"LON"`, `"QQ9"`), 400, "QQ9"},
		{"cabin", replace(`"Cabin":"Y"`, `"Cabin":"Attic"`), 400, "Attic"},
		{"passenger type", replace("C07", "DOG"), 400, "DOG"},
		{"too many babies", replace(`"INF","Quantity":1`, `"INF","Quantity":3`), 400, "infants"},
		{"far ahead", sabreCall(token, strings.NewReplacer("2027-03-01", "2029-03-01", "2027-03-08", "2029-03-08").Replace(sabreLonNYC)), 200, "NO FLIGHT SCHEDULES"},
		{"good", sabreCall(token, sabreLonNYC), 200, "totalPrice"},
	} {
		if rw := call(p, c.r); rw.Code != c.code || !strings.Contains(rw.Body.String(), c.want) {
			t.Errorf("%s: %d %.300s; want %d %s", c.name, rw.Code, rw.Body, c.code, c.want)
		}
	}
}
