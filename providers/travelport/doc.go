// Package travelport speaks the Travelport Universal API: LowFareSearch for flights and
// HotelSearchAvailability for stays, both in SOAP, with HTTP Basic.
//
// What it decides, and why:
//   - Amounts have their currency in front ("EUR178.74"). The total of a price point is
//     that of the whole party; without one it is the sum over the passenger types, whose
//     amounts are for one passenger each.
//   - The base is EquivalentBasePrice where BasePrice is in another currency than the
//     total: fares are filed in the currency of the origin.
//   - A price point holds alternatives for each direction, and each combination of them
//     is an offer, at most 64. AirPricingSolutions, the older form, are single ones.
//   - CompleteItinerary="false" is a price for a part of the trip: partial_offer.
//   - Without CodeshareInfo nobody has said who flies: the schema does not make its absence
//     mean the marketing carrier. A CodeshareInfo with a name and no code says no more.
//   - Bags are those of the fare; a weight without a number of pieces is one piece.
//     Penalties after departure and for no-shows are left out, as fares are compared by
//     what holds before departure. Of several the largest counts.
//   - A brand's PreReservedSeatAssignment says whether a seat can be chosen; of several, as for
//     seats with more room, the best counts.
//   - LatestTicketingTime is when an offer expires.
//   - A stay's rate is the least of its supplier for the whole stay (MinimumStayAmount, else
//     the same converted). Rates by the night only, as some sources have, have no total and
//     are dropped as no_price. PackageOffer rates may only be sold with something else.
//   - Details of a property (HotelDetailsRsp, its own or an aggregator's, HotelSuperShopperRsp)
//     decode too, rate by rate; the search does not ask for them.
package travelport
