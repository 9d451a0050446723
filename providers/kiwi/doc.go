// Package kiwi speaks Kiwi.com's Tequila search: one GET of /v2/search. It reads its
// answers, and those of the older /flights of release 1.
//
// What it decides, and why:
//   - Local times are walls whatever they look like: release 1 writes them as seconds
//     since 1970 on a clock in UTC, release 2 with a Z that is false. Together with the
//     UTC times beside them they give the offset; where one of the two is missing it is
//     that of our own places table. An offset that our table does not know is kept, as the
//     two times agree with each other, and noted as offset_differs; one that no place on
//     earth has is bad_time.
//   - Tickets change where the combination of flights that were bought together does, where
//     a connection is a virtual interlining, and where bags must be taken and given back
//     on a booking of several tickets. If a document speaks of several tickets and tells not
//     where, they change between the directions, else where the carrier does, else at
//     every connection; noted as tickets_unplaced.
//   - An operating carrier of "" is unconfirmed.
//   - bags_price says what the first, second and so on checked bag costs: those that cost
//     nothing are included. Without an entry for the first nothing is known. A cabin bag is
//     included if it costs nothing, or if no price stands for it and its size is given.
//     Prices of bags are for one traveller and the whole trip: the vendor sells bags by the
//     traveller, whose first each of them is.
//   - Directions are told by route[].return; flights of more directions by the elements of a
//     nested route, or by the ends in routes.
//   - Trains and buses are kept where their stops have the codes of airports, and noted as
//     ground_segments.
//   - The currency of prices is the document's, which may stand behind them, or the one of
//     conversion with exactly the same amount.
//   - Adults are 12 and older, infants sit on laps; all together are nine at most.
//   - Nobody says what is given back, when an offer ends, or who sells it but Kiwi.com.
package kiwi
