package partnersim

import (
	"fmt"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// amadeusAirQuestion is the vendor's request body.
type amadeusAirQuestion struct {
	Currency  *string            `json:"currencyCode"`
	Slices    []amadeusDirection `json:"originDestinations"`
	Travelers []amadeusTraveler  `json:"travelers"`
	Sources   []string           `json:"sources"`
	Criteria  amadeusCriteria    `json:"searchCriteria"`
}

// amadeusDirection is one slice of a question.
type amadeusDirection struct {
	ID    string `json:"id"`
	From  string `json:"originLocationCode"`
	To    string `json:"destinationLocationCode"`
	Range struct {
		Date string `json:"date"`
		Time string `json:"time"`
	} `json:"departureDateTimeRange"`
}

type amadeusCriteria struct {
	Most     *int `json:"maxFlightOffers"`
	MaxPrice *int `json:"maxPrice"`
	More     struct {
		Fares bool `json:"brandedFares"`
		Bags  bool `json:"chargeableCheckedBags"`
	} `json:"additionalInformation"`
	Pricing *struct {
		Bags       bool `json:"includedCheckedBagsOnly"`
		Refundable bool `json:"refundableFare"`
	} `json:"pricingOptions"`
	Filters struct {
		Carriers struct {
			Included []string `json:"includedCarrierCodes"`
			Excluded []string `json:"excludedCarrierCodes"`
		} `json:"carrierRestrictions"`
		Cabins []struct {
			Cabin    string   `json:"cabin"`
			Coverage string   `json:"coverage"`
			Slices   []string `json:"originDestinationIds"`
		} `json:"cabinRestrictions"`
		Connections struct {
			Most *int `json:"maxNumberOfConnections"`
		} `json:"connectionRestriction"`
	} `json:"flightFilters"`
}

// parseBody reads the POST form.
func (p *amadeusAir) parseBody(q *amadeusAirAsk, asked *amadeusAirQuestion, now time.Time, wrong *complaints) {
	here := func(pointer string) func(code int, detail string) {
		return func(code int, detail string) { wrong.at(code, pointer, detail) }
	}
	switch n := len(asked.Slices); {
	case n == 0:
		wrong.at(amadeusMissing, "/originDestinations", "At least one is mandatory")
	case n > amadeusMaxSlices:
		wrong.at(amadeusOccurring, "/originDestinations", "At most 6 are allowed")
		return
	}
	switch n := len(asked.Travelers); {
	case n == 0:
		wrong.at(amadeusMissing, "/travelers", "At least one is mandatory")
	case n > amadeusMaxPeople:
		wrong.at(amadeusOccurring, "/travelers", "At most 18 are allowed")
	}
	switch {
	case len(asked.Sources) == 0:
		wrong.at(amadeusMissing, "/sources", "At least one is mandatory")
	case len(asked.Sources) > 1 || asked.Sources[0] != "GDS":
		wrong.at(amadeusFormat, "/sources/0", "The only source is GDS")
	}
	p.parseSlices(q, asked.Slices, now, wrong)
	q.travelers = asked.Travelers
	p.party(q, func(code, i int, detail string) { wrong.at(code, fmt.Sprintf("/travelers/%d", i), detail) })
	if asked.Currency != nil {
		p.sellIn(q, *asked.Currency, here("/currencyCode"))
	}
	p.parseCriteria(q, &asked.Criteria, asked.Slices, wrong)
}

func (p *amadeusAir) parseSlices(q *amadeusAirAsk, asked []amadeusDirection, now time.Time, wrong *complaints) {
	var last travel.Date
	seen := map[string]bool{}
	for i, s := range asked {
		at := fmt.Sprintf("/originDestinations/%d/", i)
		here := func(field string) func(code int, detail string) {
			return func(code int, detail string) { wrong.at(code, at+field, detail) }
		}
		if s.ID == "" || seen[s.ID] {
			wrong.at(amadeusFormat, at+"id", "Each needs an id of its own")
		}
		seen[s.ID] = true
		out := askSlice{from: p.airports(s.From, here("originLocationCode")), to: p.airports(s.To, here("destinationLocationCode"))}
		if s.From != "" && s.From == s.To {
			wrong.at(amadeusCombined, at+"destinationLocationCode", "The origin and the destination are the same")
		}
		out.date = p.date(&out, s.Range.Date, now, last, here("departureDateTimeRange/date"))
		if _, err := time.Parse("15:04:05", s.Range.Time); s.Range.Time != "" && err != nil {
			wrong.at(amadeusFormat, at+"departureDateTimeRange/time", "The time has to be in the ISO 8601 hh:mm:ss format")
		}
		last = max(last, out.date)
		q.slices = append(q.slices, narrow(out))
	}
}

func (p *amadeusAir) parseCriteria(q *amadeusAirAsk, c *amadeusCriteria, asked []amadeusDirection, wrong *complaints) {
	const at = "/searchCriteria/"
	for _, bound := range []struct {
		name      string
		value     *int
		low, high int
		into      *int
	}{
		{"maxFlightOffers", c.Most, 1, amadeusMaxOffers, &q.most}, {"maxPrice", c.MaxPrice, 1, 1 << 30, &q.maxPrice},
		{"flightFilters/connectionRestriction/maxNumberOfConnections", c.Filters.Connections.Most, 0, 2, &q.maxStops},
	} {
		switch v := bound.value; {
		case v == nil:
		case *v < bound.low || *v > bound.high:
			wrong.at(amadeusFormat, at+bound.name, fmt.Sprintf("Must be between %d and %d", bound.low, bound.high))
		default:
			*bound.into = *v
		}
	}
	if c.Pricing != nil {
		q.bagsOnly, q.refundableOnly, q.rules = c.Pricing.Bags, c.Pricing.Refundable, true
	}
	q.included, q.excluded = c.Filters.Carriers.Included, c.Filters.Carriers.Excluded
	p.airlines(q, func(detail string) { wrong.at(amadeusFormat, at+"flightFilters/carrierRestrictions", detail) })
	for i, r := range c.Filters.Cabins {
		pointer := fmt.Sprintf(at+"flightFilters/cabinRestrictions/%d/", i)
		cabin := amadeusCabin(r.Cabin)
		if cabin == "" {
			wrong.at(amadeusFormat, pointer+"cabin", "The cabin is not known")
			continue
		}
		if r.Coverage != "" && !strings.Contains(" MOST_SEGMENTS AT_LEAST_ONE_SEGMENT ALL_SEGMENTS ", " "+r.Coverage+" ") {
			wrong.at(amadeusFormat, pointer+"coverage", "The coverage is not known")
		}
		for _, id := range r.Slices {
			if !named(asked, id) {
				wrong.at(amadeusInvalid, pointer+"originDestinationIds", "No originDestination has the id "+id)
			}
		}
		q.cabin = cabin // one for the whole trip: brands here have no other
	}
}

func named(asked []amadeusDirection, id string) bool {
	for _, s := range asked {
		if s.ID == id {
			return true
		}
	}
	return false
}
