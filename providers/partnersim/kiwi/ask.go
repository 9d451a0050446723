package kiwi

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// complaint is one parameter that the vendor refuses, and why.
type complaint struct {
	Param  string   `json:"param"`
	Errors []string `json:"errors"`
}

// questionDoc is a search that the vendor would accept.
type questionDoc struct {
	world.Ask
	currency      travel.Currency
	limit, offset int
	count         [3]int // of passengers, by type
	sort          string
}

// cabins are the letters of selected_cabins. Parameters that the vendor does not know it passes over.
var cabins = map[string]travel.Cabin{"": travel.Economy, "M": travel.Economy, "W": travel.PremiumEconomy, "C": travel.Business, "F": travel.First}

// maxPassengers and maxLimit are the vendor's bounds.
const (
	maxPassengers = 9
	maxLimit      = 1000
	limitName     = 200
)

// parse reads the parameters as strictly as the vendor does. Dates are written day first.
func (p *service) parse(v url.Values, now time.Time) (*questionDoc, []complaint) {
	q := &questionDoc{limit: limitName, currency: "EUR", sort: v.Get("sort")}
	q.MaxStops = -1
	var wrong []complaint
	complain := func(param, format string, args ...any) {
		wrong = append(wrong, complaint{param, []string{fmt.Sprintf(format, args...)}})
	}
	number := func(param string, least, most, standard int) int {
		text := v.Get(param)
		if text == "" {
			return standard
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			complain(param, "must be an integer between %d and %d", least, most)
			return standard
		}
		return n
	}
	date := func(param string) travel.Date {
		t, err := time.Parse("02/01/2006", v.Get(param))
		if err != nil {
			complain(param, "Could not parse %s. Valid formats: %%d/%%m/%%Y, %%d/%%m/%%Y %%H:%%M", v.Get(param))
			return 0
		}
		return travel.DateOf(t)
	}
	from, to := p.places(v.Get("fly_from"), "fly_from", complain), p.places(v.Get("fly_to"), "fly_to", complain)
	out := date("date_from")
	if v.Has("date_to") && date("date_to") != out {
		complain("date_to", "the simulator sells for one day only")
	}
	q.Slices = []world.AskSlice{world.Narrow(world.AskSlice{From: from, To: to, Date: out})}
	if v.Has("return_from") {
		back := date("return_from")
		if v.Has("return_to") && date("return_to") != back {
			complain("return_to", "the simulator sells for one day only")
		}
		if back < out {
			complain("return_from", "must not be before date_from")
		}
		q.Slices = append(q.Slices, world.Narrow(world.AskSlice{From: to, To: from, Date: back}))
	}
	if round := v.Get("flight_type"); round != "" && (round == "round") != (len(q.Slices) == 2) {
		complain("flight_type", "%s does not go with the dates", round)
	}
	if len(from) > 0 && out != 0 && out < travel.DateOf(now.In(from[0].Location)) {
		complain("date_from", "must not be in the past")
	}
	if int(out-travel.DateOf(now)) > world.DaysAhead {
		q.Slices[0].From = nil // nobody sells that far ahead yet
	}
	q.count = [3]int{number("adults", 1, maxPassengers, 1), number("children", 0, maxPassengers, 0), number("infants", 0, maxPassengers, 0)}
	for kind, n := range q.count {
		q.Pax = append(q.Pax, slices.Repeat([]world.PaxType{world.PaxType(kind)}, n)...)
	}
	if len(q.Pax) > maxPassengers || q.count[world.Infant] > q.count[world.Adult] {
		complain("adults", "at most %d passengers, and an adult for each infant", maxPassengers)
	}
	cabin, known := cabins[v.Get("selected_cabins")]
	if q.Cabin = cabin; !known {
		complain("selected_cabins", "must be one of M, W, C, F")
	}
	if c := travel.Currency(v.Get("curr")); c != "" {
		if q.currency = c; world.Rates[c] == 0 {
			complain("curr", "Unknown currency %s", c)
		}
	}
	q.limit, q.offset = number("limit", 1, maxLimit, limitName), number("offset", 0, 1<<20, 0)
	q.MaxStops = number("max_stopovers", 0, 9, -1)
	if !slices.Contains([]string{"", "price", "duration", "quality", "date"}, q.sort) {
		complain("sort", "must be one of price, duration, quality, date")
	}
	return q, wrong
}

// places are the airports of a list of codes, each with its kind ahead if need be: city:LON.
func (p *service) places(text, param string, complain func(param, format string, args ...any)) []*world.Airport {
	if text == "" {
		complain(param, "Missing data for required field.")
		return nil
	}
	var all []*world.Airport
	for _, code := range strings.Split(text, ",") {
		kind, bare, two := strings.Cut(code, ":")
		if !two {
			kind, bare = "", code
		}
		switch found := p.World.Expand(travel.Airport(bare)); {
		case !slices.Contains([]string{"", "city", "airport"}, kind) || len(found) == 0:
			complain(param, "%s is no location", code)
		case kind == "airport":
			if a := p.World.Airport(travel.Airport(bare)); a != nil {
				all = append(all, a)
			}
		default:
			all = append(all, found...)
		}
	}
	return all
}
