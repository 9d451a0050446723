package ota

import (
	"fanfare/providers/wire"
)

// credentials and options are what a feed gives for either protocol. One of api_key,
// token, or username with password is needed.
var (
	credentials = []wire.Setting{
		{Name: "username", About: "with password: sent as the option auth says", Optional: true},
		{Name: "password", About: "with username", Optional: true},
		{Name: "api_key", About: "a key, sent in the header that api_key_header names", Optional: true},
		{Name: "token", About: "a token, sent as a bearer, or bare in the header that token_header names", Optional: true},
	}
	options = []wire.Setting{
		{Name: "auth", About: "basic (the default), wsse for a UsernameToken in the SOAP header, or requestor for the MessagePassword of RequestorID"},
		{Name: "api_key_header", About: "x-api-key by default"},
		{Name: "token_header", About: "Authorization by default"},
		{Name: "header.*", About: "a constant header"},
		{Name: "path", About: "is appended to base_url; none by default"},
		{Name: "soap", About: "true or 1.1 puts messages in XML into a SOAP envelope, 1.2 into one of that version; false by default"},
		{Name: "soap_action", About: "the SOAPAction header"},
		{Name: "content_type", About: "of messages in XML: application/xml, text/xml or application/soap+xml; by soap if it is not given"},
		{Name: "version", About: "the Version attribute of messages"},
		{Name: "target", About: "Production or Test, the Target attribute; left out by default"},
		{Name: "requestor_id", About: "who asks: RequestorID@ID"},
		{Name: "requestor_type", About: "RequestorID@Type, 1 by default"},
		{Name: "requestor_name", About: "RequestorID@Name"},
		{Name: "requestor_company", About: "RequestorID/CompanyName@Code"},
		{Name: "requestor_context", About: "RequestorID@ID_Context"},
		{Name: "pseudo_city", About: "Source@PseudoCityCode"},
		{Name: "booking_channel", About: "BookingChannel@Type; left out by default"},
		{Name: "currency", About: "Source@ISOCurrency: a code, or market for that of the traveller's market; left out by default"},
		{Name: "country", About: "Source@ISOCountry: a code, or market; left out by default"},
		{Name: "language", About: "PrimaryLangID; left out by default"},
	}
)
