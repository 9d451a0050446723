package wire

import (
	"errors"
	"fmt"
	"net/http"
)

// Authenticate puts credentials into the constant headers of a protocol whose partners
// choose among them: api_key in the header keyHeader, or the one that options.api_key_header
// names; token as a bearer in Authorization, or bare in options.token_header; username with
// password as Basic, unless basic is false, as they then stand in messages. One of the three
// has to be there.
func (c Config) Authenticate(header http.Header, keyHeader string, basic bool) error {
	given := c.Credentials
	var errs []error
	named := func(option, standard string) string {
		name := c.Options[option]
		if name == "" {
			return standard
		}
		if !HeaderName(name) {
			errs = append(errs, fmt.Errorf("options.%s: not the name of a header", option))
		}
		return name
	}
	if key := given["api_key"]; key != "" {
		header.Set(named("api_key_header", keyHeader), key)
	}
	if secret := given["token"]; secret != "" {
		name := named("token_header", "Authorization")
		if http.CanonicalHeaderKey(name) == "Authorization" {
			secret = "Bearer " + secret
		}
		header.Set(name, secret)
	}
	switch user, password := given["username"], given["password"]; {
	case (user == "") != (password == ""):
		errs = append(errs, errors.New("credentials.username and credentials.password: one without the other"))
	case user == "" && given["api_key"] == "" && given["token"] == "":
		errs = append(errs, errors.New("credentials.api_key, credentials.token, or credentials.username with credentials.password: missing"))
	case user == "" || !basic:
	case header.Get("Authorization") != "":
		errs = append(errs, errors.New("credentials.username: credentials.token uses the same header; options.token_header can name another"))
	default:
		BasicAuth(header, user, password)
	}
	return errors.Join(errs...)
}

// BasicAuth sets Authorization of HTTP Basic.
func BasicAuth(header http.Header, user, password string) {
	r := http.Request{Header: header}
	r.SetBasicAuth(user, password)
}
