package ota

import (
	"strconv"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/opentravel"
	"fanfare/providers/travel"
)

// amounts is a price as written: with taxes, without, the taxes, and fees beside it.
type amounts struct {
	after, before opentravel.Amount
	currency      string
	taxes         []tax // exclusive ones
	stated        bool
}

// tax is an amount, or without one a part of what it is on.
type tax struct {
	opentravel.Amount
	percent float64
}

// roomRate joins a kind of room and a plan with a price.
type roomRate struct {
	room, plan string // codes or ids
	booking    string
	described  string
	in, out    travel.Date
	next       []roomRate // of the days behind, where each RoomRate is for some days only
	units      int
	total      amounts
	from, to   int // of its pieces, in those of the document
	fees       []fee
	board      travel.Board
	conditions terms
	guests     travel.Occupancy
	closed     bool
}

// piece is a Rate: the price of a night, or of all of them.
type piece struct {
	from, to    travel.Date // to is the morning after the last night, or that night
	unit        int         // days that its price is for, 0 is all of them, -1 another unit
	base, total amounts
}

// fee is one that is not in the amounts: mandatory, and for the stay or the night.
type fee struct {
	amount    opentravel.Amount
	nightly   bool
	perPerson bool // and of whom is not said
}

const (
	rateRoomTypeCode = iota
	rateRoomID
	ratePlanCode
	ratePlanID
	rateBookingCode
	rateEffectiveDate
	rateExpireDate
	rateNumberOfUnits
	rateAvailabilityStatus
	rateRates
	rateTotal
	rateGuestCounts
	rateCancelPenalties
	rateMealsIncluded
	rateFees
	ratePaymentPolicies
	rateGuarantee
	rateRoomRateDescription
)

var rateNames = opentravel.NewNames([]string{
	rateRoomTypeCode: "RoomTypeCode", rateRoomID: "RoomID|roomID", ratePlanCode: "RatePlanCode", ratePlanID: "RatePlanID|ratePlanID",
	rateBookingCode: "BookingCode", rateEffectiveDate: "EffectiveDate", rateExpireDate: "ExpireDate", rateNumberOfUnits: "NumberOfUnits",
	rateAvailabilityStatus: "AvailabilityStatus", rateRates: "Rates", rateTotal: "Total", rateGuestCounts: "GuestCounts",
	rateCancelPenalties: "CancelPenalties", rateMealsIncluded: "MealsIncluded", rateFees: "Fees", ratePaymentPolicies: "PaymentPolicies",
	rateGuarantee: "Guarantee", rateRoomRateDescription: "RoomRateDescription",
}...)

var piecesNames = opentravel.NewNames("Rate")

func (h *hotelDocument) rate() roomRate {
	r := roomRate{from: len(h.pieces), to: len(h.pieces)}
	for f := h.d.Fields(rateNames); f.Next(); {
		switch f.Key() {
		case rateRoomTypeCode, rateRoomID:
			if v := h.d.Intern(); r.room == "" {
				r.room = v
			}
		case ratePlanCode, ratePlanID:
			if v := h.d.Intern(); r.plan == "" {
				r.plan = v
			}
		case rateBookingCode:
			r.booking = strings.Clone(clipped(h.d.View()))
		case rateEffectiveDate:
			r.in = dateOf(h.d.View())
		case rateExpireDate:
			r.out = dateOf(h.d.View())
		case rateNumberOfUnits:
			r.units, _ = h.d.Int()
		case rateAvailabilityStatus:
			r.closed = closed(h.d.View())
		case rateRates:
			for p := h.d.Items(piecesNames); p.Next(); {
				if one := h.piece(&r); len(h.pieces)-r.from < maxInside {
					h.pieces = append(h.pieces, one)
				}
			}
			r.to = len(h.pieces)
		case rateTotal:
			r.total = h.amounts()
		case rateGuestCounts:
			r.guests = h.guests()
		case rateCancelPenalties:
			h.penalties(&r.conditions)
		case rateMealsIncluded:
			r.board = h.board()
		case rateFees:
			h.fees(&r)
		case ratePaymentPolicies:
			h.policies(&r.conditions)
		case rateGuarantee:
			h.guarantee(&r.conditions)
		case rateRoomRateDescription:
			if said := h.description(); r.described == "" {
				r.described = said
			}
		}
	}
	return r
}

const (
	pieceEffectiveDate = iota
	pieceExpireDate
	pieceExpireDateExclusiveInd
	pieceRateTimeUnit
	pieceBase
	pieceTotal
	pieceFees
	pieceCancelPolicies
	piecePaymentPolicies
	pieceMealsIncluded
	pieceExpireDateTime
)

var pieceNames = opentravel.NewNames([]string{
	pieceEffectiveDate: "EffectiveDate", pieceExpireDate: "ExpireDate", pieceExpireDateExclusiveInd: "ExpireDateExclusiveInd",
	pieceRateTimeUnit: "RateTimeUnit", pieceBase: "Base", pieceTotal: "Total", pieceFees: "Fees", pieceCancelPolicies: "CancelPolicies",
	piecePaymentPolicies: "PaymentPolicies", pieceMealsIncluded: "MealsIncluded", pieceExpireDateTime: "ExpireDateTime",
}...)

// unitDays are the units of RateTimeUnit in days. Without one, and with FullDuration, a
// price is for all of its days.
var unitDays = map[string]int{"day": 1, "week": 7, "fullduration": 0, "hour": -1, "minute": -1, "second": -1, "month": -1, "year": -1}

// word is a word of the standard's lists as all writers of it have it, whose JSON may say
// BEFORE_ARRIVAL for BeforeArrival: its letters and digits, small, as many as there is room for.
func word(room *[24]byte, text string) []byte {
	w := room[:0]
	for _, c := range []byte(text) {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if (c >= 'a' && c <= 'z' || c-'0' <= 9) && len(w) < len(room) {
			w = append(w, c)
		}
	}
	return w
}

// piece reads a Rate. ExpireDateExclusiveInd is not asked what the day is that it expires
// on: those who write it write the same dates either way.
func (h *hotelDocument) piece(r *roomRate) piece {
	var p piece
	var room [24]byte
	for f := h.d.Fields(pieceNames); f.Next(); {
		switch f.Key() {
		case pieceEffectiveDate:
			p.from = dateOf(h.d.View())
		case pieceExpireDate:
			p.to = dateOf(h.d.View())
		case pieceRateTimeUnit:
			p.unit = unitDays[string(word(&room, h.d.View()))]
		case pieceBase:
			p.base = h.amounts()
		case pieceTotal:
			p.total = h.amounts()
		case pieceFees:
			h.fees(r)
		case pieceCancelPolicies:
			h.penalties(&r.conditions)
		case piecePaymentPolicies:
			h.policies(&r.conditions)
		case pieceMealsIncluded:
			r.board = h.board()
		}
	}
	return p
}

const (
	amountAfterTax = iota
	amountBeforeTax
	amountCurrencyCode
	amountDecimalPlaces
	amountTaxes
)

var amountNames = opentravel.NewNames([]string{
	amountAfterTax: "AmountAfterTax", amountBeforeTax: "AmountBeforeTax", amountCurrencyCode: "CurrencyCode",
	amountDecimalPlaces: "DecimalPlaces", amountTaxes: "Taxes",
}...)

const (
	taxesTax = iota
	taxesAmount
	taxesCurrencyCode
)

var taxesNames = opentravel.NewNames([]string{taxesTax: "Tax", taxesAmount: "Amount", taxesCurrencyCode: "CurrencyCode"}...)

const (
	taxAmount = iota
	taxCurrencyCode
	taxDecimalPlaces
	taxType
	taxPercent
)

var taxNames = opentravel.NewNames([]string{
	taxAmount: "Amount", taxCurrencyCode: "CurrencyCode", taxDecimalPlaces: "DecimalPlaces", taxType: "Type", taxPercent: "Percent",
}...)

// amounts reads Base or Total.
func (h *hotelDocument) amounts() amounts {
	a := amounts{stated: true}
	decimals := int8(0)
	var sum tax
	for f := h.d.Fields(amountNames); f.Next(); {
		switch f.Key() {
		case amountAfterTax:
			a.after.Text = h.amount()
		case amountBeforeTax:
			a.before.Text = h.amount()
		case amountCurrencyCode:
			a.currency = h.d.Intern()
		case amountDecimalPlaces:
			if n, ok := h.d.Int(); ok && n >= 0 && n <= 6 {
				decimals = int8(n) + 1
			}
		case amountTaxes:
			for t := h.d.Fields(taxesNames); t.Next(); {
				switch t.Key() {
				case taxesTax:
					if one, exclusive := h.tax(); exclusive && len(a.taxes) < maxInside {
						a.taxes = append(a.taxes, one)
					}
				case taxesAmount:
					sum.Text = h.amount()
				case taxesCurrencyCode:
					sum.Currency = h.d.Intern()
				}
			}
		}
	}
	if len(a.taxes) == 0 && sum.Text != "" {
		a.taxes = []tax{sum}
	}
	a.after.Decimals, a.before.Decimals = decimals, decimals
	for i := range a.taxes {
		if a.taxes[i].Currency == "" {
			a.taxes[i].Decimals = decimals
		}
	}
	return a
}

// amount is an amount's text, kept: rates are made when the document has been read.
func (h *hotelDocument) amount() string {
	text := h.d.View()
	if len(text) > document.MaxNumber {
		return ""
	}
	h.dotted = h.dotted || strings.Contains(text, ".")
	return h.d.Keep(text)
}

// tax reads a Tax; exclusive tells that it is not in the amount without taxes.
func (h *hotelDocument) tax() (a tax, exclusive bool) {
	exclusive = true
	var room [24]byte
	for f := h.d.Fields(taxNames); f.Next(); {
		switch f.Key() {
		case taxAmount:
			a.Text = h.amount()
		case taxCurrencyCode:
			a.Currency = h.d.Intern()
		case taxDecimalPlaces:
			if n, ok := h.d.Int(); ok && n >= 0 && n <= 6 {
				a.Decimals = int8(n) + 1
			}
		case taxType:
			exclusive = string(word(&room, h.d.View())) != "inclusive"
		case taxPercent:
			if n, err := strconv.ParseFloat(h.d.View(), 64); err == nil && n > 0 && n <= 100 {
				a.percent = n
			}
		}
	}
	return a, exclusive && (a.Text != "" || a.percent > 0)
}

var feesNames = opentravel.NewNames("Fee")

const (
	feeAmount = iota
	feeCurrencyCode
	feeDecimalPlaces
	feeType
	feeMandatoryIndicator
	feeChargeUnit
	feeChargeFrequency
)

var feeNames = opentravel.NewNames([]string{
	feeAmount: "Amount", feeCurrencyCode: "CurrencyCode", feeDecimalPlaces: "DecimalPlaces", feeType: "Type",
	feeMandatoryIndicator: "MandatoryIndicator", feeChargeUnit: "ChargeUnit", feeChargeFrequency: "ChargeFrequency",
}...)

// fees keeps those that must be paid and are in no amount.
func (h *hotelDocument) fees(r *roomRate) {
	for f := h.d.Items(feesNames); f.Next(); {
		var (
			one       fee
			exclusive bool
			mandatory = travel.Unknown
			room      [24]byte
		)
		for g := h.d.Fields(feeNames); g.Next(); {
			switch g.Key() {
			case feeAmount:
				one.amount.Text = h.amount()
			case feeCurrencyCode:
				one.amount.Currency = h.d.Intern()
			case feeDecimalPlaces:
				if n, ok := h.d.Int(); ok && n >= 0 && n <= 6 {
					one.amount.Decimals = int8(n) + 1
				}
			case feeType:
				exclusive = string(word(&room, h.d.View())) == "exclusive"
			case feeMandatoryIndicator:
				mandatory = h.d.Bool()
			case feeChargeUnit, feeChargeFrequency:
				switch h.d.View() { // of the list CHG: 1 daily, 19 per room per night, 21 per person per night
				case "1", "19", "Daily":
					one.nightly = true
				case "21":
					one.perPerson = true
				}
			}
		}
		if exclusive && mandatory == travel.Yes && len(r.fees) < maxInside {
			r.fees = append(r.fees, one)
		}
	}
}

const (
	mealBreakfast = iota
	mealLunch
	mealDinner
	mealPlanCodes
	mealPlanIndicator
)

var mealNames = opentravel.NewNames([]string{
	mealBreakfast: "Breakfast", mealLunch: "Lunch", mealDinner: "Dinner", mealPlanCodes: "MealPlanCodes",
	mealPlanIndicator: "MealPlanIndicator",
}...)

// board reads MealsIncluded: the meals themselves, else the first code that says a board.
// That there are no meals must be said of all three, or of the plan.
func (h *hotelDocument) board() travel.Board {
	var meals [mealDinner + 1]travel.Answered
	byCode := travel.BoardUnknown
	for f := h.d.Fields(mealNames); f.Next(); {
		switch key := f.Key(); key {
		case mealBreakfast, mealLunch, mealDinner:
			meals[key] = h.d.Bool()
		case mealPlanCodes:
			for _, code := range strings.Fields(h.d.View()) {
				if b := boards[code]; byCode == travel.BoardUnknown {
					byCode = b
				}
			}
		case mealPlanIndicator:
			if h.d.Bool() == travel.No && byCode == travel.BoardUnknown {
				byCode = travel.RoomOnly
			}
		}
	}
	has := func(meal int) bool { return meals[meal] == travel.Yes }
	switch {
	case byCode == travel.AllInclusive:
		return byCode
	case has(mealBreakfast) && has(mealLunch) && has(mealDinner):
		return travel.FullBoard
	case has(mealBreakfast) && (has(mealLunch) || has(mealDinner)):
		return travel.HalfBoard
	case has(mealBreakfast):
		return travel.BedAndBreakfast
	case byCode == travel.BoardUnknown && meals == [...]travel.Answered{travel.No, travel.No, travel.No}:
		return travel.RoomOnly
	}
	return byCode
}

// boards are the codes of the list MPT, and those of the trade, which its form allows.
var boards = map[string]travel.Board{
	"1": travel.AllInclusive, "2": travel.FullBoard, "3": travel.BedAndBreakfast, "4": travel.BedAndBreakfast, "5": travel.BedAndBreakfast,
	"6": travel.BedAndBreakfast, "7": travel.BedAndBreakfast, "8": travel.RoomOnly, "10": travel.FullBoard, "11": travel.BedAndBreakfast,
	"12": travel.HalfBoard, "14": travel.RoomOnly, "15": travel.RoomOnly, "16": travel.BedAndBreakfast, "17": travel.HalfBoard,
	"18": travel.FullBoard, "19": travel.BedAndBreakfast, "20": travel.HalfBoard, "23": travel.HalfBoard,
	"RO": travel.RoomOnly, "BB": travel.BedAndBreakfast, "HB": travel.HalfBoard, "FB": travel.FullBoard, "AI": travel.AllInclusive,
}
