package ota

import (
	"bytes"
	"encoding/xml"

	"fanfare/providers/wire"
)

// namespace is that of all messages of OpenTravel since 2003.
const namespace = "http://www.opentravel.org/OTA/2003/05"

const (
	securityNamespace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	passwordText      = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)

// envelope is a message in XML as the partner wants it: plain, or in SOAP with the header
// of WS-Security if that is how it knows us.
func (p *partner) envelope(message []byte) []byte {
	if p.soap == "" {
		return append([]byte(xml.Header), message...)
	}
	header := ""
	if p.auth == "wsse" && p.cfg.Credentials["username"] != "" {
		header = `<wsse:Security xmlns:wsse="` + securityNamespace + `"><wsse:UsernameToken><wsse:Username>` + escaped(p.cfg.Credentials["username"]) +
			`</wsse:Username><wsse:Password Type="` + passwordText + `">` + escaped(p.cfg.Credentials["password"]) + `</wsse:Password></wsse:UsernameToken></wsse:Security>`
	}
	return wire.Envelope(p.soap, header, message)
}

func escaped(text string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
