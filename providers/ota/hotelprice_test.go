package ota

import (
	"strings"
	"testing"

	"fanfare/providers/providertest"
	"fanfare/providers/travel"
)

// oneStay is a document with a stay of three nights near Gothenburg: its RoomRates, and what
// else stands in the RoomStay.
func oneStay(rates, more string) []byte {
	return []byte(`<OTA_HotelAvailRS><Success/><RoomStays><RoomStay><RoomRates>` + rates + `</RoomRates><TimeSpan Start="2027-03-01" End="2027-03-04"/>` +
		`<BasicPropertyInfo HotelCode="H"><Position Latitude="57.7" Longitude="11.97"/></BasicPropertyInfo>` + more + `</RoomStay></RoomStays></OTA_HotelAvailRS>`)
}

// rated is a RoomRate with its Rates.
func rated(rates string) string { return `<RoomRate><Rates>` + rates + `</Rates></RoomRate>` }

// TestHotelPrices: what a stay costs by each way of writing it.
func TestHotelPrices(t *testing.T) {
	const (
		day     = `<Rate RateTimeUnit="Day" EffectiveDate="2027-03-01" ExpireDate="2027-03-04">`
		through = `<Rate RateTimeUnit="Day" EffectiveDate="2027-03-01" ExpireDate="2027-03-03">`
		hundred = `<Base AmountAfterTax="100.00" CurrencyCode="EUR"/>`
		untaxed = `<Base AmountBeforeTax="100.00" CurrencyCode="EUR"/>`
		unknown = ", taxes unknown, at the property unknown)"
	)
	for _, c := range []struct{ what, rates, more, want string }{
		{"a night without dates", rated(`<Rate RateTimeUnit="Day">` + hundred + `</Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"through the last night", rated(through + hundred + `</Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"through each last night", rated(`<Rate RateTimeUnit="Day" EffectiveDate="2027-03-01" ExpireDate="2027-03-02">` + hundred + `</Rate><Rate RateTimeUnit="Day" EffectiveDate="2027-03-03" ExpireDate="2027-03-03">` + hundred + `</Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"a season", rated(`<Rate RateTimeUnit="Day" EffectiveDate="2027-01-01" ExpireDate="2027-12-31">` + hundred + `</Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"nights in their order", rated(strings.Repeat(`<Rate RateTimeUnit="Day">`+hundred+`</Rate>`, 3)), "", "EUR 300.00 (base unknown" + unknown},
		{"only one of the nights", rated(`<Rate RateTimeUnit="Day" EffectiveDate="2027-03-01" ExpireDate="2027-03-02">` + hundred + `</Rate>`), "", "other_dates 1"},
		{"by the hour", rated(`<Rate RateTimeUnit="Hour">` + hundred + `</Rate>`), "", "no_price 1"},
		{"a night as JSON has it", rated(`<Rate RateTimeUnit="DAY">` + hundred + `</Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"by the week", rated(`<Rate RateTimeUnit="Week">` + hundred + `</Rate>`), "", "no_price 1"},
		{"the total of each night", rated(day + untaxed + `<Total AmountAfterTax="110.00" CurrencyCode="EUR"/></Rate>`), "", "EUR 330.00 (base unknown" + unknown},
		{"the total of all nights", rated(day + untaxed + `<Total AmountAfterTax="330.00" CurrencyCode="EUR"/></Rate>`), "", "EUR 330.00 (base unknown" + unknown},
		{"a total after a discount", rated(day + hundred + `<Total AmountAfterTax="90.00" CurrencyCode="EUR"/></Rate>`), "", "EUR 270.00 (base unknown" + unknown},
		{"nights beside their sum", rated(day + hundred + `</Rate><Rate RateTimeUnit="FullDuration"><Total AmountAfterTax="290.00" CurrencyCode="EUR"/></Rate>`), "", "EUR 290.00 (base unknown" + unknown},
		{"taxes in percent", rated(day + `<Base AmountBeforeTax="100.00" CurrencyCode="EUR"><Taxes><Tax Type="Exclusive" Percent="8.875"/><Tax Amount="1.00"/></Taxes></Base></Rate>`), "", "EUR 329.64 (base EUR 300.00, taxes EUR 29.64"},
		{"taxes in the total of the stay", rated(day + untaxed + `</Rate>`), `<Total AmountBeforeTax="300.00" AmountAfterTax="330.00" CurrencyCode="EUR"/>`, "EUR 330.00 (base EUR 300.00, taxes EUR 30.00"},
		{"a currency once", `<RoomRate><Rates>` + day + hundred + `</Rate></Rates><Total AmountAfterTax="300.00"/></RoomRate>`, "", "EUR 300.00 (base unknown" + unknown},
		{"a RoomRate for each night", `<RoomRate EffectiveDate="2027-03-01" ExpireDate="2027-03-02"><Rates><Rate RateTimeUnit="Day">` + hundred + `</Rate></Rates></RoomRate>` +
			`<RoomRate EffectiveDate="2027-03-02" ExpireDate="2027-03-03"><Total AmountAfterTax="120.00" CurrencyCode="EUR"/></RoomRate>` +
			`<RoomRate EffectiveDate="2027-03-03" ExpireDate="2027-03-04"><Total AmountAfterTax="130.00" CurrencyCode="EUR"/></RoomRate>`, "", "EUR 350.00 (base unknown" + unknown},
		{"a RoomRate through each night", `<RoomRate EffectiveDate="2027-03-01" ExpireDate="2027-03-01"><Rates><Rate RateTimeUnit="Day">` + hundred + `</Rate></Rates></RoomRate>` +
			`<RoomRate EffectiveDate="2027-03-02" ExpireDate="2027-03-03"><Rates><Rate RateTimeUnit="Day">` + hundred + `</Rate></Rates></RoomRate>`, "", "EUR 300.00 (base unknown" + unknown},
		{"RoomRates that leave a night out", `<RoomRate EffectiveDate="2027-03-01" ExpireDate="2027-03-02"><Total AmountAfterTax="120.00" CurrencyCode="EUR"/></RoomRate>` +
			`<RoomRate EffectiveDate="2027-03-03" ExpireDate="2027-03-04"><Total AmountAfterTax="130.00" CurrencyCode="EUR"/></RoomRate>`, "", "other_dates 2"},
		{"a fee by the person", `<RoomRate><Total AmountAfterTax="300.00" CurrencyCode="EUR"/><Fees><Fee Type="Exclusive" MandatoryIndicator="true" Amount="2.00" ChargeUnit="21"/></Fees></RoomRate>`, "", "tax_not_in_total 1"},
		{"a room without a code", `<RoomRate RoomTypeCode="D"><Total AmountAfterTax="300.00" CurrencyCode="EUR"/></RoomRate>`, `<RoomTypes><RoomType><RoomDescription Name="Den"/></RoomType></RoomTypes>`, `H/D/ "Den" D`},
		{"taxes below nothing", rated(`<Rate RateTimeUnit="FullDuration"><Total AmountBeforeTax="310.00" AmountAfterTax="300.00" CurrencyCode="EUR"/></Rate>`), "", "EUR 300.00 (base unknown" + unknown},
		{"yen", rated(`<Rate RateTimeUnit="Day"><Base AmountAfterTax="9800" CurrencyCode="JPY" DecimalPlaces="0"/></Rate>`), "", "JPY 29400 (base unknown" + unknown},
		{"a room that is only described", `<RoomRate><Total AmountAfterTax="300.00" CurrencyCode="EUR"/><RoomRateDescription Name="Attic"/></RoomRate>`, "", `"Attic"`},
	} {
		a, err := DecodeHotel(oneStay(c.rates, c.more), nil)
		if got := providertest.Written(&a); err != nil || !strings.Contains(got, c.want) || a.OffersIn > 2 {
			t.Errorf("%s: %v\n%swant %s", c.what, err, got, c.want)
		}
	}
}

// TestHotelTerms: penalties, meals and payments by each way of writing them.
func TestHotelTerms(t *testing.T) {
	penalty := func(text string) string {
		return `<CancelPenalties><CancelPenalty>` + text + `</CancelPenalty></CancelPenalties>`
	}
	for what, want := range map[string]string{
		penalty(`<Deadline OffsetTimeUnit="Hour" OffsetUnitMultiplier="24"/><AmountPercent NmbrOfNights="1"/>`):                                        "free until 2027-02-27T23:00:00Z from 2027-02-27T23:00:00Z EUR 100.00",
		penalty(`<Deadline AbsoluteDeadline="2027-02-20"/><AmountPercent Percent="100"/>`):                                                             "from 2027-02-19T23:00:00Z EUR 300.00",
		penalty(`<Deadline AbsoluteDeadline="18:00:00" OffsetTimeUnit="Day" OffsetUnitMultiplier="1"/><AmountPercent NmbrOfNights="1" Percent="50"/>`): "from 2027-02-28T17:00:00Z EUR 50.00",
		penalty(`<Deadline AbsoluteDeadline="18:00:00"/><AmountPercent NmbrOfNights="5"/>`):                                                            "from 2027-03-01T17:00:00Z EUR 300.00",
		penalty(`<Deadline OffsetTimeUnit="Day" OffsetUnitMultiplier="1" OffsetDropTime="AfterBooking"/><AmountPercent Percent="100"/>`):               `"" refundable ?`,
		penalty(`<Deadline OffsetTimeUnit="HOUR" OffsetUnitMultiplier="0" OffsetDropTime="AFTER_BOOKING"/>`):                                           "refundable no",
		penalty(`<AmountPercent Percent="100"/>`): "refundable no",
		penalty(`<AmountPercent Percent="50"/>`):  `"" refundable ?`,
		`<CancelPenalties><CancelPenalty NonRefundable="false"><AmountPercent Percent="100"/></CancelPenalty></CancelPenalties>`: `"" refundable ?`,
		`<RatePlans><RatePlan><MealsIncluded Breakfast="true"/></RatePlan></RatePlans><RoomTypes/>`:                              `"bed_and_breakfast"`,
		`<CancelPenalties><CancelPenalty NonRefundable="false"/></CancelPenalties>`:                                              "refundable yes",
		`<DepositPayments><GuaranteePayment><AmountPercent Percent="30"/></GuaranteePayment></DepositPayments>`:                  `"deposit" refundable ?`,
		`<DepositPayments><GuaranteePayment GuaranteeType="PrePay"/></DepositPayments>`:                                          `"pay_now" refundable ?`,
		`<RatePlans><RatePlan><MealsIncluded Breakfast="false" Lunch="false" Dinner="false"/></RatePlan></RatePlans>`:            `"room_only"`,
		`<RatePlans><RatePlan><MealsIncluded Breakfast="false"/></RatePlan></RatePlans>`:                                         `"": EUR`,
		`<RatePlans><RatePlan><MealsIncluded MealPlanIndicator="false"/></RatePlan></RatePlans>`:                                 `"room_only"`,
		`<RatePlans><RatePlan><MealsIncluded MealPlanIndicator="true" MealPlanCodes="HB"/></RatePlan></RatePlans>`:               `"half_board"`,
	} {
		a, err := DecodeHotel(oneStay(rated(`<Rate RateTimeUnit="Day"><Base AmountAfterTax="100.00" CurrencyCode="EUR"/></Rate>`), what), nil)
		if got := providertest.Written(&a); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %v\n%swant %s", what, err, got, want)
		}
	}
}

// TestHotelStays: properties may stand beside the room stays, which name them by number, and
// a stay may be told by its first day and its nights.
func TestHotelStays(t *testing.T) {
	a, err := DecodeHotel([]byte(`<OTA_HotelAvailRS><Success/><HotelStays><HotelStay RoomStayRPH="1 2"><BasicPropertyInfo HotelCode="A" HotelName="Alder"/></HotelStay></HotelStays><RoomStays>`+
		`<RoomStay RPH="1"><RoomRates><RoomRate><Total AmountAfterTax="300.00" CurrencyCode="EUR"/></RoomRate></RoomRates></RoomStay>`+
		`<RoomStay RPH="2"><TimeSpan Start="2027-03-01" Duration="P2N"/><RoomRates>`+rated(`<Rate RateTimeUnit="Day"><Base AmountAfterTax="200.00" CurrencyCode="EUR"/></Rate>`)+`</RoomRates></RoomStay></RoomStays></OTA_HotelAvailRS>`), nil)
	if err != nil || len(a.Stays) != 1 || a.Stays[0].Property.Name != "Alder" || len(a.Stays[0].Rates) != 2 || a.Stays[0].Rates[1].Price.Total != (travel.Money{Minor: 40000, Currency: "EUR"}) {
		t.Errorf("DecodeHotel() = %v\n%s", err, providertest.Written(&a))
	}
}

// TestHotelBareLists: writers of JSON leave out what only wraps a list.
func TestHotelBareLists(t *testing.T) {
	a, err := DecodeHotel([]byte(`{"Success":{},"Errors":{"Error":[{"Type":"3","Code":"392","ShortText":"another house"}]},"RoomStays":[{"BasicPropertyInfo":{"HotelCode":"A"},"RoomTypes":[{"RoomTypeCode":"D","RoomDescription":{"Name":"Den"}}],
		"RatePlans":[{"RatePlanCode":"P","CancelPenalties":[{"NonRefundable":true}]}],"RoomRates":[{"RoomTypeCode":"D","RatePlanCode":"P","Rates":[{"RateTimeUnit":"FullDuration","Total":{"AmountAfterTax":99.5,"CurrencyCode":"EUR"}}]}]}]}`), nil)
	if got := providertest.Written(&a); err != nil || !strings.Contains(got, `"Den" D "": EUR 99.50`) || !strings.Contains(got, "refundable no") || a.Notes["partner_errors"] != 1 {
		t.Errorf("DecodeHotel() = %v\n%s", err, got)
	}
}

// TestHotelDatesAsked: where a stay does not say its days, they are those that were asked
// for, and without a question those of its rates together.
func TestHotelDatesAsked(t *testing.T) {
	const nights = `<RoomRate EffectiveDate="2027-03-01" ExpireDate="2027-03-02"><Total AmountAfterTax="100.00" CurrencyCode="EUR"/></RoomRate>` +
		`<RoomRate EffectiveDate="2027-03-02" ExpireDate="2027-03-03"><Total AmountAfterTax="120.00" CurrencyCode="EUR"/></RoomRate>`
	march := ratesAsked{in: travel.NewDate(2027, 3, 1), out: travel.NewDate(2027, 3, 3)}
	for _, c := range []struct {
		rates string
		asked ratesAsked
		want  string
	}{
		{nights, ratesAsked{}, "EUR 220.00"},
		{nights, march, "EUR 220.00"},
		{nights, ratesAsked{in: march.in, out: march.out + 1}, "other_dates 2"},
		{`<RoomRate EffectiveDate="2027-01-01" ExpireDate="2027-12-31"><Rates><Rate RateTimeUnit="Day"><Base AmountAfterTax="80.00" CurrencyCode="EUR"/></Rate></Rates></RoomRate>`, march, "EUR 160.00"},
		{`<RoomRate EffectiveDate="2027-05-01" ExpireDate="2027-05-03"><Total AmountAfterTax="100.00" CurrencyCode="EUR"/></RoomRate>`, march, "other_dates 1"},
	} {
		h, err := decodeHotel([]byte(`<OTA_HotelAvailRS><RoomStays><RoomStay><BasicPropertyInfo HotelCode="H"/><RoomRates>`+c.rates+`</RoomRates></RoomStay></RoomStays></OTA_HotelAvailRS>`), nil)
		if err != nil {
			t.Fatal(err)
		}
		a := h.answer(c.asked)
		if got := providertest.Written(&a); !strings.Contains(got, c.want) {
			t.Errorf("%s\n%swant %s", c.rates, got, c.want)
		}
	}
}
