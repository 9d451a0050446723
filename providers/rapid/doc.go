// Package rapid speaks Expedia Rapid 3: the properties around a point from geography, what
// they are called from content, and their rates from availability, in batches.
//
// What it decides, and why:
//   - Every amount comes in billable and in request currency. The billable one is charged,
//     and is the price; the other is an estimate of the day. Only where fees at the property
//     are billed in another currency than the stay, so that they could not be added, the
//     price is that in the currency asked for, noted as request_currency.
//   - The total is property_inclusive, else inclusive with the mandatory fee, resort fee and
//     mandatory tax that the property collects. If even that fails it is inclusive, noted as
//     tax_not_in_total. Without any total the charges of nights and stay are added up, which is
//     what inclusive is by specification. Taxes are inclusive less exclusive. Marketing fee,
//     gross profit and minimum selling price are no input of anything.
//   - The price of an occupancy is for one room of it: a party is the sum over its rooms,
//     one that is asked twice counting twice. All rooms are of one type, so a rate is whole.
//   - Cancelling is free until the first penalty starts, if the rate is refundable and no
//     night is excepted. Nights of a penalty are the first ones, a percentage is of the price
//     without fees at the property. Penalties of several rooms stand as they come: the
//     specification does not say that an amount is for one room.
//   - The bed groups of a rate cost the same, so a rate is one, good until the last of them
//     expires. PartnerRef is property/room/rate. The token of a price check is left out: it
//     is another in each answer, and asking for the property again brings a new one.
//   - Meals are known from a rate's amenities, by id or English name; content may say that
//     all rates include all. A rate that says nothing is unknown.
//   - Deposits go to the property ahead of the stay; the rest of such a rate is paid there.
//   - package rates are package_only. Rates for members or mobile devices are not asked for;
//     partners that send them anyway may show them, and they are counted.
//   - Names are never guessed: a property without content stays without a name.
//   - A traveller's address is never sent. Customer-Ip is the operator's, if declared.
//   - Rapid sells 8 rooms and 28 nights at most.
package rapid
