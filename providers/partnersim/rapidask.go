package partnersim

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// rapidRequest is a question that the vendor would accept: one room for each occupancy.
type rapidRequest struct {
	stay
	occupancies []string // as asked, each once
	ids         []string
	currency    travel.Currency
	perProperty int
}

// Limits of an availability request.
const (
	rapidMaxRooms      = 8
	rapidMaxProperties = 250
	rapidMaxNights     = 28
)

// rapidParams are the parameters that the vendor has; its gateway refuses no others, but
// a client that invents some is wrong.
var rapidParams = []string{
	"checkin", "checkout", "currency", "country_code", "language", "occupancy", "property_id", "rate_plan_count", "sales_channel", "sales_environment",
	"amenity_category", "exclusion", "filter", "include", "rate_option", "travel_purpose", "billing_terms", "partner_point_of_sale", "payment_terms", "platform_name",
}

var (
	rapidChannels     = []string{"website", "agent_tool", "mobile_app", "mobile_web", "meta", "cache"}
	rapidEnvironments = []string{"hotel_package", "hotel_only", "loyalty"}
)

func (p *rapid) parse(v url.Values) (*rapidRequest, []rapidError) {
	var errs []rapidError
	complain := func(field, code, message string) {
		errs = append(errs, rapidSays(field+"."+code, message, field, "querystring", v.Get(field)))
	}
	for name := range v {
		if !slices.Contains(rapidParams, name) {
			complain(name, "not_supported", "This parameter is not supported.")
		}
	}
	for _, name := range rapidParams[:10] {
		if v.Get(name) == "" {
			complain(name, "required", "The "+name+" parameter is required.")
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	q := &rapidRequest{ids: v["property_id"], currency: travel.Currency(v.Get("currency"))}
	p.parseStay(q, v, complain)
	parseOccupancies(q, v["occupancy"], complain)
	if n := len(q.ids); n > rapidMaxProperties {
		complain("property_id", "invalid_above_maximum", "The number of property_id's passed in must not be greater than 250.")
	}
	if n, err := strconv.Atoi(v.Get("rate_plan_count")); err != nil || n < 1 || n > 250 {
		complain("rate_plan_count", "invalid", "The rate_plan_count must be between 1 and 250.")
	} else {
		q.perProperty = n
	}
	if len(v.Get("currency")) != 3 || strings.ToUpper(v.Get("currency")) != v.Get("currency") {
		complain("currency", "invalid", "Currency code is invalid. It must be formatted in ISO 4217.")
	}
	if len(v.Get("country_code")) != 2 {
		complain("country_code", "invalid", "Country code is invalid. It must be formatted in ISO 3166-1 alpha-2.")
	}
	if !slices.Contains(rapidChannels, v.Get("sales_channel")) {
		complain("sales_channel", "invalid", fmt.Sprintf("Sales Channel is invalid. Accepted sales_channel values are: %v.", rapidChannels))
	}
	if !slices.Contains(rapidEnvironments, v.Get("sales_environment")) {
		complain("sales_environment", "invalid", fmt.Sprintf("Sales Environment is invalid. Accepted sales_environment values are: %v.", rapidEnvironments))
	}
	return q, errs
}

func (p *rapid) parseStay(q *rapidRequest, v url.Values, complain func(field, code, message string)) {
	var err1, err2 error
	if q.in, err1 = travel.ParseDate(v.Get("checkin")); err1 != nil {
		complain("checkin", "invalid_date_format", "Invalid checkin format. It must be formatted in ISO 8601 (YYYY-mm-dd).")
	}
	if q.out, err2 = travel.ParseDate(v.Get("checkout")); err2 != nil {
		complain("checkout", "invalid_date_format", "Invalid checkout format. It must be formatted in ISO 8601 (YYYY-mm-dd).")
	}
	if err1 != nil || err2 != nil {
		return
	}
	switch {
	case q.in < travel.DateOf(p.w.now().UTC()).AddDays(-1): // it is still that day somewhere
		complain("checkin", "invalid_date_in_the_past", "Checkin cannot be in the past.")
	case q.stay.nights() <= 0:
		complain("checkout", "invalid_checkout_before_checkin", "Checkout must be after checkin.")
	case q.stay.nights() > rapidMaxNights:
		complain("checkout", "invalid_length_of_stay_too_long", fmt.Sprintf("Invalid date range. Checkin and checkout dates cannot differ by more than %d days.", rapidMaxNights))
	}
}

// parseOccupancies reads 2-9,4: adults, then the children's ages. Equal rooms are asked for, and priced, under one key.
func parseOccupancies(q *rapidRequest, asked []string, complain func(field, code, message string)) {
	if len(asked) > rapidMaxRooms {
		complain("number_of_occupancies", "invalid_above_maximum", "Number of occupancies must be less than 9.")
		return
	}
	for _, text := range asked {
		adults, children, some := strings.Cut(text, "-")
		who := party{rooms: len(asked)}
		var err error
		if who.adults, err = strconv.Atoi(adults); err != nil || who.adults < 1 || who.adults > 8 {
			complain("occupancy", "invalid", "Occupancy must have between 1 and 8 adults.")
			return
		}
		for _, text := range strings.Split(children, ",") {
			age, err := strconv.Atoi(text)
			if some && (err != nil || age < 0 || age > 17) {
				complain("occupancy", "invalid_child_age", "The ages of children must be between 0 and 17.")
				return
			}
			if some {
				who.ages = append(who.ages, age)
			}
		}
		if !slices.Contains(q.occupancies, text) {
			q.occupancies, q.parties = append(q.occupancies, text), append(q.parties, who)
		}
	}
}
