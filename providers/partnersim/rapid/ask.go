package rapid

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// request is a question about rates that the vendor would accept.
type request struct {
	world.StayAsk
	occupancies []string // as asked, each once, in the order of stay.parties
	rooms       int
	currency    travel.Currency
	ids         []int64
	rates       int // of a property
	filters     []string
	include     []string
	pos         travel.Country
}

// Limits of a question.
const (
	maxIDs    = 250
	maxRates  = 250
	maxRooms  = 8
	maxNights = 28
	daysAhead = 500
)

const languages = "ar-SA, cs-CZ, da-DK, de-DE, el-GR, en-US, es-ES, es-MX, fi-FI, fr-CA, fr-FR, hr-HR, hu-HU, id-ID, is-IS, it-IT, ja-JP, lt-LT, ko-KR, ms-MY, nb-NO, nl-NL, pl-PL, pt-BR, pt-PT, ru-RU, sk-SK, sv-SE, th-TH, tr-TR, uk-UA, vi-VN, zh-CN, zh-TW"

// valuesName are the parameters of an availability request that have a list of values.
var valuesName = map[string][]string{
	"sales_channel":     {"website", "agent_tool", "mobile_app", "mobile_web", "meta", "cache"},
	"sales_environment": {"hotel_package", "hotel_only", "loyalty"},
	"filter":            {"refundable", "expedia_collect", "property_collect", "loyalty"},
	"include":           {"unavailable_reason", Mobile, Incentives, Refundability},
	"rate_option":       {"member", "net_rates", "cross_sell"},
	"travel_purpose":    {"leisure", "business"},
	"exclusion":         {"refundable_damage_deposit", "card_on_file"},
}

// What an answer has only if it is asked for.
const (
	Mobile        = "sale_scenario.mobile_promotion"
	Incentives    = "rooms.rates.marketing_fee_incentives"
	Refundability = "rooms.rates.current_refundability"
)

// Parameters that may be left out, and those that may come several times.
var (
	free = []string{"amenity_category", "exclusion", "filter", "include", "rate_option", "travel_purpose", "billing_terms",
		"payment_terms", "partner_point_of_sale", "platform_name"}
	repeated = []string{"amenity_category", "exclusion", "filter", "include", "rate_option", "occupancy", "property_id"}
)

// readDoc gathers the complaints about a query.
type readDoc struct {
	query  url.Values
	values map[string][]string // of parameters that have a list of them
	wrong  []errorDoc
}

func (r *readDoc) complain(kind, name, format string, args ...any) {
	r.wrong = append(r.wrong, asWrong(kind, fmt.Sprintf(format, args...), name, r.query[name]...))
}

// known complains about parameters that are not listed, which the vendor overlooks: a
// misspelled one is a mistake that tests should find. Those not listed as repeated may come once.
func (r *readDoc) known(names ...string) {
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		switch {
		case !slices.Contains(names, name):
			r.complain(name+".not_supported", name, "The parameter %s is not known.", name)
		case len(r.query[name]) > 1 && !slices.Contains(repeated, name):
			r.complain(name+".above_maximum", name, "The number of %s parameters passed in must not be greater than 1.", name)
		}
		for _, v := range r.query[name] {
			if allowed := r.values[name]; allowed != nil && !slices.Contains(allowed, v) {
				r.complain(name+".not_supported", name, "%s value not supported. Supported %s values are: [%s]", name, name, strings.Join(allowed, ", "))
				break
			}
		}
	}
}

// one is a parameter that has to be there.
func (r *readDoc) one(name string) string {
	v := r.query.Get(name)
	if v == "" {
		r.complain(name+".required", name, "A %s is required.", name)
	}
	return v
}

func (r *readDoc) language() {
	if v := r.query.Get("language"); v == "" {
		r.complain("language.required", "language", "A language is required. Supported languages are: [%s]", languages)
	} else if !slices.Contains(strings.Split(languages, ", "), v) {
		r.complain("language.not_supported", "language", "Language is not supported. Supported languages are: [%s]", languages)
	}
}

// ids are the properties asked for, each once.
func (r *readDoc) ids() []int64 {
	const name = "property_id"
	if len(r.query[name]) > maxIDs {
		r.complain(name+".above_maximum", "", "A maximum of %d property_id query parameters may be provided to this request.", maxIDs)
		return nil
	}
	var ids []int64
	for _, v := range r.query[name] {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil || id < 0 || v[0] == '+' {
			r.complain(name+".must_be_numeric", name, "All provided property_id query parameters must be numeric (contains only digits 0-9, with no other characters).")
			return nil
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// parse reads the query of an availability request as strictly as the vendor does.
func (p *service) parse(query url.Values, now time.Time) (*request, []errorDoc) {
	r := &readDoc{query: query, values: valuesName}
	mandatory := []string{"checkin", "checkout", "currency", "country_code", "language", "occupancy", "property_id", "rate_plan_count", "sales_channel", "sales_environment"}
	r.known(append(mandatory, free...)...)
	for _, name := range mandatory {
		if name != "language" {
			r.one(name)
		}
	}
	r.language()
	q := &request{
		ids: r.ids(), filters: query["filter"], include: query["include"],
		currency: travel.Currency(query.Get("currency")), pos: travel.Country(query.Get("country_code")),
	}
	if _, ok := q.currency.Exponent(); !ok && q.currency != "" {
		r.complain("currency.not_supported", "currency", "Currency is not supported.")
	}
	if c := string(q.pos); c != "" && (len(c) != 2 || strings.ToUpper(c) != c) {
		r.complain("country_code.invalid", "country_code", "Country code is invalid. It must be formatted in ISO 3166-1 alpha-2.")
	}
	n, err := strconv.Atoi(query.Get("rate_plan_count"))
	if q.rates = n; query.Has("rate_plan_count") && (err != nil || n < 1 || n > maxRates) {
		r.complain("rate_plan_count.invalid", "rate_plan_count", "The rate_plan_count must be between 1 and %d.", maxRates)
	}
	r.dates(q, now)
	r.occupancy(q)
	return q, r.wrong
}

func (r *readDoc) dates(q *request, now time.Time) {
	day := func(name string) travel.Date {
		d, err := travel.ParseDate(r.query.Get(name))
		if err != nil && r.query.Get(name) != "" {
			r.complain(name+".invalid_date_format", name, "Invalid %s format. It must be formatted in ISO 8601 (YYYY-mm-dd) http://www.iso.org/iso/catalogue_detail?csnumber=40874.", name)
		}
		return d
	}
	before := len(r.wrong)
	q.In, q.Out = day("checkin"), day("checkout")
	if before < len(r.wrong) || r.query.Get("checkin") == "" || r.query.Get("checkout") == "" {
		return
	}
	today := travel.DateOf(now.UTC())
	switch n := q.Nights(); {
	case q.In < today.AddDays(-1): // it is still that day somewhere
		r.complain("checkin.invalid_date_in_the_past", "checkin", "Checkin cannot be in the past.")
	case int(q.In-today) > daysAhead:
		r.complain("checkin.invalid_date_too_far_out", "checkin", "Checkin too far in the future.")
	case n <= 0:
		r.complain("checkout.invalid_checkout_before_checkin", "checkout", "Checkout must be after checkin.")
	case n > maxNights:
		r.complain("checkout.invalid_length_of_stay_too_long", "checkout", "Invalid date range. Checkin and checkout dates cannot differ by more than %d days.", maxNights)
	}
}

// occupancy reads who sleeps in each room: "2-9,4" is two adults and children of 9 and 4 years.
func (r *readDoc) occupancy(q *request) {
	const name = "occupancy"
	if q.rooms = len(r.query[name]); q.rooms > maxRooms {
		r.complain("number_of_occupancies.invalid_above_maximum", name, "Number of occupancies must be less than 9.")
		return
	}
	for _, said := range r.query[name] {
		if i := slices.Index(q.occupancies, said); i >= 0 {
			q.Parties[i].Rooms++
			continue
		}
		who, problem := asParty(said)
		if problem != "" {
			r.complain("occupancy."+problem, name, "Invalid occupancy. It must be of the form numberOfAdults[-firstChildAge[,nextChildAge]]: %s.", problem)
			return
		}
		q.occupancies, q.Parties = append(q.occupancies, said), append(q.Parties, who)
	}
}

// asParty is the guests of one room, or what is wrong with them.
func asParty(said string) (world.Party, string) {
	adults, children, some := strings.Cut(said, "-")
	who := world.Party{Rooms: 1}
	var err error
	if who.Adults, err = strconv.Atoi(adults); err != nil {
		return who, "invalid_format"
	}
	switch {
	case who.Adults < 1:
		return who, "number_of_adults.invalid_below_minimum"
	case who.Adults > 14:
		return who, "number_of_adults.invalid_above_maximum"
	case !some:
		return who, ""
	}
	for _, age := range strings.Split(children, ",") {
		n, err := strconv.Atoi(age)
		switch {
		case err != nil:
			return who, "invalid_format"
		case n < 0 || n > 17:
			return who, "child_age.invalid_outside_accepted_range"
		}
		who.Ages = append(who.Ages, n)
	}
	if len(who.Ages) > 6 {
		return who, "number_of_children.invalid_above_maximum"
	}
	return who, ""
}
