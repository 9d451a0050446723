package mapped

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// maxComplaints bounds what is said about one document.
const maxComplaints = 50

// shaper makes offers and rates of mapped values, and notes what is wrong with them. A
// complaint about the same place of another offer is not repeated.
type shaper struct {
	exponent   int
	atlas      *places.Atlas
	complaints Complaints
	said       map[string]bool
	stays      map[string]int // positions in the answer, by the property's id
	looked     map[string]int // objects, by where they stand
}

func (s *shaper) complain(at, format string, args ...any) {
	if s.said[at] || len(s.complaints) >= maxComplaints {
		return
	}
	if s.said == nil {
		s.said = map[string]bool{}
	}
	s.said[at] = true
	s.complaints.add("response.map."+at, format, args...)
}

// object is a mapped object and where it stands.
type object struct {
	s    *shaper
	at   string
	m    map[string]any
	read map[string]bool // the keys that the shape has; nil where nobody looks for others
}

// looksForOthers is in how many objects of one place keys are looked for that the shape does
// not have: a mapping writes the same ones into all.
const looksForOthers = 20

func (s *shaper) at(at string, m map[string]any) object {
	o := object{s: s, at: at, m: m}
	if s.looked[at] < looksForOthers {
		if s.looked == nil {
			s.looked = map[string]int{}
		}
		s.looked[at]++
		o.read = map[string]bool{}
	}
	return o
}

func (s *shaper) object(at string, v any) object {
	m, ok := v.(map[string]any)
	if !ok && v != nil {
		s.complain(at, "found %s; must be an object", typeOf(v))
	}
	return s.at(at, m)
}

func (o object) join(key string) string {
	if o.at == "" {
		return key
	}
	return o.at + "." + key
}

func (o object) get(key string) any {
	if o.read != nil {
		o.read[key] = true
	}
	return o.m[key]
}

// done complains about keys that the shape does not have: they are mistyped, most likely.
func (o object) done() {
	if o.read == nil {
		return
	}
	for key := range o.m {
		if !o.read[key] {
			o.s.complain(o.join(key), "is no key of this shape")
		}
	}
}

// text is a text, number or boolean as a text, cleaned; "" if it is not stated.
func (o object) text(key string) string {
	v := o.get(key)
	if v == nil {
		return ""
	}
	text, ok := scalarText(v)
	if !ok {
		o.s.complain(o.join(key), "found %s; must be a text", typeOf(v))
	}
	return document.Clean(text, document.MaxName)
}

// in is a text that must be one of some, "" if it is not stated or another one.
func (o object) in(key string, allowed ...string) string {
	text := o.text(key)
	for _, a := range allowed {
		if text == a {
			return text
		}
	}
	if text != "" {
		o.s.complain(o.join(key), "found %q; must be one of %s, or left out", clip(text, 40), strings.Join(allowed, ", "))
	}
	return ""
}

// count is a whole number that is not negative; -1 if it is not stated.
func (o object) count(key string) int {
	text := o.text(key)
	if text == "" {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		o.s.complain(o.join(key), "found %q; must be a whole number such as 2", clip(text, 40))
		return -1
	}
	return n
}

// degrees is a number such as a latitude or stars; ok is false if it is not stated.
func (o object) number(key string) (n float64, ok bool) {
	text := o.text(key)
	if text == "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n != n {
		o.s.complain(o.join(key), "found %q; must be a number such as 51.47", clip(text, 40))
		return 0, false
	}
	return n, true
}

func (o object) answered(key string) travel.Answered {
	switch text := o.in(key, "true", "false"); text {
	case "true":
		return travel.Yes
	case "false":
		return travel.No
	}
	return travel.Unknown
}

// instant is a point in time, such as an expiry; one without an offset is UTC.
func (o object) instant(key string) time.Time {
	text := o.text(key)
	if text == "" {
		return time.Time{}
	}
	t := document.ParseInstant(text)
	if t.IsZero() {
		o.s.complain(o.join(key), "found %q; must be an instant such as 2027-03-01T10:05:00Z", clip(text, 40))
	}
	return t
}

// list is the members of a list; a single value is a list of one.
func (o object) list(key string) []any {
	switch v := o.get(key).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// money is an amount with its currency, as {amount, currency} or as a text in the currency that
// stands beside it.
func (o object) money(key, currency string) travel.Money {
	v := o.get(key)
	if v == nil {
		return travel.Money{}
	}
	if m, is := v.(map[string]any); is {
		inner := o.s.at(o.join(key), m)
		defer inner.done()
		if own := inner.text("currency"); own != "" {
			currency = own
		}
		return inner.amount("amount", currency)
	}
	return o.amount(key, currency)
}

func (o object) amount(key, currency string) travel.Money {
	text := o.text(key)
	if text == "" {
		return travel.Money{}
	}
	var m travel.Money
	var rule string
	want := "a decimal such as 123.45"
	if o.s.exponent >= 0 {
		want = "a whole number of minor units such as 12345"
		if strings.ContainsAny(text, ".,eE") {
			rule = travel.RuleNoPrice
		} else {
			m, rule = scaled(text, o.s.exponent, currency)
		}
	} else {
		m, rule = document.Money(text, currency)
	}
	switch rule {
	case travel.RuleUnknownCurrency:
		o.s.complain(o.join("currency"), "found %q; must be a currency of ISO 4217 such as EUR", clip(currency, 40))
	case travel.RuleNoPrice:
		o.s.complain(o.join(key), "found %q; must be %s", clip(text, 40), want)
	}
	return m
}

// scaled is an amount in minor units of the exponent, which need not be the currency's own.
func scaled(text string, exponent int, currency string) (travel.Money, string) {
	if exponent == 0 {
		return document.Money(text, currency)
	}
	return document.Scaled(text, exponent, currency)
}

// price reads a price; the total is not stated if it cannot be read.
func (o object) price(key string) (p travel.Price, payAtProperty travel.Money) {
	in := o.s.object(o.join(key), o.get(key))
	currency := in.text("currency")
	p = travel.Price{Total: in.money("total", currency), Base: in.money("base", currency), Taxes: in.money("taxes", currency), Kind: travel.Live}
	p.StateFees(in.money("fees", currency))
	payAtProperty = in.money("pay_at_property", currency)
	if in.m["total"] == nil {
		o.s.complain(o.join(key)+".total", "missing: no offer can be shown without a price")
	}
	in.done()
	return p, payAtProperty
}

// offer makes an offer of a mapped value. The rule says why it is dropped.
func (s *shaper) offer(v any) (o travel.Offer, rule string) {
	in := s.object("", v)
	defer in.done()
	o.PartnerRef = in.text("offer_id")
	o.Price, _ = in.price("price")
	in.get("deep_link") // for the hand-over
	o.SeatsLeft, o.ExpiresAt = max(in.count("seats_left"), 0), in.instant("expires_at")
	in.get("self_transfer")
	segments := 0
	for i, v := range in.list("slices") {
		slice := s.object("slices", v)
		var out travel.Slice
		for _, v := range slice.list("segments") {
			segment, bad := s.segment(v)
			if bad != "" && rule == "" {
				rule = bad
			}
			out.Segments = append(out.Segments, segment)
		}
		segments += len(out.Segments)
		slice.ignore("origin", "destination", "departs", "arrives", "duration_minutes", "stops")
		slice.done()
		if i < maxSlices {
			o.Itinerary.Slices = append(o.Itinerary.Slices, out)
		}
	}
	o.Fare = s.fare(in.get("fare"), segments)
	if rule == "" {
		rule = o.Check()
	}
	if rule == travel.RuleNoItinerary {
		s.complain("slices", "missing, or one has no segments")
	}
	return o, rule
}

// maxSlices is what a question has at most.
const maxSlices = 6

// ignore are keys of the shape that say nothing new.
func (o object) ignore(keys ...string) {
	for _, key := range keys {
		o.get(key)
	}
}

func (s *shaper) segment(v any) (g travel.Segment, rule string) {
	in := s.object("slices.segments", v)
	defer in.done()
	g.Marketing, g.Operating = in.flight("marketing"), in.flight("operating")
	g.Origin, g.Destination = travel.Airport(in.text("origin")), travel.Airport(in.text("destination"))
	g.Aircraft, g.DepartureTerminal, g.ArrivalTerminal = in.text("aircraft"), in.text("departure_terminal"), in.text("arrival_terminal")
	in.ignore("sold_as", "duration_minutes", "layover_minutes", "terminal")
	if in.m["marketing"] == nil {
		s.complain("slices.segments.marketing", `missing; must be {"carrier": "BA", "number": "177"}`)
	}
	var bad string
	g.Departs, rule = in.wall("departs", g.Origin)
	if g.Arrives, bad = in.wall("arrives", g.Destination); rule == "" {
		rule = bad
	}
	return g, rule
}

func (o object) flight(key string) travel.Flight {
	v := o.get(key)
	if v == nil {
		return travel.Flight{}
	}
	in := o.s.object(o.join(key), v)
	defer in.done()
	in.ignore("name")
	return travel.NewFlight(in.text("carrier"), in.text("number"))
}

// wall is a local time at an airport. An offset that is stated must be the airport's own.
func (o object) wall(key string, airport travel.Airport) (travel.LocalTime, string) {
	text := o.text(key)
	w, ok := document.ParseWall(text)
	if !ok {
		o.s.complain(o.join(key), "found %q; must be the local time such as 2027-03-01T10:05", clip(text, 40))
		return travel.LocalTime{}, travel.RuleBadTime
	}
	local, known := o.s.atlas.Local(airport, w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second)
	if w.Zone == document.NoZone || !known {
		t, rule := w.At(airport, o.s.atlas, "")
		if rule == travel.RuleUnknownZone {
			o.s.complain(o.join(key), "nobody knows the time zone of %q: state the offset, such as 2027-03-01T10:05+01:00", clip(string(airport), 8))
		}
		return t, rule
	}
	stated, rule := w.At(airport, o.s.atlas, "")
	if rule == "" && stated.Unix != local.Unix {
		o.s.complain(o.join(key), "found %q; the offset is not that of %s on that day, which is %s: state the local time", clip(text, 40), airport, local)
		return travel.LocalTime{}, travel.RuleBadTime
	}
	return local, rule
}

// cabins are the travel classes in our own words.
var cabins = func() (names []string) {
	for _, c := range travel.Cabins {
		names = append(names, string(c))
	}
	return names
}()

func (s *shaper) fare(v any, segments int) (f travel.Fare) {
	in := s.object("fare", v)
	defer in.done()
	f.Brand = in.text("brand")
	f.Refundable, f.Changeable = in.answered("refundable"), in.answered("changeable")
	currency := in.text("currency")
	f.RefundFee, f.ChangeFee = in.money("refund_fee", currency), in.money("change_fee", currency)
	f.CabinBagPrice, f.CheckedBagPrice = in.money("cabin_bag_price", currency), in.money("checked_bag_price", currency)
	f.CabinBags, f.CheckedBags = travel.PiecesOf(in.count("cabin_bags")), travel.PiecesOf(in.count("checked_bags"))
	f.Seat = seatChoice(in.in("seat_selection", "included", "at_a_price", "not_included", "not_offered"))
	f.Basis = in.perSegment("basis", segments, nil)
	for _, c := range in.perSegment("cabin", segments, cabins) {
		f.Cabin = append(f.Cabin, travel.Cabin(c))
	}
	return f
}

func seatChoice(word string) travel.SeatChoice {
	for c := travel.SeatUnknown; c <= travel.SeatIncluded; c++ {
		if c.String() == word {
			return c
		}
	}
	return travel.SeatUnknown
}

// perSegment is a text for each segment; a single one is that of all.
func (o object) perSegment(key string, segments int, allowed []string) (all []string) {
	values := o.list(key)
	if len(values) == 1 && segments > 1 {
		for range segments - 1 {
			values = append(values, values[0])
		}
	}
	if len(values) == 0 {
		return nil
	}
	if len(values) != segments {
		o.s.complain(o.join(key), "%d for %d segments; must be one for each, or one for all", len(values), segments)
		return nil
	}
	for _, v := range values {
		one := object{o.s, o.at, map[string]any{key: v}, o.read}
		if allowed != nil {
			all = append(all, one.in(key, allowed...))
		} else {
			all = append(all, one.text(key))
		}
	}
	return all
}
