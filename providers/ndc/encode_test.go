package ndc

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// leaves are the texts of a document by path, and the namespaces of its elements.
func leaves(t *testing.T, doc []byte) (texts map[string][]string, spaces map[string]string) {
	t.Helper()
	texts, spaces = map[string][]string{}, map[string]string{}
	var path []string
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return texts, spaces
		}
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			path = append(path, tok.Name.Local)
			at := strings.Join(path, "/")
			spaces[at] = tok.Name.Space
			for _, a := range tok.Attr {
				texts[at+"@"+a.Name.Local] = append(texts[at+"@"+a.Name.Local], a.Value)
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(tok)); s != "" {
				at := strings.Join(path, "/")
				texts[at] = append(texts[at], s)
			}
		}
	}
}

func newClient(t *testing.T, url string, credentials, options map[string]string) (*Client, error) {
	t.Helper()
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: url, AllowPrivateNetwork: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return New(wire.Config{Name: "gannet", BaseURL: url, Credentials: credentials, Options: options, HTTP: h}, nil)
}

func TestRequest(t *testing.T) {
	const flights21 = "IATA_AirShoppingRQ/Request/FlightRequest/FlightRequestOriginDestinationsCriteria/OriginDestCriteria/"
	shape18 := map[string]string{
		"Request/FlightCriteria/OriginDestCriteria/OriginDepCriteria/IATA_LocationCode":   "LON NYC LON",
		"Request/FlightCriteria/OriginDestCriteria/DestArrivalCriteria/IATA_LocationCode": "NYC LON NYC",
		"Request/FlightCriteria/OriginDestCriteria/OriginDepCriteria/Date":                "2027-03-01 2027-03-08 2027-03-15",
		"Request/Paxs/Pax/PTC": "ADT ADT CHD ADT INS INF", "Request/Paxs/Pax/PaxID": "PAX1 PAX2 PAX3 PAX4 PAX5 PAX6", "Request/Paxs/Pax/AgeMeasure": "7 12",
		"Request/ResponseParameters/CurParameter/RequestedCurCode": "GBP", "POS/Country/CountryCode": "GB",
		"Request/ShoppingCriteria/CabinTypeCriteria/CabinTypeCode": "2", "Party/Sender/TravelAgency/AgencyID": "a&b", "Party/Sender/TravelAgency/Name": "<Agency>",
	}
	for version, want := range map[string]map[string]string{
		"17.2": {"AirShoppingRQ/CoreQuery/OriginDestinations/OriginDestination/Departure/AirportCode": "LON NYC LON",
			"AirShoppingRQ/CoreQuery/OriginDestinations/OriginDestination/Arrival/AirportCode": "NYC LON NYC",
			"AirShoppingRQ/CoreQuery/OriginDestinations/OriginDestination/Departure/Date":      "2027-03-01 2027-03-08 2027-03-15",
			"AirShoppingRQ/DataLists/PassengerList/Passenger/PTC":                              "ADT ADT CHD ADT INS INF", "AirShoppingRQ/DataLists/PassengerList/Passenger@PassengerID": "PAX1 PAX2 PAX3 PAX4 PAX5 PAX6",
			"AirShoppingRQ/PointOfSale/Location/CountryCode": "GB", "AirShoppingRQ/Preference/CabinPreferences/CabinType/Code": "C",
			"AirShoppingRQ/Party/Sender/TravelAgencySender/AgencyID": "a&b", "AirShoppingRQ/ResponseParameters/CurrCodes/CurrCode": "GBP"},
		"18.1": shape18, "18.2": shape18, "19.2": shape18, "20.1": shape18,
		"21.3": {flights21 + "OriginDepCriteria/IATA_LocationCode": "LON NYC LON", flights21 + "DestArrivalCriteria/IATA_LocationCode": "NYC LON NYC",
			flights21 + "OriginDepCriteria/Date": "2027-03-01 2027-03-08 2027-03-15", flights21 + "CabinType/CabinTypeCode": "2 2 2",
			"IATA_AirShoppingRQ/Request/PaxList/Pax/PTC": "ADT ADT CHD ADT INS INF", "IATA_AirShoppingRQ/Request/ResponseParameters/CurParameter/RequestedCurCode": "GBP",
			"IATA_AirShoppingRQ/DistributionChain/DistributionChainLink/ParticipatingOrg/OrgID": "a&b", "IATA_AirShoppingRQ/POS/Country/CountryCode": "GB",
			"IATA_AirShoppingRQ/PayloadAttributes/VersionNumber": "21.3"},
	} {
		c, err := newClient(t, "http://127.0.0.1:9", map[string]string{"token": "t"}, map[string]string{"version": version, "agency_id": "a&b", "sender_name": "<Agency>"})
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= maxSlices; n++ {
			if _, err := c.encode(query(n)); err != nil {
				t.Errorf("%s, %d slices: %v", version, n, err)
			}
		}
		q := query(3)
		q.Cabin = travel.Business
		q.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{7, 12}, InfantsSeat: 1, InfantsLap: 1}
		body, err := c.encode(q)
		if err != nil {
			t.Fatal(err)
		}
		texts, spaces := leaves(t, body)
		root := c.release.root
		for path, text := range want {
			if !strings.HasPrefix(path, root) {
				path = root + "/" + path
			}
			if got := strings.Join(texts[path], " "); got != text {
				t.Errorf("%s: %s = %q, want %q\n%s", version, path, got, text, body)
			}
		}
		for path, space := range spaces {
			inner := version == "21.3" && strings.Count(path, "/") >= 2
			if inner && space != commonNamespace || !inner && space != c.release.namespace {
				t.Errorf("%s: %s is in namespace %q", version, path, space)
			}
		}
	}
}

func TestCall(t *testing.T) {
	empty := string(providertest.Load(t, "ndc/nothing.xml"))
	var seen *http.Request
	var body []byte
	status, answer := 200, empty
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	defer server.Close()
	for name, tt := range map[string]struct {
		credentials, options map[string]string
		header, want         string
	}{
		"key":           {map[string]string{"api_key": "k"}, nil, "X-Api-Key", "k"},
		"named key":     {map[string]string{"api_key": "k"}, map[string]string{"api_key_header": "Ocp-Key"}, "Ocp-Key", "k"},
		"bearer":        {map[string]string{"token": "t"}, nil, "Authorization", "Bearer t"},
		"named token":   {map[string]string{"token": "t"}, map[string]string{"token_header": "AuthToken"}, "AuthToken", "t"},
		"basic":         {map[string]string{"username": "u", "password": "p"}, nil, "Authorization", "Basic dTpw"},
		"constant":      {map[string]string{"token": "t"}, map[string]string{"header.x-tenant": "w2"}, "X-Tenant", "w2"},
		"content type":  {map[string]string{"token": "t"}, nil, "Content-Type", "application/xml; charset=utf-8"},
		"text":          {map[string]string{"token": "t"}, map[string]string{"content_type": "text/xml"}, "Content-Type", "text/xml; charset=utf-8"},
		"SOAP":          {map[string]string{"token": "t"}, map[string]string{"soap": "true", "soap_action": "urn:shop"}, "SOAPAction", `"urn:shop"`},
		"SOAP's type":   {map[string]string{"token": "t"}, map[string]string{"soap": "true"}, "Content-Type", "text/xml; charset=utf-8"},
		"another media": {map[string]string{"token": "t"}, map[string]string{"soap": "true", "content_type": "application/soap+xml"}, "Content-Type", "application/soap+xml; charset=utf-8"},
	} {
		c, err := newClient(t, server.URL+"/shop", tt.credentials, tt.options)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a, err := c.Ask(context.Background(), query(1))
		if err != nil || a.OffersIn != 0 {
			t.Errorf("%s: Ask() = %d in, %v", name, a.OffersIn, err)
		}
		if got := seen.Header.Get(tt.header); got != tt.want || seen.Method != "POST" || seen.URL.Path != "/shop" {
			t.Errorf("%s: %s %s has %s %q, want %q", name, seen.Method, seen.URL, tt.header, got, tt.want)
		}
		texts, _ := leaves(t, body)
		if soap := len(texts["Envelope/Body/IATA_AirShoppingRQ/Request/PaxList/Pax/PTC"]) > 0; soap != (tt.options["soap"] == "true") {
			t.Errorf("%s: in SOAP is %v", name, soap)
		}
	}
	c, _ := newClient(t, server.URL, map[string]string{"token": "t"}, nil)
	status = 400
	if _, err := c.Ask(context.Background(), query(1)); err != nil {
		t.Errorf("no availability with 400: %v, want an empty answer", err)
	}
	answer = string(providertest.Load(t, "ndc/error.xml"))
	if _, err := c.Ask(context.Background(), query(1)); fault.Of(err).Cause != fault.HTTP4xx || !strings.Contains(fault.Of(err).Detail, "system error") {
		t.Errorf("error with 400: %v, %q", err, fault.Of(err).Detail)
	}
}

func TestConfiguration(t *testing.T) {
	for complaint, tt := range map[string][2]map[string]string{
		"options.version":          {{"token": "t"}, {"version": "16.1"}},
		"options.soap":             {{"token": "t"}, {"soap": "yes"}},
		"options.content_type":     {{"token": "t"}, {"content_type": "text/html"}},
		"options.item_price":       {{"token": "t"}, {"item_price": "both"}},
		"options.header.x y":       {{"token": "t"}, {"header.x y": "1"}},
		"options.header.X":         {{"token": "t"}, {"header.X": "a\nb"}},
		"options.header.host":      {{"token": "t"}, {"header.host": "b"}},
		"options.soap_action":      {{"token": "t"}, {"soap_action": "\"x"}},
		"options.api_key_header":   {{"api_key": "t"}, {"api_key_header": "a b"}},
		"options.header.: unknown": {{"token": "t"}, {"header.": "x"}},
		"credentials.username":     {{"username": "t"}, nil},
		"same header":              {{"username": "t", "password": "p", "token": "t"}, nil},
		"credentials.api_key":      {nil, nil},
	} {
		if _, err := newClient(t, "http://127.0.0.1:9", tt[0], tt[1]); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("New(%v, %v) = %v, want a complaint about %s", tt[0], tt[1], err, complaint)
		}
	}
	if c, err := newClient(t, "http://127.0.0.1:9", map[string]string{"token": "t"}, nil); err != nil || c.release.version != "21.3" {
		t.Errorf("the default is %v, %v", c, err)
	}
	if got := new(Client).Capable(query(7)); got != fault.Capability {
		t.Errorf("Capable(7 slices) = %q", fmt.Sprint(got))
	}
}
