package travel

import "time"

// PriceKind is where a price comes from. It does not age.
type PriceKind string

// The price kinds: the partner's own answer to this Query; a cached price by the
// partner's own word; an estimate from history.
const (
	Live       PriceKind = "live"
	Cached     PriceKind = "cached"
	Indicative PriceKind = "indicative"
)

// Price is for the whole party and the whole trip or stay, mandatory taxes and
// fees included. Base, Taxes and Fees are the partner's own words and need not add up
// to Total; each may be not stated. Fees are the surcharges and fees that stand outside
// both Base and Taxes: see StateFees.
type Price struct {
	Total Money
	Base  Money
	Taxes Money
	Fees  Money
	Kind  PriceKind
}

// StateFees sets Fees to the sum of those that a document states outside base and taxes, if
// these fall short of the total by as much at least. Fees that are not stated, or in another
// currency, are left out. It is called when the other amounts are set.
func (p *Price) StateFees(stated ...Money) {
	p.Fees = Money{}
	if !p.Base.Known() || p.Base.Currency != p.Total.Currency || p.Taxes.Currency != p.Total.Currency {
		return
	}
	sum := int64(0)
	for _, m := range stated {
		if m.Currency == p.Total.Currency && m.Minor > 0 {
			sum += m.Minor
		}
	}
	if missing := p.Total.Minor - p.Base.Minor - p.Taxes.Minor; sum > 0 && sum <= missing {
		p.Fees = Money{sum, p.Total.Currency}
	}
}

// Seller is the seller of record of an offer: an airline or an agency.
type Seller struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Fare is the conditions of an offer. Basis and Cabin have one element a segment
// over all slices in order, or are empty when not stated.
type Fare struct {
	Brand       string // names of differing brands are joined with " / "
	Basis       []string
	Cabin       []Cabin
	CabinBags   Pieces // the least that any seated passenger has on any segment
	CheckedBags Pieces
	Refundable  Answered
	Changeable  Answered
	RefundFee   Money // not stated unless known; zero is free
	ChangeFee   Money
	Seat        SeatChoice // the worst that any seated passenger has on any segment

	// What a bag costs beside the total where the fare has none: one for each seated
	// passenger, on all segments. Not stated unless the answer says so for all of them.
	CabinBagPrice   Money
	CheckedBagPrice Money
}

// SeatChoice is whether a traveller may choose a seat before check-in, and whether that is
// in the price. A greater one is better.
type SeatChoice int8

// The choices.
const (
	SeatUnknown     SeatChoice = iota
	SeatNotOffered             // it cannot be chosen
	SeatNotIncluded            // it is not in the price; nobody says whether it is sold
	SeatAtAPrice               // it costs something
	SeatIncluded               // it costs nothing
)

// seatWords are the choices as they stand in answers, "" for unknown.
var seatWords = [...]string{"", "not_offered", "not_included", "at_a_price", "included"}

// String is the choice in a word, "" if it is unknown.
func (c SeatChoice) String() string { return seatWords[c] }

// And is the choice on a trip of two parts, or of two travellers: the worse one, and
// unknown if one of them is.
func (c SeatChoice) And(d SeatChoice) SeatChoice { return min(c, d) }

// Condition is whether something may be done with a ticket, and whether it costs
// something: the refund and change classes of a fare key.
type Condition int8

// The conditions.
const (
	ConditionUnknown    Condition = iota
	ConditionForbidden            // not allowed
	ConditionFree                 // allowed for nothing
	ConditionFee                  // allowed for a fee
	ConditionUnknownFee           // allowed, nobody says what for
)

// RefundCondition is whether the fare is given back.
func (f *Fare) RefundCondition() Condition { return conditionOf(f.Refundable, f.RefundFee) }

// ChangeCondition is whether the ticket may be changed.
func (f *Fare) ChangeCondition() Condition { return conditionOf(f.Changeable, f.ChangeFee) }

func conditionOf(allowed Answered, fee Money) Condition {
	switch {
	case allowed == Unknown:
		return ConditionUnknown
	case allowed == No:
		return ConditionForbidden
	case !fee.Known():
		return ConditionUnknownFee
	case fee.Minor == 0:
		return ConditionFree
	}
	return ConditionFee
}

// Offer is an itinerary with price and conditions from one partner. It is
// immutable once its Answer is handed over.
type Offer struct {
	PartnerRef   string // the partner's own id: for re-pricing, never part of our ids
	Itinerary    Itinerary
	SelfTransfer []int // positions of segments, over all slices, before which the traveller changes tickets
	Price        Price
	Seller       Seller
	Fare         Fare
	SeatsLeft    int       // 0 is unknown
	Travellers   int       // whom the total is for, infants on laps included; 0 is unknown
	ExpiresAt    time.Time // zero is unknown
	Test         bool      // the partner marks it as test data
}
