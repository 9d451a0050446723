package hotelbeds

import (
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// room, rate, tax and fee are as the document states them: strings of rate, tax and
// fee are views.
type room struct{ code, name string }

type rate struct {
	room               int
	key, class         string
	net, selling       string
	mandatory          bool
	recheck            bool
	packaging          bool
	shifted            bool // holds prices for other dates
	allotment          int
	board              travel.Board
	payment            string
	rooms, adults      int
	children           int
	ages               string
	allIncluded        travel.Answered
	firstTax, lastTax  int // range in taxes
	firstFee, afterFee int // range in fees
}

type tax struct {
	included                 travel.Answered
	amount, currency         string
	percent                  string
	clientAmount, clientCurr string
}

type fee struct{ amount, from string }

const (
	roomCode = iota
	roomName
	roomRates
)

var roomKeys = document.NewKeys([]string{roomCode: "code", roomName: "name", roomRates: "rates"}...)

const (
	rateKey = iota
	rateClass
	rateType
	rateNet
	rateSellingRate
	rateHotelMandatory
	rateAllotment
	ratePackaging
	rateBoardCode
	rateBoardName
	ratePaymentType
	rateCancellationPolicies
	rateTaxes
	rateRooms
	rateAdults
	rateChildren
	rateChildrenAges
	rateShiftRates
)

var rateKeys = document.NewKeys([]string{
	rateKey: "rateKey", rateClass: "rateClass", rateType: "rateType", rateNet: "net", rateSellingRate: "sellingRate",
	rateHotelMandatory: "hotelMandatory", rateAllotment: "allotment", ratePackaging: "packaging", rateBoardCode: "boardCode",
	rateBoardName: "boardName", ratePaymentType: "paymentType", rateCancellationPolicies: "cancellationPolicies", rateTaxes: "taxes",
	rateRooms: "rooms", rateAdults: "adults", rateChildren: "children", rateChildrenAges: "childrenAges", rateShiftRates: "shiftRates",
}...)

const (
	taxesTaxes = iota
	taxesAllIncluded
)

var taxesKeys = document.NewKeys([]string{taxesTaxes: "taxes", taxesAllIncluded: "allIncluded"}...)

const (
	taxIncluded = iota
	taxAmount
	taxCurrency
	taxClientAmount
	taxClientCurrency
	taxPercent
)

var taxKeys = document.NewKeys([]string{
	taxIncluded: "included", taxAmount: "amount", taxCurrency: "currency", taxClientAmount: "clientAmount",
	taxClientCurrency: "clientCurrency", taxPercent: "percent",
}...)

const (
	feeAmount = iota
	feeFrom
)

var feeKeys = document.NewKeys([]string{feeAmount: "amount", feeFrom: "from"}...)

func (d *decoder) readRoom() {
	r := d.r
	d.rooms = append(d.rooms, room{})
	at := len(d.rooms) - 1
	for o := r.Object(roomKeys); o.Next(); {
		switch o.Key() {
		case roomCode:
			d.rooms[at].code = r.Intern()
		case roomName:
			d.rooms[at].name = r.Name()
		case roomRates:
			for a := r.Array(); a.Next(); {
				d.readRate(at)
			}
		}
	}
}

func (d *decoder) readRate(room int) {
	r := d.r
	x := rate{room: room, rooms: 1, firstTax: len(d.taxes), firstFee: len(d.fees)}
	board, boardName := "", ""
	for o := r.Object(rateKeys); o.Next(); {
		switch o.Key() {
		case rateKey:
			x.key = r.View()
		case rateClass:
			x.class = r.View()
		case rateType:
			x.recheck = r.View() == "RECHECK"
		case rateNet:
			x.net = r.View()
		case rateSellingRate:
			x.selling = r.View()
		case rateHotelMandatory:
			x.mandatory = r.Bool() == travel.Yes
		case rateAllotment:
			x.allotment, _ = r.Int()
		case ratePackaging:
			x.packaging = r.Bool() == travel.Yes
		case rateBoardCode:
			board = r.View()
		case rateBoardName:
			boardName = r.View()
		case ratePaymentType:
			x.payment = r.View()
		case rateCancellationPolicies:
			d.readFees()
		case rateTaxes:
			x.allIncluded = d.readTaxes()
		case rateRooms:
			if n, ok := r.Int(); ok && n > 0 {
				x.rooms = n
			}
		case rateAdults:
			x.adults, _ = r.Int()
		case rateChildren:
			x.children, _ = r.Int()
		case rateChildrenAges:
			x.ages = r.View()
		case rateShiftRates:
			for a := r.Array(); a.Next(); {
				x.shifted = true
			}
		}
	}
	x.board = boardOf(board, boardName)
	x.lastTax, x.afterFee = len(d.taxes), len(d.fees)
	d.rates = append(d.rates, x)
}

func (d *decoder) readFees() {
	r := d.r
	for a := r.Array(); a.Next(); {
		var f fee
		for o := r.Object(feeKeys); o.Next(); {
			if o.Key() == feeAmount {
				f.amount = r.View()
			} else {
				f.from = r.View()
			}
		}
		d.fees = append(d.fees, f)
	}
}

func (d *decoder) readTaxes() (allIncluded travel.Answered) {
	r := d.r
	for o := r.Object(taxesKeys); o.Next(); {
		if o.Key() == taxesAllIncluded {
			allIncluded = r.Bool()
			continue
		}
		for a := r.Array(); a.Next(); {
			var t tax
			for x := r.Object(taxKeys); x.Next(); {
				switch x.Key() {
				case taxIncluded:
					t.included = r.Bool()
				case taxAmount:
					t.amount = r.View()
				case taxCurrency:
					t.currency = r.Intern()
				case taxClientAmount:
					t.clientAmount = r.View()
				case taxClientCurrency:
					t.clientCurr = r.Intern()
				case taxPercent:
					t.percent = r.View()
				}
			}
			d.taxes = append(d.taxes, t)
		}
	}
	return allIncluded
}

// price turns a rate of the document into one of ours, or names the rule against it.
func (d *decoder) price(x *rate, currency string) (travel.Rate, string) {
	if x.packaging {
		return travel.Rate{}, travel.RulePackageOnly
	}
	amount := x.net
	if x.mandatory && x.selling != "" {
		amount = x.selling // the hotel forbids to sell below it
	}
	if amount == "" && x.shifted {
		return travel.Rate{}, travel.RuleOtherDates
	}
	if amount == "" {
		amount = x.selling
	}
	price, rule := document.Money(amount, currency)
	if rule != "" {
		return travel.Rate{}, rule
	}
	if price.Minor <= 0 { // before fees make it look like a price
		return travel.Rate{Price: travel.Price{Total: price}}, ""
	}
	out := travel.Rate{
		PartnerRef: strings.Clone(x.key),
		Room:       d.rooms[x.room].name,
		RoomCode:   d.rooms[x.room].code,
		Board:      x.board,
		Price:      travel.Price{Total: price, Kind: travel.Live},
		Payment:    paymentOf(x.payment),
		Rooms:      []travel.RateRoom{{Count: x.rooms, Occupancy: x.occupancy()}},
		RoomsLeft:  max(x.allotment, 0),
	}
	d.addTaxes(&out, x)
	d.cancellation(&out.Cancellation, x, currency)
	if x.recheck {
		d.answer.Note("recheck", 1)
	}
	return out, ""
}

// addTaxes adds what is paid at the property to the total, and says how much it is.
// A tax without "included" is not included unless all are: the vendor's default. One that
// is only a percentage is that of the price.
func (d *decoder) addTaxes(out *travel.Rate, x *rate) {
	price := out.Price.Total
	currency := price.Currency
	extra, listed := travel.Money{Currency: currency}, travel.Money{Currency: currency}
	allPriced, allListed := x.allIncluded != travel.Unknown || x.lastTax > x.firstTax, x.lastTax > x.firstTax
	for _, t := range d.taxes[x.firstTax:x.lastTax] {
		included := t.included == travel.Yes || t.included == travel.Unknown && x.allIncluded == travel.Yes
		m := t.in(currency)
		if !included && t.amount == "" && t.clientAmount == "" {
			m = document.Percent(price, t.percent)
		}
		if m.Known() {
			listed.Minor += m.Minor
		} else {
			allListed = false
		}
		if included {
			continue
		}
		if m.Known() {
			extra.Minor += m.Minor
			continue
		}
		allPriced = false
		d.answer.Note("tax_not_in_total", 1) // in a currency that nobody converted, or not an amount
	}
	if allListed {
		out.Price.Taxes = listed
	}
	if x.allIncluded == travel.No && x.lastTax == x.firstTax {
		allPriced = false
		d.answer.Note("tax_not_in_total", 1)
	}
	out.Price.Total.Minor += extra.Minor
	switch {
	case out.Payment == travel.PayAtProperty:
		out.PayAtProperty = out.Price.Total
	case allPriced:
		out.PayAtProperty = extra
	}
}

// in is the tax in the currency of the rate, not stated if nobody says it.
func (t tax) in(currency travel.Currency) travel.Money {
	if t.currency == string(currency) || t.currency == "" && t.amount != "" && t.clientAmount == "" {
		if m := document.Advisory(t.amount, string(currency)); m.Known() && m.Minor >= 0 {
			return m
		}
	}
	if t.clientCurr == string(currency) {
		if m := document.Advisory(t.clientAmount, string(currency)); m.Known() && m.Minor >= 0 {
			return m
		}
	}
	return travel.Money{}
}

// cancellation: free until the first fee starts, unless the class says that nothing
// is ever given back. Without fees and such a class nobody has said anything.
func (d *decoder) cancellation(c *travel.Cancellation, x *rate, currency string) {
	for _, f := range d.fees[x.firstFee:x.afterFee] {
		w, ok := document.ParseWall(f.from)
		if !ok || w.Zone == document.NoZone { // local to a hotel whose zone is not stated
			d.answer.Note("cancellation_unreadable", 1)
			continue
		}
		step := travel.CancellationStep{From: w.Instant(nil), Fee: document.Advisory(f.amount, currency)}
		if step.Fee.Known() && step.Fee.Minor <= 0 {
			continue
		}
		c.Steps = append(c.Steps, step)
	}
	slices.SortStableFunc(c.Steps, func(a, b travel.CancellationStep) int { return a.From.Compare(b.From) })
	switch {
	case x.class == "NRF":
		c.Refundable = travel.No
	case len(c.Steps) > 0:
		c.Refundable, c.FreeUntil = travel.Yes, c.Steps[0].From
	}
}

func (x *rate) occupancy() travel.Occupancy {
	o := travel.Occupancy{Adults: x.adults, ChildAges: []int{}}
	for _, text := range strings.FieldsFunc(x.ages, func(c rune) bool { return c == ',' || c == ' ' || c == ';' || c == '~' }) {
		if age, err := strconv.Atoi(text); err == nil && age >= 0 && age < 100 && len(o.ChildAges) < 20 {
			o.ChildAges = append(o.ChildAges, age)
		}
	}
	for len(o.ChildAges) < min(x.children, 20) {
		o.ChildAges = append(o.ChildAges, assemble.UnknownAge)
	}
	slices.Sort(o.ChildAges)
	return o
}

func paymentOf(kind string) travel.Payment {
	switch kind {
	case "AT_WEB":
		return travel.PayNow
	case "AT_HOTEL":
		return travel.PayAtProperty
	}
	return travel.PaymentUnknown
}

// boardOf maps the board codes, and by its English name a code that is not listed.
func boardOf(code, name string) travel.Board {
	switch code {
	case "RO", "SC": // room only, self catering
		return travel.RoomOnly
	case "BB", "AB", "CB", "DB", "EB", "GB", "IB", "LB", "QB", "SB": // American, continental, buffet, English, Irish, light, ...
		return travel.BedAndBreakfast
	case "HB", "HS", "HV", "MB":
		return travel.HalfBoard
	case "FB", "FS", "PC":
		return travel.FullBoard
	case "AI", "AS", "TI":
		return travel.AllInclusive
	}
	name = strings.ToUpper(name)
	for _, known := range []struct {
		word  string
		board travel.Board
	}{{"ALL INCLUSIVE", travel.AllInclusive}, {"FULL BOARD", travel.FullBoard}, {"HALF BOARD", travel.HalfBoard},
		{"ROOM ONLY", travel.RoomOnly}, {"SELF CATERING", travel.RoomOnly}} {
		if strings.HasPrefix(name, known.word) {
			return known.board
		}
	}
	if strings.HasSuffix(name, "BREAKFAST") {
		return travel.BedAndBreakfast
	}
	return travel.BoardUnknown
}
