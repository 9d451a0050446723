package api

import (
	"slices"
	"time"

	"fanfare/providers/travel"
)

// The shapes of answers. A field tagged null may be null: unknown, never a guess.
// Schemas in /openapi.json and the encoder of views are made from these types, so they cannot differ.

// Instant is RFC 3339 in UTC; the zero value is null.
type Instant struct{ time.Time }

// MarshalJSON writes UTC to the millisecond.
func (t Instant) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Truncate(time.Millisecond).Format(`"2006-01-02T15:04:05.999Z"`)), nil
}

// Money is how a travel.Money writes itself: this type is its schema.
type Money struct {
	Amount   string `json:"amount" pattern:"decimal" example:"412.30" doc:"With the currency's ISO digits."`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" example:"GBP" doc:"ISO 4217."`
}

// Snapshot is what the views of both products begin with.
type Snapshot struct {
	ID        string       `json:"id" doc:"Names the question, not a run: equal queries have equal ids."`
	Revision  int64        `json:"revision" doc:"Only grows, also over restarts."`
	StateHash string       `json:"state_hash" doc:"The same for the same answers, whatever the transport, order of arrival or view."`
	Status    string       `json:"status" enum:"pending,partial,complete,degraded,failed,expired"`
	Query     travel.Query `json:"query"`
	CreatedAt Instant      `json:"created_at"`
	UpdatedAt Instant      `json:"updated_at"`
	Coverage  Coverage     `json:"coverage"`
	Partners  []Partner    `json:"partners" doc:"Every partner, sorted by name."`
	Counts    Counts       `json:"counts"`
}

// Coverage is how much of the answer is in.
type Coverage struct {
	Asked                int      `json:"asked" doc:"Partners that the question is for."`
	Answered             int      `json:"answered" doc:"Of these, with a usable answer."`
	Share                float64  `json:"share" min:"0" max:"1" doc:"The answered partners' expected share of results: of flights, each weighs as much as it has had of the results on this kind of route (between the two countries) in the last day's searches, once every partner asked has been in 20 of them; until then, and of hotels, all weigh the same. 1 only if nobody is missing."`
	MissingCheapestShare *float64 `json:"missing_cheapest_share" null:"true" min:"0" max:"1" doc:"Of flights: in what share of the last day's searches on this kind of route that one of the partners missing now took part in, one of them held the cheapest result, alone or at the same price as others. Null under 50 searches."`
}

// Partner is how one partner stands.
type Partner struct {
	Name        string         `json:"name"`
	DisplayName string         `json:"display_name"`
	Status      string         `json:"status" enum:"queued,asking,ok,no_hit,stale_served,timeout,error_network,error_http,error_parse,error_contract,rate_limited,circuit_open,budget_skipped,not_applicable,quarantined,expired"`
	Cause       *string        `json:"cause" null:"true" doc:"The finer reason; null when all is well."`
	Code        *string        `json:"code" null:"true" doc:"The partner's own code of its error, where it sent an error document."`
	OffersIn    int            `json:"offers_in" doc:"Offers or rates after expansion of alternatives: offers_kept plus the sum of drops."`
	OffersKept  int            `json:"offers_kept"`
	Drops       map[string]int `json:"drops" doc:"Offers dropped, by rule."`
	TookMS      *int64         `json:"took_ms" null:"true"`
	AsOf        Instant        `json:"as_of" null:"true"`
	Attempts    int            `json:"attempts"`
	RetryAt     Instant        `json:"retry_at" null:"true" doc:"When a failed partner may be asked again."`
	Since       Instant        `json:"since" null:"true" doc:"Since when the partner is not being asked."`
	Notes       map[string]int `json:"notes" doc:"Counters that are not drops."`
	AskedAs     []string       `json:"asked_as,omitempty" doc:"Routes that were asked for in place of metro areas, which this partner does not take."`
}

// Counts says how much there is.
type Counts struct {
	Results   int `json:"results"`
	Offers    int `json:"offers"`
	Matching  int `json:"matching" doc:"Results that pass the filters."`
	NewBefore int `json:"new_before" doc:"Results that stand before the cursor and did not when it was made, whatever left meanwhile; behind more than 256 results at least how many there are more."`
	Hopeless  int `json:"hopeless" doc:"Of the matching results, those that cost much more time or money than the best one. They stay in the list, marked."`
}

// FlightView is a flight search as a view shows it.
//
//fanfare:view
type FlightView struct {
	Snapshot
	Facets     FlightFacets         `json:"facets"`
	Labels     map[string]string    `json:"labels" doc:"best, cheapest, fastest: the id of the result."`
	Highlights map[string]Highlight `json:"highlights"`
	Results    []FlightResult       `json:"results"`
	NextCursor *string              `json:"next_cursor" null:"true"`
	EarlyStop  *EarlyStop           `json:"early_stop,omitempty" doc:"Present if stop_when_saving_below ended the wait."`
}

// EarlyStop tells what was given up by not waiting.
type EarlyStop struct {
	Residual travel.Money `json:"residual" doc:"The saving that the partners still asked may bring."`
}

// Highlight is what a label points at.
type Highlight struct {
	ID              string       `json:"id"`
	Price           travel.Money `json:"price"`
	DurationMinutes int          `json:"duration_minutes"`
}

// FlightFacets says what other choices would show: each value's count and from are what
// the facet's parameter set to that value alone shows, all other parameters as they are.
// Prices are with the bags asked for.
type FlightFacets struct {
	Stops           []IntFacet  `json:"stops" doc:"max_stops: what so many connections or fewer show."`
	Carriers        []TextFacet `json:"carriers" doc:"carriers: offers of which every segment is marketed under that code by the offer, or operated by that airline according to the result."`
	Partners        []TextFacet `json:"partners"`
	Airports        []TextFacet `json:"airports" doc:"via: where is changed; of a change of airports, both."`
	Departures      []TextFacet `json:"departures" doc:"Of the first slice, by windows as depart_between takes them."`
	Arrivals        []TextFacet `json:"arrivals" doc:"Of the first slice, by windows as arrive_between takes them."`
	Conditions      []TextFacet `json:"conditions" doc:"cabin_bag, checked_bag and refundable: what that filter shows or would show. With a bag, prices are with that bag."`
	Tickets         []TextFacet `json:"tickets" doc:"one: what combine=0 shows; several: trips put together from several tickets, what combined_only=1 shows."`
	Price           *MoneyRange `json:"price" null:"true" doc:"Of the results without max_price."`
	DurationMinutes *IntRange   `json:"duration_minutes" null:"true" doc:"Of the results without max_duration_minutes."`
}

// IntFacet is a number as a value of its parameter.
type IntFacet struct {
	Value int          `json:"value"`
	Count int          `json:"count" doc:"Results that choosing this value alone shows. Values that would show nothing are left out, unless they are chosen."`
	From  travel.Money `json:"from" null:"true" doc:"What the cheapest of them costs, with the bags asked for: stated prices of bags, and what they usually cost where nobody says, as in the order. Null without results."`
}

// TextFacet is a code as a value of its parameter.
type TextFacet struct {
	Value string       `json:"value"`
	Name  string       `json:"name"`
	Count int          `json:"count" doc:"Results that choosing this value alone shows. Values that would show nothing are left out, unless they are chosen."`
	From  travel.Money `json:"from" null:"true" doc:"What the cheapest of them costs, with the bags asked for: stated prices of bags, and what they usually cost where nobody says, as in the order. Null without results."`
}

// MoneyRange is from the cheapest to the dearest.
type MoneyRange struct {
	Min travel.Money `json:"min"`
	Max travel.Money `json:"max"`
}

// IntRange is from the smallest to the largest.
type IntRange struct {
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// FlightResult is one itinerary with everybody who sells it.
type FlightResult struct {
	ID          string            `json:"id"`
	Slices      []Slice           `json:"slices"`
	Price       travel.Money      `json:"price" doc:"The cheapest passing offer's total."`
	Score       Score             `json:"score" doc:"Generalised cost; lower is better. Independent of all other results."`
	Pareto      bool              `json:"pareto" doc:"Nothing else is as good in price, duration, stops and risk and better in one of them."`
	Hopeless    bool              `json:"hopeless" doc:"Costs much more time or money than the best result."`
	Explain     *Explain          `json:"explain,omitempty" doc:"With explain=1: why it stands where it does."`
	Fares       []FareChoice      `json:"fares" doc:"The passing offers by fare, cheapest first."`
	OffersTotal int               `json:"offers_total" doc:"Passing offers; the 10 cheapest stand in offers."`
	Offers      []Offer           `json:"offers"`
	Airlines    map[string]string `json:"airlines,omitempty" doc:"The names of all airlines that sell or fly its segments, by code."`
	Linked      []Link            `json:"linked,omitempty" doc:"Other results that may be the same trip."`
	Combination *Combination      `json:"combination,omitempty" doc:"Present if these flights are put together from several tickets, whose partners answered each for its part."`
}

// Explain is why a result stands where it does.
type Explain struct {
	DominatedBy []Dominator  `json:"dominated_by" doc:"A few results that are at least as good in price, duration, stops and risk and better in some of them."`
	FirstAt     travel.Money `json:"first_at" null:"true" doc:"The highest price of this result's cheapest offer, before bags, at which the result would be first in this order, all else as it is; null if it is first, or at no price would be, and with sort=choice."`
}

// Dominator is one result that is better.
type Dominator struct {
	ID       string   `json:"id"`
	BetterIn []string `json:"better_in" doc:"Of price, duration, stops and risk."`
}

// FareChoice is one fare of a result beside its others: offers of one brand, cabins, bags
// and conditions, whoever sells them.
type FareChoice struct {
	Fare
	Price      travel.Money `json:"price" doc:"The cheapest such offer's total."`
	Step       travel.Money `json:"step" doc:"What it costs more than the cheapest fare."`
	OfferID    string       `json:"offer_id" doc:"The cheapest such offer."`
	Offers     int          `json:"offers"`
	Partners   []string     `json:"partners"`
	CabinBag   BagPrice     `json:"with_cabin_bag"`
	CheckedBag BagPrice     `json:"with_checked_bag"`
}

// BagPrice is what an offer costs with bags.
type BagPrice struct {
	Status string       `json:"status" enum:"included,known,estimated,unknown" doc:"known: the partner says what the bags cost, or sells these flights with them; estimated: with what bags usually cost; unknown: the fare says nothing about bags."`
	Price  travel.Money `json:"price" null:"true"`
}

// LowerCabin is a segment in a lower cabin than asked for.
type LowerCabin struct {
	Segment int    `json:"segment" doc:"Over all slices, from 0."`
	Cabin   string `json:"cabin"`
}

// Score is an exact sum of its parts.
type Score struct {
	Total    string      `json:"total" pattern:"decimal"`
	Currency string      `json:"currency"`
	Micros   *int64      `json:"micros,omitempty" doc:"With explain=1: what the order goes by, in millionths of a euro."`
	Parts    []ScorePart `json:"parts"`
}

// ScorePart is one summand; micros and explanation stand only with explain=1.
type ScorePart struct {
	Name        string `json:"name"`
	Amount      string `json:"amount" pattern:"decimal"`
	Micros      *int64 `json:"micros,omitempty" doc:"With explain=1: unrounded, in millionths of a euro; the parts add up to the score's exactly."`
	Explanation string `json:"explanation,omitempty" doc:"With explain=1: what the amount is made of."`
}

// Slice is one direction.
type Slice struct {
	Origin          string           `json:"origin"`
	Destination     string           `json:"destination"`
	Departs         travel.LocalTime `json:"departs"`
	Arrives         travel.LocalTime `json:"arrives"`
	DurationMinutes int              `json:"duration_minutes"`
	Stops           int              `json:"stops"`
	Segments        []Segment        `json:"segments"`
}

// Segment is one flight.
type Segment struct {
	Marketing       Flight           `json:"marketing"`
	Operating       *Operating       `json:"operating" null:"true" doc:"Null when unconfirmed."`
	SoldAs          []Flight         `json:"sold_as"`
	Origin          string           `json:"origin"`
	Destination     string           `json:"destination"`
	Departs         travel.LocalTime `json:"departs"`
	Arrives         travel.LocalTime `json:"arrives"`
	DurationMinutes int              `json:"duration_minutes"`
	LayoverMinutes  *int             `json:"layover_minutes" null:"true" doc:"On the ground before this segment; null on a slice's first."`
	Terminal        Terminal         `json:"terminal"`
	Aircraft        *string          `json:"aircraft" null:"true"`
	ShortConnection bool             `json:"short_connection,omitempty" doc:"Present and true where the layover before this segment, on one ticket, is shorter than 45 minutes between flights within one country, or than 60 minutes between others."`
}

// Flight is a carrier and a number.
type Flight struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"`
}

// Operating is who flies; the number may be unknown.
type Operating struct {
	Carrier string  `json:"carrier"`
	Number  *string `json:"number" null:"true"`
}

// Terminal is where a segment begins and ends.
type Terminal struct {
	Departure *string `json:"departure" null:"true"`
	Arrival   *string `json:"arrival" null:"true"`
}

// Offer is one partner's price for the itinerary.
type Offer struct {
	ID           string            `json:"id" doc:"Stays the same when only the price changes."`
	Partner      string            `json:"partner"`
	Seller       Seller            `json:"seller"`
	Marketing    []string          `json:"marketing" doc:"The flight numbers that this offer is sold under."`
	Price        Price             `json:"price"`
	Fare         Fare              `json:"fare"`
	Bags         *BagPrice         `json:"bags,omitempty" doc:"With cabin_bag=1 or checked_bag=1: what the offer costs with those bags."`
	MixedCabin   []LowerCabin      `json:"mixed_cabin,omitempty" doc:"The segments in a lower cabin than asked for; absent if there are none."`
	Constraints  map[string]string `json:"constraints" doc:"Each filter, and a cabin above economy: verified; honoured where the partner was asked and does not contradict; at_a_price where the fare has no bag and the partner says what one costs; partly; or unverifiable."`
	SeatsLeft    *int              `json:"seats_left" null:"true"`
	ExpiresAt    Instant           `json:"expires_at" null:"true"`
	SelfTransfer bool              `json:"self_transfer"`
	Go           *string           `json:"go" null:"true" doc:"Where to buy it; null until the partner's links are set up."`
	Tickets      []Ticket          `json:"tickets,omitempty" doc:"Of a combination, in the order flown: partner names theirs joined with +, and the total is the sum of theirs."`
}

// Seller is who the contract would be with.
type Seller struct {
	Code *string `json:"code" null:"true"`
	Name *string `json:"name" null:"true"`
}

// Price is in the currency of display, with where it comes from.
type Price struct {
	Total      travel.Money `json:"total"`
	Base       travel.Money `json:"base" null:"true"`
	Taxes      travel.Money `json:"taxes" null:"true"`
	Fees       travel.Money `json:"fees" null:"true" doc:"Surcharges and fees that the partner states outside base and taxes, which fall short of the total by them."`
	Kind       string       `json:"kind" enum:"live,cached,indicative"`
	AsOf       Instant      `json:"as_of"`
	FreshUntil Instant      `json:"fresh_until"`
	HardUntil  Instant      `json:"hard_until"`
	Original   travel.Money `json:"original" null:"true" doc:"The partner's own total where its currency differs."`
	FX         *FX          `json:"fx" null:"true"`
}

// FX is the conversion from original to total.
type FX struct {
	Rate   string      `json:"rate"`
	Date   travel.Date `json:"date"`
	Source string      `json:"source"`
}

// PerSegment is a text for each segment over all slices, in the order flown. A text that is
// empty is not known, and null in JSON; nil is null itself.
type PerSegment []string

// MarshalJSON writes null for what is not known.
func (p PerSegment) MarshalJSON() ([]byte, error) { return appendPerSegment(nil, p), nil }

// perSegment is nil if nothing is known of any segment.
func perSegment[T ~string](texts []T) PerSegment {
	if !slices.ContainsFunc(texts, func(t T) bool { return t != "" }) {
		return nil
	}
	all := make(PerSegment, len(texts))
	for i, t := range texts {
		all[i] = string(t)
	}
	return all
}

// Fare is the conditions.
type Fare struct {
	Brand       *string      `json:"brand" null:"true"`
	Basis       PerSegment   `json:"basis" null:"true" doc:"One a segment, null where it is not stated; null if it is for none."`
	Cabin       PerSegment   `json:"cabin" null:"true" doc:"The same for the travel class."`
	CabinBags   *int         `json:"cabin_bags" null:"true"`
	CheckedBags *int         `json:"checked_bags" null:"true"`
	Refundable  *bool        `json:"refundable" null:"true"`
	Changeable  *bool        `json:"changeable" null:"true"`
	ChangeFee   travel.Money `json:"change_fee" null:"true"`
	RefundFee   travel.Money `json:"refund_fee" null:"true"`
	Seat        *string      `json:"seat_selection" null:"true" enum:"included,at_a_price,not_included,not_offered" doc:"Whether a seat may be chosen before check-in: the worst of all travellers and segments. not_included: not in the price, and nobody says whether it is sold."`

	CabinBagPrice   travel.Money `json:"cabin_bag_price" null:"true" doc:"What a cabin bag for every traveller with a seat, on all flights, costs beside the total, where the fare has none and the partner says so."`
	CheckedBagPrice travel.Money `json:"checked_bag_price" null:"true" doc:"The same for a checked bag."`
}

// FlightUpdate is what changed on a page of flights since the last event: the data of
// the stream's update. It is written from rendered views (see renderedView.since); this type is
// its schema.
type FlightUpdate struct {
	UpdateHead
	Highlights map[string]Highlight `json:"highlights"`
	EarlyStop  *EarlyStop           `json:"early_stop,omitempty" doc:"Absent: the view has none."`
	Facets     *FlightFacets        `json:"facets,omitempty" doc:"Absent: as before."`
	Upsert     []FlightResult       `json:"upsert" doc:"New on the page, or changed."`
}

// StayUpdate is what changed on a page of properties, as FlightUpdate.
type StayUpdate struct {
	UpdateHead
	Highlights map[string]StayHighlight `json:"highlights"`
	Facets     *StayFacets              `json:"facets,omitempty" doc:"Absent: as before."`
	Upsert     []StayResult             `json:"upsert" doc:"New on the page, or changed."`
}

// UpdateHead is what updates of both products have in common.
type UpdateHead struct {
	Done
	UpdatedAt  Instant           `json:"updated_at"`
	Coverage   Coverage          `json:"coverage"`
	Partners   []Partner         `json:"partners" doc:"Changed ones only."`
	Counts     Counts            `json:"counts"`
	Labels     map[string]string `json:"labels"`
	NextCursor *string           `json:"next_cursor" null:"true"`
	Order      []string          `json:"order" doc:"Ids of the page's results, in order."`
	Removed    []string          `json:"removed" doc:"Ids gone from the page."`
}

// Done says how the search stands: the data of the stream's done.
type Done struct {
	ID        string `json:"id"`
	Revision  int64  `json:"revision"`
	StateHash string `json:"state_hash"`
	Status    string `json:"status" enum:"pending,partial,complete,degraded,failed,expired"`
}

// Bye has nothing to say: the data of the stream's bye.
type Bye struct{}

// Places is the answer to a look-up.
type Places struct {
	Places []Place `json:"places"`
}

// Place is an airport, a metro area or a city.
type Place struct {
	ID       string   `json:"id"`
	Type     string   `json:"type" enum:"metro,airport,city"`
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	City     string   `json:"city"`
	Country  string   `json:"country"`
	Lat      float64  `json:"lat"`
	Lon      float64  `json:"lon"`
	Airports []string `json:"airports"`
}

// Health is the state of the process.
type Health struct {
	Status string `json:"status" enum:"ok,draining,no_partners"`
}
