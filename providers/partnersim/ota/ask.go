package ota

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// asMessage is what all OpenTravel services check before they look at the content:
// method, format, form, rights. The message comes without its envelope.
func asMessage(a *world.Inventory, r *http.Request, question []byte) (*exchange.XMLNode, exchange.Envelope, *errorDoc) {
	if r.Method != http.MethodPost {
		return nil, exchange.Envelope{}, &errMethod
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains([]string{"application/xml", "text/xml", "application/soap+xml"}, media) {
		return nil, exchange.Envelope{}, &errMedia
	}
	root, err := exchange.ParseXML(question)
	if err != nil {
		return nil, exchange.Envelope{}, &errSyntax
	}
	inner, wrap := exchange.Unwrap(root)
	if e := admit(a.Seller.Credentials, r.Header, root, inner); e != nil {
		return nil, wrap, e
	}
	if inner == nil || inner.Space != Space {
		return nil, wrap, &errRoot
	}
	return inner, wrap, nil
}

// admit checks the credentials, whichever the partner has given out: OpenTravel leaves
// open where they stand. Without any given out, all that are well formed pass, none do not.
func admit(want map[string]string, h http.Header, root, message *exchange.XMLNode) *errorDoc {
	has := map[string]string{"api_key": h.Get("X-Api-Key")}
	r := http.Request{Header: h}
	has["username"], has["password"], _ = r.BasicAuth()
	if scheme, token, _ := strings.Cut(h.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		has["token"] = strings.TrimSpace(token)
	}
	if root.Local == "Envelope" {
		for _, header := range root.All("Header") {
			security := header.Kid("Security")
			if user := security.Kid("UsernameToken"); user != nil {
				has["username"], has["password"] = user.Kid("Username").Say(), user.Kid("Password").Say()
			}
			if token := security.Kid("BinarySecurityToken").Say(); token != "" {
				has["token"] = token
			}
			if own := header.Kid("authentication"); own != nil {
				has["username"], has["password"] = own.Kid("userid").Say(), own.Kid("password").Say()
			}
		}
	}
	if id := message.Kid("POS", "Source", "RequestorID"); id != nil && id.Attr("MessagePassword") != "" {
		has["username"], has["password"] = id.Attr("ID"), id.Attr("MessagePassword")
	}
	some, checked, right := false, false, true
	for _, name := range []string{"api_key", "token", "username", "password"} {
		some = some || has[name] != ""
		if want[name] != "" {
			checked, right = true, right && want[name] == has[name]
		}
	}
	switch {
	case !some:
		return &errNoAuth
	case checked && !right:
		return &errBadAuth
	}
	return nil
}

// airRequest is a question that the vendor would accept.
type airRequest struct {
	world.Ask
	groups []world.FareGroup
}

// parse reads a message as strictly as the vendor does.
func (p *air) parse(root *exchange.XMLNode, now time.Time) (*airRequest, []errorDoc) {
	q := &airRequest{Ask: world.Ask{Cabin: travel.Economy, MaxStops: -1}}
	if root.Local != "OTA_AirLowFareSearchRQ" {
		return nil, []errorDoc{errRoot}
	}
	if root.Attr("Version") == "" {
		return nil, []errorDoc{missing("Attribute Version")}
	}
	var errs []errorDoc
	complain := func(e errorDoc) { errs = append(errs, e) }
	directions := root.All("OriginDestinationInformation")
	if len(directions) == 0 || len(directions) > 6 {
		complain(missing("One to six OriginDestinationInformation"))
	}
	after := travel.Date(0)
	for _, d := range directions {
		from, to := d.Kid("OriginLocation"), d.Kid("DestinationLocation")
		if from == nil || to == nil {
			complain(missing("OriginLocation and DestinationLocation"))
			continue
		}
		s, wrong := p.World.Flown(from.Attr("LocationCode"), to.Attr("LocationCode"), d.Kid("DepartureDateTime").Say(), after, now)
		if wrong != "" {
			complain(asWrong("Invalid %s", wrong))
		}
		after = s.Date
		q.Slices = append(q.Slices, s)
	}
	p.preferences(q, root, complain)
	for _, avail := range root.Kid("TravelerInfoSummary").All("AirTravelerAvail") {
		for _, pax := range avail.All("PassengerTypeQuantity") {
			kind, known := world.PaxCode(pax.Attr("Code"))
			if !known {
				complain(asWrong("Invalid passenger type %q", pax.Attr("Code")))
			}
			n, _ := strconv.Atoi(pax.Attr("Quantity"))
			q.groups = append(q.groups, world.FareGroup{Code: pax.Attr("Code"), Kind: kind, Count: n})
		}
	}
	pax, wrong := world.Seats9(q.groups)
	if wrong != "" {
		complain(asWrong("Invalid %s", wrong))
	}
	q.Pax = pax
	return q, errs
}

// preferences are the cabin and the most changes; they stand for the whole trip.
func (p *air) preferences(q *airRequest, root *exchange.XMLNode, complain func(errorDoc)) {
	all := root.All("TravelPreferences")
	for _, d := range root.All("OriginDestinationInformation") {
		all = append(all, d.All("TravelPreferences")...)
		all = append(all, d.All("TPA_Extensions")...) // a cabin for one direction stands here
	}
	for _, pref := range all {
		for _, cabin := range pref.All("CabinPref") {
			c, known := world.OTACabins[strings.ToUpper(cabin.Attr("Cabin"))]
			if !known {
				complain(asWrong("Invalid cabin %q", cabin.Attr("Cabin")))
			}
			q.Cabin = c
		}
		if most := pref.Attr("MaxStopsQuantity"); most != "" {
			n, err := strconv.Atoi(most)
			if err != nil || n < 0 {
				complain(asWrong("Invalid MaxStopsQuantity %q", most))
			}
			q.MaxStops = n
		}
	}
}
