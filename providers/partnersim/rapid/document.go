package rapid

// The vendor's answer about rates: an array of these, empty if there is nothing.

type PropertyDoc struct {
	ID     string          `json:"property_id"`
	Status string          `json:"status"`
	Rooms  []roomDoc       `json:"rooms,omitempty"`
	Links  map[string]link `json:"links,omitempty"`
	Score  int             `json:"score"`
	Reason *reasonDoc      `json:"unavailable_reason,omitempty"`
}

type reasonDoc struct {
	Code string `json:"code"`
	Data string `json:"data,omitempty"`
}

type link struct {
	Method  string `json:"method"`
	Href    string `json:"href"`
	Expires string `json:"expires,omitempty"`
}

type roomDoc struct {
	ID    string    `json:"id"`
	Name  string    `json:"room_name"`
	Rates []rateDoc `json:"rates"`
}

type rateDoc struct {
	ID            string              `json:"id"`
	Status        string              `json:"status"`
	Rooms         int                 `json:"available_rooms"`
	Refundable    bool                `json:"refundable"`
	Refundability string              `json:"current_refundability,omitempty"`
	MemberDeal    bool                `json:"member_deal_available"`
	Scenario      scenario            `json:"sale_scenario"`
	Merchant      string              `json:"merchant_of_record"`
	Amenities     map[string]amenity  `json:"amenities,omitempty"`
	Links         map[string]link     `json:"links"`
	Beds          map[string]bedsDoc  `json:"bed_groups"`
	Penalties     []penalty           `json:"cancel_penalties,omitempty"`
	NoRefund      []rangeDoc          `json:"nonrefundable_date_ranges,omitempty"`
	Incentives    []rangeDoc          `json:"marketing_fee_incentives,omitempty"`
	Pricing       map[string]PriceDoc `json:"occupancy_pricing"`
	Promotions    *promotions         `json:"promotions,omitempty"`
	Deposits      []deposit           `json:"deposits,omitempty"`
}

type scenario struct {
	Package      bool  `json:"package"`
	Member       bool  `json:"member"`
	Corporate    bool  `json:"corporate"`
	Distribution bool  `json:"distribution"`
	Mobile       *bool `json:"mobile_promotion,omitempty"`
}

type amenity struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Categories []string `json:"categories,omitempty"`
}

type bedsDoc struct {
	Links         map[string]link `json:"links"`
	ID            string          `json:"id"`
	Description   string          `json:"description"`
	Configuration []bed           `json:"configuration"`
}

type bed struct {
	Type     string `json:"type"`
	Size     string `json:"size"`
	Quantity int    `json:"quantity"`
}

// penalty states one of amount, nights and percent.
type penalty struct {
	Currency string `json:"currency"`
	Start    string `json:"start"`
	End      string `json:"end"`
	Amount   string `json:"amount,omitempty"`
	Nights   string `json:"nights,omitempty"`
	Percent  string `json:"percent,omitempty"`
}

type rangeDoc struct {
	Source string `json:"source,omitempty"`
	Start  string `json:"start"`
	End    string `json:"end"`
}

type deposit struct {
	Value    string `json:"value"`
	Due      string `json:"due"`
	Currency string `json:"currency"`
}

type promotions struct {
	ValueAdds map[string]valueAdd `json:"value_adds,omitempty"`
	Deal      *deal               `json:"deal,omitempty"`
}

type valueAdd struct {
	ID          string `json:"id"`
	Description string `json:"description"`
	Category    string `json:"category"`
	OfferType   string `json:"offer_type"`
	Frequency   string `json:"frequency"`
	Persons     int    `json:"person_count,omitempty"`
}

type deal struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

// PriceDoc is what the guests of one occupancy pay.
type PriceDoc struct {
	Nightly [][]AmountDoc        `json:"nightly"`
	Stay    []AmountDoc          `json:"stay,omitempty"`
	Totals  map[string]ChargeDoc `json:"totals"`
	Fees    map[string]ChargeDoc `json:"fees,omitempty"`
}

type AmountDoc struct {
	Type     string `json:"type,omitempty"`
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// ChargeDoc is an amount twice: as it is charged, and in the currency asked for.
type ChargeDoc struct {
	Billable AmountDoc `json:"billable_currency"`
	Request  AmountDoc `json:"request_currency"`
}

// Place is one property of a geography.
type Place struct {
	ID string `json:"property_id"`
}
