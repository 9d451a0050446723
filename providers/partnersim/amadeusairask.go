package partnersim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

var (
	iataCode     = regexp.MustCompile(`^[A-Z]{3}$`)
	airlineCodes = regexp.MustCompile(`^[0-9A-Z]{2}$`)
)

// Limits of the vendor's questions.
const (
	amadeusMaxSlices = 6
	amadeusMaxSeated = 9
	amadeusMaxPeople = 18
	amadeusMaxOffers = 250
)

// parseURL reads the GET form: one way or a return, for adults, children and infants on laps.
func (p *amadeusAir) parseURL(q *amadeusAirAsk, r *http.Request, now time.Time, wrong *complaints) {
	in := readParams(r, func(name, format string, args ...any) {
		wrong.parameter(amadeusFormat, name, fmt.Sprintf(format, args...))
	})
	here := func(name string) func(code int, detail string) {
		return func(code int, detail string) { wrong.parameter(code, name, detail) }
	}
	from, to := in.text("originLocationCode"), in.text("destinationLocationCode")
	out := askSlice{from: p.airports(from, here("originLocationCode")), to: p.airports(to, here("destinationLocationCode"))}
	if from != "" && from == to {
		wrong.parameter(amadeusCombined, "destinationLocationCode", "The origin and the destination are the same")
	}
	out.date = p.date(&out, in.text("departureDate"), now, 0, here("departureDate"))
	q.slices = []askSlice{narrow(out)}
	if in.values.Has("returnDate") {
		back := askSlice{from: out.to, to: out.from}
		back.date = p.date(&back, in.text("returnDate"), now, out.date, here("returnDate"))
		q.slices = append(q.slices, narrow(back))
	}
	if !in.values.Has("adults") {
		wrong.parameter(amadeusMissing, "adults", "Missing mandatory query parameter")
	}
	for _, group := range []struct {
		name, kind string
		least      int
	}{{"adults", "ADULT", 1}, {"children", "CHILD", 0}, {"infants", "HELD_INFANT", 0}} {
		for i := range in.whole(group.name, group.least, 9, group.least) {
			t := amadeusTraveler{ID: strconv.Itoa(len(q.travelers) + 1), Type: group.kind}
			if group.kind == "HELD_INFANT" {
				t.Adult = strconv.Itoa(i + 1)
			}
			q.travelers = append(q.travelers, t)
		}
	}
	p.party(q, func(code int, _ int, detail string) { wrong.parameter(code, "adults", detail) })
	if word := in.oneOf("travelClass", "ECONOMY", "PREMIUM_ECONOMY", "BUSINESS", "FIRST"); word != "" {
		q.cabin = amadeusCabin(word)
	}
	q.included, q.excluded = in.list("includedAirlineCodes", 99), in.list("excludedAirlineCodes", 99)
	p.airlines(q, func(detail string) { wrong.parameter(amadeusFormat, "includedAirlineCodes", detail) })
	if in.flag("nonStop", false) {
		q.maxStops = 0
	}
	if in.values.Has("currencyCode") {
		p.sellIn(q, in.text("currencyCode"), here("currencyCode"))
	}
	q.maxPrice = in.whole("maxPrice", 1, 1<<30, 0)
	q.most = in.whole("max", 1, amadeusMaxOffers, amadeusMaxOffers)
	in.strangers()
}

// airports is those of a code.
func (p *amadeusAir) airports(code string, wrong func(code int, detail string)) []*airport {
	switch {
	case code == "":
		wrong(amadeusMissing, "A location code is mandatory")
		return nil
	case !iataCode.MatchString(code):
		wrong(amadeusFormat, "A location code has three capital letters")
		return nil
	}
	all := p.w.expand(travel.Airport(code))
	if len(all) == 0 {
		wrong(amadeusInvalid, "No airport or city is known by this code")
	}
	return all
}

// date is a day of departure, not in the past and not before the last. Nobody sells
// farther ahead than schedules are open: then the slice is left without airports.
func (p *amadeusAir) date(s *askSlice, text string, now time.Time, last travel.Date, wrong func(code int, detail string)) travel.Date {
	date, err := travel.ParseDate(text)
	switch {
	case text == "":
		wrong(amadeusMissing, "A date of departure is mandatory")
	case err != nil:
		wrong(amadeusDate, "The date has to be in the ISO 8601 YYYY-MM-DD format")
	case len(s.from) > 0 && date < travel.DateOf(now.In(s.from[0].zone)):
		wrong(amadeusDate, "Date/Time is in the past")
	case date < last:
		wrong(amadeusDate, "The date is before that of the part before")
	}
	if int(date-travel.DateOf(now)) > daysAhead {
		s.from = nil
	}
	return date
}

// party checks the travellers together, and sets how each is priced.
func (p *amadeusAir) party(q *amadeusAirAsk, wrong func(code, traveler int, detail string)) {
	seen, held := map[string]string{}, map[string]bool{}
	seated := 0
	for i, t := range q.travelers {
		kind, known := amadeusPax[t.Type]
		switch {
		case !known:
			wrong(amadeusFormat, i, "The type of the traveler is not known")
		case t.ID == "" || seen[t.ID] != "":
			wrong(amadeusFormat, i, "Each traveler needs an id of its own")
		}
		if kind != infant {
			seated++
		}
		seen[t.ID] = t.Type
		q.pax = append(q.pax, kind)
	}
	for i, t := range q.travelers {
		if t.Type != "HELD_INFANT" {
			continue
		}
		if kind, known := amadeusPax[seen[t.Adult]]; !known || kind != adult || held[t.Adult] {
			wrong(amadeusCombined, i, "Each infant on a lap needs an adult of its own")
		}
		held[t.Adult] = true
	}
	if seated > amadeusMaxSeated {
		wrong(amadeusOccurring, 0, "At most 9 travelers with a seat can be asked for")
	}
}

func (p *amadeusAir) airlines(q *amadeusAirAsk, wrong func(detail string)) {
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

func (p *amadeusAir) sellIn(q *amadeusAirAsk, code string, wrong func(code int, detail string)) {
	switch {
	case !iataCode.MatchString(code):
		wrong(amadeusFormat, "A currency code has three capital letters")
	case rates[travel.Currency(code)] == 0:
		wrong(amadeusInvalid, "Prices are not available in this currency")
	default:
		q.currency = travel.Currency(code)
	}
}
