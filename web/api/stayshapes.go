package api

import "fanfare/providers/travel"

// StayView is a hotel search as a view shows it.
//
//fanfare:view
type StayView struct {
	Snapshot
	Facets     StayFacets               `json:"facets"`
	Labels     map[string]string        `json:"labels" doc:"best, cheapest: the id of the property."`
	Highlights map[string]StayHighlight `json:"highlights"`
	Results    []StayResult             `json:"results"`
	NextCursor *string                  `json:"next_cursor" null:"true"`
}

// StayHighlight is what a label points at.
type StayHighlight struct {
	ID    string       `json:"id"`
	Price travel.Money `json:"price"`
}

// StayFacets says what other choices would show, as FlightFacets does. Properties and rates
// that do not say are counted where the filter lets them pass: not with strict=1.
type StayFacets struct {
	Stars      []IntFacet  `json:"stars" doc:"min_stars: what so many stars or more show, from 1 to 5."`
	Boards     []TextFacet `json:"boards"`
	Conditions []TextFacet `json:"conditions" doc:"free_cancellation: what that filter shows or would show."`
	Partners   []TextFacet `json:"partners"`
	Price      *MoneyRange `json:"price" null:"true" doc:"Of the properties without max_price."`
}

// StayResult is one property with everybody who sells it.
type StayResult struct {
	ID             string       `json:"id"`
	Name           string       `json:"name"`
	Stars          *float64     `json:"stars" null:"true"`
	Lat            *float64     `json:"lat" null:"true"`
	Lon            *float64     `json:"lon" null:"true"`
	DistanceMetres *int         `json:"distance_metres" null:"true"`
	Address        *string      `json:"address" null:"true"`
	Price          travel.Money `json:"price" doc:"The cheapest passing rate's total."`
	Score          Score        `json:"score" doc:"Generalised cost; lower is better. Independent of all other results."`
	Explain        *StayExplain `json:"explain,omitempty" doc:"With explain=1: why it stands where it does."`
	GuestScore     *float64     `json:"guest_score" null:"true" min:"0" max:"10" doc:"What guests give, as one partner states it, of ten."`
	GuestReviews   *int         `json:"guest_reviews" null:"true" doc:"How many guests."`
	MayBeSame      []string     `json:"may_be_same" doc:"Ids of results that may be this property under another name: much speaks for it, not enough to merge them."`
	MayBeSameNames []string     `json:"may_be_same_names" doc:"Their names, in the order of may_be_same."`
	Rooms          []StayRoom   `json:"rooms" doc:"What is sold, by kind of room: all passing rates, cheapest first. A rate's room_id says to which it belongs."`
	RatesTotal     int          `json:"rates_total"`
	Rates          []Rate       `json:"rates"`
}

// StayExplain is why a property stands where it does.
type StayExplain struct {
	DominatedBy []StayDominator `json:"dominated_by" doc:"A few properties that are at least as good in price, distance, stars and guests' points and better in some of them, where all of these are known of both."`
	Listings    []string        `json:"listings" doc:"The listings that were judged to be this property, as partner:id, sorted."`
}

// StayDominator is one property that is better.
type StayDominator struct {
	ID       string   `json:"id"`
	BetterIn []string `json:"better_in" doc:"Of price, distance, stars and guests."`
}

// StayRoom is one kind of room, whoever sells it.
type StayRoom struct {
	ID    string       `json:"id"`
	Name  *string      `json:"name" null:"true" doc:"As the partner of the cheapest rate calls it."`
	From  travel.Money `json:"from" doc:"The cheapest passing rate's total."`
	Rates int          `json:"rates"`
}

// Rate is one partner's price for the whole stay and all rooms.
type Rate struct {
	ID           string            `json:"id"`
	Partner      string            `json:"partner"`
	Room         *string           `json:"room" null:"true"`
	RoomID       string            `json:"room_id" doc:"Equal for one kind of room for the same guests at this property, whoever sells it."`
	RoomKey      string            `json:"room_key" doc:"Equal for one kind of room under the same conditions: board, refund deadline, paid now or later. Only such rates differ by nothing but the seller."`
	Board        *string           `json:"board" null:"true" enum:"room_only,bed_and_breakfast,half_board,full_board,all_inclusive"`
	Price        RatePrice         `json:"price"`
	Cancellation Cancellation      `json:"cancellation"`
	Payment      *string           `json:"payment" null:"true" enum:"pay_now,pay_at_property,deposit,guarantee"`
	Occupancy    []RoomOccupancy   `json:"occupancy"`
	Constraints  map[string]string `json:"constraints" doc:"Each filter that the rate or its property answers for: verified or unverifiable."`
	RoomsLeft    *int              `json:"rooms_left" null:"true"`
	ExpiresAt    Instant           `json:"expires_at" null:"true"`
	Go           *string           `json:"go" null:"true"`
}

// RatePrice is a price, and what of it is paid at the property.
type RatePrice struct {
	Price
	PayAtProperty travel.Money `json:"pay_at_property" null:"true"`
}

// Cancellation is what cancelling costs.
type Cancellation struct {
	Refundable *bool              `json:"refundable" null:"true"`
	FreeUntil  Instant            `json:"free_until" null:"true"`
	Steps      []CancellationStep `json:"steps"`
}

// CancellationStep is a fee from an instant on, in the currency of display.
type CancellationStep struct {
	From Instant      `json:"from"`
	Fee  travel.Money `json:"fee" null:"true" doc:"Null where its currency has no rate."`
}

// RoomOccupancy is one kind of room within the rate.
type RoomOccupancy struct {
	Rooms     int   `json:"rooms"`
	Adults    int   `json:"adults"`
	ChildAges []int `json:"child_ages"`
}
