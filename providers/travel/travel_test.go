package travel

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	for _, test := range []struct {
		amount   string
		currency Currency
		want     int64
		err      error
	}{
		{"228.60", "USD", 22860, nil}, {"24.0", "EUR", 2400, nil}, {"72845", "RUB", 7284500, nil}, {"500", "JPY", 500, nil},
		{"500.00", "JPY", 500, nil}, {"12.5", "KWD", 12500, nil}, {"-3", "EUR", -300, nil}, {"0", "EUR", 0, nil}, {"-0", "EUR", 0, nil},
		{"187.585", "USD", 18759, nil}, {"187.584", "USD", 18758, nil}, {"0.005", "USD", 1, nil}, {"00012.30", "GBP", 1230, nil},
		{"", "EUR", 0, ErrAmount}, {"12,50", "EUR", 0, ErrAmount}, {"1e3", "EUR", 0, ErrAmount}, {"+5", "EUR", 0, ErrAmount}, {".5", "EUR", 0, ErrAmount},
		{"5.", "EUR", 0, ErrAmount}, {"1.2.3", "EUR", 0, ErrAmount}, {"NaN", "EUR", 0, ErrAmount}, {"-", "EUR", 0, ErrAmount}, {" 5", "EUR", 0, ErrAmount},
		{"99999999999999999999999", "EUR", 0, ErrAmountRange}, {"99999999999", "EUR", 0, ErrAmountRange},
		{"5", "eur", 0, ErrCurrencyUnknown}, {"5", "", 0, ErrCurrencyUnknown}, {"5", "XXX", 0, ErrCurrencyUnknown},
	} {
		got, err := ParseMoney(test.amount, test.currency)
		if got.Minor != test.want || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("ParseMoney(%q, %q) = %v, %v; want %d, %v", test.amount, test.currency, got, err, test.want, test.err)
		}
	}
}

func TestMoneyWritesWhatItReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Money{rapid.Int64Range(-maxMinor, maxMinor).Draw(t, "minor"), rapid.SampledFrom([]Currency{"GBP", "JPY", "KWD"}).Draw(t, "currency")}
		back, err := ParseMoney(m.Decimal(), m.Currency)
		if err != nil || back != m {
			t.Fatalf("%v reads back as %v, %v", m, back, err)
		}
		body, _ := json.Marshal(m)
		var again Money
		if err := json.Unmarshal(body, &again); err != nil || again != m {
			t.Fatalf("%s reads back as %v, %v", body, again, err)
		}
	})
	if body, _ := json.Marshal(Money{}); string(body) != "null" {
		t.Errorf("unstated money is %s, want null", body)
	}
}

func TestLocalTime(t *testing.T) {
	kathmandu := LocalTimeOf(time.Date(2027, 3, 1, 0, 30, 0, 0, time.FixedZone("", 5*3600+45*60)))
	if got, want := kathmandu.String(), "2027-03-01T00:30:00+05:45"; got != want {
		t.Errorf("String = %s, want %s", got, want)
	}
	if got := LocalTimeOf(time.Date(2027, 3, 1, 10, 5, 0, 0, time.UTC)).String(); got != "2027-03-01T10:05:00+00:00" {
		t.Errorf("UTC is %s, want a numeric offset", got)
	}
	if kathmandu.Date() != NewDate(2027, 3, 1) || kathmandu.MinuteOfDay() != 30 {
		t.Errorf("date %s, minute %d; want the wall's", kathmandu.Date(), kathmandu.MinuteOfDay())
	}
	west := LocalTimeOf(time.Date(1969, 12, 31, 23, 0, 0, 0, time.FixedZone("", -10*3600)))
	if west.Date().String() != "1969-12-31" || west.MinuteOfDay() != 23*60 {
		t.Errorf("before 1970: %s, minute %d", west.Date(), west.MinuteOfDay())
	}
	var back LocalTime
	if err := back.UnmarshalText([]byte("2027-03-01T00:30:00+05:45")); err != nil || back != kathmandu {
		t.Errorf("reads back as %v, %v", back, err)
	}
}

// Dates and times are written by hand; the standard library says whether rightly.
func TestTimesAreWrittenAsTheStandardLibraryWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.Int32Range(-1_000_000, 4_000_000).Draw(t, "day"))
		if got, want := d.String(), d.Time().Format(time.DateOnly); got != want {
			t.Fatalf("day %d is %s, want %s", d, got, want)
		}
		l := LocalTime{rapid.Int64Range(-1e10, 2e10).Draw(t, "unix"), int32(rapid.IntRange(-14*4, 14*4).Draw(t, "quarters") * 900)}
		if got, want := l.String(), l.Time().Format("2006-01-02T15:04:05-07:00"); got != want {
			t.Fatalf("%d is %s, want %s", l.Unix, got, want)
		}
	})
}

func TestNewFlight(t *testing.T) {
	for _, test := range [][3]string{{"BA", "0472", "BA472"}, {"W2", "W29896", "W29896"}, {"nk", " 0207 ", "NK207"}, {"KL", "0138A", "KL138A"}, {"9W", "0000", "9W"}, {"OS", "0", "OS"}, {"W2", "W2000", "W2"}, {"AC", "00A", "AC"}} {
		if got := NewFlight(test[0], test[1]).String(); got != test[2] {
			t.Errorf("NewFlight(%q, %q) = %s, want %s", test[0], test[1], got, test[2])
		}
	}
}

// world is an atlas of a few places.
type world struct{}

func (world) Airports(c Airport) []Airport {
	metros := map[Airport][]Airport{"LON": {"LHR", "LGW"}, "NYC": {"JFK", "EWR"}}
	if m := metros[c]; m != nil {
		return m
	}
	for _, m := range metros {
		if slices.Contains(m, c) {
			return []Airport{c}
		}
	}
	return nil
}
func (world) Zone(Airport) *time.Location { return time.UTC }
func (world) Centre(id string) (float64, float64, *time.Location, bool) {
	return 48.85661, 2.35222, time.UTC, id == "PAR"
}
func (world) Suggest(string, int) []string { return []string{"LHR (London Heathrow)"} }

var now = time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)

func asked() Query {
	q := Query{Product: Flights}
	q.Slices = []SliceQuery{{"LHR", "JFK", NewDate(2027, 3, 1)}}
	q.Passengers.Adults = 1
	return q
}

func askedStay() Query {
	q := Query{Product: Hotels}
	q.Destination.Place = "par"
	q.CheckIn, q.CheckOut = NewDate(2027, 3, 1), NewDate(2027, 3, 4)
	q.Rooms = []Occupancy{{Adults: 2}}
	return q
}

func TestNormaliseComplainsWithPathAndWhatIsRight(t *testing.T) {
	for _, test := range []struct {
		field  string
		says   string
		from   Query
		change func(*Query)
	}{
		{"slices[0].origin", "did you mean LHR", asked(), func(q *Query) { q.Slices[0].Origin = "LHX" }},
		{"slices[0].origin", "missing", asked(), func(q *Query) { q.Slices[0].Origin = "" }},
		{"slices[0].date", "is past", asked(), func(q *Query) { q.Slices[0].Date = NewDate(2026, 12, 31) }},
		{"slices[0].date", "too far", asked(), func(q *Query) { q.Slices[0].Date = NewDate(2028, 1, 2) }},
		{"slices[0].destination", "the same place", asked(), func(q *Query) { q.Slices[0].Destination = "LON" }},
		{"slices[1].date", "before the slice ahead", asked(), func(q *Query) {
			q.Slices = append(q.Slices, SliceQuery{"JFK", "LHR", NewDate(2027, 2, 28)})
		}},
		{"slices", "1 to 6", asked(), func(q *Query) { q.Slices = slices.Repeat(q.Slices, 7) }},
		{"slices", "1 to 6", asked(), func(q *Query) { q.Slices = nil }},
		{"passengers.adults", "at least 1", asked(), func(q *Query) { q.Passengers = Passengers{InfantsSeat: 1} }},
		{"passengers.adults", "0 adults", asked(), func(q *Query) { q.Passengers = Passengers{} }},
		{"passengers", "10 seats", asked(), func(q *Query) { q.Passengers.Adults = 10 }},
		{"passengers.infants_lap", "at most one an adult", asked(), func(q *Query) { q.Passengers.InfantsLap = 2 }},
		{"passengers.child_ages[0]", "2 to 17", asked(), func(q *Query) { q.Passengers.ChildAges = []int{1} }},
		{"passengers.child_ages[1]", "age 1", asked(), func(q *Query) { q.Passengers.ChildAges = []int{9, 1} }},
		{"cabin", "one of economy", asked(), func(q *Query) { q.Cabin = "cargo" }},
		{"market", "ISO 3166", asked(), func(q *Query) { q.Market = "XX" }},
		{"destination.place", "unknown place", askedStay(), func(q *Query) { q.Destination.Place = "ATLANTIS" }},
		{"destination.radius_km", "1 to 50", askedStay(), func(q *Query) { q.Destination = Destination{Lat: 1, Lon: 2, RadiusKM: 51} }},
		{"destination.lat", "-90 to 90", askedStay(), func(q *Query) { q.Destination = Destination{Lat: 91, Lon: 2, RadiusKM: 5} }},
		{"check_out", "31 nights", askedStay(), func(q *Query) { q.CheckOut = q.CheckIn + 31 }},
		{"check_out", "not after check_in", askedStay(), func(q *Query) { q.CheckOut = q.CheckIn }},
		{"rooms", "1 to 9", askedStay(), func(q *Query) { q.Rooms = slices.Repeat(q.Rooms, 10) }},
		{"rooms[0].adults", "1 to 9", askedStay(), func(q *Query) { q.Rooms = []Occupancy{{Adults: 10}} }},
		{"rooms[0].child_ages[0]", "0 to 17", askedStay(), func(q *Query) { q.Rooms = []Occupancy{{Adults: 1, ChildAges: []int{18}}} }},
	} {
		q := test.from
		q.Slices = slices.Clone(q.Slices)
		test.change(&q)
		_, err := q.Normalise(now, world{}, "GB")
		var got Invalid
		if !errors.As(err, &got) || got[0].Field != test.field || !strings.Contains(got[0].Message, test.says) {
			t.Errorf("complaint = %v, want %s: …%s…", err, test.field, test.says)
		}
	}
}

func TestEqualQuestionsAreEqual(t *testing.T) {
	id := func(q Query) string {
		t.Helper()
		n, err := q.Normalise(now, world{}, "GB")
		if err != nil {
			t.Fatal(err)
		}
		return n.ID()
	}
	plain := id(asked())
	other := asked()
	other.Slices[0].Origin, other.Market, other.Cabin, other.Passengers.ChildAges = " lhr ", "gb", "economy", []int{}
	if got := id(other); got != plain {
		t.Errorf("absent and default differ: %s and %s", got, plain)
	}
	one, two := asked(), asked()
	one.Passengers.ChildAges, two.Passengers.ChildAges = []int{9, 7}, []int{7, 9}
	if id(one) != id(two) || id(one) == plain {
		t.Error("ages are not a multiset")
	}
	a, b := askedStay(), askedStay()
	a.Rooms = []Occupancy{{Adults: 2}, {Adults: 1, ChildAges: []int{9, 7}}}
	b.Rooms = []Occupancy{{Adults: 1, ChildAges: []int{7, 9}}, {Adults: 2, ChildAges: []int{}}}
	if id(a) != id(b) {
		t.Error("rooms are not a multiset")
	}
	if len(plain) != 32 {
		t.Errorf("id %s has %d characters, want 32", plain, len(plain))
	}
}

func TestCheck(t *testing.T) {
	good := func() Offer {
		at := func(h int) LocalTime { return LocalTimeOf(time.Date(2027, 3, 1, h, 0, 0, 0, time.UTC)) }
		seg := func(number string, from, to Airport, departs, arrives int) Segment {
			return Segment{Marketing: Flight{"BA", number}, Origin: from, Destination: to, Departs: at(departs), Arrives: at(arrives)}
		}
		return Offer{
			Price: Price{Total: Money{100, "GBP"}},
			Itinerary: Itinerary{Slices: []Slice{{Segments: []Segment{seg("1", "LHR", "DUB", 8, 9), seg("2", "DUB", "JFK", 11, 18)}},
				{Segments: []Segment{seg("3", "JFK", "LHR", 40, 47)}}}},
		}
	}
	for _, test := range []struct {
		rule   string
		change func(*Offer)
	}{
		{"", func(*Offer) {}},
		{RuleZeroPrice, func(o *Offer) { o.Price.Total.Minor = 0 }},
		{RuleNegativePrice, func(o *Offer) { o.Price.Total.Minor = -1 }},
		{RuleNoPrice, func(o *Offer) { o.Price.Total = Money{} }},
		{RuleUnknownCurrency, func(o *Offer) { o.Price.Total.Currency = "XBT" }},
		{RuleNoItinerary, func(o *Offer) { o.Itinerary.Slices = nil }},
		{RuleNoItinerary, func(o *Offer) { o.Itinerary.Slices[1].Segments = nil }},
		{RuleBadCode, func(o *Offer) { o.Itinerary.Slices[0].Segments[0].Origin = "LH" }},
		{RuleBadCode, func(o *Offer) { o.Itinerary.Slices[0].Segments[0].Marketing.Carrier = "12" }},
		{RuleBadTime, func(o *Offer) { o.Itinerary.Slices[0].Segments[0].Departs = LocalTime{} }},
		{RuleArrivalFirst, func(o *Offer) { o.Itinerary.Slices[0].Segments[0].Arrives.Unix -= 3600 }},
		{RuleNegativeConnection, func(o *Offer) { o.Itinerary.Slices[0].Segments[1].Departs.Unix -= 3 * 3600 }},
		{RuleShortTurn, func(o *Offer) { o.Itinerary.Slices[1].Segments[0].Departs.Unix -= 21*3600 + 60 }},
		{RuleDuplicateSegment, func(o *Offer) { o.Itinerary.Slices[1].Segments = slices.Clone(o.Itinerary.Slices[0].Segments) }},
	} {
		o := good()
		test.change(&o)
		if got := o.Check(); got != test.rule {
			t.Errorf("Check = %q, want %q", got, test.rule)
		}
	}
}

// TestStateFees: fees are what a document states outside base and taxes, as far as these fall
// short of the total.
func TestStateFees(t *testing.T) {
	eur := func(minor int64) Money { return Money{minor, "EUR"} }
	for name, test := range map[string]struct {
		price  Price
		stated []Money
		want   Money
	}{
		"all of what is missing": {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, []Money{eur(10)}, eur(10)},
		"several":                {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, []Money{eur(4), {}, eur(6)}, eur(10)},
		"a part of it":           {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, []Money{eur(4)}, eur(4)},
		"inside base or taxes":   {Price{Total: eur(90), Base: eur(60), Taxes: eur(30)}, []Money{eur(10)}, Money{}},
		"more than is missing":   {Price{Total: eur(95), Base: eur(60), Taxes: eur(30)}, []Money{eur(10)}, Money{}},
		"none":                   {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, nil, Money{}},
		"zero":                   {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, []Money{eur(0)}, Money{}},
		"no taxes are stated":    {Price{Total: eur(100), Base: eur(60)}, []Money{eur(10)}, Money{}},
		"no base is stated":      {Price{Total: eur(100), Taxes: eur(30)}, []Money{eur(10)}, Money{}},
		"a base in another":      {Price{Total: eur(100), Base: Money{60, "USD"}, Taxes: eur(30)}, []Money{eur(10)}, Money{}},
		"in another currency":    {Price{Total: eur(100), Base: eur(60), Taxes: eur(30)}, []Money{{10, "USD"}}, Money{}},
		"what was stated before": {Price{Total: eur(90), Base: eur(60), Taxes: eur(30), Fees: eur(10)}, nil, Money{}},
	} {
		test.price.StateFees(test.stated...)
		if test.price.Fees != test.want {
			t.Errorf("%s: fees %v, want %v", name, test.price.Fees, test.want)
		}
	}
}

func TestMoneySum(t *testing.T) {
	none, eur := Money{}, func(minor int64) Money { return Money{Minor: minor, Currency: "EUR"} }
	for name, c := range map[string]struct{ a, b, want Money }{
		"stated":          {eur(100), eur(23), eur(123)},
		"with zero":       {eur(0), eur(23), eur(23)},
		"negative":        {eur(100), eur(-123), eur(-23)},
		"first unknown":   {none, eur(23), none},
		"second unknown":  {eur(100), none, none},
		"both unknown":    {none, none, none},
		"amount alone":    {Money{Minor: 1}, Money{Minor: 2}, none},
		"currencies":      {eur(100), Money{Minor: 23, Currency: "GBP"}, none},
		"largest":         {eur(1 << 61), eur(1 << 61), eur(1 << 62)},
		"beyond it":       {eur(1 << 61), eur(1<<61 + 1), none},
		"beyond the type": {eur(1 << 62), eur(1 << 62), none},
		"below":           {eur(-1 << 62), eur(-1), none},
	} {
		if got := c.a.Plus(c.b); got != c.want {
			t.Errorf("%s: %v.Plus(%v) = %v, want %v", name, c.a, c.b, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		m    Money
		n    int
		want Money
	}{
		"once":       {eur(100), 1, eur(100)},
		"thrice":     {eur(-100), 3, eur(-300)},
		"never":      {eur(100), 0, eur(0)},
		"unknown":    {none, 3, none},
		"largest":    {eur(1 << 52), 1024, eur(1 << 62)},
		"too much":   {eur(1<<52 + 1), 1, none},
		"too little": {eur(-1<<52 - 1), 1, none},
		"too often":  {eur(1), 1025, none},
		"negative":   {eur(1), -1, none},
	} {
		if got := c.m.Times(c.n); got != c.want {
			t.Errorf("%s: %v.Times(%d) = %v, want %v", name, c.m, c.n, got, c.want)
		}
	}
}
