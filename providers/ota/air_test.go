package ota

import (
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// documents are those of testdata/ota-air.
var documents = []string{"return.xml", "unusual.xml", "drops.xml", "beside.xml", "empty.xml", "nothing.xml", "error.xml", "fault.xml",
	"rail.json", "pascal.json", "empty.json", "error.json"}

func TestGolden(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			a, err := DecodeAir(providertest.Load(t, "ota-air/"+name), nil)
			providertest.Golden(t, "ota-air/"+name, a, err)
		})
	}
}

// question is one that return.xml answers.
func question() travel.Query {
	q := travel.Query{Product: travel.Flights, Market: "GB"}
	q.Slices = []travel.SliceQuery{{Origin: "LON", Destination: "LAX", Date: travel.NewDate(2027, 3, 1)}, {Origin: "LAX", Destination: "LON", Date: travel.NewDate(2027, 3, 10)}}
	q.Passengers = travel.Passengers{Adults: 2, ChildAges: []int{4, 9}, InfantsLap: 1, InfantsSeat: 1}
	q.Cabin = travel.PremiumEconomy
	return q
}

func TestConformance(t *testing.T) {
	suite := providertest.Protocol{
		New:         func(cfg wire.Config) (providertest.Asker, error) { return NewAir(cfg, nil) },
		Credentials: map[string]string{"username": "heron-user", "password": "heron-secret"},
		Query:       question(),
		Good:        providertest.Load(t, "ota-air/return.xml"),
		Empty:       providertest.Load(t, "ota-air/nothing.xml"),
		Error:       providertest.Load(t, "ota-air/error.xml"),
		ContentType: "text/xml",
	}
	t.Run("XML", func(t *testing.T) { providertest.Run(t, suite) })
	suite.Credentials = map[string]string{"api_key": "heron-key"}
	suite.Options = map[string]string{"format": "json"}
	suite.Good, suite.Empty, suite.ContentType = providertest.Load(t, "ota-air/rail.json"), providertest.Load(t, "ota-air/empty.json"), "application/json"
	suite.Error = []byte(`{"errors":{"error":{"type":"3","code":"450","value":"Unable to process"}}}`)
	t.Run("JSON", func(t *testing.T) { providertest.Run(t, suite) })
}

func TestCauses(t *testing.T) {
	for document, want := range map[string]fault.Cause{
		`<OTA_ErrorRS><Errors><Error Type="6" Code="1"/></Errors></OTA_ErrorRS>`: fault.Unauthorized,
		`{"code":"throttled","message":"slow down","status":429}`:                fault.HTTP429,
		`{"errors":[{"type":"x","code":"y"}]}`:                                   fault.Malformed,
		`{"success":true,"data":[]}`:                                             fault.Malformed,
		`<OTA_HotelAvailRS><Success/></OTA_HotelAvailRS>`:                        fault.Malformed,
		`<OTA_AirLowFareSearchRS Version="1"/>`:                                  fault.Malformed,
		`{"data":{"offers":[]}}`:                                                 fault.Malformed,
	} {
		if _, err := DecodeAir([]byte(document), nil); err == nil || fault.Of(err).Cause != want {
			t.Errorf("DecodeAir(%s) = %v, want %s", document, err, want)
		}
	}
}

// TestListsOfSegments: a fare basis or a cabin with as many words as it has segments is a list.
func TestListsOfSegments(t *testing.T) {
	whole := string(providertest.Load(t, "ota-air/return.xml"))
	for name, test := range map[string]struct {
		from, to string
		basis    string
		cabins   string
	}{
		"as it is": {"", "", "[QLOW QLOW DFLEX]", "[economy premium_economy business]"},
		"bases": {`<FareBasisCode FareComponentCabinCode="Y" DepartureAirportCode="LHR" ArrivalAirportCode="HND">QLOW</FareBasisCode>
              <FareBasisCode DepartureAirportCode="HND" ArrivalAirportCode="LAX">QLOW</FareBasisCode>`,
			`<FareBasisCode DepartureAirportCode="LHR" ArrivalAirportCode="LAX">QLOW MLOW</FareBasisCode>`, "[QLOW MLOW DFLEX]", "[economy premium_economy business]"},
		"too many bases": {`LAX" ArrivalAirportCode="LGW">DFLEX<`, `LAX" ArrivalAirportCode="LGW">DFLEX EFLEX<`, "[QLOW QLOW ]", "[economy premium_economy business]"},
	} {
		doc := strings.Replace(whole, test.from, test.to, 1)
		a, err := DecodeAir([]byte(doc), nil)
		if err != nil || len(a.Offers) == 0 || test.from != "" && doc == whole {
			t.Fatalf("%s: %d offers, %v", name, len(a.Offers), err)
		}
		if f := &a.Offers[0].Fare; fmt.Sprint(f.Basis) != test.basis || fmt.Sprint(f.Cabin) != test.cabins {
			t.Errorf("%s: basis %v, cabins %v; want %s, %s", name, f.Basis, f.Cabin, test.basis, test.cabins)
		}
	}
}
