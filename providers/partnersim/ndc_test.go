package partnersim

import (
	"bytes"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/ndc"
	"fanfare/providers/partnersim/world"
)

// ndcKinds are the ways to answer.
var ndcKinds = []Spec{
	{Name: "gannet", Version: ndc.V213}, {Name: "gannet", Version: ndc.V172}, {Name: "gannet", Version: ndc.V172, Combined: true},
}

func ndcOf(w *world.World, spec Spec) *Partner {
	spec.Protocol, spec.Credentials = "ndc", map[string]string{"api_key": "secret"}
	return NewPartner(w, spec)
}

func TestNDCOffersAreSound(t *testing.T) {
	w := testWorld(1)
	for _, spec := range ndcKinds {
		for _, q := range []ndcTrip{ndcLHRJFK, ndcLONNYC, {"LHR SYD 2027-03-01, SYD LHR 2027-03-20", "ADT GBE INF", "BUSINESS"}} {
			name := fmt.Sprintf("%s combined %v, %s", spec.Version, spec.Combined, q.slices)
			rw := call(ndcOf(w, spec), ndcCall(q.ask(spec.Version)))
			offers := ndcSoldIn(t, ndcAnswered(t, rw))
			ids, choices := map[string]bool{}, 0
			for _, o := range offers {
				if ids[o.id] || o.owner == "" || o.total.Minor <= 0 || o.sum != o.total.Minor {
					t.Errorf("%s: offer %q of %q, again %v: total %v, items %d", name, o.id, o.owner, ids[o.id], o.total, o.sum)
				}
				ids[o.id] = true
				if left := o.expires.Sub(testNow); left < 20*time.Minute || left > time.Hour {
					t.Errorf("%s: expires at %v", name, o.expires)
				}
				for _, s := range o.slices {
					if len(s) > 1 {
						choices++
					}
				}
				if oneWay := spec.Version == ndc.V172 && !spec.Combined; oneWay != (len(o.slices) == 1) && strings.Contains(q.slices, ",") {
					t.Errorf("%s: %d slices in an offer", name, len(o.slices))
				}
			}
			t.Logf("%s: %d offers, %d with alternatives, %d bytes, %d each", name, len(offers), choices, rw.Body.Len(), rw.Body.Len()/len(offers))
			if len(offers) < 15 || (choices > 0) != (spec.Version == ndc.V172 && !spec.Combined) {
				t.Errorf("%s: %d offers, %d with alternatives", name, len(offers), choices)
			}
		}
	}
}

func TestNDCSameSeedSameBytes(t *testing.T) {
	for _, spec := range ndcKinds {
		ask := func(seed uint64) []byte {
			return call(ndcOf(testWorld(seed), spec), ndcCall(ndcLONNYC.ask(spec.Version))).Body.Bytes()
		}
		if one := ask(1); !bytes.Equal(one, ask(1)) || bytes.Equal(one, ask(2)) {
			t.Errorf("%s: the bytes do not follow from the seed", spec.Version)
		}
	}
}

// ndcJourneys is every journey in an answer, slice by slice.
func ndcJourneys(t *testing.T, rw *httptest.ResponseRecorder) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, o := range ndcSoldIn(t, ndcAnswered(t, rw)) {
		for i, s := range o.slices {
			for _, f := range s {
				all[fmt.Sprint(i, " ", f)] = true
			}
		}
	}
	return all
}

func TestNDCVersionsSellTheSame(t *testing.T) {
	w := testWorld(1)
	for _, q := range []ndcTrip{ndcLHRJFK, {"LON NYC 2027-03-01", "ADT CHD", "2"}, ndcLONNYC} {
		want := ndcJourneys(t, call(ndcOf(w, ndcKinds[0]), ndcCall(q.ask213())))
		for _, spec := range ndcKinds[1:] {
			if !spec.Combined && strings.Contains(q.slices, ",") {
				continue // each direction on its own: other pairs come first
			}
			if got := ndcJourneys(t, call(ndcOf(w, spec), ndcCall(q.ask172()))); !maps.Equal(got, want) {
				t.Errorf("%s, combined %v: %d journeys in 17.2, %d in 21.3", q.slices, spec.Combined, len(got), len(want))
			}
		}
	}
}

func TestNDCSharesFlightsWithDuffel(t *testing.T) {
	w := testWorld(1)
	duffel := map[string]bool{}
	for _, o := range offersOf(t, call(duffelPartner(w, Behaviour{}), duffelCall(strings.Replace(lhrJFK, `"cabin_class"`, `"max_connections":3,"cabin_class"`, 1)))) {
		name := "0 "
		for _, g := range o.Slices[0].Segments {
			name += g.Operating.Code + strings.TrimLeft(*g.OperatingNumber, "0") + "@" + g.DepartingAt[:16] + g.Origin.Code + g.Destination.Code + " "
		}
		duffel[name] = true
	}
	for _, spec := range ndcKinds {
		both := 0
		ours := ndcJourneys(t, call(ndcOf(w, spec), ndcCall(ndcLHRJFK.ask(spec.Version))))
		for j := range ours {
			if duffel[j] {
				both++
			}
		}
		t.Logf("%s: of %d journeys here and %d of Duffel's %d are the same", spec.Version, len(ours), len(duffel), both)
		if both < 10 {
			t.Errorf("%s: %d journeys in common", spec.Version, both)
		}
	}
}

func TestNDCExactlyNOffers(t *testing.T) {
	w := testWorld(1)
	for _, spec := range ndcKinds {
		for _, n := range []int{1, 2, 50, 500} {
			for _, q := range []ndcTrip{ndcLHRJFK, {"LON NYC 2027-03-01, NYC LON 2027-03-08", "ADT", ""}} {
				if n == 1 && spec.Version == ndc.V172 && !spec.Combined && strings.Contains(q.slices, ",") {
					continue // one direction is half a trip
				}
				spec.Behaviour = Behaviour{Offers: n}
				rw := call(ndcOf(w, spec), ndcCall(q.ask(spec.Version)))
				ids := map[string]bool{}
				for _, o := range ndcSoldIn(t, ndcAnswered(t, rw)) {
					ids[o.id] = true
				}
				if len(ids) != n {
					t.Errorf("%s combined %v %s: Offers: %d gives %d", spec.Version, spec.Combined, q.slices, n, len(ids))
				}
				if n == 500 {
					t.Logf("%s combined %v %s: %d bytes each", spec.Version, spec.Combined, q.slices, rw.Body.Len()/n)
				}
			}
		}
	}
}

func TestNDCSOAP(t *testing.T) {
	p := ndcPartner(testWorld(1), ndc.V172, Behaviour{})
	sita := `<n:NDCMSG_Envelope xmlns:n="http://sita.aero/NDC/NDCUtility/v2"><NDCMSG_Header><MessageId>m1</MessageId><Recipient><Address><Company>GN</Company></Address></Recipient><Sender><Address><Company>Fanfare</Company></Address></Sender></NDCMSG_Header><NDCMSG_Body><NDCMSG_Payload>%s</NDCMSG_Payload></NDCMSG_Body></n:NDCMSG_Envelope>`
	bare := ndcSoldIn(t, ndcAnswered(t, call(p, ndcCall(ndcLHRJFK.ask172()))))
	for name, question := range map[string]string{
		"soap": soapOpen + ndcLHRJFK.ask172() + soapShut, "sita": soapOpen + fmt.Sprintf(sita, ndcLHRJFK.ask172()) + soapShut,
		"1.2": strings.Replace(soapOpen, exchange.Soap11Space, exchange.Soap12Space, 1) + ndcLHRJFK.ask172() + soapShut,
	} {
		r := ndcCall(question)
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		rw := call(p, r)
		root := elements(t, rw.Body.Bytes())
		if root.XMLName.Local != "Envelope" || len(root.every("Body", "NDCMSG_Envelope", "NDCMSG_Header")) > 0 != (name == "sita") {
			t.Errorf("%s: %.300s", name, rw.Body)
		}
		if got := ndcSoldIn(t, ndcAnswered(t, rw)); len(got) != len(bare) {
			t.Errorf("%s: %d offers, %d without an envelope", name, len(got), len(bare))
		}
	}
	r := ndcCall(soapOpen + strings.Replace(ndcLHRJFK.ask172(), "JFK", "QQ9", 1) + soapShut)
	if root := elements(t, call(p, r).Body.Bytes()); root.one("Body", "AirShoppingRS", "Errors", "Error") == "" {
		t.Error("a refusal in SOAP has no envelope")
	}
	rw := call(p, ndcCall(soapOpen+soapShut))
	if root := elements(t, rw.Body.Bytes()); rw.Code != 500 || root.one("Body", "Fault", "faultcode") != "soap:Client" {
		t.Errorf("an empty envelope: %d %s", rw.Code, rw.Body)
	}
}

func TestNDCQuirks(t *testing.T) {
	w := testWorld(1)
	seen := map[string]int{}
	for i := range 24 {
		spec := ndcKinds[i%3]
		spec.Name, spec.MaxOffers = fmt.Sprint("habits", i), 12
		spec.Operating = world.Operating(i % 3)
		spec.Latin1 = i%4 == 0
		rw := call(ndcOf(w, spec), ndcCall(ndcTrip{"ZRH GRU 2027-03-01", "ADT", ""}.ask(spec.Version)))
		for _, o := range ndcSoldIn(t, ndcAnswered(t, rw)) {
			if o.sum != o.total.Minor {
				t.Errorf("%d: %d is not %v", i, o.sum, o.total)
			}
			seen["extras"] += o.extras
		}
		for _, mark := range []string{"<ns2:", "<msg:", "<!--", "<![CDATA[", "Warning", "AugmentationPoint", "ISO-8859-1", "S\xe3o Paulo", "São Paulo", "P0DT", "P0Y0M0DT", "PT0", "StationName", "\n"} {
			if bytes.Contains(rw.Body.Bytes(), []byte(mark)) {
				seen[mark]++
			}
		}
	}
	t.Log(seen)
	for _, mark := range []string{"<ns2:", "<msg:", "<!--", "<![CDATA[", "Warning", "AugmentationPoint", "ISO-8859-1", "S\xe3o Paulo", "São Paulo", "P0DT", "P0Y0M0DT", "PT0", "StationName", "extras", "\n"} {
		if seen[mark] == 0 {
			t.Errorf("no partner of 24 has %q", mark)
		}
	}
}

func TestNoGzip(t *testing.T) {
	w := testWorld(1)
	for _, p := range []*Partner{ndcPartner(w, ndc.V213, Behaviour{NoGzip: true}), ndcPartner(w, ndc.V213, Behaviour{})} {
		r := ndcCall(ndcLHRJFK.ask213())
		r.Header.Set("Accept-Encoding", "gzip")
		if got, want := call(p, r).Header().Get("Content-Encoding"), map[bool]string{false: "gzip"}[p.Behaviour().NoGzip]; got != want {
			t.Errorf("NoGzip %v: Content-Encoding %q", p.Behaviour().NoGzip, got)
		}
	}
}

func TestXMLQuestions(t *testing.T) {
	for _, bad := range []string{"", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a>\x00</a>", "<!DOCTYPE a><a/>", `<?xml version="1.0" encoding="utf-16"?><a/>`, "<a b=1/>", strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70)} {
		if _, err := exchange.ParseXML([]byte(bad)); err == nil {
			t.Errorf("parseXML(%.40q) accepts it", bad)
		}
	}
	root, err := exchange.ParseXML([]byte("<?xml version=\"1.0\"?><!-- c --><a xmlns='u'> x<b k='1'>y</b> <b/> </a>\n"))
	if err != nil || root.Space != "u" || root.Text != "x" || root.Kid("b").Say() != "y" || root.Kid("b").Attr("k") != "1" || len(root.All("b")) != 2 || root.Kid("b", "c") != nil {
		t.Errorf("parseXML: %+v, %v", root, err)
	}
	if got := string(exchange.Latin1([]byte("é€ō"))); got != "\xe9&#8364;&#333;" {
		t.Errorf("latin1 = %q", got)
	}
	if !slices.Contains(Protocols(), "ndc") {
		t.Error("ndc is not listed")
	}
}
