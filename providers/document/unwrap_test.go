package document

import (
	"strings"
	"testing"
)

func TestUnwrap(t *testing.T) {
	keys, inner := NewKeys("offers", "errors"), NewKeys("id")
	deep := strings.Repeat(`{"x":`, 5) + `{"offers":[{"id":"a"}]}` + strings.Repeat("}", 5)
	for _, c := range []struct{ name, doc, want, err string }{
		{"bare", `{"offers":[{"id":"a"},{"id":"b"}]}`, "a b", ""},
		{"wrapped", `{"meta":{"x":1},"result":{"n":2,"offers":[{"id":"a"}]},"more":[1]}`, "a", ""},
		{"wrapped twice", `{"body":{"result":{"offers":[{"id":"a"}]}}}`, "a", ""},
		{"in a list", `[{"offers":[{"id":"a"}]}]`, "a", ""},
		{"marked", "\ufeff {\"offers\":[{\"id\":\"a\"}]}", "a", ""},
		{"one without brackets", `{"offers":{"id":"a"}}`, "a", ""},
		{"too deep", deep, "", ""},
		{"nothing known", `{"hotels":[]}`, "", ""},
		{"broken behind the wrapped", `{"result":{"offers":[{"id":"a"}]},"x":}`, "", "expected a value"},
		{"data behind", `{"result":{"offers":[{"id":"a"}]}} x`, "a", "data behind the document"},
		{"a key twice", `{"result":{"offers":[],"offers":[]}}`, "", "key twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewJSON([]byte(c.doc))
			defer r.Close()
			var ids []string
			for o := r.Unwrap(keys); o.Next(); {
				for a := r.Array(); a.Next(); {
					for i := r.Object(inner); i.Next(); {
						ids = append(ids, r.Text())
					}
				}
			}
			err := r.End()
			if got := strings.Join(ids, " "); got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("Unwrap(%s) = %q, %v, want %q and an error with %q", c.doc, got, err, c.want, c.err)
			}
		})
	}
}

func TestWithin(t *testing.T) {
	names, inner := NewKeys("Answer", "Fault"), NewKeys("Offer")
	for _, c := range []struct{ name, doc, want, err string }{
		{"bare", `<Answer><Offer>a</Offer><x/><Offer>b</Offer></Answer>`, "a b", ""},
		{"in SOAP", `<s:Envelope xmlns:s="u"><s:Header><h><Offer>no</Offer></h></s:Header><s:Body><n:Answer><n:Offer>a</n:Offer></n:Answer></s:Body></s:Envelope>`, "a", ""},
		{"two of them", `<r><Answer><Offer>a</Offer></Answer> <y/> <Answer/><Answer><Offer>b</Offer></Answer></r>`, "a b", ""},
		{"left unread", `<r><Fault><a><b/></a></Fault><Answer><Offer>a</Offer></Answer></r>`, "a", ""},
		{"none", `<html><body/></html>`, "", ""},
		{"empty root", `<x/>`, "", ""},
		{"no element", ``, "", "expected the root element"},
		{"cut", `<r><Answer><Offer>a</Offer></Answer>`, "a", "unexpected end"},
		{"behind the root", `<Answer/><Answer/>`, "", "behind the document's root"},
		{"far inside", strings.Repeat("<x>", 7) + `<Answer><Offer>a</Offer></Answer>` + strings.Repeat("</x>", 7), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := NewXML([]byte(c.doc))
			defer x.Close()
			var ids []string
			for w := x.Within(names); w.Next(); {
				if w.Key() == 1 {
					continue
				}
				for o := x.Children(inner); o.Next(); {
					ids = append(ids, x.Text())
				}
			}
			err := x.End()
			if got := strings.Join(ids, " "); got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("Within(%s) = %q, %v, want %q and an error with %q", c.doc, got, err, c.want, c.err)
			}
		})
	}
}

func TestSOAPFault(t *testing.T) {
	for doc, want := range map[string]string{
		`<s:Fault xmlns:s="u"><faultcode>s:Client</faultcode><faultstring>No  such
 branch</faultstring><detail><x>y</x></detail></s:Fault>`: "s:Client: No such branch",
		`<Fault><Code><Value>Sender</Value><Subcode><Value>m:Late</Value></Subcode></Code><Reason><Text xml:lang="en">Too late</Text></Reason></Fault>`: "Sender: Too late",
	} {
		x := NewXML([]byte(doc))
		for w := x.Within(NewKeys("Fault")); w.Next(); {
			if got := x.SOAPFault(); got != want {
				t.Errorf("SOAPFault() = %q, want %q", got, want)
			}
		}
		if err := x.End(); err != nil {
			t.Error(err)
		}
		x.Close()
	}
}

// TestFirst: the first known key tells, and reading goes on as if nobody had looked.
func TestFirst(t *testing.T) {
	keys := NewKeys("route", "data")
	for doc, want := range map[string]int{
		`{"id":1,"route":[],"data":2}`: 0, `{"data":{"route":[]},"route":[]}`: 1, `[{"x":[1],"route":[]},{"data":1}]`: 0, `{"x":{"route":1}}`: -1, `[[{"route":1}]]`: -1, `[]`: -1, `"route"`: -1, `{}`: -1,
	} {
		r := NewJSON([]byte(doc))
		got := r.First(keys)
		r.Skip()
		if err := r.End(); got != want || err != nil {
			t.Errorf("First(%s) = %d, %v, want %d", doc, got, err, want)
		}
		r.Close()
	}
}
