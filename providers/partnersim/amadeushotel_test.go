package partnersim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/partnersim/amadeus"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

const (
	amadeusParis = amadeus.ListPath + "by-geocode?latitude=48.8566&longitude=2.3522&radius=5&radiusUnit=KM"
	amadeusStay  = "&adults=2&checkInDate=2027-03-01&checkOutDate=2027-03-04&bestRateOnly="
)

func amadeusHotelNamed(w *world.World, name string, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: name, Protocol: "amadeus-hotel", Currency: "EUR", Credentials: map[string]string{"client_id": "key", "client_secret": "secret"}, Behaviour: behaviour})
}

func amadeusHotelPartner(w *world.World) *Partner {
	return amadeusHotelNamed(w, "bolster", Behaviour{})
}

func amadeusListOf(t *testing.T, p http.Handler, target string) (list amadeus.ListDoc) {
	t.Helper()
	rw := call(p, amadeusCall(amadeusToken(t, p), target, ""))
	if err := json.Unmarshal(rw.Body.Bytes(), &list); err != nil || rw.Code != 200 || list.Meta.Count != len(list.Data) {
		t.Fatalf("%s: %d, %v: %.300s", target, rw.Code, err, rw.Body)
	}
	return list
}

// amadeusIDs are the ids of the hotels that a list has.
func amadeusIDs(t *testing.T, p http.Handler, target string) (ids []string) {
	t.Helper()
	for _, l := range amadeusListOf(t, p, target).Data {
		if slices.Contains(ids, l.ID) {
			t.Errorf("id %s twice", l.ID)
		}
		ids = append(ids, l.ID)
	}
	return ids
}

func amadeusStays(t *testing.T, p http.Handler, ids []string, query string) (doc amadeus.HotelDoc) {
	t.Helper()
	rw := call(p, amadeusCall(amadeusToken(t, p), amadeus.HotelPath+"?hotelIds="+strings.Join(ids, ",")+amadeusStay+query, ""))
	if err := json.Unmarshal(rw.Body.Bytes(), &doc); err != nil || rw.Code != 200 {
		t.Fatalf("%s: %d, %v: %.300s", query, rw.Code, err, rw.Body)
	}
	return doc
}

func TestAmadeusHotelLists(t *testing.T) {
	p := amadeusHotelPartner(testWorld(3))
	ids := amadeusIDs(t, p, amadeusParis)
	if len(ids) < 40 {
		t.Fatalf("%d hotels in Paris", len(ids))
	}
	again := amadeusHotelPartner(testWorld(3)) // has listed nothing yet: ids need no memory
	if got := amadeusIDs(t, again, amadeus.ListPath+"by-hotels?hotelIds="+ids[3]+","+ids[1]+",ZZZZZ999"); !slices.Equal(got, []string{ids[3], ids[1]}) {
		t.Errorf("by their ids: %v", got)
	}
	last := 0.0
	for _, l := range amadeusListOf(t, p, amadeusParis+"&ratings=4,5").Data {
		if l.Rating < 4 || l.Distance == nil || l.Distance.Value < last-0.1 || l.Distance.Value > 5.1 || l.Chain != l.ID[:2] {
			t.Errorf("%+v, after one at %v km", l, last)
		}
		last = l.Distance.Value
	}
	for _, l := range amadeusListOf(t, p, amadeus.ListPath+"by-city?cityCode=PAR&radius=3&radiusUnit=MILE&chainCodes=HL,RT&amenities=WIFI,BAR%20or%20LOUNGE").Data {
		if l.Chain != "HL" && l.Chain != "RT" || l.Distance.Unit != "MILE" || l.Rating != 0 {
			t.Errorf("%+v", l)
		}
	}
}

// TestAmadeusHotel: the best offer is the cheapest; two rooms cost twice as much as one;
// prices add up however they are written, and cancellations are told in the hotel's time.
func TestAmadeusHotel(t *testing.T) {
	seen := map[string]int{}
	for _, name := range strings.Fields("bolster mitten cushion eiderdown") {
		p := amadeusHotelNamed(testWorld(3), name, Behaviour{})
		ids := amadeusIDs(t, p, amadeusParis)[:20]
		best, two, all := amadeusStays(t, p, ids, "true"), amadeusStays(t, p, ids, "false&roomQuantity=2"), amadeusStays(t, p, ids, "false")
		if len(all.Data)+len(all.Warnings) != 20 {
			t.Errorf("%d hotels with offers, %d without", len(all.Data), len(all.Warnings))
		}
		seen["warnings"] += len(all.Warnings)
		twice := map[string]*amadeus.HotelOffer{}
		key := func(o *amadeus.HotelOffer) string {
			return o.Room.Type + o.Room.Description.Text + o.RateCode + o.Policies.PaymentType
		}
		for _, h := range two.Data {
			for _, o := range h.Offers {
				twice[h.Hotel.ID+key(o)] = o
			}
		}
		for i, h := range all.Data {
			if len(best.Data[i].Offers) != 1 || best.Data[i].Hotel != h.Hotel {
				t.Fatalf("%s: %d best offers", h.Hotel.ID, len(best.Data[i].Offers))
			}
			for _, o := range h.Offers {
				checkAmadeusStay(t, o, seen)
				if len(h.Offers) < amadeus.MaxRates && amadeusCents(t, o) < amadeusCents(t, best.Data[i].Offers[0]) {
					t.Errorf("%s: the best offer is %+v, another %+v", h.Hotel.ID, best.Data[i].Offers[0].Price, o.Price)
				}
				if x := twice[h.Hotel.ID+key(o)]; x != nil {
					seen["compared"]++
					if got, one := amadeusCents(t, x), amadeusCents(t, o); got < 2*one-2 || got > 2*one+2 || x.Rooms != "2" || x.Guests.Adults != 2 || x.ID == o.ID {
						t.Errorf("%s: two rooms cost %d, one %d; %s rooms for %d", o.ID, got, one, x.Rooms, x.Guests.Adults)
					}
				}
			}
		}
	}
	t.Log(seen)
	for _, want := range []string{
		"compared", "warnings", "no base", "tax included", "percentage", "tax to be added", "mark-up", "unsaid board", "guarantee", "PREPAY", "deposit",
		"older", "newer", "deadline", "FULL_STAY", "steps", "HOLDTIME",
	} {
		if seen[want] == 0 {
			t.Errorf("no %s", want)
		}
	}
}

// amadeusCents is what an offer costs with its own taxes, but without the town's.
func amadeusCents(t *testing.T, o *amadeus.HotelOffer) int64 {
	t.Helper()
	pay := amadeusEuros(t, o.Price.Total)
	if o.Price.Selling != "" {
		pay = amadeusEuros(t, o.Price.Selling)
	}
	for _, tax := range o.Price.Taxes {
		switch {
		case tax.Included || tax.Code == "CITY_TAX":
		case tax.Amount != "":
			pay += amadeusEuros(t, tax.Amount)
		default:
			pay += (amadeusEuros(t, o.Price.Base) + 5) / 10
		}
	}
	return pay
}

func amadeusEuros(t *testing.T, text string) int64 {
	t.Helper()
	m, err := travel.ParseMoney(text, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	return m.Minor
}

// checkAmadeusStay checks that an offer's amounts add up, and notes which forms it has.
func checkAmadeusStay(t *testing.T, o *amadeus.HotelOffer, seen map[string]int) {
	t.Helper()
	total, in := amadeusEuros(t, o.Price.Total), int64(0)
	for _, tax := range o.Price.Taxes {
		switch {
		case tax.Code == "CITY_TAX":
		case tax.Amount == "":
			seen["percentage"]++
		case tax.Included:
			seen["tax included"]++
			in += amadeusEuros(t, tax.Amount)
		default:
			seen["tax to be added"]++
		}
	}
	if o.Price.Base == "" {
		seen["no base"]++
	} else if amadeusEuros(t, o.Price.Base)+in != total {
		t.Errorf("%s: %+v does not add up", o.ID, o.Price)
	}
	if o.Price.Selling != "" {
		seen["mark-up"]++
		if total+amadeusEuros(t, o.Price.Markups[0].Amount) != amadeusEuros(t, o.Price.Selling) {
			t.Errorf("%s: %+v does not add up", o.ID, o.Price)
		}
	}
	nights := int64(0)
	for _, n := range o.Price.Variations.Changes {
		nights += amadeusEuros(t, n.Total)
	}
	if len(o.Price.Variations.Changes) != 3 || nights < total {
		t.Errorf("%s: %d for %+v", o.ID, total, o.Price.Variations)
	}
	if o.Board == "" {
		seen["unsaid board"]++
	}
	seen[o.Policies.PaymentType]++
	steps := o.Policies.Cancellations
	if steps != nil {
		seen["newer"]++
	}
	if c := o.Policies.Cancellation; c != nil {
		seen["older"]++
		steps = []amadeus.Cancellation{*c}
	}
	seen["steps"] += max(len(steps)-1, 0)
	for _, c := range steps {
		if c.Type != "" {
			seen[c.Type]++
		}
		if c.Deadline == "" {
			continue
		}
		seen["deadline"]++
		if at, err := time.Parse(time.RFC3339, c.Deadline); err != nil || at.Format("-07:00") != "+01:00" {
			t.Errorf("%s: deadline %s, %v", o.ID, c.Deadline, err)
		}
	}
}

// TestAmadeusHotelTownTax: what the town takes is the same, however it is said.
func TestAmadeusHotelTownTax(t *testing.T) {
	p := amadeusHotelPartner(testWorld(1))
	found := map[string]int{}
	for _, city := range strings.Fields("PAR ROM AMS MAD TYO BER VIE LIS ATH BCN NCE PRG") {
		ids := amadeusIDs(t, p, amadeus.ListPath+"by-city?cityCode="+city)
		for _, h := range amadeusStays(t, p, ids[:min(20, len(ids))], "true&roomQuantity=2").Data {
			prop := p.protocol.(*amadeus.Hotel).Property(h.Hotel.ID, 0)
			for _, tax := range h.Offers[0].Price.Taxes {
				if tax.Code != "CITY_TAX" {
					continue
				}
				m, err := travel.ParseMoney(tax.Amount, travel.Currency(tax.Currency))
				if err != nil {
					t.Fatal(err)
				}
				said := tax.Frequency + " " + tax.Mode
				found[said]++
				times := map[string]int64{"PER_NIGHT PER_OCCUPANT": 3 * 4, "PER_NIGHT PER_PRODUCT": 3 * 2, "PER_STAY PER_OCCUPANT": 4, " ": 1}[said]
				if want := world.InCurrency(world.CityTaxCents(prop), m.Currency).Minor * 12; m.Minor*times != want { // two rooms of two for three nights
					t.Errorf("%s: %+v makes %d, want %d", h.Hotel.ID, tax, m.Minor*times, want)
				}
			}
		}
	}
	if len(found) != 4 {
		t.Errorf("taxes are said as %v", found)
	}
}

func TestAmadeusHotelCurrencies(t *testing.T) {
	p := amadeusHotelPartner(testWorld(1))
	ids := amadeusIDs(t, p, amadeus.ListPath+"by-city?cityCode=TYO&radius=20")[:20]
	currencies := func(query string) (doc amadeus.HotelDoc, n map[string]int) {
		doc, n = amadeusStays(t, p, ids, query), map[string]int{}
		for _, h := range doc.Data {
			if len(h.Offers) > 0 {
				n[h.Offers[0].Price.Currency]++
			}
		}
		return doc, n
	}
	if doc, n := currencies("true"); n["JPY"] != len(doc.Data) || doc.Dictionaries != nil {
		t.Errorf("in Tokyo: %v", n)
	}
	if doc, n := currencies("true&currency=USD"); n["USD"] == 0 || n["JPY"] == 0 || doc.Dictionaries == nil || doc.Dictionaries.Rates["JPY"].Target != "USD" {
		t.Errorf("in dollars: %v, %+v", n, doc.Dictionaries)
	}
	if doc, _ := currencies("true&currency=USD&includeClosed=true"); len(doc.Data) != 20 || doc.Warnings != nil {
		t.Errorf("with those that are closed: %d hotels", len(doc.Data))
	}
}

func TestAmadeusHotelFilters(t *testing.T) {
	p := amadeusHotelPartner(testWorld(1))
	ids := amadeusIDs(t, p, amadeusParis)[:20]
	for query, wrong := range map[string]func(*amadeus.HotelOffer) bool{
		"false&boardType=BREAKFAST":              func(o *amadeus.HotelOffer) bool { return o.Board != "" && o.Board != "BREAKFAST" },
		"false&paymentPolicy=GUARANTEE":          func(o *amadeus.HotelOffer) bool { return !strings.EqualFold(o.Policies.PaymentType, "GUARANTEE") },
		"false&currency=EUR&priceRange=-150":     func(o *amadeus.HotelOffer) bool { return amadeusCents(t, o) > 3*15000+3 },
		"false&currency=EUR&priceRange=200":      func(o *amadeus.HotelOffer) bool { return amadeusCents(t, o) < 3*20000-3 },
		"false&lang=fr-FR&countryOfResidence=GB": func(*amadeus.HotelOffer) bool { return false },
	} {
		n := 0
		for _, h := range amadeusStays(t, p, ids, query).Data {
			for _, o := range h.Offers {
				if n++; wrong(o) {
					t.Errorf("%s: %+v", query, o)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s: nothing", query)
		}
	}
}

func TestAmadeusHotelExactly(t *testing.T) {
	p := amadeusHotelNamed(testWorld(1), "bolster", Behaviour{Offers: 60})
	ids := amadeusIDs(t, p, amadeusParis)
	if len(ids) != 60 {
		t.Fatalf("%d hotels, want 60", len(ids))
	}
	for i := 0; i < 60; i += 20 {
		doc := amadeusStays(t, p, ids[i:i+20], "false")
		if len(doc.Data) != 20 || slices.ContainsFunc(doc.Data, func(h amadeus.HotelOffers) bool { return len(h.Offers) != 1 }) {
			t.Errorf("%d of 20 hotels have offers, or one has several", len(doc.Data))
		}
	}
}

// TestAmadeusHotelReplays: a replay lists one hotel wherever one asks, so that the
// recording is asked for once, and knows every hotel that a recording names.
func TestAmadeusHotelReplays(t *testing.T) {
	keys := map[string]string{"client_id": "key", "client_secret": "secret"}
	recorded := `{"data":[{"type":"hotel-offers","hotel":{"hotelId":"MCLONGHM"},"offers":[]}]}`
	r := Replay("amadeus-hotel", []byte(recorded), keys)
	for _, target := range []string{amadeus.ListPath + "by-city?cityCode=LON", strings.Replace(amadeusParis, "48.8566", "-60", 1), amadeusParis} {
		if n := len(amadeusListOf(t, r, target).Data); n != 1 {
			t.Errorf("%s: %d hotels, want 1", target, n)
		}
	}
	if made := amadeusListOf(t, r, amadeus.ListPath+"by-hotels?hotelIds=MCLONGHM").Data[0]; made.ID != "MCLONGHM" || made.Name == "" || made.Geo != (amadeus.Geo{Lat: 48.8566, Lon: 2.3522}) {
		t.Errorf("a hotel that is not in the world: %+v", made)
	}
	for name, c := range map[string]struct {
		spoilt, target, document string
		status                   int
		same                     bool
	}{
		"an answer":     {"", amadeus.HotelPath + "?hotelIds=anything", recorded, 200, true},
		"a failure":     {"", amadeus.HotelPath, `{"errors":[{"status":500,"code":141}]}`, 500, true},
		"no rooms":      {"", amadeus.HotelPath, `{"errors":[{"code":3664}]}`, 400, true},
		"another token": {"x", amadeus.HotelPath, recorded, 401, false},
		"a bad list":    {"", amadeus.ListPath + "by-geocode?radius=x", recorded, 400, false},
	} {
		r := Replay("amadeus-hotel", []byte(c.document), keys)
		if rw := call(r, amadeusCall(amadeusToken(t, r)+c.spoilt, c.target, "")); rw.Code != c.status || (rw.Body.String() == c.document) != c.same {
			t.Errorf("%s: %d %s, want %d", name, rw.Code, rw.Body, c.status)
		}
	}
}

func TestAmadeusHotelAnswersTheSame(t *testing.T) {
	var bodies []string
	for _, seed := range []uint64{1, 1, 2} {
		p := amadeusHotelPartner(testWorld(seed))
		target := amadeus.HotelPath + "?hotelIds=" + strings.Join(amadeusIDs(t, p, amadeusParis)[:20], ",") + amadeusStay + "false"
		rw, again := call(p, amadeusCall(amadeusToken(t, p), target, "")), call(p, amadeusCall(amadeusToken(t, p), target, ""))
		if rw.Code != 200 || rw.Body.String() != again.Body.String() {
			t.Errorf("%d; asked again, it answers otherwise", rw.Code)
		}
		bodies = append(bodies, rw.Body.String())
	}
	if bodies[0] != bodies[1] || bodies[0] == bodies[2] {
		t.Error("the same seed gives other bytes, or another seed the same")
	}
	t.Logf("%d bytes for 20 hotels", len(bodies[0]))
}
