package travel

// The rules by which an offer or rate is dropped, counted in Answer.Drops and
// shown to the partner. The first group needs nothing but the document.
const (
	RuleNoPrice            = "no_price"            // the total is missing or not an amount
	RuleUnknownCurrency    = "unknown_currency"    // not an ISO 4217 code
	RuleZeroPrice          = "zero_price"          // zero
	RuleNegativePrice      = "negative_price"      // below zero
	RuleNoItinerary        = "no_itinerary"        // no slice, or a slice without segments
	RuleBadCode            = "bad_code"            // an airport or carrier that cannot be one
	RuleBadTime            = "bad_time"            // a time that is missing or cannot be read
	RuleUnknownZone        = "unknown_zone"        // a local time at a place whose zone nobody states
	RuleArrivalFirst       = "arrival_first"       // arrival not after departure, in UTC
	RuleNegativeConnection = "negative_connection" // a segment leaves before the one ahead of it arrives
	RuleShortTurn          = "short_turn"          // the next slice leaves under 60 minutes after the one ahead arrives
	RuleDuplicateSegment   = "duplicate_segment"
	RuleDurationMismatch   = "duration_mismatch" // stated and computed duration differ by over 24 hours
	RulePartial            = "partial_offer"     // cannot be booked alone
	RuleDanglingRef        = "dangling_reference"
	RuleTooMany            = "over_limit" // beyond the 1,000 cheapest of one answer
	RulePackageOnly        = "package_only"
	RuleOtherDates         = "other_dates" // a price for other dates than the document's own stay
	RuleSoldOut            = "sold_out"    // cannot be had any more, says the document itself

	// The second group needs the Query, the clock or the configuration.
	RuleTestOffer       = "test_offer"
	RuleExpired         = "expired"
	RulePast            = "past" // departs or begins before now
	RuleWrongRoute      = "wrong_route"
	RuleWrongDate       = "wrong_date"
	RuleWrongPassengers = "wrong_passengers"
	RuleWrongCabin      = "wrong_cabin"
	RuleWrongOccupancy  = "wrong_occupancy"
	RuleOutOfArea       = "out_of_area"
	RuleNoRate          = "no_rate"    // no exchange rate for its currency
	RuleNoContent       = "no_content" // a property without a name
)
