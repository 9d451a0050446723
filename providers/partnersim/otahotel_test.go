package partnersim

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/ota"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const (
	otaHotelsNear = `<OTA_HotelSearchRQ xmlns="` + ota.Space + `" Version="1.0" MaxResponses="40"><Criteria><Criterion><Position Latitude="48.8566" Longitude="2.3522"/><Radius Distance="10" UnitOfMeasureCode="2"/></Criterion></Criteria></OTA_HotelSearchRQ>`
	otaHotelRates = `<OTA_HotelAvailRQ xmlns="` + ota.Space + `" Version="1.0"><AvailRequestSegments><AvailRequestSegment><StayDateRange Start="2027-03-01" End="2027-03-04"/>` +
		`<RoomStayCandidates><RoomStayCandidate Quantity="1"><GuestCounts><GuestCount AgeQualifyingCode="10" Count="2"/><GuestCount AgeQualifyingCode="8" Age="7" Count="1"/></GuestCounts></RoomStayCandidate></RoomStayCandidates>` +
		`<HotelSearchCriteria>%</HotelSearchCriteria></AvailRequestSegment></AvailRequestSegments></OTA_HotelAvailRQ>`
	otaAround = `<Criterion><Position Latitude="48.8566" Longitude="2.3522"/></Criterion>`
)

func otaHotelPartner(w *world.World) *Partner {
	return NewPartner(w, Spec{Name: "teapot", Protocol: "ota-hotel", Currency: "EUR", MaxOffers: 50, Credentials: map[string]string{"username": "u", "password": "p"}})
}

func otaHotelCall(message string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(message))
	r.SetBasicAuth("u", "p")
	r.Header.Set("Content-Type", "application/xml")
	return r
}

// TestOTAHotel: properties are found, priced by their codes, and the nights of a rate make
// its total.
func TestOTAHotel(t *testing.T) {
	p := otaHotelPartner(testWorld(3))
	found, err := exchange.ParseXML(call(p, otaHotelCall(otaHotelsNear)).Body.Bytes())
	if err != nil || len(found.Kid("Properties").All("Property")) < 20 {
		t.Fatalf("search: %v, %d properties", err, len(found.Kid("Properties").All("Property")))
	}
	criteria := ""
	for _, prop := range found.Kid("Properties").All("Property") {
		criteria += `<Criterion><HotelRef HotelCode="` + prop.Attr("HotelCode") + `"/></Criterion>`
	}
	question := strings.Replace(otaHotelRates, "%", criteria, 1)
	rw := call(p, otaHotelCall(question))
	if again := call(p, otaHotelCall(question)); !bytes.Equal(again.Body.Bytes(), rw.Body.Bytes()) {
		t.Error("the same question has another answer")
	}
	answer, err := exchange.ParseXML(rw.Body.Bytes())
	stays := answer.Kid("RoomStays").All("RoomStay")
	if err != nil || rw.Code != 200 || len(stays) < 10 {
		t.Fatalf("%d, %v, %d stays: %.300s", rw.Code, err, len(stays), rw.Body)
	}
	totals, fees := 0, 0
	for _, s := range stays {
		for _, r := range s.Kid("RoomRates").All("RoomRate") {
			sum := int64(0)
			for _, night := range r.Kid("Rates").All("Rate") {
				m, err := travel.ParseMoney(night.Kid("Base").Attr("AmountAfterTax"), "EUR")
				if err != nil {
					t.Fatal(err)
				}
				sum += m.Minor
			}
			if total := r.Kid("Total"); total != nil {
				totals++
				if (travel.Money{Minor: sum, Currency: "EUR"}).Decimal() != total.Attr("AmountAfterTax") {
					t.Errorf("nights make %d, the total is %s", sum, total.Attr("AmountAfterTax"))
				}
			}
			if r.Kid("Fees") != nil {
				fees++
			}
		}
	}
	if totals == 0 || fees == 0 {
		t.Errorf("%d totals, %d with fees", totals, fees)
	}
}

func TestOTAHotelRefuses(t *testing.T) {
	p := otaHotelPartner(testWorld(1))
	good := strings.Replace(otaHotelRates, "%", otaAround, 1)
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		says    string
	}{
		"no credentials":  {bare(otaHotelCall(good), "Authorization"), 401, `Code="497"`},
		"no XML":          {otaHotelCall("<a"), 200, "not well-formed"},
		"another message": {otaHotelCall(strings.ReplaceAll(good, "OTA_HotelAvailRQ", "OTA_PingRQ")), 200, "not one that is served"},
		"no dates":        {otaHotelCall(strings.Replace(good, "2027-03-04", "2027-02-04", 1)), 200, "StayDateRange"},
		"no adult":        {otaHotelCall(strings.Replace(good, `AgeQualifyingCode="10"`, `AgeQualifyingCode="8" Age="9"`, 1)), 200, "no adult"},
		"no age":          {otaHotelCall(strings.Replace(good, ` Age="7"`, "", 1)), 200, "Age"},
		"no place":        {otaHotelCall(strings.Replace(good, otaAround, "", 1)), 200, "Criterion"},
		"nothing there":   {otaHotelCall(strings.Replace(good, `"48.8566"`, `"-60"`, 1)), 200, `Code="322"`},
	} {
		if rw := call(p, c.request); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
}
