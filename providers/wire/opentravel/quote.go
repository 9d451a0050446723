package opentravel

import (
	"fanfare/providers/travel"
)

var (
	quoteNames = NewNames("LastTicketDate", "LastTicketTime", "FareReturned", "BrandName", "ItinTotalFare", "PTC_FareBreakdowns", "FareInfos", "ValidatingAirlineCode",
		"TPA_Extensions", "PTC_FareBreakdown", "FareFamilyName")
	quoteExtensions = NewNames("ValidatingCarrier")
	breakdownsNames = NewNames("PTC_FareBreakdown")
	infosNames      = NewNames("FareInfo")
)

const (
	quoteLastDate = iota
	quoteLastTime
	quoteReturned
	quoteBrand
	quoteTotal
	quoteBreakdowns
	quoteInfos
	quoteAirline
	quoteExtension
	quoteBreakdown
	quoteFamily
)

// quote reads one AirItineraryPricingInfo.
func (l *lowFare) quote(additional bool) {
	d, g := l.d, l.g
	g.BeginQuote()
	q := Quote{Additional: additional}
	for f := d.Fields(quoteNames); f.Next(); {
		switch f.Key() {
		case quoteLastDate:
			q.LastDate = d.View()
		case quoteLastTime:
			q.LastTime = d.View()
		case quoteReturned:
			q.NotPriced = d.Bool() == travel.No
		case quoteBrand, quoteFamily:
			q.Brand = d.Name()
		case quoteTotal:
			var s Sum
			if l.sum(&s, nil); q.Sum.Total.Text == "" {
				q.Sum = s
			}
		case quoteBreakdowns:
			for b := d.Items(breakdownsNames); b.Next(); {
				l.breakdown()
			}
		case quoteBreakdown:
			l.breakdown()
		case quoteInfos:
			g.BeginPax()
			g.Pax().Common = true
			l.fareInfos(&q)
			g.EndPax()
		case quoteAirline:
			q.Seller.Code = d.Name()
		case quoteExtension:
			for e := d.Fields(quoteExtensions); e.Next(); {
				q.Seller.Code = l.carrier(q.Seller.Code)
			}
		}
	}
	g.EndQuote(q)
}

var (
	sumNames  = NewNames("BaseFare", "EquivFare", "Taxes", "TotalFare", "PenaltiesInfo", "TPA_Extensions", "FareBaggageAllowance", "CurrencyCode", "DecimalPlaces", "Fees")
	feesNames = NewNames("Amount", "CurrencyCode", "DecimalPlaces", "Fee")
	taxNames  = NewNames("Amount", "CurrencyCode", "DecimalPlaces", "Tax", "TotalTax")
)

// sum reads a fare. What else a passenger's fare has, pax is told of; nil for the total.
func (l *lowFare) sum(s *Sum, pax func(key int)) {
	d := l.d
	var around Amount
	for f := d.Fields(sumNames); f.Next(); {
		switch f.Key() {
		case 0:
			s.Base = d.amount(around)
		case 1:
			s.Equiv = d.amount(around)
		case 2:
			l.taxes(s)
		case 3:
			s.Total = d.amount(around)
		case 7, 8:
			d.amountField(&around, f.Key()-6)
		case 9:
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
		case 3:
			l.g.Tax(s, d.amount(s.Taxes))
		case 4:
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
		if f.Key() == 3 {
			l.g.Money.list(&s.FeeList, d.amount(around))
		} else {
			d.amountField(&sum, f.Key())
		}
	}
	if s.FeeList.count == 0 && sum.Text != "" {
		l.g.Money.list(&s.FeeList, sum)
	}
}

var (
	breakdownNames = NewNames("PassengerTypeQuantity", "FareBasisCodes", "PassengerFare", "Endorsements", "FareInfos", "FareInfo", "FlightRefNumberRPHList", "TPA_Extensions")
	quantityNames  = NewNames("Code", "Quantity")
	basesNames     = NewNames("FareBasisCode")
	basisNames     = NewNames(Text, "FlightSegmentRPH", "DepartureAirportCode", "ArrivalAirportCode", "FareComponentCabinCode")
	endorseNames   = NewNames("NonRefundableIndicator")
)

// breakdown reads one PTC_FareBreakdown: a passenger type with its fare.
func (l *lowFare) breakdown() {
	d, g := l.d, l.g
	flights := ""
	g.BeginPax()
	p := g.Pax()
	for f := d.Fields(breakdownNames); f.Next(); {
		switch f.Key() {
		case 0:
			for q := d.Fields(quantityNames); q.Next(); {
				if q.Key() == 0 {
					p.Code = d.View()
				} else if n, ok := d.Int(); ok && n >= 0 && n < 1000 {
					p.Count = n
				}
			}
		case 1:
			for b := d.Fields(basesNames); b.Next(); {
				l.basis()
			}
		case 2:
			l.sum(&p.Sum, l.passengerFare)
		case 3:
			for e := d.Fields(endorseNames); e.Next(); {
				p.NonRefundable = d.Bool()
			}
		case 4:
			l.fareInfos(nil)
		case 5:
			l.fareInfo(nil)
		case 6:
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
		case 0:
			b.Code = d.Intern()
		case 1:
			b.RPH = d.View()
		case 2:
			b.From = d.View()
		case 3:
			b.To = d.View()
		case 4:
			b.Cabin, b.Cabins = CabinsOf(d.View())
		}
	}
	l.g.AddBasis(b)
}

var (
	infoNames = NewNames("FareReference", "FareBasisCode", "DepartureAirport", "ArrivalAirport", "FilingAirline", "RuleInfo", "TPA_Extensions", "FareInfo", "CabinType")
	infoMore  = NewNames("SeatsRemaining", "Cabin")
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
		case 0:
			reference = d.Intern()
		case 1:
			code = d.Intern()
		case 2:
			from, _ := l.airport()
			w.From = string(from)
		case 3:
			to, _ := l.airport()
			w.To = string(to)
		case 4:
			if seller := l.carrier(""); q != nil && q.Seller.Code == "" {
				q.Seller.Code = seller
			}
		case 5:
			l.rules()
		case 6:
			l.infoExtensions(&i)
		case 7:
			for n := d.Fields(infoNames); n.Next(); {
				if n.Key() == 1 {
					code = d.Intern()
				}
			}
		case 8:
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
	for e := d.Fields(infoMore); e.Next(); {
		if e.Key() == 0 {
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
