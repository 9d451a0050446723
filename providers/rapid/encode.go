package rapid

import (
	"net/url"
	"strconv"
	"strings"

	"fanfare/providers/travel"
)

// availability is the question for the rates of some properties.
func (c *Client) availability(q travel.Query, ids []string) url.Values {
	query := url.Values{
		"checkin":           {q.CheckIn.String()},
		"checkout":          {q.CheckOut.String()},
		"currency":          {string(currencyFor(q.Market))},
		"country_code":      {string(q.Market)},
		"language":          {c.language},
		"property_id":       ids,
		"rate_plan_count":   {strconv.Itoa(c.ratePlans)},
		"sales_channel":     {c.channel},
		"sales_environment": {"hotel_only"}, // in any other, rates may not be sold by themselves
	}
	for _, room := range q.Rooms {
		query.Add("occupancy", occupancy(room))
	}
	c.terms(query)
	return query
}

// currencyFor is the currency of a market. One without is asked in the dollar, which Rapid
// has for every property.
func currencyFor(market travel.Country) travel.Currency {
	if currency, ok := travel.MarketCurrency(market); ok {
		return currency
	}
	return "USD"
}

// occupancy writes one room's guests: 2, 2-9,4.
func occupancy(o travel.Occupancy) string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(o.Adults))
	for i, age := range o.ChildAges {
		b.WriteByte("-,"[min(i, 1)])
		b.WriteString(strconv.Itoa(age))
	}
	return b.String()
}

// terms adds what a contract says must be in every question.
func (c *Client) terms(query url.Values) {
	for _, name := range contractTerms {
		if value := c.cfg.Options[name]; value != "" {
			query.Set(name, value)
		}
	}
}
