// Package ota speaks OpenTravel: OTA_AirLowFareSearch for flights (protocol ota-air), and
// OTA_HotelSearch with OTA_HotelAvail for stays (protocol ota-hotel), in XML, plain or in
// SOAP, and in the JSON that GO7 (WorldTicket) makes of it.
//
// What it decides, and why; see also package opentravel, which reads the answers:
//   - The standard knows no authentication: partners take HTTP Basic, a key or token in a
//     header, WS-Security, or a password of the RequestorID. The feed says which.
//   - How a partner is asked (notation, SOAP, version, point of sale) is the feed's; an
//     answer in either notation and any envelope is read whatever the feed says.
//   - Errors come with HTTP 200. One that only says that there is nothing to sell is an
//     empty answer, also with a status of 400 or 404.
//   - All children are asked for with one code, of the option child_code, whatever their
//     age: partners disagree on how to write ages, and price children alike.
//   - A search is for a day, from midnight on.
//   - A stay's total is the RoomRate's, else the sum of its Rates: nights by their number,
//     FullDuration as it is. Whether a Rate's last day is its last night or the morning after
//     is told by which makes up the stay; one that is for other days is other_dates.
//     Mandatory exclusive Fees are added and paid at the property.
//   - Amounts without a point are in units of DecimalPlaces if no amount of the document has one.
//   - A deadline without an offset is in the property's zone, by its position; one ahead of
//     arrival counts from midnight, as the hour of arrival is not stated, and so does a day.
//   - NoCancelInd beside a deadline is one of the contradictions that partners write: the
//     deadline counts, and the rate is noted.
//   - Each kind of room is a question of its own; alike rooms cost as many times as much,
//     unless NumberOfUnits or the option room_price says that a total is for all.
package ota
