package partnersim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"fanfare/providers/travel"
)

// rapidTokenLife is how long links of an answer can be followed.
const rapidTokenLife = 30 * time.Minute

// render is the list of those asked for that have rooms: an empty list if none has.
func (p *rapid) render(q *rapidRequest, now time.Time, exactly int) []map[string]any {
	all := []map[string]any{}
	for n, id := range q.ids {
		code, err := strconv.ParseInt(id, 10, 64)
		prop := p.coded(code)
		if err != nil || prop == nil || exactly == 0 && !p.sells(staysMarket, prop.id) {
			continue
		}
		rooms := p.rooms(q, prop, now, exactly > 0)
		if len(rooms) == 0 {
			continue
		}
		all = append(all, map[string]any{
			"property_id": id, "status": "available", "score": 100000 - n, "rooms": rooms,
			"links": map[string]any{"additional_rates": map[string]any{"method": "GET", "href": "/v3/properties/" + id + "/availability?token=" + duffelID("", dice(code), 12)}},
		})
	}
	return all
}

// rapidOffer is a rate for every occupancy asked: the vendor sells rooms of one kind together.
type rapidOffer struct {
	offered
	cents []int64 // of one room, for each of the request's occupancies
}

func (p *rapid) rooms(q *rapidRequest, prop *property, now time.Time, always bool) []map[string]any {
	offers := p.together(q, prop, now)
	if len(offers) == 0 && always {
		offers = p.plain(q, prop, now)
	}
	slices.SortStableFunc(offers, func(a, b rapidOffer) int { return cmp.Compare(a.cents[0], b.cents[0]) })
	offers = offers[:min(len(offers), q.perProperty)]
	var rooms []map[string]any
	at := map[string]int{}
	for _, o := range offers {
		i, known := at[o.room.code]
		if !known {
			i = len(rooms)
			at[o.room.code] = i
			rooms = append(rooms, map[string]any{"id": rapidID(int64(prop.id.str(o.room.code).roll(1 << 30))), "room_name": rapidTitle(o.room.code), "rates": []any(nil)})
		}
		rooms[i]["rates"] = append(rooms[i]["rates"].([]any), p.rate(q, prop, o, now))
	}
	return rooms
}

func (p *rapid) together(q *rapidRequest, prop *property, now time.Time) []rapidOffer {
	var all []rapidOffer
	for i, who := range q.parties {
		kept := all[:0]
		for _, o := range p.ratesOf(prop, q.stay, who, now) {
			each := o.cents / int64(who.rooms)
			if i == 0 {
				kept = append(kept, rapidOffer{o, []int64{each}})
				continue
			}
			for _, sofar := range all {
				if sofar.id == o.id {
					kept = append(kept, rapidOffer{sofar.offered, append(sofar.cents, each)})
				}
			}
		}
		all = kept
	}
	return all
}

// plain is a room that benchmarks get of every property.
func (p *rapid) plain(q *rapidRequest, prop *property, now time.Time) []rapidOffer {
	o := rapidOffer{offered: offered{room: roomTypes[1], board: boardTypes[0], refundable: true, left: 9, id: p.dice.num(int64(prop.id)).str("plain")}}
	for _, who := range q.parties {
		o.party = who
		o.cents = append(o.cents, p.stayCents(prop, q.stay, o.offered, now)/int64(who.rooms))
	}
	return []rapidOffer{o}
}

func rapidTitle(code string) string {
	return map[string]string{
		"SGL.ST": "Standard Single Room", "DBT.ST": "Standard Double or Twin Room", "DBL.KG": "Double Room, 1 King Bed", "DBL.SU": "Superior Double Room",
		"TPL.ST": "Standard Triple Room", "FAM.ST": "Family Room", "JSU.ST": "Junior Suite", "SUI.DX": "Deluxe Suite",
	}[code]
}

// rapidBoards are the amenities by which the vendor says what meals a rate includes; a rate without meals has none.
var rapidBoards = map[string][2]string{
	"BB": {"2103", "Continental breakfast"}, "HB": {"2106", "Half board"}, "FB": {"2107", "Full board"}, "AI": {"2109", "All inclusive"},
}

func (p *rapid) rate(q *rapidRequest, prop *property, o rapidOffer, now time.Time) map[string]any {
	token := duffelID("", o.id.num(int64(q.in)).num(int64(q.out)).num(now.Unix()), 12)
	room, rate := rapidID(int64(prop.id.str(o.room.code).roll(1<<30))), rapidID(int64(o.id.str("rate").roll(1<<30)))
	bill, merchant := p.spec.Currency, "expedia"
	if o.id.str("merchant").chance(150) {
		merchant, bill = "property", cmp.Or(localCurrency[prop.town.country], "EUR")
	}
	amenities := map[string]any{"2192": map[string]any{"id": "2192", "name": "Free WiFi"}}
	if b, some := rapidBoards[o.board.code]; some {
		amenities[b[0]] = map[string]any{"id": b[0], "name": b[1]}
	}
	bed := rapidID(int64(37300 + o.id.str("bed").roll(40)))
	size, beds := "King", 1
	if o.room.adults > 2 {
		size, beds = "Queen", 2
	}
	href := fmt.Sprintf("/v3/properties/%d/rooms/%s/rates/%s?token=%s", p.codeOf(prop), room, rate, token)
	r := map[string]any{
		"id": rate, "status": "available", "available_rooms": o.left, "refundable": o.refundable, "current_refundability": "non_refundable",
		"member_deal_available": false, "merchant_of_record": merchant, "amenities": amenities,
		"sale_scenario": map[string]bool{"package": false, "member": false, "corporate": false, "distribution": false},
		"links":         map[string]any{"payment_options": map[string]string{"method": "GET", "href": fmt.Sprintf("/v3/properties/%d/payment-options?token=%s", p.codeOf(prop), token)}},
		"bed_groups": map[string]any{bed: map[string]any{
			"id": bed, "description": fmt.Sprintf("%d %s Bed", beds, size), "configuration": []any{map[string]any{"type": size + "Bed", "size": size, "quantity": beds}},
			"links": map[string]any{"price_check": map[string]string{"method": "GET", "href": href, "expires": now.UTC().Add(rapidTokenLife).Format("2006-01-02T15:04:05.000Z")}},
		}},
		"cancel_penalties": p.penalties(q, prop, o, bill, now),
	}
	if o.refundable {
		r["current_refundability"] = "refundable"
	}
	pricing := map[string]any{}
	for i, key := range q.occupancies {
		pricing[key] = p.pricing(q, prop, o, i, bill)
	}
	r["occupancy_pricing"] = pricing
	if o.id.str("deal").chance(120) {
		r["promotions"] = map[string]any{"deal": map[string]string{"id": "205", "description": "Book early and save 8%"}}
	}
	return r
}

// penalties are in the vendor's three kinds: an amount, nights, or a share.
func (p *rapid) penalties(q *rapidRequest, prop *property, o rapidOffer, bill travel.Currency, now time.Time) []map[string]string {
	const form = "2006-01-02T15:04:05.000-07:00"
	at := func(d travel.Date, hour, minute int) string {
		day := d.Time()
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, prop.town.zone).Format(form)
	}
	step := map[string]string{"currency": string(bill), "start": now.In(prop.town.zone).Format(form), "end": at(q.in, 18, 0)}
	if !o.refundable {
		step["percent"] = "100%"
		return []map[string]string{step}
	}
	step["start"] = at(q.in.AddDays(-o.id.str("days").between(1, 5)), 18, 0)
	switch kind := o.id.str("penalty").roll(3); kind {
	case 0:
		step["nights"] = "1"
	case 1:
		step["percent"] = "50%"
	default:
		step["amount"] = inCurrency(o.cents[0]/2, bill).Decimal()
	}
	return []map[string]string{step}
}

type rapidAmount struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

type rapidCharge struct {
	Billable rapidAmount `json:"billable_currency"`
	Request  rapidAmount `json:"request_currency"`
}

type rapidItem struct {
	Type     string `json:"type"`
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// pricing is what one room of an occupancy costs. Nights are in the billed currency and add
// up to inclusive; what the property collects comes on top, in property_inclusive.
func (p *rapid) pricing(q *rapidRequest, prop *property, o rapidOffer, i int, bill travel.Currency) map[string]any {
	asked := q.currency
	if _, known := rates[asked]; !known {
		asked = bill
	}
	pair := func(amount func(travel.Currency) int64) rapidCharge {
		in := func(c travel.Currency) rapidAmount {
			return rapidAmount{travel.Money{Minor: amount(c), Currency: c}.Decimal(), string(c)}
		}
		return rapidCharge{in(bill), in(asked)}
	}
	cents := o.cents[i]
	inclusive := func(c travel.Currency) int64 { return inCurrency(cents, c).Minor }
	tax := func(c travel.Currency) int64 { return inclusive(c) / 11 }
	exclusive := func(c travel.Currency) int64 { return inclusive(c) - tax(c) }
	n := int64(q.stay.nights())
	who := q.parties[i]
	city := func(c travel.Currency) int64 { return inCurrency(cityTaxCents(prop)*int64(who.adults)*n, c).Minor }
	resort := func(c travel.Currency) int64 {
		if !prop.id.str("resort fee").chance(80) {
			return 0
		}
		return inCurrency(1500*n, c).Minor
	}
	base, taxes := daily(travel.Money{Minor: exclusive(bill), Currency: bill}, int(n)), daily(travel.Money{Minor: tax(bill), Currency: bill}, int(n))
	nightly := make([][]rapidItem, n)
	for d := range nightly {
		nightly[d] = []rapidItem{{"base_rate", base[d].DailyNet, string(bill)}, {"tax_and_service_fee", taxes[d].DailyNet, string(bill)}}
	}
	all := map[string]any{"nightly": nightly, "totals": map[string]rapidCharge{
		"inclusive": pair(inclusive), "exclusive": pair(exclusive),
		"property_inclusive": pair(func(c travel.Currency) int64 { return inclusive(c) + city(c) + resort(c) }),
	}}
	fees := map[string]rapidCharge{}
	if city(bill) > 0 {
		fees["mandatory_tax"] = pair(city)
	}
	if resort(bill) > 0 {
		fees["resort_fee"] = pair(resort)
	}
	if len(fees) > 0 {
		all["fees"] = fees
		all["totals"].(map[string]rapidCharge)["property_fees"] = pair(func(c travel.Currency) int64 { return city(c) + resort(c) })
	}
	return all
}
