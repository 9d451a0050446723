package partnersim

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// amadeusHotelAsk is a question for offers that the vendor would accept.
type amadeusHotelAsk struct {
	stay
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
	amadeusMaxHotels = 20
	amadeusMaxNights = 99
)

// Codes of the search's, beside those of the list.
const (
	amadeusNoCurrency = 61
	amadeusTooLong    = 377
	amadeusCheckIn    = 381
	amadeusCheckOut   = 382
	amadeusBackwards  = 404
)

var (
	amadeusPrices    = regexp.MustCompile(`^(\d{0,9})(?:-(\d{1,9}))?$`)
	amadeusResidence = regexp.MustCompile(`^[A-Z]{2}$`)
	amadeusLanguage  = regexp.MustCompile(`^[a-zA-Z0-9-]{2,5}$`)
)

// parse reads the parameters of a question for offers. What has no effect here is checked all the same.
func (p *amadeusHotel) parse(r *http.Request, now time.Time) (*amadeusHotelAsk, []amadeusError) {
	wrong := &complaints{}
	in := readParams(r, func(name, format string, args ...any) {
		wrong.parameter(amadeusFormat, name, "invalid query parameter format: "+fmt.Sprintf(format, args...))
	})
	q := &amadeusHotelAsk{
		ids: in.list("hotelIds", amadeusMaxHotels), best: in.flag("bestRateOnly", true), closed: in.flag("includeClosed", false),
		board:    in.oneOf("boardType", "ROOM_ONLY", "BREAKFAST", "HALF_BOARD", "FULL_BOARD", "ALL_INCLUSIVE"),
		payment:  in.oneOf("paymentPolicy", "GUARANTEE", "DEPOSIT", "NONE"),
		currency: travel.Currency(in.text("currency")),
	}
	checkAmadeusIDs(in, q.ids, wrong)
	if _, known := q.currency.Exponent(); q.currency != "" && !known {
		wrong.parameter(amadeusNoCurrency, "currency", "the currency code is not known")
	}
	q.prices(in, wrong)
	in.matching("countryOfResidence", amadeusResidence)
	in.matching("lang", amadeusLanguage)
	q.parties = []party{{adults: in.whole("adults", 1, 9, 1), rooms: in.whole("roomQuantity", 1, 9, 1)}}
	today := travel.DateOf(now.UTC())
	q.in = in.date("checkInDate", today)
	q.out = in.date("checkOutDate", q.in.AddDays(1))
	switch n := q.nights(); {
	case len(wrong.errs) > 0:
	case q.in < today.AddDays(-1): // it is still that day somewhere
		wrong.parameter(amadeusCheckIn, "checkInDate", "the date is in the past")
	case n <= 0:
		wrong.parameter(amadeusBackwards, "checkOutDate", "")
	case n > amadeusMaxNights:
		wrong.parameter(amadeusTooLong, "checkOutDate", "")
	case int(q.out-today) > daysAhead:
		wrong.parameter(amadeusCheckOut, "checkOutDate", "the date is too far in the future")
	}
	in.strangers()
	return q, wrong.errs
}

// prices reads the bounds of what a night may cost: 200-300, -300 or 100.
func (q *amadeusHotelAsk) prices(in *params, wrong *complaints) {
	text := in.text("priceRange")
	if text == "" {
		return
	}
	parts := amadeusPrices.FindStringSubmatch(text)
	switch {
	case parts == nil:
		wrong.parameter(amadeusFormat, "priceRange", "invalid query parameter format")
	case q.currency == "":
		wrong.parameter(amadeusMissing, "currency", "mandatory with priceRange")
	default:
		q.low, _ = strconv.ParseInt(parts[1], 10, 64) // at most nine digits, or none: 0
		q.high, _ = strconv.ParseInt(parts[2], 10, 64)
	}
}

// affordable tells whether a night's price is within the bounds of the question.
func (q *amadeusHotelAsk) affordable(total travel.Money) bool {
	one, err := travel.ParseMoney("1", total.Currency)
	night := total.Minor / int64(q.nights())
	return err != nil || night >= q.low*one.Minor && (q.high == 0 || night <= q.high*one.Minor)
}
