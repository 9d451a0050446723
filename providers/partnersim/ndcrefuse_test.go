package partnersim

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/ndc"
)

// ndcComplaint is the first error of a document of either version: code and text.
func ndcComplaint(t *testing.T, rw *httptest.ResponseRecorder) (code, text string) {
	t.Helper()
	root := elements(t, rw.Body.Bytes())
	for _, path := range [][]string{{"Errors", "Error"}, {"Body", "AirShoppingRS", "Errors", "Error"}} {
		if e := root.every(path...); len(e) > 0 {
			return e[0].at("Code"), strings.TrimSpace(e[0].Text)
		}
	}
	return root.one("Error", "Code"), root.one("Error", "DescText")
}

func TestNDCRefuses(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	type change func(version string) *http.Request
	ask := func(q ndcTrip) change { return func(v string) *http.Request { return ndcCall(q.ask(v)) } }
	with := func(edit func(*http.Request)) change {
		return func(v string) *http.Request {
			r := ndcCall(ndcLHRJFK.ask(v))
			edit(r)
			return r
		}
	}
	replace := func(old172, old213, fresh string) change {
		return func(v string) *http.Request {
			question, old := ndcLHRJFK.ask(v), map[string]string{ndc.V172: old172, ndc.V213: old213}[v]
			if !strings.Contains(question, old) {
				t.Fatalf("%s: no %q in the question", v, old)
			}
			return ndcCall(strings.Replace(question, old, fresh, 1))
		}
	}
	seven := strings.Repeat("LHR JFK 2027-03-01, JFK LHR 2027-03-08, ", 3) + "LHR JFK 2027-03-20"
	for _, c := range []struct {
		name   string
		ask    change
		status [2]int // 17.2, 21.3
		code   string
		text   string
	}{
		{"no key", with(func(r *http.Request) { r.Header.Del("X-Api-Key") }), [2]int{401, 401}, "401", "missing credentials"},
		{"wrong key", with(header("X-Api-Key", "other")), [2]int{200, 401}, "144", "Invalid requestor"},
		{"token for a key", with(func(r *http.Request) { r.Header.Del("X-Api-Key"); r.Header.Set("Authorization", "Bearer secret") }), [2]int{401, 401}, "401", "missing"},
		{"method", with(func(r *http.Request) { r.Method = "GET" }), [2]int{405, 405}, "405", "POST"},
		{"media type", with(header("Content-Type", "application/json")), [2]int{415, 415}, "415", "media type"},
		{"no media type", with(func(r *http.Request) { r.Header.Del("Content-Type") }), [2]int{415, 415}, "415", "media type"},
		{"nothing", func(string) *http.Request { return ndcCall("") }, [2]int{200, 200}, "320", "not well-formed"},
		{"cut off", replace("</AirShoppingRQ>", "</IATA_AirShoppingRQ>", ""), [2]int{200, 200}, "320", "not well-formed"},
		{"JSON", func(string) *http.Request { return ndcCall(lhrJFK) }, [2]int{200, 200}, "320", "not well-formed"},
		{"DTD", func(v string) *http.Request {
			return ndcCall("<!DOCTYPE x [<!ENTITY a 'b'>]>" + strings.TrimPrefix(ndcLHRJFK.ask(v), `<?xml version="1.0" encoding="UTF-8"?>`))
		}, [2]int{200, 200}, "320", "DOCTYPE"},
		{"another message", func(string) *http.Request {
			return ndcCall(`<OrderRetrieveRQ xmlns="http://www.iata.org/IATA/EDIST/2017.2"/>`)
		}, [2]int{200, 200}, "321", "function"},
		{"no namespace", func(string) *http.Request { return ndcCall(`<AirShoppingRQ/>`) }, [2]int{200, 200}, "321", "function"},
		{"the other version", func(v string) *http.Request {
			return ndcCall(ndcLHRJFK.ask(map[string]string{ndc.V172: ndc.V213, ndc.V213: ndc.V172}[v]))
		}, [2]int{200, 200}, "321", "version"},
		{"19.2", func(string) *http.Request {
			return ndcCall(`<IATA_AirShoppingRQ xmlns="http://www.iata.org/IATA/2015/00/2019.2/IATA_AirShoppingRQ"/>`)
		}, [2]int{200, 200}, "321", "version"},
		{"element of another namespace", replace("<Departure>", "<c:OriginDepCriteria>", `<Departure xmlns="urn:x">`), [2]int{200, 200}, "320", ""},
		{"unknown element", replace("<CoreQuery>", "<c:PaxList>", "<Wishes/>"), [2]int{200, 200}, "320", ""},
		{"unknown origin", ask(ndcTrip{"QQ9 JFK 2027-03-01", "ADT", ""}), [2]int{200, 200}, "100", "QQ9"},
		{"unknown destination", ask(ndcTrip{"LHR QQ9 2027-03-01", "ADT", ""}), [2]int{200, 200}, "101", "QQ9"},
		{"same place", ask(ndcTrip{"LHR LHR 2027-03-01", "ADT", ""}), [2]int{200, 200}, "101", "same"},
		{"no such day", ask(ndcTrip{"LHR JFK 2027-02-30", "ADT", ""}), [2]int{200, 200}, "102", "2027-02-30"},
		{"past", ask(ndcTrip{"LHR JFK 2026-11-22", "ADT", ""}), [2]int{200, 200}, "102", "past"},
		{"back before there", ask(ndcTrip{"LHR JFK 2027-03-08, JFK LHR 2027-03-01", "ADT", ""}), [2]int{200, 200}, "102", "before"},
		{"seven slices", ask(ndcTrip{seven, "ADT", ""}), [2]int{200, 200}, "397", "6"},
		{"nobody", ask(ndcTrip{"LHR JFK 2027-03-01", "", ""}), [2]int{200, 200}, "466", "missing"},
		{"ten", ask(ndcTrip{"LHR JFK 2027-03-01", strings.Repeat("ADT ", 10), ""}), [2]int{200, 200}, "466", "9"},
		{"infant alone", ask(ndcTrip{"LHR JFK 2027-03-01", "INF", ""}), [2]int{200, 200}, "466", "adult"},
		{"two infants", ask(ndcTrip{"LHR JFK 2027-03-01", "ADT INF INF", ""}), [2]int{200, 200}, "466", "infants"},
		{"unknown type", ask(ndcTrip{"LHR JFK 2027-03-01", "ADT PET", ""}), [2]int{200, 200}, "114", "PET"},
		{"no reference", replace(`PassengerID="P1"`, "<c:PaxID>P1</c:PaxID>", ""), [2]int{200, 200}, "191", "reference"},
		{"unknown cabin", ask(ndcTrip{"LHR JFK 2027-03-01", "ADT", "steerage"}), [2]int{200, 200}, "108", "steerage"},
		{"too far ahead", ask(ndcTrip{"LHR JFK 2029-03-01", "ADT", ""}), [2]int{200, 200}, "911", "No flights available"},
		{"no such cabin flown", ask(ndcTrip{"BHX KRK 2027-03-01", "ADT", "1"}), [2]int{200, 200}, "911", "No flights available"},
	} {
		for i, version := range []string{ndc.V172, ndc.V213} {
			rw := call(ndcPartner(testWorld(1), version, Behaviour{}), c.ask(version))
			code, text := ndcComplaint(t, rw)
			if rw.Code != c.status[i] || code != c.code || !strings.Contains(text, c.text) {
				t.Errorf("%s, %s: %d %s %q, want %d %s ..%s..", c.name, version, rw.Code, code, text, c.status[i], c.code, c.text)
			}
		}
	}
}

func TestNDCCredentials(t *testing.T) {
	for _, c := range []struct {
		name        string
		credentials map[string]string
		key, auth   string
		status      int
	}{
		{"token", map[string]string{"token": "t"}, "", "Bearer t", 200},
		{"token, other scheme", map[string]string{"token": "t"}, "", "Basic t", 401},
		{"wrong token", map[string]string{"token": "t"}, "", "Bearer u", 401},
		{"key for a token", map[string]string{"token": "t"}, "t", "", 401},
		{"both, key", map[string]string{"token": "t", "api_key": "k"}, "k", "", 200},
		{"both, token", map[string]string{"token": "t", "api_key": "k"}, "", "bearer t", 200},
		{"any key", nil, "whatever", "", 200},
		{"any token", nil, "", "Bearer whatever", 200},
		{"none", nil, "", "", 401},
	} {
		p := NewPartner(testWorld(1), Spec{Name: "keys", Protocol: "ndc", Credentials: c.credentials, MaxOffers: 1})
		r := ndcCall(ndcLHRJFK.ask213())
		r.Header.Del("X-Api-Key")
		if c.key != "" {
			r.Header.Set("X-Api-Key", c.key)
		}
		if c.auth != "" {
			r.Header.Set("Authorization", c.auth)
		}
		if rw := call(p, r); rw.Code != c.status {
			t.Errorf("%s: %d %s", c.name, rw.Code, rw.Body)
		}
	}
	p := NewPartner(testWorld(1), Spec{Name: "place", Protocol: "ndc", Path: "/ndc/airshopping", Options: map[string]string{"version": ndc.V172}})
	if rw := call(p, ndcCall(ndcLHRJFK.ask172())); rw.Code != 404 || p.Spec().Version != ndc.V172 {
		t.Errorf("another path: %d, version %s", rw.Code, p.Spec().Version)
	}
}

func TestNDCHonoursTheQuestion(t *testing.T) {
	w := testWorld(1)
	nonstop := strings.Replace(ndcLHRJFK.ask172(), "<DataLists>", "<Preference><FlightPreferences><Characteristic><NonStopPreferences>Required</NonStopPreferences></Characteristic></FlightPreferences></Preference><DataLists>", 1)
	for j := range ndcJourneys(t, call(ndcPartner(w, ndc.V172, Behaviour{}), ndcCall(nonstop))) {
		if strings.Count(j, "@") != 1 {
			t.Errorf("a connection though nonstops are required: %s", j)
		}
	}
	for cabin, code := range map[string]string{"BUSINESS": "2", "4": "4", "m": "5"} {
		root := ndcAnswered(t, call(ndcPartner(w, ndc.V213, Behaviour{}), ndcCall(ndcTrip{"LHR JFK 2027-03-01", "ADT", cabin}.ask213())))
		for _, c := range root.every("Response", "OffersGroup", "CarrierOffers", "Offer", "OfferItem", "FareDetail", "FareComponent", "CabinType", "CabinTypeCode") {
			if c.Text != code {
				t.Fatalf("cabin %s asked, %s sold", cabin, c.Text)
			}
		}
	}
	six := ndcTrip{"LHR CDG 2027-03-01, CDG FCO 2027-03-04, FCO IST 2027-03-07, IST DXB 2027-03-10, DXB SIN 2027-03-13, SIN SYD 2027-03-16", strings.TrimSpace(strings.Repeat("ADT ", 4)) + " CHD GBE INF", ""}
	for _, spec := range ndcKinds {
		rw := call(ndcOf(w, spec), ndcCall(six.ask(spec.Version)))
		if offers := ndcSoldIn(t, ndcAnswered(t, rw)); len(offers) < 6 || rw.Body.Len() > 7<<20 {
			t.Errorf("six slices: %d offers in %d bytes", len(offers), rw.Body.Len())
		}
	}
}

func TestNDCFaults(t *testing.T) {
	for _, version := range []string{ndc.V172, ndc.V213} {
		p := ndcPartner(testWorld(1), version, Behaviour{})
		good := call(p, ndcCall(ndcLHRJFK.ask(version))).Body.Bytes()
		broken := func(rw *httptest.ResponseRecorder) bool {
			_, err := exchange.ParseXML(rw.Body.Bytes())
			return err != nil
		}
		said := func(status int, code string) func(rw *httptest.ResponseRecorder) bool {
			return func(rw *httptest.ResponseRecorder) bool {
				got, _ := ndcComplaint(t, rw)
				return rw.Code == status && got == code
			}
		}
		for fault, want := range map[Fault]func(rw *httptest.ResponseRecorder) bool{
			FaultHTTP500: said(500, "911"), FaultHTTP503: said(503, "118"), FaultError200: said(200, "911"),
			FaultHTTP429: func(rw *httptest.ResponseRecorder) bool {
				return said(429, "429")(rw) && rw.Header().Get("Retry-After") == "30"
			},
			FaultMalformed: func(rw *httptest.ResponseRecorder) bool {
				return rw.Code == 200 && broken(rw) && bytes.HasPrefix(rw.Body.Bytes(), good[:len(good)/2])
			},
			FaultHTML: func(rw *httptest.ResponseRecorder) bool {
				return rw.Code == 200 && strings.HasPrefix(rw.Header().Get("Content-Type"), "text/html")
			},
			FaultNone: func(rw *httptest.ResponseRecorder) bool { return bytes.Equal(rw.Body.Bytes(), good) },
		} {
			p.SetBehaviour(Behaviour{Fault: fault})
			if rw := call(p, ndcCall(ndcLHRJFK.ask(version))); !want(rw) {
				t.Errorf("%s, %q: %d %.200s", version, fault, rw.Code, rw.Body)
			}
		}
		s, client := serve(t, p)
		for _, fault := range []Fault{FaultTruncated, FaultChunkCut, FaultReset, FaultRefuse} {
			p.SetBehaviour(Behaviour{Fault: fault})
			r := ndcCall(ndcLHRJFK.ask(version))
			over, _ := http.NewRequest("POST", s.URL(), r.Body)
			over.Header = r.Header
			resp, err := client.Do(over)
			if err == nil {
				_, err = new(bytes.Buffer).ReadFrom(resp.Body)
				resp.Body.Close()
			}
			if err == nil {
				t.Errorf("%s, %q: no error", version, fault)
			}
		}
	}
	w := testWorld(1)
	call(ndcPartner(w, ndc.V213, Behaviour{}), ndcCall(ndcLHRJFK.ask213())) // the world's caches hold mutexes of outside the bubble
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		call(ndcPartner(w, ndc.V213, Behaviour{Fault: FaultSlow, SlowBy: 2 * time.Second}), ndcCall(ndcLHRJFK.ask213()))
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("slow by %v", took)
		}
	})
	soap := call(ndcPartner(testWorld(1), ndc.V172, Behaviour{Fault: FaultError200}), ndcCall(soapOpen+ndcLHRJFK.ask172()+soapShut))
	if elements(t, soap.Body.Bytes()).XMLName.Local != "Envelope" {
		t.Error("a failure in SOAP has no envelope")
	}
}
