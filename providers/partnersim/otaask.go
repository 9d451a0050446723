package partnersim

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// otaMessage is what all OpenTravel services check before they look at the content:
// method, format, form, rights. The message comes without its envelope.
func otaMessage(a *assortment, r *http.Request, question []byte) (*xmlNode, ndcWrap, *otaError) {
	if r.Method != http.MethodPost {
		return nil, ndcWrap{}, &errOTAMethod
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains([]string{"application/xml", "text/xml", "application/soap+xml"}, media) {
		return nil, ndcWrap{}, &errOTAMedia
	}
	root, err := parseXML(question)
	if err != nil {
		return nil, ndcWrap{}, &errOTASyntax
	}
	inner, wrap := unwrap(root)
	if e := otaAdmit(a.spec.Credentials, r.Header, root, inner); e != nil {
		return nil, wrap, e
	}
	if inner == nil || inner.Space != otaSpace {
		return nil, wrap, &errOTARoot
	}
	return inner, wrap, nil
}

// otaAdmit checks the credentials, whichever the partner has given out: OpenTravel leaves
// open where they stand. Without any given out, all that are well formed pass, none do not.
func otaAdmit(want map[string]string, h http.Header, root, message *xmlNode) *otaError {
	has := map[string]string{"api_key": h.Get("X-Api-Key")}
	r := http.Request{Header: h}
	has["username"], has["password"], _ = r.BasicAuth()
	if scheme, token, _ := strings.Cut(h.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		has["token"] = strings.TrimSpace(token)
	}
	if root.Local == "Envelope" {
		for _, header := range root.all("Header") {
			security := header.kid("Security")
			if user := security.kid("UsernameToken"); user != nil {
				has["username"], has["password"] = user.kid("Username").say(), user.kid("Password").say()
			}
			if token := security.kid("BinarySecurityToken").say(); token != "" {
				has["token"] = token
			}
			if own := header.kid("authentication"); own != nil {
				has["username"], has["password"] = own.kid("userid").say(), own.kid("password").say()
			}
		}
	}
	if id := message.kid("POS", "Source", "RequestorID"); id != nil && id.attr("MessagePassword") != "" {
		has["username"], has["password"] = id.attr("ID"), id.attr("MessagePassword")
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
		return &errOTANoAuth
	case checked && !right:
		return &errOTABadAuth
	}
	return nil
}

// otaAirRequest is a question that the vendor would accept.
type otaAirRequest struct {
	ask
	groups []fareGroup
}

// parse reads a message as strictly as the vendor does.
func (p *otaAir) parse(root *xmlNode, now time.Time) (*otaAirRequest, []otaError) {
	q := &otaAirRequest{ask: ask{cabin: travel.Economy, maxStops: -1}}
	if root.Local != "OTA_AirLowFareSearchRQ" {
		return nil, []otaError{errOTARoot}
	}
	if root.attr("Version") == "" {
		return nil, []otaError{otaMissing("Attribute Version")}
	}
	var errs []otaError
	complain := func(e otaError) { errs = append(errs, e) }
	directions := root.all("OriginDestinationInformation")
	if len(directions) == 0 || len(directions) > 6 {
		complain(otaMissing("One to six OriginDestinationInformation"))
	}
	after := travel.Date(0)
	for _, d := range directions {
		from, to := d.kid("OriginLocation"), d.kid("DestinationLocation")
		if from == nil || to == nil {
			complain(otaMissing("OriginLocation and DestinationLocation"))
			continue
		}
		s, wrong := p.w.flown(from.attr("LocationCode"), to.attr("LocationCode"), d.kid("DepartureDateTime").say(), after, now)
		if wrong != "" {
			complain(otaWrong("Invalid %s", wrong))
		}
		after = s.date
		q.slices = append(q.slices, s)
	}
	p.preferences(q, root, complain)
	for _, avail := range root.kid("TravelerInfoSummary").all("AirTravelerAvail") {
		for _, pax := range avail.all("PassengerTypeQuantity") {
			kind, known := paxCode(pax.attr("Code"))
			if !known {
				complain(otaWrong("Invalid passenger type %q", pax.attr("Code")))
			}
			n, _ := strconv.Atoi(pax.attr("Quantity"))
			q.groups = append(q.groups, fareGroup{pax.attr("Code"), kind, n})
		}
	}
	pax, wrong := seats9(q.groups)
	if wrong != "" {
		complain(otaWrong("Invalid %s", wrong))
	}
	q.pax = pax
	return q, errs
}

// preferences are the cabin and the most changes; they stand for the whole trip.
func (p *otaAir) preferences(q *otaAirRequest, root *xmlNode, complain func(otaError)) {
	all := root.all("TravelPreferences")
	for _, d := range root.all("OriginDestinationInformation") {
		all = append(all, d.all("TravelPreferences")...)
		all = append(all, d.all("TPA_Extensions")...) // a cabin for one direction stands here
	}
	for _, pref := range all {
		for _, cabin := range pref.all("CabinPref") {
			c, known := otaCabins[strings.ToUpper(cabin.attr("Cabin"))]
			if !known {
				complain(otaWrong("Invalid cabin %q", cabin.attr("Cabin")))
			}
			q.cabin = c
		}
		if most := pref.attr("MaxStopsQuantity"); most != "" {
			n, err := strconv.Atoi(most)
			if err != nil || n < 0 {
				complain(otaWrong("Invalid MaxStopsQuantity %q", most))
			}
			q.maxStops = n
		}
	}
}
