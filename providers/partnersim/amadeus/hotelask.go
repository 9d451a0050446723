package amadeus

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// hotelAsk is a question for offers that the vendor would accept.
type hotelAsk struct {
	world.StayAsk
	ids       []string
	board     string // the vendor's word, "" is any
	payment   string // likewise
	currency  travel.Currency
	best      bool  // one offer of each hotel
	closed    bool  // name those without offers too
	low, high int64 // of a night, in major units; 0 is no bound
}

// Limits of a question for offers.
const (
	maxHotels = 20
	maxNights = 99
)

// Codes of the search's, beside those of the list.
const (
	noCurrency = 61
	tooLong    = 377
	checkIn    = 381
	checkOut   = 382
	backwards  = 404
)

var (
	pricesName = regexp.MustCompile(`^(\d{0,9})(?:-(\d{1,9}))?$`)
	residence  = regexp.MustCompile(`^[A-Z]{2}$`)
	language   = regexp.MustCompile(`^[a-zA-Z0-9-]{2,5}$`)
)

// parse reads the parameters of a question for offers. What has no effect here is checked all the same.
func (p *Hotel) parse(r *http.Request, now time.Time) (*hotelAsk, []errorDoc) {
	wrong := &complaints{}
	in := exchange.ReadParams(r, func(name, format string, args ...any) {
		wrong.parameter(formatName, name, "invalid query parameter format: "+fmt.Sprintf(format, args...))
	})
	q := &hotelAsk{
		ids: in.List("hotelIds", maxHotels), best: in.Flag("bestRateOnly", true), closed: in.Flag("includeClosed", false),
		board:    in.OneOf("boardType", "ROOM_ONLY", "BREAKFAST", "HALF_BOARD", "FULL_BOARD", "ALL_INCLUSIVE"),
		payment:  in.OneOf("paymentPolicy", "GUARANTEE", "DEPOSIT", "NONE"),
		currency: travel.Currency(in.Text("currency")),
	}
	checkAmadeusIDs(in, q.ids, wrong)
	if _, known := q.currency.Exponent(); q.currency != "" && !known {
		wrong.parameter(noCurrency, "currency", "the currency code is not known")
	}
	q.prices(in, wrong)
	in.Matching("countryOfResidence", residence)
	in.Matching("lang", language)
	q.Parties = []world.Party{{Adults: in.Whole("adults", 1, 9, 1), Rooms: in.Whole("roomQuantity", 1, 9, 1)}}
	today := travel.DateOf(now.UTC())
	q.In = in.Date("checkInDate", today)
	q.Out = in.Date("checkOutDate", q.In.AddDays(1))
	switch n := q.Nights(); {
	case len(wrong.errs) > 0:
	case q.In < today.AddDays(-1): // it is still that day somewhere
		wrong.parameter(checkIn, "checkInDate", "the date is in the past")
	case n <= 0:
		wrong.parameter(backwards, "checkOutDate", "")
	case n > maxNights:
		wrong.parameter(tooLong, "checkOutDate", "")
	case int(q.Out-today) > world.DaysAhead:
		wrong.parameter(checkOut, "checkOutDate", "the date is too far in the future")
	}
	in.Strangers()
	return q, wrong.errs
}

// prices reads the bounds of what a night may cost: 200-300, -300 or 100.
func (q *hotelAsk) prices(in *exchange.Params, wrong *complaints) {
	text := in.Text("priceRange")
	if text == "" {
		return
	}
	parts := pricesName.FindStringSubmatch(text)
	switch {
	case parts == nil:
		wrong.parameter(formatName, "priceRange", "invalid query parameter format")
	case q.currency == "":
		wrong.parameter(missing, "currency", "mandatory with priceRange")
	default:
		q.low, _ = strconv.ParseInt(parts[1], 10, 64) // at most nine digits, or none: 0
		q.high, _ = strconv.ParseInt(parts[2], 10, 64)
	}
}

// affordable reports whether a night's price is within the bounds of the question.
func (q *hotelAsk) affordable(total travel.Money) bool {
	one, err := travel.ParseMoney("1", total.Currency)
	night := total.Minor / int64(q.Nights())
	return err != nil || night >= q.low*one.Minor && (q.high == 0 || night <= q.high*one.Minor)
}
