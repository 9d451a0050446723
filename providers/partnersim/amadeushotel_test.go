package partnersim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

const (
	amadeusParis = amadeusListPath + "by-geocode?latitude=48.8566&longitude=2.3522&radius=5&radiusUnit=KM"
	amadeusStay  = "&adults=2&checkInDate=2027-03-01&checkOutDate=2027-03-04&bestRateOnly="
)

func amadeusHotelPartner(w *World) *Partner {
	return NewPartner(w, Spec{Name: "bolster", Protocol: "amadeus-hotel", Currency: "EUR", Credentials: map[string]string{"client_id": "key", "client_secret": "secret"}})
}

// amadeusIDs are the ids of the hotels that a list has.
func amadeusIDs(t *testing.T, p http.Handler, token, target string) (ids []string) {
	t.Helper()
	var listed struct {
		Data []struct {
			ID  string `json:"hotelId"`
			Geo geo    `json:"geoCode"`
		}
	}
	if err := json.Unmarshal(call(p, amadeusCall(token, target, "")).Body.Bytes(), &listed); err != nil {
		t.Fatal(err)
	}
	for _, l := range listed.Data {
		if !slices.Contains(ids, l.ID) {
			ids = append(ids, l.ID)
		}
	}
	if len(ids) != len(listed.Data) {
		t.Errorf("%d ids for %d hotels", len(ids), len(listed.Data))
	}
	return ids
}

// TestAmadeusHotel: hotels are listed, and their offers have prices that add up; the best
// offer is the cheapest; two rooms cost twice as much as one.
func TestAmadeusHotel(t *testing.T) {
	p := amadeusHotelPartner(testWorld(3))
	token := amadeusToken(t, p)
	ids := amadeusIDs(t, p, token, amadeusParis)
	if len(ids) < 40 {
		t.Fatalf("%d hotels in Paris", len(ids))
	}
	if again := amadeusIDs(t, p, token, amadeusListPath+"by-hotels?hotelIds="+ids[3]+","+ids[1]); !slices.Equal(again, []string{ids[3], ids[1]}) {
		t.Errorf("by their ids: %v", again)
	}
	offers := func(query string) (byHotel map[string][]*amadeusHotelOffer) {
		var doc struct{ Data []amadeusHotelOffers }
		rw := call(p, amadeusCall(token, amadeusHotelPath+"?hotelIds="+strings.Join(ids[:20], ",")+amadeusStay+query, ""))
		if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 || len(doc.Data) < 10 {
			t.Fatalf("%d, %v: %.300s", rw.Code, err, rw.Body)
		}
		byHotel = map[string][]*amadeusHotelOffer{}
		for i := range doc.Data {
			byHotel[doc.Data[i].Hotel.ID] = doc.Data[i].Offers
		}
		return byHotel
	}
	minor := func(text string) int64 {
		m, err := travel.ParseMoney(text, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		return m.Minor
	}
	best, two := offers("true"), offers("false&roomQuantity=2")
	taxed, free, compared := 0, 0, 0
	for id, all := range offers("false") {
		for _, o := range all {
			total := minor(o.Price.Total)
			if len(all) < amadeusMaxRates && total < minor(best[id][0].Price.Total) {
				t.Errorf("%s: the best offer is %s, another %s", id, best[id][0].Price.Total, o.Price.Total)
			}
			if len(o.Price.Taxes) > 0 {
				taxed++
				if sum := minor(o.Price.Base) + minor(o.Price.Taxes[0].Amount); sum != total {
					t.Errorf("%s: base and tax make %d, the total is %d", o.ID, sum, total)
				}
			}
			if c := o.Policies.Cancellations; len(c) > 0 && c[0].Deadline != "" {
				free++
			}
			for _, x := range two[id] {
				if x.Room == o.Room && x.Board == o.Board && x.RateCode == o.RateCode {
					compared++
					if got := minor(x.Price.Total); got < 2*total-1 || got > 2*total+1 || x.Rooms != strconv.Itoa(2) || x.Guests.Adults != 2 {
						t.Errorf("%s: two rooms cost %d, one %d; %s rooms for %d", o.ID, got, total, x.Rooms, x.Guests.Adults)
					}
				}
			}
		}
	}
	if taxed == 0 || free == 0 || compared == 0 {
		t.Errorf("%d with taxes, %d can be cancelled, %d compared", taxed, free, compared)
	}
}

func TestAmadeusHotelRefuses(t *testing.T) {
	p := amadeusHotelPartner(testWorld(1))
	token := amadeusToken(t, p)
	id := amadeusIDs(t, p, token, amadeusParis)[0]
	good := amadeusHotelPath + "?hotelIds=" + id + amadeusStay + "false"
	for name, c := range map[string]struct {
		target string
		status int
		says   string
	}{
		"another path":     {"/v3/shopping/hotels", 404, "38196"},
		"no ids":           {strings.Replace(good, "hotelIds="+id, "", 1), 400, "32171"},
		"no id":            {strings.Replace(good, id, "PARIS", 1), 400, "eight capital letters"},
		"21 ids":           {strings.Replace(good, id, strings.Repeat(id+",", 20)+id, 1), 400, "hotelIds"},
		"unknown id":       {strings.Replace(good, id, "ZZZZZ999", 1), 400, "3664"},
		"no date":          {strings.Replace(good, "2027-03-01", "01/03/2027", 1), 400, "checkInDate"},
		"dates swapped":    {strings.Replace(good, "2027-03-04", "2027-02-04", 1), 400, "checkOutDate"},
		"ten adults":       {strings.Replace(good, "adults=2", "adults=10", 1), 400, "adults"},
		"children":         {good + "&childAges=7", 400, "childAges"},
		"list, no place":   {amadeusListPath + "by-geocode?radius=5", 400, "degrees"},
		"list, no city":    {amadeusListPath + "by-city?cityCode=ZZZ", 400, "cityCode"},
		"list, too wide":   {amadeusParis + "0000", 400, "radiusUnit"},
		"list of nowhere":  {strings.Replace(amadeusParis, "48.8566", "-60", 1), 400, "895"},
		"list of a city":   {amadeusListPath + "by-city?cityCode=PAR", 200, `"iataCode":"PAR"`},
		"a good question":  {good, 200, `"hotel-offers"`},
		"the date of past": {strings.Replace(good, "2027-03-01", "2020-03-01", 1), 400, "past"},
	} {
		if rw := call(p, amadeusCall(token, c.target, "")); rw.Code != c.status || !strings.Contains(rw.Body.String(), c.says) {
			t.Errorf("%s: %d %.300s, want %d and %q", name, rw.Code, rw.Body, c.status, c.says)
		}
	}
	if rw := call(p, amadeusCall("wrong", good, "")); rw.Code != 401 {
		t.Errorf("a wrong token: %d", rw.Code)
	}
}
