package opentravel

import (
	"fanfare/providers/travel"
)

const (
	quoteLastTicketDate = iota
	quoteLastTicketTime
	quoteFareReturned
	quoteBrandName
	quoteItinTotalFare
	quotePTCFareBreakdowns
	quoteFareInfos
	quoteValidatingAirlineCode
	quoteTPAExtensions
	quotePTCFareBreakdown
	quoteFareFamilyName
)

var quoteNames = NewNames([]string{
	quoteLastTicketDate: "LastTicketDate", quoteLastTicketTime: "LastTicketTime", quoteFareReturned: "FareReturned",
	quoteBrandName: "BrandName", quoteItinTotalFare: "ItinTotalFare", quotePTCFareBreakdowns: "PTC_FareBreakdowns",
	quoteFareInfos: "FareInfos", quoteValidatingAirlineCode: "ValidatingAirlineCode", quoteTPAExtensions: "TPA_Extensions",
	quotePTCFareBreakdown: "PTC_FareBreakdown", quoteFareFamilyName: "FareFamilyName",
}...)

var (
	quoteExtensions = NewNames("ValidatingCarrier")
	breakdownsNames = NewNames("PTC_FareBreakdown")
	infosNames      = NewNames("FareInfo")
)

// quote reads one AirItineraryPricingInfo.
func (l *lowFare) quote(additional bool) {
	d, g := l.d, l.g
	g.BeginQuote()
	q := Quote{Additional: additional}
	for f := d.Fields(quoteNames); f.Next(); {
		switch f.Key() {
		case quoteLastTicketDate:
			q.LastDate = d.View()
		case quoteLastTicketTime:
			q.LastTime = d.View()
		case quoteFareReturned:
			q.NotPriced = d.Bool() == travel.No
		case quoteBrandName, quoteFareFamilyName:
			q.Brand = d.Name()
		case quoteItinTotalFare:
			var s Sum
			if l.sum(&s, nil); q.Sum.Total.Text == "" {
				q.Sum = s
			}
		case quotePTCFareBreakdowns:
			for b := d.Items(breakdownsNames); b.Next(); {
				l.breakdown()
			}
		case quotePTCFareBreakdown:
			l.breakdown()
		case quoteFareInfos:
			g.BeginPax()
			g.Pax().Common = true
			l.fareInfos(&q)
			g.EndPax()
		case quoteValidatingAirlineCode:
			q.Seller.Code = d.Name()
		case quoteTPAExtensions:
			for e := d.Fields(quoteExtensions); e.Next(); {
				q.Seller.Code = l.carrier(q.Seller.Code)
			}
		}
	}
	g.EndQuote(q)
}

const (
	sumBaseFare = iota
	sumEquivFare
	sumTaxes
	sumTotalFare
	sumPenaltiesInfo
	sumTPAExtensions
	sumFareBaggageAllowance
	sumCurrencyCode
	sumDecimalPlaces
	sumFees
)

var sumNames = NewNames([]string{
	sumBaseFare: "BaseFare", sumEquivFare: "EquivFare", sumTaxes: "Taxes", sumTotalFare: "TotalFare", sumPenaltiesInfo: "PenaltiesInfo",
	sumTPAExtensions: "TPA_Extensions", sumFareBaggageAllowance: "FareBaggageAllowance", sumCurrencyCode: "CurrencyCode",
	sumDecimalPlaces: "DecimalPlaces", sumFees: "Fees",
}...)

const feesFee = amountKeyCount

var feesNames = NewNames([]string{
	amountAmount: "Amount", amountCurrencyCode: "CurrencyCode", amountDecimalPlaces: "DecimalPlaces", feesFee: "Fee",
}...)

const (
	taxTax = iota + amountKeyCount
	taxTotalTax
)

var taxNames = NewNames([]string{
	amountAmount: "Amount", amountCurrencyCode: "CurrencyCode", amountDecimalPlaces: "DecimalPlaces", taxTax: "Tax",
	taxTotalTax: "TotalTax",
}...)

// sum reads a fare. What else a passenger's fare has, pax is told of; nil for the total.
func (l *lowFare) sum(s *Sum, pax func(key int)) {
	d := l.d
	var around Amount
	for f := d.Fields(sumNames); f.Next(); {
		switch f.Key() {
		case sumBaseFare:
			s.Base = d.amount(around)
		case sumEquivFare:
			s.Equiv = d.amount(around)
		case sumTaxes:
			l.taxes(s)
		case sumTotalFare:
			s.Total = d.amount(around)
		case sumCurrencyCode:
			d.amountField(&around, amountCurrencyCode)
		case sumDecimalPlaces:
			d.amountField(&around, amountDecimalPlaces)
		case sumFees:
			l.fees(s, around)
		default:
			if pax != nil {
				pax(f.Key())
			}
		}
	}
}

// taxes reads their sum, where the document states it, and else what to add up.
func (l *lowFare) taxes(s *Sum) {
	d := l.d
	for f := d.Fields(taxNames); f.Next(); {
		switch key := f.Key(); key {
		case taxTax:
			l.g.Tax(s, d.amount(s.Taxes))
		case taxTotalTax:
			if a := d.amount(Amount{}); a.Text != "" {
				s.Taxes = a
			}
		default:
			d.amountField(&s.Taxes, key)
		}
	}
}

// fees reads those that are listed, else their sum.
func (l *lowFare) fees(s *Sum, around Amount) {
	d := l.d
	sum := Amount{Currency: around.Currency, Decimals: around.Decimals}
	for f := d.Fields(feesNames); f.Next(); {
		if f.Key() == feesFee {
			l.g.Money.list(&s.FeeList, d.amount(around))
		} else {
			d.amountField(&sum, f.Key())
		}
	}
	if s.FeeList.count == 0 && sum.Text != "" {
		l.g.Money.list(&s.FeeList, sum)
	}
}

const (
	breakdownPassengerTypeQuantity = iota
	breakdownFareBasisCodes
	breakdownPassengerFare
	breakdownEndorsements
	breakdownFareInfos
	breakdownFareInfo
	breakdownFlightRefNumberRPHList
	breakdownTPAExtensions
)

var breakdownNames = NewNames([]string{
	breakdownPassengerTypeQuantity: "PassengerTypeQuantity", breakdownFareBasisCodes: "FareBasisCodes",
	breakdownPassengerFare: "PassengerFare", breakdownEndorsements: "Endorsements", breakdownFareInfos: "FareInfos",
	breakdownFareInfo: "FareInfo", breakdownFlightRefNumberRPHList: "FlightRefNumberRPHList", breakdownTPAExtensions: "TPA_Extensions",
}...)

const (
	quantityCode = iota
	quantityQuantity
)

var quantityNames = NewNames([]string{quantityCode: "Code", quantityQuantity: "Quantity"}...)

var basesNames = NewNames("FareBasisCode")

const (
	basisText = iota
	basisFlightSegmentRPH
	basisDepartureAirportCode
	basisArrivalAirportCode
	basisFareComponentCabinCode
)

var basisNames = NewNames([]string{
	basisText: Text, basisFlightSegmentRPH: "FlightSegmentRPH", basisDepartureAirportCode: "DepartureAirportCode",
	basisArrivalAirportCode: "ArrivalAirportCode", basisFareComponentCabinCode: "FareComponentCabinCode",
}...)

var endorseNames = NewNames("NonRefundableIndicator")

// breakdown reads one PTC_FareBreakdown: a passenger type with its fare.
func (l *lowFare) breakdown() {
	d, g := l.d, l.g
	flights := ""
	g.BeginPax()
	p := g.Pax()
	for f := d.Fields(breakdownNames); f.Next(); {
		switch f.Key() {
		case breakdownPassengerTypeQuantity:
			for q := d.Fields(quantityNames); q.Next(); {
				if q.Key() == quantityCode {
					p.Code = d.View()
				} else if n, ok := d.Int(); ok && n >= 0 && n < 1000 {
					p.Count = n
				}
			}
		case breakdownFareBasisCodes:
			for b := d.Fields(basesNames); b.Next(); {
				l.basis()
			}
		case breakdownPassengerFare:
			l.sum(&p.Sum, l.passengerFare)
		case breakdownEndorsements:
			for e := d.Fields(endorseNames); e.Next(); {
				p.NonRefundable = d.Bool()
			}
		case breakdownFareInfos:
			l.fareInfos(nil)
		case breakdownFareInfo:
			l.fareInfo(nil)
		case breakdownFlightRefNumberRPHList:
			if flights == "" {
				flights = d.View()
			} else {
				flights += " " + d.View()
			}
		}
	}
	g.EndPax()
	if flights != "" { // the fare is for these flights, and so is what says nothing else
		for i := p.bases.from; i < p.bases.to; i++ {
			if b := &g.bases[i]; b.Where == (Where{}) {
				b.RPH = flights
			}
		}
	}
}

func (l *lowFare) basis() {
	d := l.d
	var b Basis
	for f := d.Fields(basisNames); f.Next(); {
		switch f.Key() {
		case basisText:
			b.Code = d.Intern()
		case basisFlightSegmentRPH:
			b.RPH = d.View()
		case basisDepartureAirportCode:
			b.From = d.View()
		case basisArrivalAirportCode:
			b.To = d.View()
		case basisFareComponentCabinCode:
			b.Cabin, b.Cabins = CabinsOf(d.View())
		}
	}
	l.g.AddBasis(b)
}

const (
	infoFareReference = iota
	infoFareBasisCode
	infoDepartureAirport
	infoArrivalAirport
	infoFilingAirline
	infoRuleInfo
	infoTPAExtensions
	infoFareInfo
	infoCabinType
)

var infoNames = NewNames([]string{
	infoFareReference: "FareReference", infoFareBasisCode: "FareBasisCode", infoDepartureAirport: "DepartureAirport",
	infoArrivalAirport: "ArrivalAirport", infoFilingAirline: "FilingAirline", infoRuleInfo: "RuleInfo",
	infoTPAExtensions: "TPA_Extensions", infoFareInfo: "FareInfo", infoCabinType: "CabinType",
}...)

const (
	infoExtensionSeatsRemaining = iota
	infoExtensionCabin
)

var infoExtensionNames = NewNames([]string{infoExtensionSeatsRemaining: "SeatsRemaining", infoExtensionCabin: "Cabin"}...)

var (
	seatNames = NewNames("Number")
	onlyCabin = NewNames("Cabin", Text)
)

// fareInfos reads the FareInfo of each segment; q is told the filing airline, if it is not nil.
func (l *lowFare) fareInfos(q *Quote) {
	for f := l.d.Items(infosNames); f.Next(); {
		l.fareInfo(q)
	}
}

func (l *lowFare) fareInfo(q *Quote) {
	d := l.d
	var (
		i               Info
		w               Where
		reference, code string
	)
	for f := d.Fields(infoNames); f.Next(); {
		switch f.Key() {
		case infoFareReference:
			reference = d.Intern()
		case infoFareBasisCode:
			code = d.Intern()
		case infoDepartureAirport:
			from, _ := l.airport()
			w.From = string(from)
		case infoArrivalAirport:
			to, _ := l.airport()
			w.To = string(to)
		case infoFilingAirline:
			if seller := l.carrier(""); q != nil && q.Seller.Code == "" {
				q.Seller.Code = seller
			}
		case infoRuleInfo:
			l.rules()
		case infoTPAExtensions:
			l.infoExtensions(&i)
		case infoFareInfo:
			for n := d.Fields(infoNames); n.Next(); {
				if n.Key() == infoFareBasisCode {
					code = d.Intern()
				}
			}
		case infoCabinType:
			i.Cabin, i.Cabins = CabinsOf(d.View())
		}
	}
	i.Where = w
	l.g.AddInfo(i) // also one that says nothing, as it has its place among the others
	if code == "" && w.From != "" {
		code = reference // Sabre has the booking class there, and no airports
	}
	if code != "" {
		l.g.AddBasis(Basis{Where: w, Code: code})
	}
}

func (l *lowFare) infoExtensions(i *Info) {
	d := l.d
	for e := d.Fields(infoExtensionNames); e.Next(); {
		if e.Key() == infoExtensionSeatsRemaining {
			for s := d.Fields(seatNames); s.Next(); {
				if n, ok := d.Int(); ok && n > 0 {
					i.Seats = n
				}
			}
			continue
		}
		for c := d.Fields(onlyCabin); c.Next(); {
			if cabin, list := CabinsOf(d.View()); cabin.Known() || list != "" {
				i.Cabin, i.Cabins = cabin, list
			}
		}
	}
}
