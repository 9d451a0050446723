package opentravel

import (
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/document"
	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

var (
	boxNames  = NewNames("ID", "TPA_Item", "PTC_FareBox", "Note")
	itemNames = NewNames("RPH", Text)
)

// written is what Fields makes of a box.
func written(f Fields, d *Document) string {
	var b strings.Builder
	for f.Next() {
		switch f.Key() {
		case 1:
			b.WriteString("(")
			for i := d.Fields(itemNames); i.Next(); {
				fmt.Fprintf(&b, "%d=%s;", i.Key(), d.View())
			}
			b.WriteString(")")
		default:
			fmt.Fprintf(&b, "%d=%s;", f.Key(), d.View())
		}
	}
	return b.String()
}

// TestNotations: what is the same in XML and both spellings of JSON reads the same.
func TestNotations(t *testing.T) {
	const want = "0=7;(0=1;1=a;)(0=2;1=b;)2=true;3=say;"
	x := document.NewXML([]byte(`<x:Box xmlns:x="urn:x" ID="7" Other="1"><x:TPA_Item RPH="1">a</x:TPA_Item><x:TPA_Item RPH="2"> b </x:TPA_Item><More>1</More><PTC_FareBox>true</PTC_FareBox><Note>say</Note></x:Box>`))
	defer x.Close()
	d := NewXML(x)
	for w := x.Within(document.NewKeys("Box")); w.Next(); {
		if got := written(d.Fields(boxNames), d); got != want {
			t.Errorf("XML reads %s, want %s", got, want)
		}
	}
	if err := x.End(); err != nil {
		t.Error(err)
	}
	for _, doc := range []string{
		`{"ID":7,"TPA_Item":[{"RPH":"1","content":"a"},{"content":"b","RPH":2}],"More":[1],"PTC_FareBox":true,"Note":"say"}`,
		`{"id":"7","tpaItem":[{"rph":1,"value":"a"},{"rph":"2","value":"b"}],"ptcfareBox":true,"note":{"value":"say"}}`,
		`{"id":"7","tpaItem":[{"rph":1,"value":"a"},{"rph":"2","value":"b"}],"ptcFareBox":[true],"note":["say"]}`,
	} {
		r := document.NewJSON([]byte(doc))
		d := NewJSON(r, strings.HasPrefix(doc, `{"id"`))
		if strings.Contains(doc, "ptcFare") {
			d.spelling = camelPTC
		}
		got := strings.NewReplacer("1=a;0=1;", "0=1;1=a;", "1=b;0=2;", "0=2;1=b;").Replace(written(d.Fields(boxNames), d))
		if err := r.End(); err != nil || got != want {
			t.Errorf("%s reads %s, %v, want %s", doc, got, err, want)
		}
		r.Close()
	}
}

func TestEmptyElements(t *testing.T) {
	x := document.NewXML([]byte(`<Box ID=""><TPA_Item/><TPA_Item RPH="3"/><Note/></Box>`))
	defer x.Close()
	d := NewXML(x)
	for w := x.Within(document.NewKeys("Box")); w.Next(); {
		if got := written(d.Fields(boxNames), d); got != "0=;(1=;)(0=3;1=;)3=;" {
			t.Errorf("reads %s", got)
		}
	}
	if err := x.End(); err != nil {
		t.Error(err)
	}
}

func TestMessage(t *testing.T) {
	wrapper, find := NewWrapper("Answer_RS"), NewNames("Note")
	for doc, want := range map[string]string{
		`{"Answer_RS":{"Note":"a"}}`:                  "3=a;",
		"\ufeff { \"Answer_RS\" :[{\"Note\":\"a\"}]}": "3=a;",
		`{"ID":3,"Note":"a"}`:                         "0=3;3=a;",
		`{"ID":1,"x":{"Answer_RS":{"Note":"a"}}}`:     "3=a;",
		`{"ID":1}`: "0=1;",
	} {
		r := document.NewJSON([]byte(doc))
		d := NewJSON(r, false)
		got := ""
		d.Message([]byte(doc), wrapper, boxNames, func() *Names { return find }, func(f Fields) { got += written(f, d) })
		if err := r.End(); err != nil || got != want {
			t.Errorf("%s reads %s, %v, want %s", doc, got, err, want)
		}
		r.Close()
	}
}

// TestBareLists: writers of JSON leave out what only wraps a list; a wrapper with nothing in
// it that is known is no element.
func TestBareLists(t *testing.T) {
	for document, want := range map[string]string{
		`{"PricedItineraries":[{"SequenceNumber":4,"AirItinerary":{"OriginDestinationOptions":[{"FlightSegment":[{"DepartureDateTime":"2027-03-01T10:00:00","ArrivalDateTime":"2027-03-01T13:00:00","FlightNumber":1,"DepartureAirport":{"LocationCode":"LHR"},"ArrivalAirport":{"LocationCode":"MAD"},"MarketingAirline":{"Code":"GN"}}]}]},
			"AirItineraryPricingInfo":{"PTC_FareBreakdowns":[{"PassengerTypeQuantity":{"Code":"ADT","Quantity":2},"PassengerFare":{"TotalFare":{"Amount":85.5,"CurrencyCode":"GBP"}}}],"FareInfos":[{"TPA_Extensions":{"Cabin":{"Cabin":"C"}}}]}}]}`: "in 1 kept 1",
		`{"PricedItineraries":{"Other":1},"Success":{}}`: "in 0 kept 0",
	} {
		a, err := LowFare([]byte(document), LowFareOptions{CamelCase: true})
		if got := providertest.Written(&a); err != nil || !strings.HasPrefix(got, want) || a.OffersIn == 1 && !(strings.Contains(got, "GBP 171.00") && strings.Contains(got, "business")) {
			t.Errorf("%s: %v\n%swant %s", document, err, got, want)
		}
	}
}

// TestMinorUnits: whether integers are minor units is told by the whole document.
func TestMinorUnits(t *testing.T) {
	const one = `<PricedItinerary><AirItinerary><OriginDestinationOptions><OriginDestinationOption><FlightSegment DepartureDateTime="2027-03-01T10:00:00" ArrivalDateTime="2027-03-01T13:00:00" FlightNumber="1"><DepartureAirport LocationCode="LHR"/><ArrivalAirport LocationCode="MAD"/><MarketingAirline Code="GN"/></FlightSegment></OriginDestinationOption></OriginDestinationOptions></AirItinerary><AirItineraryPricingInfo><ItinTotalFare><TotalFare %s/></ItinTotalFare></AirItineraryPricingInfo></PricedItinerary>`
	for _, c := range []struct {
		fares   []string
		decimal bool
		want    string
	}{
		{[]string{`Amount="8550" CurrencyCode="GBP" DecimalPlaces="2"`}, false, "GBP 85.50"},
		{[]string{`Amount="8550" CurrencyCode="GBP" DecimalPlaces="2"`}, true, "GBP 8550.00"},
		{[]string{`Amount="8550" CurrencyCode="GBP" DecimalPlaces="2"`, `Amount="12.5" CurrencyCode="EUR" DecimalPlaces="2"`}, false, "GBP 8550.00"},
		{[]string{`Amount="8550" CurrencyCode="JPY" DecimalPlaces="0"`}, false, "JPY 8550"},
		{[]string{`Amount="8550" CurrencyCode="GBP"`}, false, "GBP 8550.00"},
		{[]string{`CurrencyCode="KWD" DecimalPlaces="3" Amount = '8550'`}, false, "KWD 8.550"},
	} {
		doc := `<OTA_AirLowFareSearchRS><PricedItineraries>`
		for _, f := range c.fares {
			doc += fmt.Sprintf(one, f)
		}
		a, err := LowFare([]byte(doc+`</PricedItineraries></OTA_AirLowFareSearchRS>`), LowFareOptions{Decimal: c.decimal})
		if err != nil || len(a.Offers) != len(c.fares) || a.Offers[0].Price.Total.String() != c.want {
			t.Errorf("%v: %v, %v, want %s", c.fares, a.Offers, err, c.want)
		}
	}
}

// TestCurrencyOfAnItinerary: it counts where nothing nearer to an amount states one, and for
// that itinerary alone.
func TestCurrencyOfAnItinerary(t *testing.T) {
	const one = `<PricedItinerary %s><AirItinerary><OriginDestinationOptions><OriginDestinationOption><FlightSegment DepartureDateTime="2027-03-01T10:00:00" ArrivalDateTime="2027-03-01T13:00:00" FlightNumber="1"><DepartureAirport LocationCode="LHR"/><ArrivalAirport LocationCode="MAD"/><MarketingAirline Code="GN"/></FlightSegment></OriginDestinationOption></OriginDestinationOptions></AirItinerary><AirItineraryPricingInfo><ItinTotalFare>%s</ItinTotalFare></AirItineraryPricingInfo></PricedItinerary>`
	for _, c := range []struct{ attribute, fare, want string }{
		{`Currency="EUR"`, `<BaseFare Amount="80.00"/><Taxes><Tax Amount="15.00"/><Tax Amount="5.00"/></Taxes><TotalFare Amount="100.00"/>`, "EUR 100.00 EUR 80.00 EUR 20.00"},
		{`Currency="EUR"`, `<BaseFare Amount="80.00" CurrencyCode="GBP"/><TotalFare Amount="100.00"/>`, "GBP 100.00 GBP 80.00 unknown"},
		{`Currency="EUR"`, `<TotalFare Amount="100.00" CurrencyCode="GBP"/>`, "GBP 100.00 unknown unknown"},
		{`Currency="EUR"`, `<BaseFare Amount="80.00"/><Taxes Amount="20.00"/>`, "EUR 100.00 EUR 80.00 EUR 20.00"},
		{``, `<TotalFare Amount="100.00"/>`, ""},
		{`Currency="QQQ"`, `<TotalFare Amount="100.00"/>`, ""},
	} {
		a, err := LowFare([]byte(`<OTA_AirLowFareSearchRS><PricedItineraries>`+fmt.Sprintf(one, c.attribute, c.fare)+fmt.Sprintf(one, "", `<TotalFare Amount="9.00"/>`)+`</PricedItineraries></OTA_AirLowFareSearchRS>`), LowFareOptions{})
		got := ""
		if len(a.Offers) == 1 {
			p := &a.Offers[0].Price
			got = fmt.Sprintf("%v %v %v", p.Total, p.Base, p.Taxes)
		}
		if err != nil || got != c.want || a.Drops[travel.RuleUnknownCurrency] != 2-len(a.Offers) {
			t.Errorf("%s %s: %s, drops %v, %v, want %s", c.attribute, c.fare, got, a.Drops, err, c.want)
		}
	}
}

// TestFares: a fare without a total is what its parts add up to, and what is said of no
// passenger type in particular holds for all.
func TestFares(t *testing.T) {
	const (
		base  = `<BaseFare Amount="300.00" CurrencyCode="GBP"/>`
		fees  = `<Fees><Fee Amount="15.00" CurrencyCode="GBP"/><Fee Amount="5.00" CurrencyCode="GBP"/></Fees>`
		taxes = `<Taxes><Tax Amount="80.00" CurrencyCode="GBP"/></Taxes>`
		rules = `<FareInfos><FareInfo><RuleInfo><ChargesRules><VoluntaryRefunds VolChangeInd="true"><Penalty Percent="50"/></VoluntaryRefunds></ChargesRules></RuleInfo></FareInfo></FareInfos>`
		each  = `<PTC_FareBreakdowns><PTC_FareBreakdown><PassengerTypeQuantity Code="ADT" Quantity="2"/><PassengerFare>%s</PassengerFare></PTC_FareBreakdown></PTC_FareBreakdowns>`
	)
	for fare, want := range map[string]string{
		`<ItinTotalFare>` + base + taxes + fees + `</ItinTotalFare>`:                                                                                  "GBP 400.00 (base GBP 300.00, taxes GBP 80.00, fees GBP 20.00)",
		`<ItinTotalFare>` + base + `<Taxes Amount="80.00"/></ItinTotalFare>`:                                                                          "GBP 380.00 (base GBP 300.00, taxes GBP 80.00)",
		`<ItinTotalFare>` + base + taxes + `<Fees Amount="7.00" CurrencyCode="GBP"/></ItinTotalFare>`:                                                 "GBP 387.00 (base GBP 300.00, taxes GBP 80.00, fees GBP 7.00)",
		`<ItinTotalFare>` + base + `</ItinTotalFare>`:                                                                                                 "no_price",
		`<ItinTotalFare>` + base + taxes + `<Fees><Fee Amount="9.00" CurrencyCode="EUR"/></Fees></ItinTotalFare>`:                                     "no_price",
		`<ItinTotalFare>` + base + taxes + `</ItinTotalFare>` + fmt.Sprintf(each, `<TotalFare Amount="195.00" CurrencyCode="GBP"/>`):                  "GBP 390.00 (base unknown, taxes unknown)",
		fmt.Sprintf(each, `<TotalFare Amount="195.00" CurrencyCode="GBP"/><FareBaggageAllowance UnitOfMeasureQuantity="50" UnitOfMeasure="Pounds"/>`): " bags ?+1",
		`<ItinTotalFare><TotalFare Amount="400.00"/>` + base + `</ItinTotalFare>`:                                                                     "GBP 400.00 (base GBP 300.00",
		`<ItinTotalFare><TotalFare Amount="400.00"/></ItinTotalFare>`:                                                                                 "unknown_currency",
		fmt.Sprintf(each, base+taxes+fees):                                                                                                            "GBP 800.00 (base GBP 600.00, taxes GBP 160.00, fees GBP 40.00)",
		`<ItinTotalFare><TotalFare Amount="400.00" CurrencyCode="GBP"/></ItinTotalFare>` + rules:                                                      " refund yes unknown",
	} {
		a, err := LowFare([]byte(`<OTA_AirLowFareSearchRS><PricedItineraries><PricedItinerary><AirItinerary><OriginDestinationOptions><OriginDestinationOption><FlightSegment DepartureDateTime="2027-03-01T10:00:00" ArrivalDateTime="2027-03-01T13:00:00" FlightNumber="1"><DepartureAirport LocationCode="LHR"/><ArrivalAirport LocationCode="MAD"/><MarketingAirline Code="GN"/></FlightSegment></OriginDestinationOption></OriginDestinationOptions></AirItinerary><AirItineraryPricingInfo>`+
			fare+`</AirItineraryPricingInfo></PricedItinerary></PricedItineraries></OTA_AirLowFareSearchRS>`), LowFareOptions{})
		if got := providertest.Written(&a); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%swant %s", fare, err, got, want)
		}
	}
}

// TestOffsets: the offsets that a document states count where our table knows no zone, or
// where only with them the stated duration is right.
func TestOffsets(t *testing.T) {
	segment := func(from, to, out, in string, minutes int) Segment {
		s := Segment{Out: Wall("2027-03-01T10:00:00"), In: Wall("2027-03-01T13:00:00"), OutHours: out, InHours: in, Minutes: minutes}
		s.Origin, s.Destination = travel.Airport(from), travel.Airport(to)
		return s
	}
	without := func(s Segment) Segment { s.In = document.Wall{}; return s } // its arrival follows from its duration
	for _, c := range []struct {
		segment Segment
		want    string
		unlike  bool
	}{
		{segment("LHR", "MAD", "0", "1.0", 120), "+00:00 +01:00", false},
		{segment("LHR", "QZX", "", "5.5", 0), "+00:00 +05:30", false},
		{segment("QZX", "MAD", "-03:30", "", 0), "-03:30 +01:00", false},
		{segment("LHR", "MAD", "1", "3", 60), "+01:00 +03:00", true},
		{segment("LHR", "MAD", "1", "3", 120), "+00:00 +01:00", true},
		{segment("LHR", "MAD", "99", "x", 120), "+00:00 +01:00", false},
		{without(segment("LHR", "MAD", "", "", 120)), "+00:00 +01:00", false},
	} {
		g := NewGatherer(nil)
		g.times(&c.segment)
		got := c.segment.Departs.String()[19:] + " " + c.segment.Arrives.String()[19:]
		if got != c.want || g.unlike != c.unlike {
			t.Errorf("%s %s, %s %s, %d min: %s, %v, want %s, %v", c.segment.Origin, c.segment.OutHours, c.segment.Destination, c.segment.InHours, c.segment.Minutes, got, g.unlike, c.want, c.unlike)
		}
	}
}

func TestSmallThings(t *testing.T) {
	for text, want := range map[string]int{"225": 225, "225.0": 225, "PT2H26M": 146, "-5": 0, "": 0, "2h": 0, "99999999999": 0} {
		if got := Minutes(text); got != want {
			t.Errorf("Minutes(%q) = %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]travel.Cabin{"Y": "economy", "S": "premium_economy", "PREMIUM_ECONOMY": "premium_economy", "Premium": "premium_economy", "C": "business", "First Class": "first", "B": "", "": "",
		strings.Repeat("x", 99): ""} {
		if got := CabinOf(text); got != want {
			t.Errorf("CabinOf(%q) = %q, want %q", text, got, want)
		}
	}
	got := fmt.Sprint(Passengers(travel.Passengers{Adults: 1, ChildAges: []int{3, 4}, InfantsLap: 1, InfantsSeat: 2}, "CHD"))
	if got != "[{ADT 1} {CHD 2} {INF 1} {INS 2}]" {
		t.Errorf("Passengers() = %s", got)
	}
}

// TestTooManySegments: an itinerary is bounded, whatever a document holds.
func TestTooManySegments(t *testing.T) {
	const segment = `<FlightSegment FlightNumber="1"><MarketingAirline Code="GN"/></FlightSegment>`
	doc := `<OTA_AirLowFareSearchRS><PricedItineraries><PricedItinerary><AirItinerary><OriginDestinationOptions><OriginDestinationOption>` + strings.Repeat(segment, 1000) +
		`</OriginDestinationOption></OriginDestinationOptions></AirItinerary><AirItineraryPricingInfo/></PricedItinerary></PricedItineraries></OTA_AirLowFareSearchRS>`
	a, err := LowFare([]byte(doc), LowFareOptions{})
	if err != nil || a.OffersIn != 1 || a.Drops[travel.RuleNoItinerary] != 1 {
		t.Errorf("%d in, drops %v, %v", a.OffersIn, a.Drops, err)
	}
}
