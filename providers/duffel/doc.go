// Package duffel speaks the Duffel API, version 2: for flights one POST of an offer
// request that waits for the offers, for stays a search and the rates of what it found.
//
// What it decides about flights, and why:
//   - Times are local to the airport and carry no offset. The zone is that of our own
//     places table, else the one the document names for the airport.
//   - Conditions and bags that are null, missing or empty are unknown, never "no". Where the
//     offer does not say what a change costs, but its slices do, the worst of them stands.
//   - advance_seat_selection is about what is in the price: false does not say whether a
//     choice of seats is sold, so it is "not included". The offer's is that of its worst slice.
//   - Bags among available_services have a price if they cover every passenger with a seat
//     on every segment without one, for the whole trip or slice by slice, whichever is less.
//   - An operating carrier that is null is unconfirmed. If it is the marketing carrier
//     and has no number, the number is the marketing one.
//   - Base and tax are the partner's words beside the total; they need not add up.
//   - Metro areas are asked for by their own code: Duffel knows city codes.
//   - An infant with a seat cannot be asked for: Duffel takes a type or an age, and an
//     age below 2 is an infant on a lap to it, at another price.
//   - Children's ages are sent as of the first departure, which is what we know; Duffel
//     would like them as of the last.
//
// About stays:
//   - total_amount is what Duffel collects and holds fee_amount or not, as the accommodation
//     pleases: base, tax and fee are never added up. due_at_accommodation_amount comes on
//     top and is added. In another currency it cannot be: the rate stays at what Duffel
//     collects, noted as tax_not_in_total, as a wrong sum would be worse and its absence
//     would hide the property.
//   - A search names each accommodation with its cheapest total only. All rates are fetched
//     for the cheapest results, as many as the feed says; the others, and those whose rates do
//     not come, keep the one rate, of a room and board that nobody has named.
//   - The cancellation timeline says what is given back before an instant. A fee is total
//     less refund, from the instant on at which that refund is the best left. An empty
//     timeline is Duffel's way to say that nothing is given back; none at all is unknown.
//   - quantity_available, board and payment are unknown where not stated. A guarantee is
//     no payment, and says nothing about where the stay is paid.
//   - Duffel takes a number of rooms and all guests in one list, and puts them into rooms
//     itself. So several rooms can be asked for only if they are alike: any other party
//     might be quoted for rooms that it does not fit into.
package duffel
