package wire

import "strings"

var (
	soapFaultNames = NewKeys("faultcode", "faultstring", "Code", "Reason", "Subcode", "faultactor")
	soapInnerNames = NewKeys("Value", "Text", "Subcode")
)

// MaxDetail bounds what is kept of a partner's own words about an error.
const MaxDetail = 512

// SOAPFault is what the Fault element of SOAP 1.1 or 1.2 that Next has just come to
// says, code first, cleaned: "soap:Server: Host unavailable". Its details, whose form
// is the partner's own, are left out.
func (x *XML) SOAPFault() string {
	var words []string
	for c := x.Children(soapFaultNames); c.Next(); {
		if !x.Nested() {
			words = append(words, x.Name())
			continue
		}
		for i := x.Children(soapInnerNames); i.Next(); {
			words = append(words, x.Name())
		}
	}
	return Words(words...)
}

// Words joins what an error document says, without what is empty: "NO_CONTENT: nothing
// found". It is cleaned, and bounded as MaxDetail says.
func Words(words ...string) string {
	var said []string
	for _, w := range words {
		if w = Clean(w, MaxDetail); w != "" {
			said = append(said, w)
		}
	}
	return strings.Clone(Clean(strings.Join(said, ": "), MaxDetail)) // words may be views
}

// SOAP11 and SOAP12 are the namespaces of the two envelopes.
const (
	SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
	SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
)

// Envelope puts a message into a SOAP envelope of the namespace; header is what stands
// in its Header, which is left out when empty. Both are XML already.
func Envelope(namespace, header string, body []byte) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="` + namespace + `">`)
	if header != "" {
		b.WriteString(`<soap:Header>` + header + `</soap:Header>`)
	}
	b.WriteString(`<soap:Body>`)
	b.Write(body)
	b.WriteString(`</soap:Body></soap:Envelope>`)
	return []byte(b.String())
}
