// Package ndc speaks IATA NDC AirShopping 17.2, 18.1, 18.2, 19.2, 20.1 and 21.3: one POST
// of an AirShoppingRQ, plain or in SOAP.
//
// What it decides, and why:
//   - The release is that of the option version on the way out. On the way in, shapes are
//     recognised by the elements that are there, never by configuration or namespace.
//   - An offer's own total is its price. Without one it is the sum of the items that must
//     be bought. Whether an item's price is for one passenger or for all of its passengers
//     is told by the fares inside, else by the other offers of the document, else by the
//     option item_price, else it is for all; the last two are noted as price_reading_assumed.
//   - Amounts without a point have as many decimals as the document's metadata say, but
//     only if no amount of the document has a point.
//   - Times are local to the airport. A Z is UTC, unless the stated durations show that it
//     stands behind local times.
//   - An OperatingCarrier that is absent from a FlightSegment (up to 17.2) is the marketing
//     one; one that is there without a code, and one that later releases leave out, is
//     unconfirmed.
//   - Flights between the same places are alternatives, and an offer with alternatives is
//     one offer for each combination, at most 64; flights that follow each other in place
//     and time are slices. Segments that nobody groups form a slice while connections are
//     within 24 hours, lead on, and the slice has not reached a destination of the list.
//   - References to flights that lead nowhere, or in circles, drop their offer; those to
//     price classes, bags and penalties leave unknown what they would have said.
//   - A field of a fare component with as many words as it has segments is a list in their
//     order; of another number of words nobody knows which is whose.
//   - Surcharges and fees of a price stand outside base and taxes.
//   - Fees of changes and refunds are the largest that is stated for one passenger and direction
//     before departure.
//   - A weight without a number of pieces is one piece.
//   - Target="Test" names the system that was asked, which the operator chose; it does not
//     mark offers as test data, and nothing else in NDC does.
//   - Infants with a seat are asked for as INS, other infants as INF, children of 12 and older
//     as ADT with their age.
package ndc
