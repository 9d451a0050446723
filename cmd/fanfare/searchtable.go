package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fanfare/web/api"
)

// flightTable has a row for each direction of a result; the first has its price and
// who sells it.
func flightTable(results []api.FlightResult, partners []api.Partner) grid {
	g := grid{columns: []column{
		{head: "price", right: true}, {head: "departs", tight: 5}, {head: "arrives", tight: 5}, {head: "time", right: true},
		{head: "stops", least: 7}, {head: "flights", least: 7}, {head: "cheapest", least: 9, tight: 6},
	}}
	for i := range results {
		r := &results[i]
		price, seller := r.Price.String(), ""
		if len(r.Offers) > 0 {
			seller = sellerWords(r.Offers[0].Partner, r.OffersTotal, partners)
		}
		if c := r.Combination; c != nil {
			seller = fmt.Sprintf("%d tickets: %s", c.Tickets, seller)
		}
		for j := range r.Slices {
			s := &r.Slices[j]
			g.add(price, s.Origin+" "+s.Departs.Time().Format("15:04"), arrival(s), hours(s.DurationMinutes), stops(s), flights(s), seller)
			price, seller = "", ""
		}
	}
	return cleaned(g)
}

// cleaned makes every cell safe: all of them are a server's words.
func cleaned(g grid) grid {
	for _, row := range g.rows {
		for i := range row {
			row[i] = clean(row[i])
		}
	}
	return g
}

// sellerWords names the partner, or those of a combination, and how many offers there are.
func sellerWords(partner string, offers int, partners []api.Partner) string {
	names := strings.Split(partner, "+")
	for i, name := range names {
		for j := range partners {
			if partners[j].Name == name {
				names[i] = partners[j].DisplayName
			}
		}
	}
	return fmt.Sprintf("%s (%d)", strings.Join(names, " + "), offers)
}

// arrival has how many calendar days later it is, of the local dates.
func arrival(s *api.Slice) string {
	text := s.Destination + " " + s.Arrives.Time().Format("15:04")
	if days := int(s.Arrives.Date() - s.Departs.Date()); days != 0 {
		text += fmt.Sprintf(" %+d", days)
	}
	return text
}

// hours is a duration as 8h05.
func hours(minutes int) string { return fmt.Sprintf("%dh%02d", minutes/60, minutes%60) }

// stops is how often and where is changed; two airports where the change is between them.
func stops(s *api.Slice) string {
	if s.Stops == 0 {
		return "direct"
	}
	words := []string{strconv.Itoa(s.Stops)}
	for i := 1; i < len(s.Segments); i++ {
		at := s.Segments[i].Origin
		if before := s.Segments[i-1].Destination; before != at {
			at = before + "/" + at
		}
		words = append(words, at)
	}
	return strings.Join(words, " ")
}

// flights are the numbers, with who flies where that is another or unconfirmed.
func flights(s *api.Slice) string {
	var words []string
	for i := range s.Segments {
		f := &s.Segments[i]
		word := f.Marketing.Carrier + f.Marketing.Number
		switch {
		case f.Operating == nil:
			word += " (op" + unbroken + "?)"
		case f.Operating.Carrier != f.Marketing.Carrier:
			word += " (op" + unbroken + f.Operating.Carrier + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func stayTable(results []api.StayResult, partners []api.Partner) grid {
	g := grid{columns: []column{
		{head: "price", right: true}, {head: "stars", right: true}, {head: "name", least: 14, tight: 8}, {head: "away", right: true, tight: 4},
		{head: "board", least: 9}, {head: "cancelling", least: 10, tight: 8}, {head: "cheapest", least: 9, tight: 6},
	}}
	for i := range results {
		r := &results[i]
		board, cancelling, seller := "", "", ""
		if len(r.Rates) > 0 {
			rate := &r.Rates[0]
			board, cancelling = boardWords(rate.Board), cancelWords(&rate.Cancellation)
			seller = sellerWords(rate.Partner, r.RatesTotal, partners)
		}
		g.add(r.Price.String(), starWords(r.Stars), r.Name, away(r.DistanceMetres), board, cancelling, seller)
	}
	return cleaned(g)
}

func starWords(stars *float64) string {
	if stars == nil {
		return "?"
	}
	return strconv.FormatFloat(*stars, 'f', -1, 64)
}

func away(metres *int) string {
	if metres == nil {
		return "?"
	}
	hundreds := (*metres + 50) / 100
	return fmt.Sprintf("%d.%d km", hundreds/10, hundreds%10)
}

func boardWords(board *string) string {
	if board == nil {
		return "?"
	}
	short := map[string]string{"bed_and_breakfast": "breakfast"}[*board]
	if short == "" {
		short = strings.ReplaceAll(*board, "_", " ")
	}
	return short
}

// cancelWords says until when cancelling is free, in UTC as the partner's instant is.
func cancelWords(c *api.Cancellation) string {
	switch {
	case c.Refundable == nil && c.FreeUntil.IsZero():
		return "?"
	case !c.FreeUntil.IsZero():
		return "free to " + c.FreeUntil.UTC().Format("2"+unbroken+"Jan 15:04")
	case *c.Refundable:
		return "for a fee"
	}
	return "not refunded"
}

// shownQuery is what was asked, as the server understood it.
type shownQuery struct {
	Slices []struct {
		Origin, Destination, Date string
	}
	Passengers struct {
		Adults      int
		ChildAges   []int `json:"child_ages"`
		InfantsLap  int   `json:"infants_lap"`
		InfantsSeat int   `json:"infants_seat"`
	}
	Cabin       string
	Destination struct {
		Place    string
		Lat, Lon float64
		RadiusKM int `json:"radius_km"`
	}
	CheckIn  string `json:"check_in"`
	CheckOut string `json:"check_out"`
	Rooms    []room
	Market   string
}

// words is the question in one line.
func (q *shownQuery) words() string {
	var words []string
	for _, s := range q.Slices {
		words = append(words, s.Origin+" to "+s.Destination+" on "+s.Date)
	}
	if len(q.Slices) > 0 {
		p := q.Passengers
		words = append(words, people(p.Adults, len(p.ChildAges), p.InfantsLap+p.InfantsSeat), strings.ReplaceAll(q.Cabin, "_", " "))
		return clean(strings.Join(words, ", "))
	}
	place := q.Destination.Place
	if place == "" {
		place = fmt.Sprintf("%d km around %v, %v", q.Destination.RadiusKM, q.Destination.Lat, q.Destination.Lon)
	}
	adults, children := 0, 0
	for _, r := range q.Rooms {
		adults, children = adults+r.Adults, children+len(r.ChildAges)
	}
	return clean(fmt.Sprintf("%s from %s to %s, %s, %s", place, q.CheckIn, q.CheckOut, counted(len(q.Rooms), "room", "rooms"), people(adults, children, 0)))
}

func people(adults, children, infants int) string {
	text := counted(adults, "adult", "adults")
	if children > 0 {
		text += ", " + counted(children, "child", "children")
	}
	if infants > 0 {
		text += ", " + counted(infants, "infant", "infants")
	}
	return text
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// spinEvery is how fast the mark of a partner that is asked turns.
const spinEvery = 120 * time.Millisecond
