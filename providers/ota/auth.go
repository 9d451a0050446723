package ota

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// authenticate puts the credentials where the options say: into the constant headers, or
// into messages.
func (p *partner) authenticate() error {
	given := p.cfg.Credentials
	named := func(option, standard string) (string, error) {
		name := p.cfg.Options[option]
		if name == "" {
			name = standard
		}
		if !wire.HeaderName(name) {
			return "", fmt.Errorf("options.%s: not the name of a header", option)
		}
		return name, nil
	}
	var errs []error
	if key := given["api_key"]; key != "" {
		name, err := named("api_key_header", "x-api-key")
		errs = append(errs, err)
		p.header.Set(name, key)
	}
	if secret := given["token"]; secret != "" {
		name, err := named("token_header", "Authorization")
		errs = append(errs, err)
		if http.CanonicalHeaderKey(name) == "Authorization" {
			secret = "Bearer " + secret
		}
		p.header.Set(name, secret)
	}
	switch user, password := given["username"], given["password"]; {
	case (user == "") != (password == ""):
		errs = append(errs, errors.New("credentials.username and credentials.password: one without the other"))
	case user == "" && given["api_key"] == "" && given["token"] == "":
		errs = append(errs, errors.New("credentials.api_key, credentials.token, or credentials.username with credentials.password: missing"))
	case user == "" || p.auth != "basic":
	case p.header.Get("Authorization") != "":
		errs = append(errs, errors.New("credentials.username: credentials.token uses the same header; see options.token_header and options.auth"))
	default:
		r := http.Request{Header: p.header}
		r.SetBasicAuth(user, password)
	}
	if p.auth == "wsse" && p.soap == "" {
		errs = append(errs, errors.New("options.auth: wsse needs options.soap"))
	}
	return errors.Join(errs...)
}

// choice is the value of an option that is one of a few, the first by default.
func (p *partner) choice(complain func(string, ...any), key string, allowed ...string) string {
	value, given := p.cfg.Options[key]
	if !given {
		return allowed[0]
	}
	if !slices.Contains(allowed, value) {
		complain("options.%s: must be one of %s", key, strings.Join(allowed, ", "))
	}
	return value
}
