package web_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"fanfare/providers"
	"fanfare/providers/fault"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// scenario is one file of testdata/searches, in the form that its README describes.
type scenario struct {
	path     string
	head     string // everything before the expectation
	want     string // the expectation
	search   string // parameters of a one-shot
	query    travel.Query
	partners []*partner
	looks    []string // "look" or "facets", and a view
}

const expectation = "==\n"

func readScenario(t *testing.T, path string) *scenario {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{path: path}
	s.head, s.want, _ = strings.Cut(string(body), expectation)
	answers := map[string]*travel.Answer{}
	var names []string
	var selling *travel.Answer
	for n, line := range strings.Split(s.head, "\n") {
		fail := func(err error) {
			if err != nil {
				t.Fatalf("%s:%d: %q: %v", path, n+1, line, err)
			}
		}
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case strings.HasPrefix(line, "  "):
			if selling == nil {
				fail(fmt.Errorf("an offer before any partner sells"))
			}
			o, err := s.offer(line)
			fail(err)
			selling.OffersIn++
			if rule := o.Check(); rule != "" {
				selling.Drop(rule, 1)
				continue
			}
			selling.Offers = append(selling.Offers, o)
		case fields[0] == "search":
			fail(s.readSearch(fields[1:]))
		case len(fields) == 2 && fields[1] == "sells":
			selling = &travel.Answer{}
			answers[fields[0]] = selling
			names = append(names, fields[0])
		case len(fields) == 3 && fields[1] == "fails":
			failed := fails(fault.Cause(fields[2]))
			answers[fields[0]], selling = &failed, nil
			names = append(names, fields[0])
		case fields[0] == "look" || fields[0] == "facets":
			s.looks = append(s.looks, strings.TrimSpace(line))
		default: // what the scenario is about
		}
	}
	for _, name := range names {
		a := answers[name]
		providers.Accept(a, s.query, places.Default())
		s.partners = append(s.partners, asks(name, 0, *a))
	}
	if s.search == "" || len(s.looks) == 0 || len(names) == 0 {
		t.Fatalf("%s: a scenario has a search, partners, and looks at what they found", path)
	}
	return s
}

// readSearch reads "LHR JFK 2000-03-01 return_date=2000-03-08 adults=2".
func (s *scenario) readSearch(fields []string) error {
	if len(fields) < 3 {
		return fmt.Errorf("origin, destination and date, then further parameters")
	}
	s.search = "/v1/flights?origin=" + fields[0] + "&destination=" + fields[1] + "&date=" + fields[2]
	there := travel.SliceQuery{Origin: travel.Airport(fields[0]), Destination: travel.Airport(fields[1])}
	var err error
	if there.Date, err = travel.ParseDate(fields[2]); err != nil {
		return err
	}
	s.query = travel.Query{Product: travel.Flights}
	s.query.Cabin, s.query.Slices = travel.Economy, []travel.SliceQuery{there}
	for _, field := range fields[3:] {
		s.search += "&" + field
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "return_date":
			back := travel.SliceQuery{Origin: there.Destination, Destination: there.Origin}
			if back.Date, err = travel.ParseDate(value); err != nil {
				return err
			}
			s.query.Slices = append(s.query.Slices, back)
		case "cabin":
			s.query.Cabin = travel.Cabin(value)
		}
	}
	return nil
}

// offer reads "GBP 412.30 | BA177 LHR 10:05 JFK 13:10 | brand=Light cabin_bags=1".
func (s *scenario) offer(line string) (o travel.Offer, err error) {
	parts := strings.Split(line, "|")
	if len(parts) < 2 {
		return o, fmt.Errorf("a price, flights and conditions, with | between them")
	}
	currency, amount, _ := strings.Cut(strings.TrimSpace(parts[0]), " ")
	if o.Price.Total, err = travel.ParseMoney(amount, travel.Currency(currency)); err != nil {
		return o, err
	}
	o.Price.Kind = travel.Live
	position := 0
	for i, way := range strings.Split(parts[1], " / ") {
		if i >= len(s.query.Slices) {
			return o, fmt.Errorf("more ways than are asked for")
		}
		var slice travel.Slice
		for j, ticket := range strings.Split(way, " ++ ") {
			if j > 0 {
				o.SelfTransfer = append(o.SelfTransfer, position)
			}
			for _, leg := range strings.Split(ticket, " + ") {
				segment, err := flown(leg, s.query.Slices[i].Date)
				if err != nil {
					return o, err
				}
				slice.Segments = append(slice.Segments, segment)
				position++
			}
		}
		o.Itinerary.Slices = append(o.Itinerary.Slices, slice)
	}
	if len(parts) > 2 {
		for _, condition := range strings.Fields(parts[2]) {
			if err := agree(&o, condition); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// flown reads "AA6134=BA177 LHR 10:05 JFK 02:10+1": sold as one flight and operated as
// another, =? by nobody knows whom; local times, +1 the day after.
func flown(text string, date travel.Date) (s travel.Segment, err error) {
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return s, fmt.Errorf("%q: a flight, and twice an airport and a time", text)
	}
	sold, operated, another := strings.Cut(fields[0], "=")
	s.Marketing = travel.NewFlight(sold[:2], sold[2:])
	s.Operating = s.Marketing
	if another {
		s.Operating = travel.Flight{}
		if operated != "?" {
			s.Operating = travel.NewFlight(operated[:2], operated[2:])
		}
	}
	s.Origin, s.Destination = travel.Airport(fields[1]), travel.Airport(fields[3])
	if s.Departs, err = localTime(s.Origin, fields[2], date); err != nil {
		return s, err
	}
	s.Arrives, err = localTime(s.Destination, fields[4], date)
	return s, err
}

func localTime(airport travel.Airport, text string, date travel.Date) (travel.LocalTime, error) {
	days := 0
	if at := strings.IndexAny(text, "+-"); at >= 0 {
		days, _ = strconv.Atoi(text[at:])
		text = text[:at]
	}
	var hour, minute int
	if _, err := fmt.Sscanf(text, "%d:%d", &hour, &minute); err != nil {
		return travel.LocalTime{}, fmt.Errorf("time %q: %w", text, err)
	}
	day := date.AddDays(days).Time()
	at, ok := places.Default().Local(airport, day.Year(), day.Month(), day.Day(), hour, minute, 0)
	if !ok {
		return at, fmt.Errorf("no such time at %s", airport)
	}
	return at, nil
}

// agree puts one condition into the offer.
func agree(o *travel.Offer, condition string) (err error) {
	name, value, _ := strings.Cut(condition, "=")
	value = strings.ReplaceAll(value, "_", " ")
	terms := func(allowed *travel.Answered, fee *travel.Money) {
		switch value {
		case "no":
			*allowed = travel.No
		case "free":
			*allowed, *fee = travel.Yes, travel.Money{Currency: o.Price.Total.Currency}
		default:
			*allowed = travel.Yes
			*fee, err = travel.ParseMoney(value, o.Price.Total.Currency)
		}
	}
	n, _ := strconv.Atoi(value)
	switch name {
	case "brand":
		o.Fare.Brand = value
	case "seller":
		o.Seller = travel.Seller{Code: value, Name: value}
	case "cabin":
		for _, c := range strings.Split(value, ",") {
			o.Fare.Cabin = append(o.Fare.Cabin, travel.Cabin(strings.ReplaceAll(c, " ", "_")))
		}
	case "cabin_bags":
		o.Fare.CabinBags = travel.PiecesOf(n)
	case "checked_bags":
		o.Fare.CheckedBags = travel.PiecesOf(n)
	case "seat":
		for o.Fare.Seat = travel.SeatNotOffered; o.Fare.Seat.String() != strings.ReplaceAll(value, " ", "_"); o.Fare.Seat++ {
		}
	case "checked_bag_price":
		o.Fare.CheckedBagPrice, err = travel.ParseMoney(value, o.Price.Total.Currency)
	case "refund":
		terms(&o.Fare.Refundable, &o.Fare.RefundFee)
	case "change":
		terms(&o.Fare.Changeable, &o.Fare.ChangeFee)
	case "seats":
		o.SeatsLeft = n
	case "kind":
		o.Price.Kind = travel.PriceKind(value)
	default:
		return fmt.Errorf("no such condition: %s", name)
	}
	return err
}
