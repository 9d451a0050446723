package partnersim

import (
	"time"

	"fanfare/providers/travel"
)

type duffelGuest struct {
	Type string `json:"type"`
	Age  *int   `json:"age,omitempty"`
}

// duffelCheapest is the cheapest rate of a search result; the accommodation in it says it too.
type duffelCheapest struct {
	CheapestTotal       string  `json:"cheapest_rate_total_amount"`
	CheapestCurrency    string  `json:"cheapest_rate_currency"`
	CheapestBase        *string `json:"cheapest_rate_base_amount"`
	CheapestBaseCurr    string  `json:"cheapest_rate_base_currency"`
	CheapestDue         *string `json:"cheapest_rate_due_at_accommodation_amount"`
	CheapestDueCurrency string  `json:"cheapest_rate_due_at_accommodation_currency"`
}

type duffelStayResult struct {
	ID       string        `json:"id"`
	CheckIn  string        `json:"check_in_date"`
	CheckOut string        `json:"check_out_date"`
	Rooms    int           `json:"rooms"`
	Guests   []duffelGuest `json:"guests"`
	Expires  string        `json:"expires_at"`
	duffelCheapest
	Accommodation duffelAccommodation `json:"accommodation"`
}

type duffelAccommodation struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Description *string             `json:"description"`
	Rating      int                 `json:"rating"`
	ReviewScore *float64            `json:"review_score"`
	Chain       map[string]string   `json:"chain"`
	Location    duffelStaysLocation `json:"location"`
	Amenities   []struct{}          `json:"amenities"`
	Photos      []struct{}          `json:"photos"`
	duffelCheapest
	Rooms []duffelRoom `json:"rooms"` // without rates in a search
}

type duffelStaysLocation struct {
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

type duffelRoom struct {
	Name  string            `json:"name"`
	Beds  []struct{}        `json:"beds"`
	Rates []*duffelStayRate `json:"rates"`
}

type duffelStayRate struct {
	ID            string         `json:"id"`
	Total         string         `json:"total_amount"`
	TotalCurrency string         `json:"total_currency"`
	Base          *string        `json:"base_amount"` // null where the hotel does not split its price
	BaseCurrency  string         `json:"base_currency"`
	Tax           *string        `json:"tax_amount"`
	TaxCurrency   string         `json:"tax_currency"`
	Fee           *string        `json:"fee_amount"`
	FeeCurrency   string         `json:"fee_currency"`
	Due           *string        `json:"due_at_accommodation_amount"`
	DueCurrency   string         `json:"due_at_accommodation_currency"`
	Board         string         `json:"board_type"`
	PaymentType   string         `json:"payment_type"`
	Quantity      *int           `json:"quantity_available"`
	Expires       string         `json:"expires_at"`
	Timeline      []duffelRefund `json:"cancellation_timeline"`
	Conditions    []struct{}     `json:"conditions"`
	Source        string         `json:"source"`

	minor int64 // to find the cheapest
}

type duffelRefund struct {
	Before   string `json:"before"`
	Refund   string `json:"refund_amount"`
	Currency string `json:"currency"`
}

var duffelBoards = map[string]string{"RO": "room_only", "BB": "breakfast", "HB": "half_board", "FB": "full_board", "AI": "all_inclusive"}

// duffelResultLife is how long a result and its rates are sold.
const duffelResultLife = 30 * time.Minute

// result is a property with its cheapest rate, and if all with all rates. One that is sold
// out has no cheapest rate.
func (p *duffelStays) result(s duffelStay, all bool) duffelStayResult {
	prop, ask := s.of, s.ask
	d := p.dice.num(int64(prop.id))
	r := duffelStayResult{
		ID:      duffelID("srr_", ask.question.num(int64(prop.id)).num(s.at.Unix()), 16),
		CheckIn: ask.in.String(), CheckOut: ask.out.String(), Rooms: ask.rooms, Guests: ask.guests,
		Expires: s.at.UTC().Add(duffelResultLife).Format(time.RFC3339),
	}
	a := &r.Accommodation
	a.ID, a.Name, a.Rating = duffelID("acc_", d.str("code"), 16), prop.nameBy(d.str("name")), prop.stars
	a.Amenities, a.Photos, a.Rooms = []struct{}{}, []struct{}{}, []duffelRoom{}
	a.Location.Coordinates.Latitude = prop.lat + (d.str("lat").unit()-0.5)*0.0008
	a.Location.Coordinates.Longitude = prop.lon + (d.str("lon").unit()-0.5)*0.0008
	a.Location.Address.LineOne = prop.streetBy(d)
	a.Location.Address.City, a.Location.Address.Country = prop.town.name, string(prop.town.country)
	var least *duffelStayRate
	for _, o := range p.ratesOf(prop, ask.stay, ask.parties[0], s.at) {
		if ask.freeOnly && !o.refundable {
			continue
		}
		rate := p.rate(s, o, r.ID)
		if least == nil || rate.minor < least.minor {
			least = rate
		}
		name := roomTitle(o.room.name)
		if n := len(a.Rooms); n == 0 || a.Rooms[n-1].Name != name { // rates come room by room
			a.Rooms = append(a.Rooms, duffelRoom{Name: name, Beds: []struct{}{}, Rates: []*duffelStayRate{}})
		}
		if room := &a.Rooms[len(a.Rooms)-1]; all {
			room.Rates = append(room.Rates, rate)
		}
	}
	if least != nil {
		r.duffelCheapest = duffelCheapest{least.Total, least.TotalCurrency, least.Base, least.BaseCurrency, least.Due, least.DueCurrency}
		a.duffelCheapest = r.duffelCheapest
	}
	return r
}

// rate writes a rate: its total is base, tax and fee; what the town takes comes on top.
func (p *duffelStays) rate(s duffelStay, o offered, result string) *duffelStayRate {
	total := inCurrency(o.cents, p.spec.Currency)
	currency := string(total.Currency)
	money := func(minor int64) *string {
		text := travel.Money{Minor: minor, Currency: total.Currency}.Decimal()
		return &text
	}
	r := &duffelStayRate{
		ID:    duffelID("rat_", o.id.str(result), 16),
		Total: total.Decimal(), TotalCurrency: currency, BaseCurrency: currency, TaxCurrency: currency, FeeCurrency: currency, DueCurrency: currency,
		Board: duffelBoards[o.board.code], PaymentType: "pay_now", Expires: s.at.UTC().Add(duffelResultLife).Format(time.RFC3339),
		Timeline: []duffelRefund{}, Conditions: []struct{}{}, Source: "duffel_hotel_group", minor: total.Minor,
	}
	if o.id.str("split").chance(850) {
		tax, fee := total.Minor/11, total.Minor*int64(o.id.str("fee").between(0, 3))/100
		r.Base, r.Tax, r.Fee = money(total.Minor-tax-fee), money(tax), money(fee)
	}
	if o.id.str("quantity").chance(800) {
		r.Quantity = &o.left
	}
	if cents := cityTaxCents(s.of) * int64(o.party.adults*o.party.rooms*s.ask.nights()); cents > 0 {
		r.Due = money(inCurrency(cents, total.Currency).Minor)
		if local := localCurrency[s.of.town.country]; local != "" && o.id.str("due").chance(200) {
			due := inCurrency(cents, local).Decimal()
			r.Due, r.DueCurrency = &due, string(local)
		}
	}
	if !o.refundable {
		return r
	}
	if o.id.str("payment").chance(350) {
		r.PaymentType = pick(o.id.str("kind"), []string{"guarantee", "deposit"})
	}
	until := func(days int, minor int64) {
		day := s.ask.in.AddDays(-days).Time()
		at := time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, s.of.town.zone)
		r.Timeline = append(r.Timeline, duffelRefund{at.UTC().Format(time.RFC3339), *money(minor), currency})
	}
	days := o.id.str("days").between(1, 5)
	if o.id.str("steps").chance(400) {
		until(days+7, total.Minor)
		until(days, total.Minor/2)
		return r
	}
	until(days, total.Minor)
	return r
}
