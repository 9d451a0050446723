package amadeus

import (
	"fmt"
	"strings"
	"time"

	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// airQuestion is the vendor's request body.
type airQuestion struct {
	Currency  *string       `json:"currencyCode"`
	Slices    []direction   `json:"originDestinations"`
	Travelers []travelerDoc `json:"travelers"`
	Sources   []string      `json:"sources"`
	Criteria  criteria      `json:"searchCriteria"`
}

// direction is one slice of a question.
type direction struct {
	ID    string `json:"id"`
	From  string `json:"originLocationCode"`
	To    string `json:"destinationLocationCode"`
	Range struct {
		Date string `json:"date"`
		Time string `json:"time"`
	} `json:"departureDateTimeRange"`
}

type criteria struct {
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
func (p *air) parseBody(q *airAsk, asked *airQuestion, now time.Time, wrong *complaints) {
	here := func(pointer string) func(code int, detail string) {
		return func(code int, detail string) { wrong.at(code, pointer, detail) }
	}
	switch n := len(asked.Slices); {
	case n == 0:
		wrong.at(missing, "/originDestinations", "At least one is mandatory")
	case n > maxSlices:
		wrong.at(occurring, "/originDestinations", "At most 6 are allowed")
		return
	}
	switch n := len(asked.Travelers); {
	case n == 0:
		wrong.at(missing, "/travelers", "At least one is mandatory")
	case n > maxPeople:
		wrong.at(occurring, "/travelers", "At most 18 are allowed")
	}
	switch {
	case len(asked.Sources) == 0:
		wrong.at(missing, "/sources", "At least one is mandatory")
	case len(asked.Sources) > 1 || asked.Sources[0] != "GDS":
		wrong.at(formatName, "/sources/0", "The only source is GDS")
	}
	p.parseSlices(q, asked.Slices, now, wrong)
	q.travelers = asked.Travelers
	p.party(q, func(code, i int, detail string) { wrong.at(code, fmt.Sprintf("/travelers/%d", i), detail) })
	if asked.Currency != nil {
		p.sellIn(q, *asked.Currency, here("/currencyCode"))
	}
	p.parseCriteria(q, &asked.Criteria, asked.Slices, wrong)
}

func (p *air) parseSlices(q *airAsk, asked []direction, now time.Time, wrong *complaints) {
	var last travel.Date
	seen := map[string]bool{}
	for i, s := range asked {
		at := fmt.Sprintf("/originDestinations/%d/", i)
		here := func(field string) func(code int, detail string) {
			return func(code int, detail string) { wrong.at(code, at+field, detail) }
		}
		if s.ID == "" || seen[s.ID] {
			wrong.at(formatName, at+"id", "Each needs an id of its own")
		}
		seen[s.ID] = true
		out := world.AskSlice{From: p.airports(s.From, here("originLocationCode")), To: p.airports(s.To, here("destinationLocationCode"))}
		if s.From != "" && s.From == s.To {
			wrong.at(combined, at+"destinationLocationCode", "The origin and the destination are the same")
		}
		out.Date = p.date(&out, s.Range.Date, now, last, here("departureDateTimeRange/date"))
		if _, err := time.Parse("15:04:05", s.Range.Time); s.Range.Time != "" && err != nil {
			wrong.at(formatName, at+"departureDateTimeRange/time", "The time has to be in the ISO 8601 hh:mm:ss format")
		}
		last = max(last, out.Date)
		q.Slices = append(q.Slices, world.Narrow(out))
	}
}

func (p *air) parseCriteria(q *airAsk, c *criteria, asked []direction, wrong *complaints) {
	const at = "/searchCriteria/"
	for _, bound := range []struct {
		name      string
		value     *int
		low, high int
		into      *int
	}{
		{"maxFlightOffers", c.Most, 1, maxOffers, &q.most}, {"maxPrice", c.MaxPrice, 1, 1 << 30, &q.maxPrice},
		{"flightFilters/connectionRestriction/maxNumberOfConnections", c.Filters.Connections.Most, 0, 2, &q.MaxStops},
	} {
		switch v := bound.value; {
		case v == nil:
		case *v < bound.low || *v > bound.high:
			wrong.at(formatName, at+bound.name, fmt.Sprintf("Must be between %d and %d", bound.low, bound.high))
		default:
			*bound.into = *v
		}
	}
	if c.Pricing != nil {
		q.bagsOnly, q.refundableOnly, q.rules = c.Pricing.Bags, c.Pricing.Refundable, true
	}
	q.included, q.excluded = c.Filters.Carriers.Included, c.Filters.Carriers.Excluded
	p.airlines(q, func(detail string) { wrong.at(formatName, at+"flightFilters/carrierRestrictions", detail) })
	for i, r := range c.Filters.Cabins {
		pointer := fmt.Sprintf(at+"flightFilters/cabinRestrictions/%d/", i)
		cabin := asCabin(r.Cabin)
		if cabin == "" {
			wrong.at(formatName, pointer+"cabin", "The cabin is not known")
			continue
		}
		if r.Coverage != "" && !strings.Contains(" MOST_SEGMENTS AT_LEAST_ONE_SEGMENT ALL_SEGMENTS ", " "+r.Coverage+" ") {
			wrong.at(formatName, pointer+"coverage", "The coverage is not known")
		}
		for _, id := range r.Slices {
			if !named(asked, id) {
				wrong.at(invalid, pointer+"originDestinationIds", "No originDestination has the id "+id)
			}
		}
		q.Cabin = cabin // one for the whole trip: brands here have no other
	}
}

func named(asked []direction, id string) bool {
	for _, s := range asked {
		if s.ID == id {
			return true
		}
	}
	return false
}
