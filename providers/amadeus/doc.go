// Package amadeus speaks the Amadeus Self-Service APIs: Flight Offers Search v2 for
// flights (amadeus-air), and Hotel List v1 with Hotel Search v3 for stays
// (amadeus-hotel), whose answers it also reads in the shapes of v2.
//
// What it decides for both, and why:
//   - A token of the client credentials grant is shared by all calls of a client until it
//     ends or is refused.
//   - An error that says in its title or code that there is nothing to sell is an empty
//     answer, also with status 400 or 404; beside others it is one of them.
//
// For flights:
//   - The price is grandTotal, which includes fees; without it total and the fees, without
//     that the travellers' totals and the fees. additionalServices are what could be bought:
//     CHECKED_BAGS is the first bag beside those included. The specification does not say
//     of how many travellers and directions, so it counts only where there is one of each.
//   - Times are local to the airport and carry no offset. An operating carrier that is
//     absent, or that only has a name, is unconfirmed.
//   - A weight of bags without a number of pieces is one piece. The bags of infants on a
//     lap do not count.
//   - lastTicketingDate ends at the end of that day at the origin, lastTicketingDateTime at
//     that time there, both at the departure at the latest: the office's own zone, which
//     is what is meant, is not stated, and nobody can buy a flight that has left.
//   - fareRules say what is refundable and changeable, where they stand; else the amenities
//     of a branded fare, if all segments have them; refundableFare=true says the former
//     too. Its absence, or false, only says that nobody asked for refundable fares.
//   - An amenity of type PRE_RESERVED_SEAT says whether a seat can be chosen; of several, as for
//     seats with more room, the best counts, and of segments the worst.
//   - Penalties of fareRules without a currency are in that of the price.
//   - Offers that sell one direction (oneWay) are never asked for, and kept as what they are.
//
// For stays:
//   - An offer's total is for the whole stay and all rooms of its roomQuantity: an offer is
//     what is booked, and FULL_STAY fees are the total. sellingTotal, which adds mark-up
//     and fees, is the price where it is stated.
//   - By the specification total = base + taxes. Taxes that say included=false are in the
//     total if it is larger than the base by them; if not, they are paid at the property
//     and added. One that is only a percentage is that of the base; without a base, and not
//     in the total, it is noted as tax_not_in_total.
//   - Guarantee means payment at check-out (so the specification says), and so does
//     holdTime; of a deposit the rest is paid there.
//   - Without price.base the base is the sum of variations.changes, each times its nights, else the
//     average times the nights, which may be rounded.
//   - A cancellation amount that is stated is the fee, whatever type or nights stand beside it.
//   - The question has adults but no children: searches with children are not for it. Rooms
//     of different occupancy are asked for one after the other and combined.
//   - Names and positions come from the hotel list, kept for a day, where the offers leave
//     them out. v3 states no stars.
package amadeus
