package kiwi

import (
	"fmt"
	"net/url"
	"strconv"

	"fanfare/providers/travel"
)

// maxParty is the vendor's limit, and adultAge from when on travellers are adults to it.
const (
	maxParty = 9
	adultAge = 12
)

// party counts travellers as the vendor does.
func party(p travel.Passengers) (adults, children, infants int) {
	adults = p.Adults
	for _, age := range p.ChildAges {
		if age >= adultAge {
			adults++
		} else {
			children++
		}
	}
	return adults, children, p.InfantsLap
}

// encode is the parameters of the question. Nothing is asked for but flights, as the
// vendor does by default.
func (c *Client) encode(q travel.Query) url.Values {
	v := url.Values{"flight_type": {"oneway"}, "sort": {"price"}, "limit": {strconv.Itoa(c.limit)}}
	if len(q.Slices) > 0 {
		out := q.Slices[0]
		v.Set("fly_from", string(out.Origin))
		v.Set("fly_to", string(out.Destination))
		v.Set("date_from", dayFirst(out.Date))
		v.Set("date_to", dayFirst(out.Date))
	}
	if len(q.Slices) > 1 {
		v.Set("flight_type", "round")
		v.Set("return_from", dayFirst(q.Slices[1].Date))
		v.Set("return_to", dayFirst(q.Slices[1].Date))
	}
	adults, children, infants := party(q.Passengers)
	v.Set("adults", strconv.Itoa(adults))
	v.Set("children", strconv.Itoa(children))
	v.Set("infants", strconv.Itoa(infants))
	if code := cabinCode(q.Cabin); code != "" {
		v.Set("selected_cabins", code)
	}
	if currency, ok := travel.MarketCurrency(q.Market); ok {
		v.Set("curr", string(currency))
	}
	return v
}

// dayFirst is a day as 01/03/2027.
func dayFirst(d travel.Date) string {
	year, month, day := d.Time().Date()
	return fmt.Sprintf("%02d/%02d/%04d", day, month, year)
}

// cabins are the vendor's codes of ours.
var cabins = map[string]travel.Cabin{"M": travel.Economy, "W": travel.PremiumEconomy, "C": travel.Business, "F": travel.First}

func cabinCode(cabin travel.Cabin) string {
	for code, c := range cabins {
		if c == cabin {
			return code
		}
	}
	return ""
}
