package wire

import "strings"

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
