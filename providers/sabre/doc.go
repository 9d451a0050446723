// Package sabre speaks Sabre's Bargain Finder Max: one POST of an OTA_AirLowFareSearchRQ in
// JSON, after a token of the client credentials grant. Answers are read in each of its
// forms, whatever was asked: the GroupedItineraryResponse (GIR) in JSON and XML, and
// OpenTravel's OTA_AirLowFareSearchRS in both, with and without SOAP.
//
// What it decides, and why; see also package opentravel, which makes the offers:
//   - The date of a leg is that of its place in the group, and what it is made of counts
//     days from there. Times are local with an offset, and a Z is an offset of zero.
//   - References to legs, schedules and fare components that lead nowhere drop their offer;
//     those to bags and validating carriers leave unknown what they would have said, and
//     are noted as dangling_details.
//   - A description without an id is known by its place, counted from 1.
//   - Each pricingInformation is an offer; those that are only sold out are none.
//   - Amounts are decimal, whatever DecimalPlaces says.
//   - An offer's ttl runs from when the answer came; a document by itself has no such time,
//     so Decode leaves the expiry unknown.
//   - nonRefundable counts where there are no penalties.
//   - All children are asked for with one code, of the option child_code: Sabre's CNN is
//     priced without an age.
package sabre
