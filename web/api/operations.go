package api

import (
	"regexp"
	"slices"
	"time"

	"fanfare/providers/travel"
)

// Operation is one call of the HTTP API. The table of operations is where the
// router, the parser, /openapi.json and the docs come from.
type Operation struct {
	ID        string
	Method    string
	Path      string // with {id}
	Summary   string
	Doc       string
	Tag       string
	Params    []Param
	Body      *Body
	Responses []Response
}

// Body is what a POST takes.
type Body struct {
	Doc     string
	Query   travel.Product
	View    []Param // view fields that the body may carry beside the query
	Example string
}

// Response is one of an operation's answers.
type Response struct {
	Status  int
	Doc     string
	Type    any    // a value whose type makes the schema; nil is no body
	Media   string // "" is application/json
	Headers []string
	Events  map[string]any // of a stream: the type of each event's data
}

var (
	codePart    = regexp.MustCompile(`^[A-Za-z]{3}$`).MatchString
	carrierPart = regexp.MustCompile(`^[A-Za-z0-9]{2,3}$`).MatchString
	partnerPart = regexp.MustCompile(`^[a-z0-9-]{2,32}$`).MatchString
	agePart     = regexp.MustCompile(`^(0|[1-9][0-9]?)$`).MatchString
)

func flightQueryParams() []Param {
	return []Param{
		{Name: "origin", Kind: text, Required: true, Example: "LHR", Doc: "IATA airport or metro code."},
		{Name: "destination", Kind: text, Required: true, Example: "JFK", Doc: "IATA airport or metro code."},
		{Name: "date", Kind: date, Required: true, Example: "2027-03-01", Doc: "Day of departure, from today at the origin to 365 days ahead."},
		{Name: "return_date", Kind: date, Example: "2027-03-08", Doc: "Day of the way back; absent is one way."},
		{Name: "adults", Kind: integer, Min: 1, Max: 9, Default: "1", Example: "2", Doc: "1 to 9."},
		{Name: "child_ages", Kind: list, Part: agePart, PartDoc: "ages in years", Example: "7,9", Doc: "Children's ages at the first departure, 2 to 17."},
		{Name: "infants_lap", Kind: integer, Min: 0, Max: 9, Default: "0", Example: "1", Doc: "Infants under 2 on a lap, at most one an adult."},
		{Name: "infants_seat", Kind: integer, Min: 0, Max: 8, Default: "0", Example: "1", Doc: "Infants under 2 in a seat of their own."},
		{Name: "cabin", Kind: text, Default: "economy", Example: "economy", Doc: "economy, premium_economy, business or first."},
		marketParam(),
	}
}

func marketParam() Param {
	return Param{Name: "market", Kind: text, Example: "GB", Doc: "ISO 3166 country: fixes the point of sale, and currency and language in which partners are asked."}
}

func stayQueryParams() []Param {
	return []Param{
		{Name: "destination", Kind: text, Example: "PAR", Doc: "A place's id; or lat, lon and radius_km."},
		{Name: "lat", Kind: decimal, Min: -90, Max: 90, Example: "48.8566", Doc: "Degrees."},
		{Name: "lon", Kind: decimal, Min: -180, Max: 180, Example: "2.3522", Doc: "Degrees."},
		{Name: "radius_km", Kind: integer, Min: 1, Max: 50, Example: "10", Doc: "Kilometres around lat, lon."},
		{Name: "check_in", Kind: date, Required: true, Example: "2027-03-01", Doc: "From today to 365 days ahead."},
		{Name: "check_out", Kind: date, Required: true, Example: "2027-03-04", Doc: "1 to 30 nights later."},
		{Name: "rooms", Kind: rooms, Default: "2", Example: "2,1-7-9", Doc: "Rooms by comma; in each, adults, then children's ages, joined by -."},
		marketParam(),
	}
}

func flightViewParams() []Param {
	return []Param{
		currencyParam(),
		{Name: "sort", Kind: enum, Enum: []string{"best", "cheapest", "fastest", "departure", "arrival", "choice"}, Default: "best", Example: "best", Doc: "choice: the few results that serve travellers of every value of time, on one page."},
		{Name: "value_of_time", Kind: decimal, Min: 0, Max: 1000, Example: "20", Doc: "EUR per hour and seat; absent: by cabin (20 economy, 35 premium economy, 50 business and first)."},
		{Name: "max_stops", Kind: integer, Min: 0, Max: 9, Example: "1", Doc: "Connections in any one slice."},
		{Name: "carriers", Kind: list, Part: carrierPart, PartDoc: "airline codes", Example: "BA,AA", Doc: "Offers of which every segment is marketed under one of these codes by the offer, or operated by one of them according to all its sellers."},
		{Name: "exclude_carriers", Kind: list, Part: carrierPart, PartDoc: "airline codes", Example: "FR", Doc: "Offers of which no segment is."},
		partnersParam(),
		maxPriceParam("In the currency of display, with the bags asked for: their stated prices, or what they usually cost where nobody says (max_price is then unverifiable)."),
		{Name: "max_duration_minutes", Kind: integer, Min: 1, Max: 20000, Example: "900", Doc: "Over all slices, layovers included."},
		{Name: "depart_between", Kind: window, Example: "06:00-12:00", Doc: "First slice, local; may span midnight."},
		{Name: "arrive_between", Kind: window, Example: "18:00-23:00", Doc: "First slice, local; may span midnight."},
		{Name: "cabin_bag", Kind: flag, Example: "1", Doc: "1: only offers with a cabin bag in the price, or at a price that the partner states; it counts in the order."},
		{Name: "checked_bag", Kind: flag, Example: "1", Doc: "1: the same for a checked bag."},
		{Name: "refundable", Kind: flag, Example: "1", Doc: "1: only refundable offers, also for a fee."},
		{Name: "via", Kind: list, Part: codePart, PartDoc: "airport codes", Example: "KEF,DUB", Doc: "One of these is changed at; a change of airports is one at both."},
		{Name: "avoid", Kind: list, Part: codePart, PartDoc: "airport codes", Example: "CDG", Doc: "None of these is changed at."},
		{Name: "combine", Kind: flag, Default: "1", Example: "1", Doc: "0 hides combinations of several tickets."},
		{Name: "combined_only", Kind: flag, Example: "1", Doc: "1: only combinations of several tickets."},
		strictParam(), limitParam(), cursorParam(), explainParam(), offersParam("offers"),
	}
}

func stayViewParams() []Param {
	return []Param{
		currencyParam(),
		{Name: "sort", Kind: enum, Enum: []string{"best", "cheapest", "stars", "distance"}, Default: "best", Example: "cheapest", Doc: "The order of properties."},
		{Name: "min_stars", Kind: decimal, Min: 0, Max: 5, Example: "3", Doc: "Stars at least."},
		{Name: "board", Kind: list, Enum: boardNames(), Example: "bed_and_breakfast", Doc: "Board bases, by comma."},
		{Name: "free_cancellation", Kind: flag, Example: "1", Doc: "1: only rates that can be cancelled for nothing."},
		partnersParam(), maxPriceParam("In the currency of display."),
		{Name: "name", Kind: text, MaxLen: 80, Example: "grand", Doc: "Part of the property's name; accents do not matter."},
		{Name: "bbox", Kind: box, Example: "48.8,2.2,48.9,2.4", Doc: "south,west,north,east in degrees."},
		strictParam(), limitParam(), cursorParam(), explainParam(), offersParam("rates"),
	}
}

func boardNames() []string {
	var names []string
	for _, b := range travel.Boards {
		names = append(names, string(b))
	}
	return names
}

func currencyParam() Param {
	return Param{Name: "currency", Kind: text, MaxLen: 8, Example: "GBP", Doc: "Currency of display; absent: the market's. Never changes an order."}
}

func partnersParam() Param {
	return Param{Name: "partners", Kind: list, Part: partnerPart, PartDoc: "partner names", Example: "albatross", Doc: "Only what these partners sell."}
}

func maxPriceParam(doc string) Param {
	return Param{Name: "max_price", Kind: amount, MaxLen: 20, Example: "500", Doc: doc}
}

func strictParam() Param {
	return Param{Name: "strict", Kind: flag, Default: "0", Example: "1", Doc: "1: what cannot be verified, is only partly so or costs more than the total does not pass."}
}

func limitParam() Param {
	return Param{Name: "limit", Kind: integer, Min: 1, Max: 200, Default: "20", Example: "20", Doc: "Results on a page."}
}

func cursorParam() Param {
	return Param{Name: "cursor", Kind: text, MaxLen: 2048, Example: "eyJz…", Doc: "next_cursor of the page before, with the same view."}
}

func explainParam() Param {
	return Param{Name: "explain", Kind: flag, Example: "1", Doc: "1: each part of a score says what it is made of."}
}

func offersParam(what string) Param {
	return Param{Name: "offers", Kind: enum, Enum: []string{"all"}, Example: "all", Doc: "all: every passing one of a result's " + what + ", not only the 10 cheapest. On a poll."}
}

func stopParam() Param {
	return Param{Name: "stop_when_saving_below", Kind: amount, MaxLen: 20, Example: "10", Doc: "In the currency of display: stop waiting when the partners still asked can be expected to save less."}
}

func waitParam(fallback, most time.Duration) Param {
	return Param{Name: "wait", Kind: duration, Min: 0, Max: most.Seconds(), Default: fallback.String(), Example: fallback.String(), Doc: "How long to wait at most."}
}

func idParam() Param {
	return Param{Name: "id", Kind: text, InPath: true, Required: true, Example: "k3x7…", Doc: "The search's id."}
}

// without leaves params out that do not belong to an operation.
func without(params []Param, names ...string) []Param {
	return slices.DeleteFunc(slices.Clone(params), func(p Param) bool { return slices.Contains(names, p.Name) })
}

const (
	flightBodyExample = `{"slices":[{"origin":"LHR","destination":"JFK","date":"2027-03-01"}],"passengers":{"adults":2,"child_ages":[7],"infants_lap":0,"infants_seat":0},"cabin":"economy","market":"GB"}`
	stayBodyExample   = `{"destination":{"place":"PAR"},"check_in":"2027-03-01","check_out":"2027-03-04","rooms":[{"adults":2,"child_ages":[7]}],"market":"GB"}`
)

// Operations is the table. budget and maxWait are those of the configuration.
func Operations(budget, maxWait time.Duration) []Operation {
	var all []Operation
	for _, product := range []travel.Product{travel.Flights, travel.Hotels} {
		all = append(all, searchOperations(product, budget, maxWait)...)
	}
	return append(all,
		Operation{
			ID: "places", Method: "GET", Path: "/v1/places", Tag: "places", Summary: "Find airports, metro areas and cities",
			Params: []Param{
				{Name: "q", Kind: text, Required: true, MaxLen: 100, Example: "lond", Doc: "The beginning of a name or a code; typing errors are tolerated."},
				{Name: "limit", Kind: integer, Min: 1, Max: 50, Default: "10", Example: "10", Doc: "Places at most."},
			},
			Responses: []Response{{Status: 200, Doc: "Places, best match first.", Type: Places{}}, badRequest, tooMany},
		},
		Operation{ID: "healthz", Method: "GET", Path: "/healthz", Tag: "service", Summary: "The process lives",
			Responses: []Response{{Status: 200, Doc: "It does.", Type: Health{}}, badRequest, tooMany}},
		Operation{ID: "readyz", Method: "GET", Path: "/readyz", Tag: "service", Summary: "Searches can be answered",
			Doc:       "Never depends on partners being well.",
			Responses: []Response{{Status: 200, Doc: "They can.", Type: Health{}}, {Status: 503, Doc: "The server is draining, or has no partners.", Type: Health{}}, badRequest, tooMany}},
		Operation{ID: "openapi", Method: "GET", Path: "/openapi.json", Tag: "service", Summary: "This document",
			Responses: []Response{{Status: 200, Doc: "OpenAPI 3.1.", Type: map[string]any{}}, badRequest, tooMany}},
		Operation{ID: "docs", Method: "GET", Path: "/docs", Tag: "service", Summary: "This document for people",
			Responses: []Response{{Status: 200, Doc: "A page.", Media: "text/html"}, badRequest, tooMany}},
		Operation{ID: "docs.style", Method: "GET", Path: "/docs.css", Tag: "service", Summary: "What /docs looks like",
			Responses: []Response{{Status: 200, Doc: "A style sheet.", Media: "text/css"}, badRequest, tooMany}},
	)
}

var (
	badRequest = Response{Status: 400, Doc: "Each field at fault, and what would be right.", Type: Problem{}, Media: problemMedia}
	notFound   = Response{Status: 404, Doc: "No such search is held: POST the query again.", Type: Problem{}, Media: problemMedia}
	tooMany    = Response{Status: 429, Doc: "Too many requests from this address.", Type: Problem{}, Media: problemMedia, Headers: []string{"Retry-After"}}
	shed       = Response{Status: 503, Doc: "Too many searches at once, no partner could be asked, or there are no partners.", Type: Problem{}, Media: problemMedia, Headers: []string{"Retry-After"}}
)

const problemMedia = "application/problem+json"

func searchOperations(product travel.Product, budget, maxWait time.Duration) []Operation {
	queryParams, viewParams := flightQueryParams(), flightViewParams()
	var viewType, updateType any = FlightView{}, FlightUpdate{}
	example, stop := flightBodyExample, []Param{stopParam()}
	if product == travel.Hotels {
		queryParams, viewParams, example, stop = stayQueryParams(), stayViewParams(), stayBodyExample, nil
		viewType, updateType = StayView{}, StayUpdate{}
	}
	name := string(product)
	base := "/v1/" + name
	ok := Response{Status: 200, Doc: "The search as the view shows it, whatever its status.", Type: viewType, Headers: []string{"ETag"}}
	unchanged := Response{Status: 304, Doc: "Nothing newer than If-None-Match.", Headers: []string{"ETag"}}
	return []Operation{
		{
			ID: name + ".search", Method: "GET", Path: base, Tag: name, Summary: "Search " + name + " in one call",
			Doc:    "Joins or starts the search, and answers when it is terminal or after wait.",
			Params: slices.Concat(queryParams, []Param{waitParam(budget, maxWait)}, without(viewParams, "offers"), stop),
			Responses: []Response{ok, unchanged, badRequest, tooMany,
				{Status: 502, Doc: "Every partner failed.", Type: Problem{}, Media: problemMedia}, shed},
		},
		{
			ID: name + ".create", Method: "POST", Path: base + "/searches", Tag: name, Summary: "Start or join a search",
			Doc:  "Waits briefly for first answers. Equal queries have equal ids, and share one search.",
			Body: &Body{Doc: "The query; view fields may stand beside it.", Query: product, View: without(viewParams, "offers", "cursor"), Example: example},
			Responses: []Response{{Status: 201, Doc: "The search was started.", Type: viewType, Headers: []string{"Location"}},
				{Status: 200, Doc: "A held search was joined.", Type: viewType, Headers: []string{"Location"}}, badRequest,
				{Status: 413, Doc: "The body is too large.", Type: Problem{}, Media: problemMedia},
				{Status: 415, Doc: "The body is not JSON.", Type: Problem{}, Media: problemMedia}, tooMany, shed},
		},
		{
			ID: name + ".poll", Method: "GET", Path: base + "/searches/{id}", Tag: name, Summary: "Read a held search",
			Doc: "With after, returns as soon as the revision is larger, else after wait. Starts no search.",
			Params: slices.Concat([]Param{idParam(),
				{Name: "after", Kind: integer, Min: 0, Max: 1 << 53, Example: "1764000000000", Doc: "A revision: wait for a newer one."},
				waitParam(0, maxWait)}, viewParams),
			Responses: []Response{ok, unchanged, badRequest, notFound, tooMany},
		},
		{
			ID: name + ".events", Method: "GET", Path: base + "/searches/{id}/events", Tag: name, Summary: "Follow a search",
			Doc: "Server-sent events; x-events has the schema of each one's data. snapshot is the whole view, update what changed since the last event, " +
				"and a snapshot with all updates applied is the polled view of that revision. done comes when the search is first terminal; the stream " +
				"stays open for what comes later. bye ends it. Event ids are revisions: come back with Last-Event-ID.",
			Params: slices.Concat([]Param{idParam()}, without(viewParams, "offers"), stop),
			Responses: []Response{{Status: 200, Doc: "The stream.", Media: "text/event-stream",
				Events: map[string]any{"snapshot": viewType, "update": updateType, "done": Done{}, "bye": Bye{}}},
				{Status: 204, Doc: "Reconnected to a search that has expired."}, badRequest, notFound, tooMany},
		},
	}
}
