package partnersim

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/travelport"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const (
	travelportTrip = `<air:LowFareSearchReq xmlns:air="u" xmlns:com="v" TargetBranch="P1"><com:BillingPointOfSaleInfo OriginApplication="UAPI"/>` +
		`<air:SearchAirLeg><air:SearchOrigin><com:Airport Code="LHR"/></air:SearchOrigin><air:SearchDestination><com:City Code="NYC"/></air:SearchDestination><air:SearchDepTime PreferredTime="2027-03-01"/></air:SearchAirLeg>` +
		`<air:SearchAirLeg><air:SearchOrigin><com:City Code="NYC"/></air:SearchOrigin><air:SearchDestination><com:Airport Code="LHR"/></air:SearchDestination><air:SearchDepTime PreferredTime="2027-03-08"/></air:SearchAirLeg>` +
		`<com:SearchPassenger Code="ADT"/><com:SearchPassenger Code="ADT"/><com:SearchPassenger Code="CNN" Age="8"/><com:SearchPassenger Code="INF" Age="1"/><air:AirPricingModifiers CurrencyType="EUR"/></air:LowFareSearchReq>`
	travelportStay = `<h:HotelSearchAvailabilityReq xmlns:h="u" xmlns:com="v" TargetBranch="P1"><com:BillingPointOfSaleInfo OriginApplication="UAPI"/>` +
		`<h:HotelSearchLocation><com:CoordinateLocation latitude="48.8566" longitude="2.3522"/><com:Distance Value="10" Units="KM"/></h:HotelSearchLocation>` +
		`<h:HotelSearchModifiers NumberOfRooms="2"><h:BookingGuestInformation><h:Room><h:Adults>2</h:Adults></h:Room><h:Room><h:Adults>1</h:Adults><h:Child Age="7"/></h:Room></h:BookingGuestInformation></h:HotelSearchModifiers>` +
		`<h:HotelStay><h:CheckinDate>2027-03-01</h:CheckinDate><h:CheckoutDate>2027-03-04</h:CheckoutDate></h:HotelStay></h:HotelSearchAvailabilityReq>`
)

func travelportPartner(w *world.World) *Partner {
	return NewPartner(w, Spec{Name: "godwit", Protocol: "travelport", Currency: "GBP", MaxOffers: 60,
		Credentials: map[string]string{"username": "Universal API/x", "password": "y", "target_branch": "P1"}})
}

func travelportCall(path, message string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(`<s:Envelope xmlns:s="`+exchange.Soap11Space+`"><s:Body>`+message+`</s:Body></s:Envelope>`))
	r.SetBasicAuth("Universal API/x", "y")
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	return r
}

// travelportAnswer is the message of an answer.
func travelportAnswer(t *testing.T, rw *httptest.ResponseRecorder, name string) *exchange.XMLNode {
	t.Helper()
	root, err := exchange.ParseXML(rw.Body.Bytes())
	if err != nil || rw.Code != 200 || root.Kid("Body", name) == nil {
		t.Fatalf("%d, %v: %.400s", rw.Code, err, rw.Body)
	}
	return root.Kid("Body", name)
}

func minorOf(t *testing.T, amount string) int64 {
	t.Helper()
	m, err := travel.ParseMoney(amount[3:], travel.Currency(amount[:3]))
	if err != nil {
		t.Fatal(err)
	}
	return m.Minor
}

func TestTravelportFlights(t *testing.T) {
	rw := call(travelportPartner(testWorld(3)), travelportCall(travelport.Air, travelportTrip))
	m := travelportAnswer(t, rw, "LowFareSearchRsp")
	if again := call(travelportPartner(testWorld(3)), travelportCall(travelport.Air, travelportTrip)); !bytes.Equal(again.Body.Bytes(), rw.Body.Bytes()) {
		t.Error("the same question has another answer")
	}
	keys := map[string]bool{}
	for _, list := range []string{"FlightDetailsList", "AirSegmentList", "FareInfoList"} {
		for _, n := range m.Kid(list).Kids {
			if keys[n.Attr("Key")] {
				t.Errorf("%s has the key %s twice", list, n.Attr("Key"))
			}
			keys[n.Attr("Key")] = true
		}
	}
	points := m.Kid("AirPricePointList").Kids
	if len(points) < 20 {
		t.Fatalf("%d price points", len(points))
	}
	for _, p := range points {
		sum := int64(0)
		for _, info := range p.All("AirPricingInfo") {
			each := minorOf(t, info.Attr("TotalPrice"))
			if minorOf(t, info.Attr("EquivalentBasePrice"))+minorOf(t, info.Attr("Taxes")) != each {
				t.Fatalf("base and taxes of %s do not add up", info.Attr("TotalPrice"))
			}
			sum += each * int64(len(info.All("PassengerType")))
			for _, option := range info.Kid("FlightOptionsList").All("FlightOption") {
				for _, b := range option.Kid("Option").All("BookingInfo") {
					if !keys[b.Attr("SegmentRef")] || !keys[b.Attr("FareInfoRef")] {
						t.Fatalf("a booking refers to nothing: %v", b.Attrs)
					}
				}
			}
		}
		if sum != minorOf(t, p.Attr("TotalPrice")) {
			t.Fatalf("%s for everybody, %d by passengers", p.Attr("TotalPrice"), sum)
		}
	}
}

func TestTravelportStays(t *testing.T) {
	p := travelportPartner(testWorld(3))
	seen := map[string]bool{}
	question, pages := travelportStay, 0
	for {
		m := travelportAnswer(t, call(p, travelportCall(travelport.Hotel, question)), "HotelSearchAvailabilityRsp")
		pages++
		for _, r := range m.All("HotelSearchResult") {
			code := r.Kid("HotelProperty").Attr("HotelCode")
			if seen[code] || minorOf(t, r.Kid("RateInfo").Attr("MinimumStayAmount")) <= 0 {
				t.Errorf("property %s twice, or for nothing", code)
			}
			seen[code] = true
		}
		next := m.Kid("NextResultReference").Say()
		if next == "" {
			break
		}
		question = strings.Replace(travelportStay, `<h:HotelSearchLocation>`, `<com:NextResultReference>`+next+`</com:NextResultReference><h:HotelSearchLocation>`, 1)
	}
	if pages < 2 || len(seen) < travelport.PageName {
		t.Errorf("%d properties on %d pages", len(seen), pages)
	}
}

func TestTravelportRefuses(t *testing.T) {
	p := travelportPartner(testWorld(1))
	changed := func(message, old, with string) *http.Request {
		path := travelport.Air
		if strings.Contains(message, "Hotel") {
			path = travelport.Hotel
		}
		return travelportCall(path, strings.Replace(message, old, with, 1))
	}
	other := travelportCall(travelport.Air, travelportTrip)
	other.SetBasicAuth("x", "y")
	media := travelportCall(travelport.Air, travelportTrip)
	media.Header.Set("Content-Type", "application/json")
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		says    string
	}{
		"another path":      {travelportCall("/x", travelportTrip), 404, "Not Found"},
		"another user":      {other, 401, "Unauthorized"},
		"no user":           {bare(travelportCall(travelport.Air, travelportTrip), "Authorization"), 401, "Unauthorized"},
		"JSON":              {media, 415, ""},
		"no XML":            {travelportCall(travelport.Air, "<a>"), 500, "Parser Error"},
		"the other service": {travelportCall(travelport.Hotel, travelportTrip), 500, "No service"},
		"no branch":         {changed(travelportTrip, ` TargetBranch="P1"`, ""), 500, "TargetBranch"},
		"another branch":    {changed(travelportTrip, `"P1"`, `"P2"`), 500, "not authorized"},
		"no point of sale":  {changed(travelportTrip, `<com:BillingPointOfSaleInfo OriginApplication="UAPI"/>`, ""), 500, "BillingPointOfSaleInfo"},
		"no day":            {changed(travelportTrip, "2027-03-01", "soon"), 500, "PreferredTime"},
		"no place":          {changed(travelportTrip, `"LHR"`, `"XXX"`), 500, "not known"},
		"the past":          {changed(travelportTrip, "2027-03-01", "2020-03-01"), 500, "in the past"},
		"a strange type":    {changed(travelportTrip, `"CNN"`, `"ZZZ"`), 500, "unknown type"},
		"nothing":           {changed(travelportTrip, "2027-03-01", "2030-03-01"), 500, "3037"},
		"no coordinates":    {changed(travelportStay, "latitude", "x"), 500, "CoordinateLocation"},
		"no dates":          {changed(travelportStay, "2027-03-04", "2027-03-01"), 500, "dates"},
		"no age":            {changed(travelportStay, ` Age="7"`, ""), 500, "Age"},
		"other rooms":       {changed(travelportStay, `"2">`, `"3">`), 500, "NumberOfRooms"},
	} {
		if rw := call(p, c.request); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
}
