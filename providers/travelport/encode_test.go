package travelport

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

func client(t *testing.T, url string, options map[string]string) *Client {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	c, err := New(wire.Config{Name: "albatross", BaseURL: url, Credentials: credentials, Options: options, HTTP: h}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wellFormed fails on a message that is no XML.
func wellFormed(t *testing.T, message []byte) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(string(message))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, message)
		}
	}
}

func TestEncodeFlights(t *testing.T) {
	c := client(t, "http://127.0.0.1:9", map[string]string{"schema": "v50_0", "air_provider": "ACH", "max_solutions": "50"})
	q := query()
	q.Slices[0].Origin, q.Cabin = "LON", travel.PremiumEconomy
	q.Passengers = travel.Passengers{Adults: 1, ChildAges: []int{8, 11}, InfantsLap: 1, InfantsSeat: 1}
	got := string(c.encodeFlights(q))
	const want = `<air:LowFareSearchReq xmlns:air="http://www.travelport.com/schema/air_v50_0" xmlns:com="http://www.travelport.com/schema/common_v50_0" TraceId="fanfare" TargetBranch="P7&lt;7" SolutionResult="false" ReturnUpsellFare="true">` +
		`<com:BillingPointOfSaleInfo OriginApplication="UAPI"/>` +
		`<air:SearchAirLeg><air:SearchOrigin><com:City Code="LON"/></air:SearchOrigin><air:SearchDestination><com:Airport Code="JFK"/></air:SearchDestination><air:SearchDepTime PreferredTime="2027-03-01"/>` +
		`<air:AirLegModifiers><air:PreferredCabins><com:CabinClass Type="PremiumEconomy"/></air:PreferredCabins></air:AirLegModifiers></air:SearchAirLeg>` +
		`<air:SearchAirLeg><air:SearchOrigin><com:Airport Code="JFK"/></air:SearchOrigin><air:SearchDestination><com:Airport Code="LHR"/></air:SearchDestination><air:SearchDepTime PreferredTime="2027-03-08"/>` +
		`<air:AirLegModifiers><air:PreferredCabins><com:CabinClass Type="PremiumEconomy"/></air:PreferredCabins></air:AirLegModifiers></air:SearchAirLeg>` +
		`<air:AirSearchModifiers MaxSolutions="50"><air:PreferredProviders><com:Provider Code="ACH"/></air:PreferredProviders></air:AirSearchModifiers>` +
		`<com:SearchPassenger BookingTravelerRef="P1" Code="ADT"/><com:SearchPassenger BookingTravelerRef="P2" Code="CNN" Age="8"/><com:SearchPassenger BookingTravelerRef="P3" Code="CNN" Age="11"/>` +
		`<com:SearchPassenger BookingTravelerRef="P4" Code="INS" Age="1"/><com:SearchPassenger BookingTravelerRef="P5" Code="INF" Age="1"/>` +
		`<air:AirPricingModifiers CurrencyType="GBP"/></air:LowFareSearchReq>`
	if got != want {
		t.Errorf("encodeFlights() =\n%s\nwant\n%s", got, want)
	}
	wellFormed(t, wire.Envelope(wire.SOAP11, "", []byte(got)))
}

func TestEncodeStays(t *testing.T) {
	c := client(t, "http://127.0.0.1:9", nil)
	got := string(c.encodeStays(stayQuery(), "a<b"))
	const want = `<hotel:HotelSearchAvailabilityReq xmlns:hotel="http://www.travelport.com/schema/hotel_v52_0" xmlns:com="http://www.travelport.com/schema/common_v52_0" TraceId="fanfare" TargetBranch="P7&lt;7">` +
		`<com:BillingPointOfSaleInfo OriginApplication="UAPI"/><com:NextResultReference ProviderCode="TRM">a&lt;b</com:NextResultReference>` +
		`<hotel:HotelSearchLocation><com:CoordinateLocation latitude="51.51" longitude="-0.13"/><com:Distance Value="15" Units="KM"/></hotel:HotelSearchLocation>` +
		`<hotel:HotelSearchModifiers NumberOfAdults="3" NumberOfRooms="2" AvailableHotelsOnly="true" PreferredCurrency="GBP"><com:PermittedProviders><com:Provider Code="TRM"/></com:PermittedProviders>` +
		`<hotel:NumberOfChildren Count="1"><hotel:Age>7</hotel:Age></hotel:NumberOfChildren>` +
		`<hotel:BookingGuestInformation><hotel:Room><hotel:Adults>1</hotel:Adults><hotel:Child Age="7"/></hotel:Room><hotel:Room><hotel:Adults>2</hotel:Adults></hotel:Room></hotel:BookingGuestInformation></hotel:HotelSearchModifiers>` +
		`<hotel:HotelStay><hotel:CheckinDate>2027-03-01</hotel:CheckinDate><hotel:CheckoutDate>2027-03-03</hotel:CheckoutDate></hotel:HotelStay></hotel:HotelSearchAvailabilityReq>`
	if got != want {
		t.Errorf("encodeStays() =\n%s\nwant\n%s", got, want)
	}
	wellFormed(t, []byte(got))
}

// TestPages: pages are followed to their end or their bound, and one that fails leaves
// those ahead of it.
func TestPages(t *testing.T) {
	page := string(load(t, "stays"))
	last := strings.Replace(page, `<c:NextResultReference ProviderCode="TRM">more+here==</c:NextResultReference>`, "", 1)
	for _, c := range []struct {
		name    string
		pages   []string // "" fails
		options map[string]string
		calls   int
		kept    int
		failed  int
	}{
		{"one", []string{last}, nil, 1, 2, 0},
		{"to the end", []string{page, last}, nil, 2, 4, 0},
		{"to the bound", []string{page, page, page, page}, map[string]string{"max_pages": "2"}, 2, 4, 0},
		{"a page fails", []string{page, ""}, nil, 2, 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if user, password, ok := r.BasicAuth(); !ok || user != credentials["username"] || password != credentials["password"] || r.URL.Path != "/B2BGateway/connect/uAPI/HotelService" {
					t.Errorf("asked %s as %q", r.URL.Path, user)
				}
				if (calls > 0) != strings.Contains(string(body), ">more+here==</com:NextResultReference>") {
					t.Errorf("call %d: %s", calls, body)
				}
				doc := c.pages[calls]
				if calls++; doc == "" {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
				w.Header().Set("Content-Type", "text/xml")
				io.WriteString(w, doc)
			}))
			defer server.Close()
			a, err := client(t, server.URL, c.options).Ask(context.Background(), stayQuery())
			if e := fault.Of(err); (e != nil) != (c.failed > 0) || e != nil && !e.Partial || calls != c.calls || a.OffersKept() != c.kept || a.Notes["calls_failed"] != c.failed {
				t.Errorf("Ask() = %d rates after %d calls, notes %v, %v; want %d after %d", a.OffersKept(), calls, a.Notes, err, c.kept, c.calls)
			}
			for _, s := range a.Stays {
				if rooms := s.Rates[0].Rooms; len(rooms) != 2 || rooms[0].Occupancy.Adults != 1 {
					t.Errorf("rooms = %+v, want those asked for", rooms)
				}
			}
		})
	}
}

// TestFaultStatus: SOAP faults come with 500; one that says that there is nothing is an answer.
func TestFaultStatus(t *testing.T) {
	for _, c := range []struct{ document, want string }{{"empty", ""}, {"error", "http_5xx 5000"}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			w.WriteHeader(http.StatusInternalServerError)
			w.Write(load(t, c.document))
		}))
		_, err := client(t, server.URL, nil).Ask(context.Background(), query())
		got := ""
		if e := fault.Of(err); e != nil {
			got = string(e.Cause) + " " + e.Code
		}
		if got != c.want {
			t.Errorf("%s with status 500 = %q, %v, want %q", c.document, got, err, c.want)
		}
		server.Close()
	}
}

func TestOptions(t *testing.T) {
	h, _ := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	_, err := New(wire.Config{BaseURL: "http://127.0.0.1:9", Credentials: credentials, HTTP: h, Options: map[string]string{
		"schema": "52", "air_provider": "1g!", "max_solutions": "301", "max_pages": "0", "air_path": "x?y"}}, nil)
	for _, key := range []string{"schema", "air_provider", "max_solutions", "max_pages", "air_path"} {
		if err == nil || !strings.Contains(err.Error(), "options."+key+": must be") {
			t.Errorf("New() = %v, want a complaint about options.%s", err, key)
		}
	}
}
