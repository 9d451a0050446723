package travelport

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"fanfare/providers/travel"
)

// writer writes a message's elements. Nothing in it is a partner's or a traveller's text
// but the operator's own options, which are escaped.
type writer struct{ bytes.Buffer }

func (w *writer) text(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a buffer never fails
	return b.String()
}

// open begins a request of a schema with what every one of them has.
func (c *Client) open(w *writer, prefix, name, more string) {
	fmt.Fprintf(w, `<%s:%s xmlns:%s="http://www.travelport.com/schema/%s_%s" xmlns:com="http://www.travelport.com/schema/common_%s" TraceId="fanfare" TargetBranch="%s"%s>`,
		prefix, name, prefix, prefix, c.options.schema, c.options.schema, w.text(c.cfg.Credentials["target_branch"]), more)
	w.WriteString(`<com:BillingPointOfSaleInfo OriginApplication="UAPI"/>`)
}

// cabins are the names of the schema's cabin classes.
var cabins = map[travel.Cabin]string{
	travel.Economy: "Economy", travel.PremiumEconomy: "PremiumEconomy", travel.Business: "Business", travel.First: "First",
}

// encodeFlights writes a LowFareSearchReq. Ages are those at the first departure.
func (c *Client) encodeFlights(q travel.Query) []byte {
	var w writer
	c.open(&w, "air", "LowFareSearchReq", ` SolutionResult="false" ReturnUpsellFare="true"`)
	for _, s := range q.Slices {
		fmt.Fprintf(&w, `<air:SearchAirLeg><air:SearchOrigin>%s</air:SearchOrigin><air:SearchDestination>%s</air:SearchDestination><air:SearchDepTime PreferredTime="%s"/>`,
			c.place(s.Origin), c.place(s.Destination), s.Date)
		fmt.Fprintf(&w, `<air:AirLegModifiers><air:PreferredCabins><com:CabinClass Type="%s"/></air:PreferredCabins></air:AirLegModifiers></air:SearchAirLeg>`, cabins[q.Cabin])
	}
	fmt.Fprintf(&w, `<air:AirSearchModifiers MaxSolutions="%d"><air:PreferredProviders><com:Provider Code="%s"/></air:PreferredProviders></air:AirSearchModifiers>`,
		c.options.solutions, c.options.air)
	n := 0
	passenger := func(code, age string) {
		n++
		fmt.Fprintf(&w, `<com:SearchPassenger BookingTravelerRef="P%d" Code="%s"%s/>`, n, code, age)
	}
	for range q.Passengers.Adults {
		passenger("ADT", "")
	}
	for _, age := range q.Passengers.ChildAges {
		passenger("CNN", ` Age="`+strconv.Itoa(age)+`"`)
	}
	for range q.Passengers.InfantsSeat {
		passenger("INS", ` Age="1"`)
	}
	for range q.Passengers.InfantsLap {
		passenger("INF", ` Age="1"`)
	}
	if currency, ok := travel.MarketCurrency(q.Market); ok {
		fmt.Fprintf(&w, `<air:AirPricingModifiers CurrencyType="%s"/>`, currency)
	}
	w.WriteString(`</air:LowFareSearchReq>`)
	return w.Bytes()
}

// place is an airport, or a metro area, whose code the partner knows as a city's.
func (c *Client) place(code travel.Airport) string {
	if members := c.atlas.Airports(code); len(members) > 1 || len(members) == 1 && members[0] != code {
		return `<com:City Code="` + string(code) + `"/>`
	}
	return `<com:Airport Code="` + string(code) + `"/>`
}

// encodeStays writes a HotelSearchAvailabilityReq around the query's point; next is where
// a further page begins, "" for the first.
func (c *Client) encodeStays(q travel.Query, next string) []byte {
	var w writer
	c.open(&w, "hotel", "HotelSearchAvailabilityReq", "")
	if next != "" {
		fmt.Fprintf(&w, `<com:NextResultReference ProviderCode="%s">%s</com:NextResultReference>`, c.options.hotel, w.text(next))
	}
	d := q.StayQuery.Destination
	fmt.Fprintf(&w, `<hotel:HotelSearchLocation><com:CoordinateLocation latitude="%s" longitude="%s"/><com:Distance Value="%d" Units="KM"/></hotel:HotelSearchLocation>`,
		degrees(d.Lat), degrees(d.Lon), d.RadiusKM)
	adults, children := 0, 0
	for _, room := range q.Rooms {
		adults += room.Adults
		children += len(room.ChildAges)
	}
	fmt.Fprintf(&w, `<hotel:HotelSearchModifiers NumberOfAdults="%d" NumberOfRooms="%d" AvailableHotelsOnly="true"`, adults, len(q.Rooms))
	if currency, ok := travel.MarketCurrency(q.Market); ok {
		fmt.Fprintf(&w, ` PreferredCurrency="%s"`, currency)
	}
	fmt.Fprintf(&w, `><com:PermittedProviders><com:Provider Code="%s"/></com:PermittedProviders>`, c.options.hotel)
	if children > 0 {
		fmt.Fprintf(&w, `<hotel:NumberOfChildren Count="%d">`, children)
		for _, room := range q.Rooms {
			for _, age := range room.ChildAges {
				fmt.Fprintf(&w, `<hotel:Age>%d</hotel:Age>`, age)
			}
		}
		w.WriteString(`</hotel:NumberOfChildren>`)
	}
	w.WriteString(`<hotel:BookingGuestInformation>`)
	for _, room := range q.Rooms {
		fmt.Fprintf(&w, `<hotel:Room><hotel:Adults>%d</hotel:Adults>`, room.Adults)
		for _, age := range room.ChildAges {
			fmt.Fprintf(&w, `<hotel:Child Age="%d"/>`, age)
		}
		w.WriteString(`</hotel:Room>`)
	}
	fmt.Fprintf(&w, `</hotel:BookingGuestInformation></hotel:HotelSearchModifiers><hotel:HotelStay><hotel:CheckinDate>%s</hotel:CheckinDate><hotel:CheckoutDate>%s</hotel:CheckoutDate></hotel:HotelStay>`,
		q.CheckIn, q.CheckOut)
	w.WriteString(`</hotel:HotelSearchAvailabilityReq>`)
	return w.Bytes()
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
