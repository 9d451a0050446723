package partnersim

// The vendor's answer about rates: an array of these, empty if there is nothing.

type rapidProperty struct {
	ID     string               `json:"property_id"`
	Status string               `json:"status"`
	Rooms  []rapidRoom          `json:"rooms,omitempty"`
	Links  map[string]rapidLink `json:"links,omitempty"`
	Score  int                  `json:"score"`
	Reason *rapidReason         `json:"unavailable_reason,omitempty"`
}

type rapidReason struct {
	Code string `json:"code"`
	Data string `json:"data,omitempty"`
}

type rapidLink struct {
	Method  string `json:"method"`
	Href    string `json:"href"`
	Expires string `json:"expires,omitempty"`
}

type rapidRoom struct {
	ID    string      `json:"id"`
	Name  string      `json:"room_name"`
	Rates []rapidRate `json:"rates"`
}

type rapidRate struct {
	ID            string                  `json:"id"`
	Status        string                  `json:"status"`
	Rooms         int                     `json:"available_rooms"`
	Refundable    bool                    `json:"refundable"`
	Refundability string                  `json:"current_refundability,omitempty"`
	MemberDeal    bool                    `json:"member_deal_available"`
	Scenario      rapidScenario           `json:"sale_scenario"`
	Merchant      string                  `json:"merchant_of_record"`
	Amenities     map[string]rapidAmenity `json:"amenities,omitempty"`
	Links         map[string]rapidLink    `json:"links"`
	Beds          map[string]rapidBeds    `json:"bed_groups"`
	Penalties     []rapidPenalty          `json:"cancel_penalties,omitempty"`
	NoRefund      []rapidRange            `json:"nonrefundable_date_ranges,omitempty"`
	Incentives    []rapidRange            `json:"marketing_fee_incentives,omitempty"`
	Pricing       map[string]rapidPrice   `json:"occupancy_pricing"`
	Promotions    *rapidPromotions        `json:"promotions,omitempty"`
	Deposits      []rapidDeposit          `json:"deposits,omitempty"`
}

type rapidScenario struct {
	Package      bool  `json:"package"`
	Member       bool  `json:"member"`
	Corporate    bool  `json:"corporate"`
	Distribution bool  `json:"distribution"`
	Mobile       *bool `json:"mobile_promotion,omitempty"`
}

type rapidAmenity struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Categories []string `json:"categories,omitempty"`
}

type rapidBeds struct {
	Links         map[string]rapidLink `json:"links"`
	ID            string               `json:"id"`
	Description   string               `json:"description"`
	Configuration []rapidBed           `json:"configuration"`
}

type rapidBed struct {
	Type     string `json:"type"`
	Size     string `json:"size"`
	Quantity int    `json:"quantity"`
}

// rapidPenalty states one of amount, nights and percent.
type rapidPenalty struct {
	Currency string `json:"currency"`
	Start    string `json:"start"`
	End      string `json:"end"`
	Amount   string `json:"amount,omitempty"`
	Nights   string `json:"nights,omitempty"`
	Percent  string `json:"percent,omitempty"`
}

type rapidRange struct {
	Source string `json:"source,omitempty"`
	Start  string `json:"start"`
	End    string `json:"end"`
}

type rapidDeposit struct {
	Value    string `json:"value"`
	Due      string `json:"due"`
	Currency string `json:"currency"`
}

type rapidPromotions struct {
	ValueAdds map[string]rapidValueAdd `json:"value_adds,omitempty"`
	Deal      *rapidDeal               `json:"deal,omitempty"`
}

type rapidValueAdd struct {
	ID          string `json:"id"`
	Description string `json:"description"`
	Category    string `json:"category"`
	OfferType   string `json:"offer_type"`
	Frequency   string `json:"frequency"`
	Persons     int    `json:"person_count,omitempty"`
}

type rapidDeal struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

// rapidPrice is what the guests of one occupancy pay.
type rapidPrice struct {
	Nightly [][]rapidAmount        `json:"nightly"`
	Stay    []rapidAmount          `json:"stay,omitempty"`
	Totals  map[string]rapidCharge `json:"totals"`
	Fees    map[string]rapidCharge `json:"fees,omitempty"`
}

type rapidAmount struct {
	Type     string `json:"type,omitempty"`
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// rapidCharge is an amount twice: as it is charged, and in the currency asked for.
type rapidCharge struct {
	Billable rapidAmount `json:"billable_currency"`
	Request  rapidAmount `json:"request_currency"`
}

// rapidPlace is one property of a geography.
type rapidPlace struct {
	ID string `json:"property_id"`
}
