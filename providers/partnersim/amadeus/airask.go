package amadeus

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

var (
	iataCode     = regexp.MustCompile(`^[A-Z]{3}$`)
	airlineCodes = regexp.MustCompile(`^[0-9A-Z]{2}$`)
)

// Limits of the vendor's questions.
const (
	maxSlices = 6
	maxSeated = 9
	maxPeople = 18
	maxOffers = 250
)

// parseURL reads the GET form: one way or a return, for adults, children and infants on laps.
func (p *air) parseURL(q *airAsk, r *http.Request, now time.Time, wrong *complaints) {
	in := exchange.ReadParams(r, func(name, format string, args ...any) {
		wrong.parameter(formatName, name, fmt.Sprintf(format, args...))
	})
	here := func(name string) func(code int, detail string) {
		return func(code int, detail string) { wrong.parameter(code, name, detail) }
	}
	from, to := in.Text("originLocationCode"), in.Text("destinationLocationCode")
	out := world.AskSlice{From: p.airports(from, here("originLocationCode")), To: p.airports(to, here("destinationLocationCode"))}
	if from != "" && from == to {
		wrong.parameter(combined, "destinationLocationCode", "The origin and the destination are the same")
	}
	out.Date = p.date(&out, in.Text("departureDate"), now, 0, here("departureDate"))
	q.Slices = []world.AskSlice{world.Narrow(out)}
	if in.Values.Has("returnDate") {
		back := world.AskSlice{From: out.To, To: out.From}
		back.Date = p.date(&back, in.Text("returnDate"), now, out.Date, here("returnDate"))
		q.Slices = append(q.Slices, world.Narrow(back))
	}
	if !in.Values.Has("adults") {
		wrong.parameter(missing, "adults", "Missing mandatory query parameter")
	}
	for _, group := range []struct {
		name, kind string
		least      int
	}{{"adults", "ADULT", 1}, {"children", "CHILD", 0}, {"infants", "HELD_INFANT", 0}} {
		for i := range in.Whole(group.name, group.least, 9, group.least) {
			t := travelerDoc{ID: strconv.Itoa(len(q.travelers) + 1), Type: group.kind}
			if group.kind == "HELD_INFANT" {
				t.Adult = strconv.Itoa(i + 1)
			}
			q.travelers = append(q.travelers, t)
		}
	}
	p.party(q, func(code int, _ int, detail string) { wrong.parameter(code, "adults", detail) })
	if word := in.OneOf("travelClass", "ECONOMY", "PREMIUM_ECONOMY", "BUSINESS", "FIRST"); word != "" {
		q.Cabin = asCabin(word)
	}
	q.included, q.excluded = in.List("includedAirlineCodes", 99), in.List("excludedAirlineCodes", 99)
	p.airlines(q, func(detail string) { wrong.parameter(formatName, "includedAirlineCodes", detail) })
	if in.Flag("nonStop", false) {
		q.MaxStops = 0
	}
	if in.Values.Has("currencyCode") {
		p.sellIn(q, in.Text("currencyCode"), here("currencyCode"))
	}
	q.maxPrice = in.Whole("maxPrice", 1, 1<<30, 0)
	q.most = in.Whole("max", 1, maxOffers, maxOffers)
	in.Strangers()
}

// airports is those of a code.
func (p *air) airports(code string, wrong func(code int, detail string)) []*world.Airport {
	switch {
	case code == "":
		wrong(missing, "A location code is mandatory")
		return nil
	case !iataCode.MatchString(code):
		wrong(formatName, "A location code has three capital letters")
		return nil
	}
	all := p.World.Expand(travel.Airport(code))
	if len(all) == 0 {
		wrong(invalid, "No airport or city is known by this code")
	}
	return all
}

// date is a day of departure, not in the past and not before the last. Nobody sells
// farther ahead than schedules are open: then the slice is left without airports.
func (p *air) date(s *world.AskSlice, text string, now time.Time, last travel.Date, wrong func(code int, detail string)) travel.Date {
	date, err := travel.ParseDate(text)
	switch {
	case text == "":
		wrong(missing, "A date of departure is mandatory")
	case err != nil:
		wrong(dateName, "The date has to be in the ISO 8601 YYYY-MM-DD format")
	case len(s.From) > 0 && date < travel.DateOf(now.In(s.From[0].Location)):
		wrong(dateName, "Date/Time is in the past")
	case date < last:
		wrong(dateName, "The date is before that of the part before")
	}
	if int(date-travel.DateOf(now)) > world.DaysAhead {
		s.From = nil
	}
	return date
}

// party checks the travellers together, and sets how each is priced.
func (p *air) party(q *airAsk, wrong func(code, traveler int, detail string)) {
	seen, held := map[string]string{}, map[string]bool{}
	seated := 0
	for i, t := range q.travelers {
		kind, known := paxName[t.Type]
		switch {
		case !known:
			wrong(formatName, i, "The type of the traveler is not known")
		case t.ID == "" || seen[t.ID] != "":
			wrong(formatName, i, "Each traveler needs an id of its own")
		}
		if kind != world.Infant {
			seated++
		}
		seen[t.ID] = t.Type
		q.Pax = append(q.Pax, kind)
	}
	for i, t := range q.travelers {
		if t.Type != "HELD_INFANT" {
			continue
		}
		if kind, known := paxName[seen[t.Adult]]; !known || kind != world.Adult || held[t.Adult] {
			wrong(combined, i, "Each infant on a lap needs an adult of its own")
		}
		held[t.Adult] = true
	}
	if seated > maxSeated {
		wrong(occurring, 0, "At most 9 travelers with a seat can be asked for")
	}
}

func (p *air) airlines(q *airAsk, wrong func(detail string)) {
	if len(q.included) > 0 && len(q.excluded) > 0 {
		wrong("Included and excluded airlines must not be combined")
	}
	for _, code := range slices.Concat(q.included, q.excluded) {
		if !airlineCodes.MatchString(code) {
			wrong("An airline code has two letters or digits")
			return
		}
	}
}

func (p *air) sellIn(q *airAsk, code string, wrong func(code int, detail string)) {
	switch {
	case !iataCode.MatchString(code):
		wrong(formatName, "A currency code has three capital letters")
	case world.Rates[travel.Currency(code)] == 0:
		wrong(invalid, "Prices are not available in this currency")
	default:
		q.currency = travel.Currency(code)
	}
}
