package partnersim

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"fanfare/providers/partnersim/ndc"
	"fanfare/providers/partnersim/world"
)

var ndcSamples = []string{
	"ndc-17.2/aircanada_2adt1chd_yyz-lhr_RS.xml", "ndc-19.2/orchestra_oneway_bcn-mad_RS.xml", "ndc-19.2/orchestra_roundtrip_flat_saw-ada_RS.xml",
	"ndc-19.2/orchestra_roundtrip_lhr-bcn_RS.xml", "ndc-21.3/go7_error_RS.xml", "ndc-21.3/virgin_direct_lhr-jfk_RS.xml",
	"ndc-21.3/virgin_return_lhr-mbj_RS.xml", "ndc-21.3/virgin_taxonomy_lhr-anu_RS.xml",
}

func TestNDCReplaysTheVendors(t *testing.T) {
	for _, name := range ndcSamples {
		document := vendorFile(t, name)
		for _, question := range []string{ndcLHRJFK.ask213(), ndcLHRJFK.ask172(), soapOpen + ndcLHRJFK.ask172() + soapShut} {
			rw := call(Replay("ndc", document, map[string]string{"api_key": "secret"}), ndcCall(question))
			if rw.Code != 200 || !bytes.Equal(rw.Body.Bytes(), document) || rw.Header().Get("Content-Type") != "application/xml" {
				t.Errorf("%s: %d, %d of %d bytes, %v", name, rw.Code, rw.Body.Len(), len(document), rw.Header())
			}
		}
	}
}

func TestNDCReplayRefuses(t *testing.T) {
	document := []byte("<a/>")
	for name, c := range map[string]struct {
		question, key string
		status        int
		code          string
	}{
		"other key": {ndcLHRJFK.ask213(), "other", 401, "144"},
		"no key":    {ndcLHRJFK.ask213(), "", 401, "401"},
		"not XML":   {lhrJFK, "secret", 200, "320"},
		"DTD":       {"<!DOCTYPE a><a/>", "secret", 200, "320"},
	} {
		r := ndcCall(c.question)
		r.Header.Set("X-Api-Key", c.key)
		rw := call(Replay("ndc", document, map[string]string{"api_key": "secret"}), r)
		if code, _ := ndcComplaint(t, rw); rw.Code != c.status || code != c.code {
			t.Errorf("%s: %d %s", name, rw.Code, rw.Body)
		}
	}
}

// TestNDCAcceptsTheVendorsQuestions asks what airlines' own samples ask, but for later dates.
func TestNDCAcceptsTheVendorsQuestions(t *testing.T) {
	question := string(vendorFile(t, "ndc-21.3/virgin_return_lhr-mbj_RQ.xml"))
	question = strings.NewReplacer("2023-08-30", "2027-03-01", "2023-09-08", "2027-03-09").Replace(question)
	offers := ndcSoldIn(t, ndcAnswered(t, call(ndcPartner(testWorld(1), ndc.V213, Behaviour{}), ndcCall(question))))
	t.Logf("%d offers", len(offers))
}

// elementPaths collects the path of every element and attribute of the standard's own.
func elementPaths(at string, e *element, into map[string]bool) {
	if strings.HasPrefix(e.XMLName.Space, "urn:fanfare") {
		return
	}
	at += "/" + e.XMLName.Local
	into[at] = true
	for _, a := range e.Attrs {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			into[at+"@"+a.Name.Local] = true
		}
	}
	for _, k := range e.Kids {
		elementPaths(at, k, into)
	}
}

// ndcOwn is what we write and the vendors' samples do not have: elements of the
// standard that other airlines use, from general knowledge of it.
var ndcOwn = map[string][]string{
	ndc.V213: {
		"AugmentationPoint", "Warning", "ServiceDefinitionList", "StationName", "TerminalName", "FareComponent/CabinType", "MandatoryInd", "ServiceDefinitionRef",
	},
	ndc.V172: {
		"AugmentationPoint", "TimeLimits", "DetailCurrencyPrice/Taxes", "@MandatoryInd", "ServiceDefinitionRef", "FareRules/Penalty", "Offer/BaggageAllowance", "InfantRef",
		"CheckedBagAllowanceList", "CarryOnAllowanceList", "AirportName", "OperatingCarrier/FlightNumber", "PenaltyList", "ServiceDefinitionList",
		"BaggageAllowanceList", "FlightList", "PriceClassRef", "SegmentRefs", // combined
	},
}

func TestNDCPathsAreTheVendors(t *testing.T) {
	vendor := map[string]map[string]bool{ndc.V172: {}, ndc.V213: {}}
	for _, name := range ndcSamples {
		for version, prefix := range map[string]string{ndc.V172: "ndc-17", ndc.V213: "ndc-21"} {
			if !strings.HasPrefix(name, prefix) {
				continue
			}
			root := elements(t, vendorFile(t, name))
			if inner := root.every("Body", "NDCMSG_Envelope", "NDCMSG_Body", "NDCMSG_Payload", "AirShoppingRS"); len(inner) > 0 {
				root = inner[0]
			}
			elementPaths("", root, vendor[version])
		}
	}
	ours := map[string]map[string]bool{ndc.V172: {}, ndc.V213: {}}
	w := testWorld(1)
	for i := range 24 {
		spec := ndcKinds[i%3]
		spec.Name, spec.MaxOffers, spec.Operating = string(rune('a'+i)), 20, world.Operating(i/3%3)
		elementPaths("", ndcAnswered(t, call(ndcOf(w, spec), ndcCall(ndcLONNYC.ask(spec.Version)))), ours[spec.Version])
		if spec.Version == ndc.V213 {
			elementPaths("", elements(t, call(ndcOf(w, spec), ndcCall(ndcTrip{"LHR JFK 2029-03-01", "ADT", ""}.ask213())).Body.Bytes()), ours[ndc.V213])
		}
	}
	for version, paths := range ours {
		for _, path := range slices.Sorted(maps.Keys(paths)) {
			own := slices.ContainsFunc(ndcOwn[version], func(name string) bool { return strings.Contains(path, name) })
			if !vendor[version][path] && !own {
				t.Errorf("%s: %s is not in the vendors' answers", version, path)
			}
		}
		for _, path := range slices.Sorted(maps.Keys(vendor[version])) {
			if !paths[path] {
				t.Logf("%s: %s is in the vendors' answers and not in ours", version, path)
			}
		}
		t.Logf("%s: %d paths of ours, %d of the vendors'", version, len(paths), len(vendor[version]))
	}
}
