package partnersim

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// kiwiComplaint is one parameter that the vendor refuses, and why.
type kiwiComplaint struct {
	Param  string   `json:"param"`
	Errors []string `json:"errors"`
}

// kiwiQuestion is a search that the vendor would accept.
type kiwiQuestion struct {
	ask
	currency      travel.Currency
	limit, offset int
	count         [3]int // of passengers, by type
	sort          string
}

// kiwiCabins are the letters of selected_cabins. Parameters that the vendor does not know it passes over.
var kiwiCabins = map[string]travel.Cabin{"": travel.Economy, "M": travel.Economy, "W": travel.PremiumEconomy, "C": travel.Business, "F": travel.First}

// kiwiMaxPassengers and kiwiMaxLimit are the vendor's bounds.
const (
	kiwiMaxPassengers = 9
	kiwiMaxLimit      = 1000
	kiwiLimit         = 200
)

// parse reads the parameters as strictly as the vendor does. Dates are written day first.
func (p *kiwi) parse(v url.Values, now time.Time) (*kiwiQuestion, []kiwiComplaint) {
	q := &kiwiQuestion{limit: kiwiLimit, currency: "EUR", sort: v.Get("sort")}
	q.maxStops = -1
	var wrong []kiwiComplaint
	complain := func(param, format string, args ...any) {
		wrong = append(wrong, kiwiComplaint{param, []string{fmt.Sprintf(format, args...)}})
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
	q.slices = []askSlice{narrow(askSlice{from, to, out})}
	if v.Has("return_from") {
		back := date("return_from")
		if v.Has("return_to") && date("return_to") != back {
			complain("return_to", "the simulator sells for one day only")
		}
		if back < out {
			complain("return_from", "must not be before date_from")
		}
		q.slices = append(q.slices, narrow(askSlice{to, from, back}))
	}
	if round := v.Get("flight_type"); round != "" && (round == "round") != (len(q.slices) == 2) {
		complain("flight_type", "%s does not go with the dates", round)
	}
	if len(from) > 0 && out != 0 && out < travel.DateOf(now.In(from[0].zone)) {
		complain("date_from", "must not be in the past")
	}
	if int(out-travel.DateOf(now)) > daysAhead {
		q.slices[0].from = nil // nobody sells that far ahead yet
	}
	q.count = [3]int{number("adults", 1, kiwiMaxPassengers, 1), number("children", 0, kiwiMaxPassengers, 0), number("infants", 0, kiwiMaxPassengers, 0)}
	for kind, n := range q.count {
		q.pax = append(q.pax, slices.Repeat([]paxType{paxType(kind)}, n)...)
	}
	if len(q.pax) > kiwiMaxPassengers || q.count[infant] > q.count[adult] {
		complain("adults", "at most %d passengers, and an adult for each infant", kiwiMaxPassengers)
	}
	cabin, known := kiwiCabins[v.Get("selected_cabins")]
	if q.cabin = cabin; !known {
		complain("selected_cabins", "must be one of M, W, C, F")
	}
	if c := travel.Currency(v.Get("curr")); c != "" {
		if q.currency = c; rates[c] == 0 {
			complain("curr", "Unknown currency %s", c)
		}
	}
	q.limit, q.offset = number("limit", 1, kiwiMaxLimit, kiwiLimit), number("offset", 0, 1<<20, 0)
	q.maxStops = number("max_stopovers", 0, 9, -1)
	if !slices.Contains([]string{"", "price", "duration", "quality", "date"}, q.sort) {
		complain("sort", "must be one of price, duration, quality, date")
	}
	return q, wrong
}

// places are the airports of a list of codes, each with its kind ahead if need be: city:LON.
func (p *kiwi) places(text, param string, complain func(param, format string, args ...any)) []*airport {
	if text == "" {
		complain(param, "Missing data for required field.")
		return nil
	}
	var all []*airport
	for _, code := range strings.Split(text, ",") {
		kind, bare, two := strings.Cut(code, ":")
		if !two {
			kind, bare = "", code
		}
		switch found := p.w.expand(travel.Airport(bare)); {
		case !slices.Contains([]string{"", "city", "airport"}, kind) || len(found) == 0:
			complain(param, "%s is no location", code)
		case kind == "airport":
			if a := p.w.airport(travel.Airport(bare)); a != nil {
				all = append(all, a)
			}
		default:
			all = append(all, found...)
		}
	}
	return all
}
