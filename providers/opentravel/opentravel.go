// Package opentravel is what answers in the manner of OpenTravel's OTA_AirLowFareSearchRS
// have in common, whoever wrote them: XML and JSON read alike (Document), errors and
// warnings, amounts with DecimalPlaces, codes of cabins and passenger types, and how
// itineraries with their prices become offers (Gatherer). LowFare reads the message itself.
// Requests, authentication and everything that one partner does otherwise are the
// protocols' own.
//
// What it decides, and why:
//   - TotalFare of ItinTotalFare is what the whole party pays. Without one it is the sum of
//     the passengers' fares, each times its Quantity, and without these the base with taxes
//     and fees. Fees are in the total and in neither base nor taxes.
//   - BaseFare is stated in the currency of the fare's origin, EquivFare is the same in the
//     currency of sale: the base is the one that is in the total's currency.
//   - Integers are minor units if DecimalPlaces is above zero and no amount of the whole
//     document has a point: writers of the standard differ, but each is of one mind.
//   - Times are local to the airport. A GMTOffset counts where our own table knows no zone,
//     and where only with it the stated ElapsedTime is right.
//   - An OperatingAirline that is absent is unconfirmed: the standard does not say what its
//     absence means. A DisclosureAirline must by law be the one who flies.
//   - LastTicketDate ends at the end of that day at the origin, at the departure at the
//     latest: whose zone is meant is not stated.
//   - Penalties before departure say what is refundable and changeable, by the worst of the
//     passengers with a seat; a NonRefundableIndicator only counts where there are none, as
//     it also stands beside refunds at a fee.
//   - A weight of bags without a number of pieces is one piece. What infants on a lap have
//     does not count.
//   - A brand's feature of ATPCO's group BF and sub code 050 says whether a standard seat can be
//     chosen: F for nothing, C for money, N not at all.
//   - Further AirItineraryPricingInfo (of AdditionalFares, in brands) are further offers;
//     those that say that no fare was returned are none.
package opentravel
