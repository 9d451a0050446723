package partnersim

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fanfare/providers/partnersim/ndc"
	"fanfare/providers/partnersim/world"
)

// ndcTrip is a question in words: "LHR JFK 2027-03-01, JFK LHR 2027-03-08" and "ADT ADT CHD".
type ndcTrip struct{ slices, pax, cabin string }

var (
	ndcLHRJFK = ndcTrip{"LHR JFK 2027-03-01", "ADT", ""}
	ndcLONNYC = ndcTrip{"LON NYC 2027-03-01, NYC LON 2027-03-08", "ADT ADT CHD INF", "5"}
)

func (q ndcTrip) ask213() string {
	s := `<?xml version="1.0" encoding="UTF-8"?><IATA_AirShoppingRQ xmlns="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersMessage" xmlns:c="http://www.iata.org/IATA/2015/EASD/00/IATA_OffersAndOrdersCommonTypes"><Request><c:FlightRequest><c:FlightRequestOriginDestinationsCriteria>`
	for _, slice := range strings.Split(q.slices, ", ") {
		f := strings.Fields(slice)
		s += "<c:OriginDestCriteria>"
		if q.cabin != "" {
			s += "<c:CabinType><c:CabinTypeCode>" + q.cabin + "</c:CabinTypeCode></c:CabinType>"
		}
		s += fmt.Sprintf("<c:DestArrivalCriteria><c:IATA_LocationCode>%s</c:IATA_LocationCode></c:DestArrivalCriteria><c:OriginDepCriteria><c:Date>%s</c:Date><c:IATA_LocationCode>%s</c:IATA_LocationCode></c:OriginDepCriteria></c:OriginDestCriteria>", f[1], f[2], f[0])
	}
	s += "</c:FlightRequestOriginDestinationsCriteria></c:FlightRequest><c:PaxList>"
	for i, ptc := range strings.Fields(q.pax) {
		s += fmt.Sprintf("<c:Pax><c:PaxID>P%d</c:PaxID><c:PTC>%s</c:PTC></c:Pax>", i+1, ptc)
	}
	return s + "</c:PaxList></Request></IATA_AirShoppingRQ>"
}

func (q ndcTrip) ask172() string {
	s := `<AirShoppingRQ xmlns="http://www.iata.org/IATA/EDIST/2017.2" Version="17.2"><Document/><Party><Sender><TravelAgencySender><AgencyID>1</AgencyID></TravelAgencySender></Sender></Party><CoreQuery><OriginDestinations>`
	for _, slice := range strings.Split(q.slices, ", ") {
		f := strings.Fields(slice)
		s += fmt.Sprintf("<OriginDestination><Departure><AirportCode>%s</AirportCode><Date>%s</Date></Departure><Arrival><AirportCode>%s</AirportCode></Arrival></OriginDestination>", f[0], f[2], f[1])
	}
	s += "</OriginDestinations></CoreQuery>"
	if q.cabin != "" {
		s += "<Preference><CabinPreferences><CabinType><Code>" + q.cabin + "</Code></CabinType></CabinPreferences></Preference>"
	}
	s += "<DataLists><PassengerList>"
	for i, ptc := range strings.Fields(q.pax) {
		s += fmt.Sprintf(`<Passenger PassengerID="P%d"><PTC>%s</PTC></Passenger>`, i+1, ptc)
	}
	return s + "</PassengerList></DataLists></AirShoppingRQ>"
}

func (q ndcTrip) ask(version string) string {
	if version == ndc.V172 {
		return q.ask172()
	}
	return q.ask213()
}

const soapOpen, soapShut = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`, `</s:Body></s:Envelope>`

// ndcCall is a good request that the vendor answers.
func ndcCall(question string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(question))
	r.Header.Set("X-Api-Key", "secret")
	r.Header.Set("Content-Type", "application/xml")
	return r
}

func ndcPartner(w *world.World, version string, behaviour Behaviour) *Partner {
	return NewPartner(w, Spec{Name: "gannet", Protocol: "ndc", Currency: "GBP", Version: version, Credentials: map[string]string{"api_key": "secret"}, Behaviour: behaviour})
}

// element is any XML, names without prefixes.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Kids    []*element `xml:",any"`
}

func (e *element) every(path ...string) []*element {
	found := []*element{e}
	for _, name := range path {
		var next []*element
		for _, f := range found {
			for _, k := range f.Kids {
				if k.XMLName.Local == name {
					next = append(next, k)
				}
			}
		}
		found = next
	}
	return found
}

// one is the text of the first element at path, "" of none.
func (e *element) one(path ...string) string {
	if all := e.every(path...); len(all) > 0 {
		return strings.TrimSpace(all[0].Text)
	}
	return ""
}

func (e *element) at(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func elements(t *testing.T, document []byte) *element {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(document))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if !strings.EqualFold(label, "iso-8859-1") {
			return nil, fmt.Errorf("encoding %q", label)
		}
		raw, err := io.ReadAll(in)
		wide := make([]rune, len(raw))
		for i, c := range raw {
			wide[i] = rune(c)
		}
		return strings.NewReader(string(wide)), err
	}
	root := new(element)
	if err := dec.Decode(root); err != nil {
		t.Fatalf("%v: %.400s", err, document)
	}
	for {
		after, err := dec.Token()
		if err == io.EOF {
			break
		}
		if _, ok := after.(xml.StartElement); ok || err != nil {
			t.Fatalf("after the document: %v, %v", after, err)
		}
	}
	return root
}

// ndcAnswered is a response without its envelopes, of a call that went well.
func ndcAnswered(t *testing.T, rw *httptest.ResponseRecorder) *element {
	t.Helper()
	root := elements(t, rw.Body.Bytes())
	for _, wrap := range [][]string{{"Body", "NDCMSG_Envelope", "NDCMSG_Body", "NDCMSG_Payload", "AirShoppingRS"}, {"Body", "AirShoppingRS"}, {"Body", "IATA_AirShoppingRS"}} {
		if inner := root.every(wrap...); len(inner) > 0 {
			root = inner[0]
		}
	}
	if rw.Code != 200 || len(root.every("OffersGroup"))+len(root.every("Response", "OffersGroup")) == 0 {
		t.Fatalf("status %d: %.600s", rw.Code, rw.Body)
	}
	return root
}
