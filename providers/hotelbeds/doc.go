// Package hotelbeds speaks the Hotelbeds APItude Hotel API 1.0: one POST of an
// availability request around a point.
//
// What it decides, and why:
//   - The price of a rate is net, or sellingRate where the hotel makes it mandatory:
//     it must not be sold below. Taxes that are not included are paid at the property
//     and added, as totals hold all mandatory fees, a percentage as one of that price;
//     one in a currency that the partner did not convert is noted as tax_not_in_total.
//   - A rate that holds only prices for other dates is other_dates, one that may only
//     be sold within a package is package_only. RECHECK rates are kept and noted.
//   - A document's rate is for the rooms of one occupancy; assemble.CombineRooms makes rates for
//     everybody.
//   - Two gateways answer: 403 with words of quota or rate is a rate limit.
package hotelbeds
