// Package mapped asks partners whose APIs speak none of the protocols: a declaration says how a
// question is written, and which parts of the answer are the offers. JSON, XML and CSV are read.
//
// A mapping is a jq expression, or an object of plain paths, which is quicker. jq is bounded
// and not trusted: see Program. The shape that a mapping has to make is that of the lines of
// `fanfare decode`; see shape.go for flights and stayshape.go for stays.
package mapped

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// Declaration is how an API is asked and read, as a feed declares it.
type Declaration struct {
	Product  travel.Product
	Request  Request
	Steps    []Request // before the request; each may use what the one before it gave
	Auth     Auth
	Response Response
	Exponent int // of amounts in minor units; Decimals where they are decimals as printed
}

// Decimals is the exponent of amounts that are printed with their point.
const Decimals = -1

// maxSteps is how many requests may come before the one for offers.
const maxSteps = 1

// Request is one request. Texts in braces, such as {origin}, stand for what is asked: see
// Variables. A parameter or header that is empty then is left out.
type Request struct {
	Method  string            `yaml:"method"` // GET by default, POST with a body
	Path    string            `yaml:"path"`
	Query   map[string]string `yaml:"query"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`   // a jq expression over the variables; a text is sent as it is, anything else as JSON
	Values  map[string]string `yaml:"values"` // of a step: jq expressions over its answer, which are variables from then on
}

// Auth is how requests say who asks.
type Auth struct {
	Kind         string `yaml:"kind"` // bearer, header, query, basic, oauth_client_credentials or hmac
	Token        string `yaml:"token"`
	Name         string `yaml:"name"` // of a header or query parameter
	Value        string `yaml:"value"`
	Username     string `yaml:"username"`
	Password     string `yaml:"password"`
	TokenPath    string `yaml:"token_path"`
	ClientID     string `yaml:"client_id"`
	ClientSecret string `yaml:"client_secret"`
	Scope        string `yaml:"scope"`
	Secret       string `yaml:"secret"`   // of hmac
	Message      string `yaml:"message"`  // of hmac: what is signed, with {method} {path} {query} {body} {timestamp}
	Encoding     string `yaml:"encoding"` // of hmac: hex, the default, or base64
}

// Response is how an answer is read.
type Response struct {
	Format string   `yaml:"format"` // json, xml or csv
	Lists  []string `yaml:"lists"`  // elements of XML that are lists even when single
	Offers string   `yaml:"offers"` // jq: the raw offers of a document
	Map    any      `yaml:"map"`    // of each of them: a jq expression, or an object of paths
	Errors Errors   `yaml:"errors"`
	Empty  Empty    `yaml:"empty"`
	Next   string   `yaml:"next"` // jq: the address of the next page, null after the last
}

// Errors says which documents are errors.
type Errors struct {
	When    string `yaml:"when"` // jq: true of a document that is an error
	Code    string `yaml:"code"`
	Message string `yaml:"message"`
}

// Empty says which documents are answers without an offer.
type Empty struct {
	When string `yaml:"when"` // jq: true of a document that has none, such as a message under an error's status
}

// Complaint is one thing wrong with a declaration, or with what a document gave.
type Complaint struct {
	Path    string // such as response.offers
	Message string
}

// String is the complaint in one line.
func (c Complaint) String() string { return c.Path + ": " + c.Message }

// Complaints is everything wrong at once.
type Complaints []Complaint

func (c *Complaints) add(path, format string, args ...any) {
	*c = append(*c, Complaint{path, fmt.Sprintf(format, args...)})
}

// flightVariables and stayVariables are what a template may name.
var (
	flightVariables = []string{"origin", "destination", "date", "return_date", "adults", "children", "child_ages", "infants_lap", "infants_seat", "passengers", "cabin", "currency", "market"}
	stayVariables   = []string{"check_in", "check_out", "nights", "rooms", "adults", "children", "child_ages", "guests", "place", "lat", "lon", "radius_km", "currency", "market"}
)

// Variables are the names that a product's templates may use, sorted.
func Variables(product travel.Product) []string {
	if product == travel.Hotels {
		return slices.Sorted(slices.Values(stayVariables))
	}
	return slices.Sorted(slices.Values(flightVariables))
}

// variables are the values of a question. Ages are joined with a comma; what is not asked, such
// as the day of return of a one-way trip, is "".
func variables(q *travel.Query) map[string]string {
	currency, _ := travel.MarketCurrency(q.Market)
	v := map[string]string{"currency": string(currency), "market": string(q.Market)}
	if q.Product == travel.Hotels {
		adults, ages := 0, []int(nil)
		for _, room := range q.Rooms {
			adults += room.Adults
			ages = append(ages, room.ChildAges...)
		}
		d := &q.Destination
		for name, value := range map[string]any{"check_in": q.CheckIn, "check_out": q.CheckOut, "nights": q.Nights(), "rooms": len(q.Rooms),
			"adults": adults, "children": len(ages), "child_ages": joinInts(ages), "guests": adults + len(ages), "place": d.Place,
			"lat": strconv.FormatFloat(d.Lat, 'f', -1, 64), "lon": strconv.FormatFloat(d.Lon, 'f', -1, 64), "radius_km": d.RadiusKM} {
			v[name] = fmt.Sprint(value)
		}
		return v
	}
	first, p := q.Slices[0], q.Passengers
	back := ""
	if len(q.Slices) == 2 {
		back = q.Slices[1].Date.String()
	}
	for name, value := range map[string]any{"origin": first.Origin, "destination": first.Destination, "date": first.Date, "return_date": back,
		"adults": p.Adults, "children": len(p.ChildAges), "child_ages": joinInts(p.ChildAges), "infants_lap": p.InfantsLap, "infants_seat": p.InfantsSeat,
		"passengers": p.Seats() + p.InfantsLap, "cabin": q.Cabin} {
		v[name] = fmt.Sprint(value)
	}
	return v
}

func joinInts(all []int) string {
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}
