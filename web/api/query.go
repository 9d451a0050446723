package api

import (
	"strconv"
	"strings"

	"fanfare/aggregator/view"
	"fanfare/providers/travel"
)

// flightQuery is the query of a one-shot's parameters, not yet normalised.
func flightQuery(v Values) travel.Query {
	q := travel.Query{Product: travel.Flights, Market: travel.Country(v["market"])}
	q.Cabin = travel.Cabin(v["cabin"])
	q.Passengers = travel.Passengers{
		Adults: v.Int("adults", 1), ChildAges: ages(v["child_ages"]),
		InfantsLap: v.Int("infants_lap", 0), InfantsSeat: v.Int("infants_seat", 0),
	}
	out := travel.SliceQuery{Origin: travel.Airport(v["origin"]), Destination: travel.Airport(v["destination"]), Date: day(v["date"])}
	q.Slices = []travel.SliceQuery{out}
	if v.Has("return_date") {
		q.Slices = append(q.Slices, travel.SliceQuery{Origin: out.Destination, Destination: out.Origin, Date: day(v["return_date"])})
	}
	return q
}

func day(s string) travel.Date {
	d, _ := travel.ParseDate(s) // checked by the parser; absent is none
	return d
}

func ages(s string) []int {
	out := []int{}
	for _, part := range strings.Split(s, ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(part)); err == nil { // checked by the parser
			out = append(out, n)
		}
	}
	return out
}

// stayQuery is the query of a one-shot's parameters, not yet normalised.
func stayQuery(v Values) (travel.Query, travel.Invalid) {
	q := travel.Query{Product: travel.Hotels, Market: travel.Country(v["market"])}
	q.CheckIn, q.CheckOut = day(v["check_in"]), day(v["check_out"])
	q.Rooms = []travel.Occupancy{{Adults: 2, ChildAges: []int{}}}
	if v.Has("rooms") {
		q.Rooms, _ = parseRooms(v["rooms"]) // checked by the parser
	}
	circle := v.Has("lat") || v.Has("lon") || v.Has("radius_km")
	var errs complaints
	switch {
	case v.Has("destination") && circle:
		errs.add("destination", "either a place, or lat, lon and radius_km")
	case v.Has("destination"):
		q.Destination.Place = v["destination"]
	case circle:
		for _, name := range circleFields {
			if !v.Has(name) {
				errs.add(name, "missing; lat, lon and radius_km go together")
			}
		}
		q.Destination = travel.Destination{Lat: v.Float("lat"), Lon: v.Float("lon"), RadiusKM: v.Int("radius_km", 0)}
	default:
		errs.add("destination", "missing; a place such as PAR, or lat, lon and radius_km")
	}
	return q, errs.list
}

// asParameter is the one-shot's name for a path of the body, "" for the way back's
// places: they are those of the way out, where they are complained about already.
func asParameter(field string) string {
	if name, renamed := parameterNames[field]; renamed {
		return name
	}
	field = strings.TrimPrefix(field, "passengers.")
	name, _, _ := strings.Cut(field, "[") // child_ages, rooms
	return name
}

var parameterNames = map[string]string{
	"slices[0].origin": "origin", "slices[0].destination": "destination", "slices[0].date": "date",
	"slices[1].origin": "", "slices[1].destination": "", "slices[1].date": "return_date",
	"passengers":        "adults", // too many seats
	"destination.place": "destination", "destination.lat": "lat", "destination.lon": "lon", "destination.radius_km": "radius_km",
}

// viewer makes views out of checked values.
type viewer struct {
	values  Values
	market  travel.Country
	hasRate func(travel.Currency) bool
	errs    complaints
}

// currency is the currency of display: the one asked for, else the market's, else
// euros where the market's has no rate.
func (w *viewer) currency() travel.Currency {
	if w.values.Has("currency") {
		c := travel.Currency(travel.Upper(w.values["currency"]))
		if _, known := c.Exponent(); !known {
			w.errs.add("currency", "%q is no currency; an ISO 4217 code such as GBP", clip(string(c)))
		} else if !w.hasRate(c) {
			w.errs.add("currency", "there is no exchange rate for %s; one that has a rate, such as EUR", c)
		}
		return c
	}
	if c, ok := travel.MarketCurrency(w.market); ok && w.hasRate(c) {
		return c
	}
	return "EUR"
}

// money is an amount in the currency of display, not stated when absent. It is exact:
// more decimals than the currency has are refused, unless they are zeros.
func (w *viewer) money(name string, currency travel.Currency) travel.Money {
	exponent, known := currency.Exponent()
	if !w.values.Has(name) || !known { // an unknown currency has its own complaint
		return travel.Money{}
	}
	_, decimals, _ := strings.Cut(w.values[name], ".")
	m, err := travel.ParseMoney(w.values[name], currency)
	switch {
	case err != nil:
		w.errs.add(name, "%s", err)
	case len(strings.TrimRight(decimals, "0")) > exponent:
		w.errs.add(name, "%q; %s has %d decimals", w.values[name], currency, exponent)
	case m.Minor == 0:
		w.errs.add(name, "zero; an amount above zero")
	}
	return m
}

func (w *viewer) cursor() *view.Cursor {
	if !w.values.Has("cursor") {
		return nil
	}
	c, err := view.ParseCursor(w.values["cursor"])
	if err != nil {
		w.errs.add("cursor", "%s", err)
	}
	return c
}

func (w *viewer) window(name string) *view.Window {
	if !w.values.Has(name) {
		return nil
	}
	from, to, _ := parseWindow(w.values[name]) // checked by the parser
	return &view.Window{From: from, To: to}
}

func codes[T ~string](v Values, name string) []T {
	parts := v.List(name, travel.Upper)
	if parts == nil {
		return nil
	}
	out := make([]T, len(parts))
	for i, p := range parts {
		out[i] = T(p)
	}
	return out
}

func same(s string) string { return s }

const defaultLimit = 20

func (w *viewer) flights() view.Flights {
	v := w.values
	f := view.Flights{Currency: w.currency(), Sort: "best", Limit: v.Int("limit", defaultLimit), Cursor: w.cursor()}
	if v.Has("sort") {
		f.Sort = v["sort"]
	}
	if v.Has("value_of_time") {
		m, err := travel.ParseMoney(v["value_of_time"], "EUR")
		if err != nil {
			w.errs.add("value_of_time", "%s", err)
		}
		// Zero is a value of its own; the absent one is by cabin.
		f.ValueOfTime = max(m.Minor*10_000, 1)
	}
	if v.Has("max_stops") {
		n := v.Int("max_stops", 0)
		f.MaxStops = &n
	}
	f.Carriers, f.ExcludeCarriers = codes[travel.Carrier](v, "carriers"), codes[travel.Carrier](v, "exclude_carriers")
	f.Partners = v.List("partners", same)
	f.MaxPrice = w.money("max_price", f.Currency)
	f.MaxDurationMinutes = v.Int("max_duration_minutes", 0)
	f.DepartBetween, f.ArriveBetween = w.window("depart_between"), w.window("arrive_between")
	f.CabinBag, f.CheckedBag, f.Refundable = v.Flag("cabin_bag"), v.Flag("checked_bag"), v.Flag("refundable")
	f.Via, f.Avoid = codes[travel.Airport](v, "via"), codes[travel.Airport](v, "avoid")
	f.HideCombined, f.CombinedOnly = v["combine"] == "0", v["combined_only"] == "1"
	f.Strict, f.AllOffers, f.Explain = v.Flag("strict"), v["offers"] == "all", v.Flag("explain")
	return f
}

func (w *viewer) stays() view.Stays {
	v := w.values
	s := view.Stays{Currency: w.currency(), Sort: "best", Limit: v.Int("limit", defaultLimit), Cursor: w.cursor()}
	if v.Has("sort") {
		s.Sort = v["sort"]
	}
	s.MinStars = v.Float("min_stars")
	for _, b := range v.List("board", same) {
		s.Boards = append(s.Boards, travel.Board(b))
	}
	s.FreeCancellation = v.Flag("free_cancellation")
	s.Partners = v.List("partners", same)
	s.MaxPrice = w.money("max_price", s.Currency)
	s.Name = strings.ToLower(v["name"])
	if v.Has("bbox") {
		b, _ := parseBox(v["bbox"]) // checked by the parser
		s.BBox = &view.BBox{South: b[0], West: b[1], North: b[2], East: b[3]}
	}
	s.Strict, s.AllOffers, s.Explain = v.Flag("strict"), v["offers"] == "all", v.Flag("explain")
	return s
}
