package duffel

import (
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

type guest struct {
	Type string `json:"type"`
	Age  *int   `json:"age,omitempty"`
}

// cheapest is the cheapest rate of a search result; the accommodation in it says it too.
type cheapest struct {
	CheapestTotal       string  `json:"cheapest_rate_total_amount"`
	CheapestCurrency    string  `json:"cheapest_rate_currency"`
	CheapestBase        *string `json:"cheapest_rate_base_amount"`
	CheapestBaseCurr    string  `json:"cheapest_rate_base_currency"`
	CheapestDue         *string `json:"cheapest_rate_due_at_accommodation_amount"`
	CheapestDueCurrency string  `json:"cheapest_rate_due_at_accommodation_currency"`
}

type StayResult struct {
	ID       string  `json:"id"`
	CheckIn  string  `json:"check_in_date"`
	CheckOut string  `json:"check_out_date"`
	Rooms    int     `json:"rooms"`
	Guests   []guest `json:"guests"`
	Expires  string  `json:"expires_at"`
	cheapest
	Accommodation accommodation `json:"accommodation"`
}

type accommodation struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description *string           `json:"description"`
	Rating      int               `json:"rating"`
	ReviewScore *float64          `json:"review_score"`
	Chain       map[string]string `json:"chain"`
	Location    staysLocation     `json:"location"`
	Amenities   []struct{}        `json:"amenities"`
	Photos      []struct{}        `json:"photos"`
	cheapest
	Rooms []roomDoc `json:"rooms"` // without rates in a search
}

type staysLocation struct {
	Coordinates struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"geographic_coordinates"`
	Address struct {
		LineOne string  `json:"line_one"`
		City    string  `json:"city_name"`
		Region  *string `json:"region"`
		Code    *string `json:"postal_code"`
		Country string  `json:"country_code"`
	} `json:"address"`
}

type roomDoc struct {
	Name  string      `json:"name"`
	Beds  []struct{}  `json:"beds"`
	Rates []*stayRate `json:"rates"`
}

type stayRate struct {
	ID            string      `json:"id"`
	Total         string      `json:"total_amount"`
	TotalCurrency string      `json:"total_currency"`
	Base          *string     `json:"base_amount"` // null where the hotel does not split its price
	BaseCurrency  string      `json:"base_currency"`
	Tax           *string     `json:"tax_amount"`
	TaxCurrency   string      `json:"tax_currency"`
	Fee           *string     `json:"fee_amount"`
	FeeCurrency   string      `json:"fee_currency"`
	Due           *string     `json:"due_at_accommodation_amount"`
	DueCurrency   string      `json:"due_at_accommodation_currency"`
	Board         string      `json:"board_type"`
	PaymentType   string      `json:"payment_type"`
	Quantity      *int        `json:"quantity_available"`
	Expires       string      `json:"expires_at"`
	Timeline      []refundDoc `json:"cancellation_timeline"`
	Conditions    []struct{}  `json:"conditions"`
	Source        string      `json:"source"`

	minor int64 // to find the cheapest
}

type refundDoc struct {
	Before   string `json:"before"`
	Refund   string `json:"refund_amount"`
	Currency string `json:"currency"`
}

var boards = map[string]string{"RO": "room_only", "BB": "breakfast", "HB": "half_board", "FB": "full_board", "AI": "all_inclusive"}

// resultLife is how long a result and its rates are sold.
const resultLife = 30 * time.Minute

// result is a property with its cheapest rate, and if all with all rates. One that is sold
// out has no cheapest rate.
func (p *stays) result(s stayDoc, all bool) StayResult {
	prop, ask := s.of, s.ask
	d := p.RNG.Num(int64(prop.ID))
	r := StayResult{
		ID:      rng.ID("srr_", ask.question.Num(int64(prop.ID)).Num(s.at.Unix()), 16),
		CheckIn: ask.In.String(), CheckOut: ask.Out.String(), Rooms: ask.rooms, Guests: ask.guests,
		Expires: s.at.UTC().Add(resultLife).Format(time.RFC3339),
	}
	a := &r.Accommodation
	a.ID, a.Name, a.Rating = rng.ID("acc_", d.Str("code"), 16), prop.NameBy(d.Str("name")), prop.Stars
	a.Amenities, a.Photos, a.Rooms = []struct{}{}, []struct{}{}, []roomDoc{}
	a.Location.Coordinates.Latitude = prop.Lat + (d.Str("lat").Unit()-0.5)*0.0008
	a.Location.Coordinates.Longitude = prop.Lon + (d.Str("lon").Unit()-0.5)*0.0008
	a.Location.Address.LineOne = prop.StreetBy(d)
	a.Location.Address.City, a.Location.Address.Country = prop.Town.Name, string(prop.Town.Country)
	var least *stayRate
	for _, o := range p.RatesOf(prop, ask.StayAsk, ask.Parties[0], s.at) {
		if ask.freeOnly && !o.Refundable {
			continue
		}
		rate := p.rate(s, o, r.ID)
		if least == nil || rate.minor < least.minor {
			least = rate
		}
		name := world.RoomTitle(o.Room.Name)
		if n := len(a.Rooms); n == 0 || a.Rooms[n-1].Name != name { // rates come room by room
			a.Rooms = append(a.Rooms, roomDoc{Name: name, Beds: []struct{}{}, Rates: []*stayRate{}})
		}
		if room := &a.Rooms[len(a.Rooms)-1]; all {
			room.Rates = append(room.Rates, rate)
		}
	}
	if least != nil {
		r.cheapest = cheapest{least.Total, least.TotalCurrency, least.Base, least.BaseCurrency, least.Due, least.DueCurrency}
		a.cheapest = r.cheapest
	}
	return r
}

// rate writes a rate: its total is base, tax and fee; what the town takes comes on top.
func (p *stays) rate(s stayDoc, o world.Offered, result string) *stayRate {
	total := world.InCurrency(o.Cents, p.Seller.Currency)
	currency := string(total.Currency)
	money := func(minor int64) *string {
		text := travel.Money{Minor: minor, Currency: total.Currency}.Decimal()
		return &text
	}
	r := &stayRate{
		ID:    rng.ID("rat_", o.ID.Str(result), 16),
		Total: total.Decimal(), TotalCurrency: currency, BaseCurrency: currency, TaxCurrency: currency, FeeCurrency: currency, DueCurrency: currency,
		Board: boards[o.Board.Code], PaymentType: "pay_now", Expires: s.at.UTC().Add(resultLife).Format(time.RFC3339),
		Timeline: []refundDoc{}, Conditions: []struct{}{}, Source: "duffel_hotel_group", minor: total.Minor,
	}
	if o.ID.Str("split").Chance(850) {
		tax, fee := total.Minor/11, total.Minor*int64(o.ID.Str("fee").Between(0, 3))/100
		r.Base, r.Tax, r.Fee = money(total.Minor-tax-fee), money(tax), money(fee)
	}
	if o.ID.Str("quantity").Chance(800) {
		r.Quantity = &o.Left
	}
	if cents := world.CityTaxCents(s.of) * int64(o.Party.Adults*o.Party.Rooms*s.ask.Nights()); cents > 0 {
		r.Due = money(world.InCurrency(cents, total.Currency).Minor)
		if local := world.LocalCurrency[s.of.Town.Country]; local != "" && o.ID.Str("due").Chance(200) {
			due := world.InCurrency(cents, local).Decimal()
			r.Due, r.DueCurrency = &due, string(local)
		}
	}
	if !o.Refundable {
		return r
	}
	if o.ID.Str("payment").Chance(350) {
		r.PaymentType = rng.Pick(o.ID.Str("kind"), []string{"guarantee", "deposit"})
	}
	until := func(days int, minor int64) {
		day := s.ask.In.AddDays(-days).Time()
		at := time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, s.of.Town.Zone)
		r.Timeline = append(r.Timeline, refundDoc{at.UTC().Format(time.RFC3339), *money(minor), currency})
	}
	days := o.ID.Str("days").Between(1, 5)
	if o.ID.Str("steps").Chance(400) {
		until(days+7, total.Minor)
		until(days, total.Minor/2)
		return r
	}
	until(days, total.Minor)
	return r
}
