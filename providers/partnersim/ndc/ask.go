package ndc

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// request is a question that the vendor would accept.
type request struct {
	world.Ask
	people []paxDoc
	from   []travel.Airport // as asked, slice by slice
	to     []travel.Airport
}

type paxDoc struct {
	id, ptc string
	kind    world.PaxType
}

// types are the passenger types that airlines price, and as whom.
var types = map[string]world.PaxType{
	"ADT": world.Adult, "GBE": world.Adult, "YTH": world.Adult, "YCD": world.Adult, "CHD": world.Child, "CNN": world.Child, "INS": world.Child, "INF": world.Infant,
}

// cabins are the codes and names of cabins that airlines understand: the numbers
// of the IATA list, letters of booking classes, and words.
var cabins = map[string]travel.Cabin{
	"1": travel.First, "2": travel.Business, "3": travel.Economy, "4": travel.PremiumEconomy, "5": travel.Economy,
	"F": travel.First, "C": travel.Business, "J": travel.Business, "W": travel.PremiumEconomy, "PY": travel.PremiumEconomy, "Y": travel.Economy, "M": travel.Economy,
	"FIRST": travel.First, "BUSINESS": travel.Business, "PREMIUM_ECONOMY": travel.PremiumEconomy, "PREMIUM ECONOMY": travel.PremiumEconomy, "ECONOMY": travel.Economy,
}

// Limits of a question; the vendors differ, these are usual.
const (
	maxSlices = 6
	maxPax    = 9
)

// formDoc is what elements may stand in an element, where the simulator reads them;
// elements that it does not list may hold anything.
type formDoc map[string]string

var forms = map[string]formDoc{
	V172: {
		"AirShoppingRQ":         "PointOfSale Document Party Travelers CoreQuery Qualifier Preference ResponseParameters DataLists Metadata AugmentationPoint",
		"CoreQuery":             "OriginDestinations",
		"OriginDestinations":    "OriginDestination",
		"OriginDestination":     "Departure Arrival CalendarDates SegMaxTime MarketingCarrierAirline",
		"Departure":             "AirportCode Date Time AirportName Terminal",
		"Arrival":               "AirportCode Date Time AirportName Terminal",
		"PassengerList":         "Passenger",
		"Passenger":             "PTC CitizenshipCountryCode Birthdate Individual LoyaltyProgramAccount FOID IdentityDocument ContactInfoRef InfantRef Remark",
		"CabinPreferences":      "CabinType",
		"FlightCharacteristics": "DirectPreferences NonStopPreferences",
	},
	V213: {
		"IATA_AirShoppingRQ": "AugmentationPoint DistributionChain PayloadAttributes POS Request",
		"Request":            "AugmentationPoint FlightRequest Metadata PaxList ResponseParameters ShoppingCriteria",
		"FlightRequest":      "FlightRequestOriginDestinationsCriteria",
		"FlightRequestOriginDestinationsCriteria": "OriginDestCriteria",
		"OriginDestCriteria":                      "CabinType CalendarDateCriteria ConnectionPrefRefID DestArrivalCriteria JourneyDurationCriteria OriginDepCriteria OriginDestID",
		"OriginDepCriteria":                       "IATA_LocationCode Date Time BoardingGateID DatePeriod",
		"DestArrivalCriteria":                     "IATA_LocationCode Date Time DatePeriod",
		"CabinType":                               "CabinTypeCode CabinTypeName PrefLevel",
		"PaxList":                                 "Pax",
		"Pax":                                     "AgeMeasure Birthdate CitizenshipCountryCode Individual LoyaltyProgramAccount PaxID PaxRefID ProfileID PTC RedressCase Remark ResidenceCountryCode",
	},
}

// readDoc gathers a question and all complaints about it.
type readDoc struct {
	*service
	req  *request
	now  time.Time
	errs []errorDoc
}

func (r *readDoc) complain(code, format string, args ...any) {
	r.errs = append(r.errs, errorDoc{http.StatusOK, code, "Business", fmt.Sprintf(format, args...)})
}

// parse reads a message as strictly as the vendor does.
func (p *service) parse(root *exchange.XMLNode, now time.Time) (*request, []errorDoc) {
	r := &readDoc{service: p, req: &request{Ask: world.Ask{Cabin: travel.Economy, MaxStops: -1}}, now: now}
	if e := p.rightMessage(root); e != nil {
		return nil, []errorDoc{*e}
	}
	if r.form(root, 0); len(r.errs) > 0 {
		return nil, r.errs
	}
	if p.version == V172 {
		r.read172(root)
	} else {
		r.read213(root)
	}
	r.passengers()
	return r.req, r.errs
}

// rightMessage tells other messages, and other versions of this one, from what the partner answers.
func (p *service) rightMessage(root *exchange.XMLNode) *errorDoc {
	name, space := "AirShoppingRQ", ndc172Space
	if p.version == V213 {
		name, space = "IATA_AirShoppingRQ", ndc213Outer
	}
	shopping := strings.TrimPrefix(root.Local, "IATA_") == "AirShoppingRQ"
	switch {
	case root.Local == name && root.Space == space:
		return nil
	case shopping && root.Space != space && strings.HasPrefix(root.Space, airlineRQ):
		return &errVersion
	}
	return &errRoot
}

// form complains about elements out of place or in another namespace, the first only.
func (r *readDoc) form(n *exchange.XMLNode, depth int) {
	allowed, limited := forms[r.version][n.Local]
	for _, k := range n.Kids {
		space := ndc172Space
		if r.version == V213 {
			if space = ndc213Inner; depth == 0 {
				space = ndc213Outer
			}
		}
		if len(r.errs) > 0 {
			return
		}
		if limited && !slices.Contains(strings.Fields(allowed), k.Local) || k.Space != space {
			r.errs = append(r.errs, errorDoc{http.StatusOK, "320", "Technical", "Invalid format - unexpected element " + k.Local + " in " + n.Local})
			return
		}
		if k.Local != "AugmentationPoint" {
			r.form(k, depth+1)
		}
	}
}

// slice reads one direction of the trip.
func (r *readDoc) slice(from, to, date string) {
	i := len(r.req.Slices) + 1
	out := world.AskSlice{From: r.World.Expand(travel.Airport(from)), To: r.World.Expand(travel.Airport(to))}
	if len(out.From) == 0 {
		r.complain("100", "Invalid place of departure code %q in origin destination %d", from, i)
	}
	if len(out.To) == 0 {
		r.complain("101", "Invalid place of destination code %q in origin destination %d", to, i)
	}
	if from != "" && from == to {
		r.complain("101", "Place of departure and place of destination are the same in origin destination %d", i)
	}
	day, err := travel.ParseDate(date)
	switch {
	case err != nil:
		r.complain("102", "Invalid or missing departure date %q in origin destination %d", date, i)
	case len(out.From) > 0 && day < travel.DateOf(r.now.In(out.From[0].Location)):
		r.complain("102", "Departure date %s is in the past", date)
	case i > 1 && day < r.req.Slices[i-2].Date:
		r.complain("102", "Departure date %s is before that of the previous origin destination", date)
	}
	if int(day-travel.DateOf(r.now)) > world.DaysAhead {
		out.From = nil // nobody sells that far ahead yet
	}
	out.Date = day
	r.req.Slices = append(r.req.Slices, world.Narrow(out))
	r.req.from, r.req.to = append(r.req.from, travel.Airport(from)), append(r.req.to, travel.Airport(to))
}

// cabin reads a preference; all that a question states must be the same.
func (r *readDoc) cabin(said string, already *string) {
	switch cabin, ok := cabins[strings.ToUpper(said)]; {
	case said == "":
	case !ok:
		r.complain("108", "Invalid cabin type %q", said)
	case *already != "" && cabins[*already] != cabin:
		r.complain("108", "Different cabin types in one request are not supported")
	default:
		r.req.Ask.Cabin, *already = cabin, strings.ToUpper(said)
	}
}

// passengers checks who travels.
func (r *readDoc) passengers() {
	switch n := len(r.req.people); {
	case n == 0:
		r.complain("466", "Number of passengers is missing")
	case n > maxPax:
		r.complain("466", "More than %d passengers", maxPax)
	}
	count := [3]int{}
	seen := map[string]bool{}
	for i := range r.req.people {
		pax := &r.req.people[i]
		kind, ok := types[pax.ptc]
		if !ok {
			r.complain("114", "Invalid or missing passenger type code %q", pax.ptc)
		}
		if pax.id == "" || seen[pax.id] || strings.ContainsAny(pax.id, " \t\r\n") {
			r.complain("191", "Missing or duplicate passenger reference %q", pax.id)
		}
		seen[pax.id] = true
		pax.kind = kind
		r.req.Pax = append(r.req.Pax, kind)
		count[kind]++
	}
	switch {
	case len(r.errs) > 0:
	case count[world.Adult] == 0:
		r.complain("466", "Infants and children must travel with an adult")
	case count[world.Infant] > count[world.Adult]:
		r.complain("466", "More infants than adults")
	}
}

// slicesWithin complains about a trip of too many or no slices.
func (r *readDoc) slicesWithin(n int) bool {
	switch {
	case n == 0:
		r.complain("321", "No origin destination in the request")
	case n > maxSlices:
		r.complain("397", "More than %d origin destinations", maxSlices)
	default:
		return true
	}
	return false
}

func (r *readDoc) read172(root *exchange.XMLNode) {
	asked := root.Kid("CoreQuery", "OriginDestinations").All("OriginDestination")
	if !r.slicesWithin(len(asked)) {
		return
	}
	for _, od := range asked {
		r.slice(od.Kid("Departure", "AirportCode").Say(), od.Kid("Arrival", "AirportCode").Say(), od.Kid("Departure", "Date").Say())
	}
	already := ""
	for _, pref := range root.All("Preference") {
		for _, c := range pref.Kid("CabinPreferences").All("CabinType") {
			for _, k := range c.Kids {
				if k.Local == "Code" || k.Local == "CabinTypeCode" {
					r.cabin(k.Text, &already)
				}
			}
		}
		if pref.Kid("FlightPreferences", "Characteristic", "NonStopPreferences").Say() == "Required" {
			r.req.MaxStops = 0
		}
	}
	for _, pax := range root.Kid("DataLists", "PassengerList").All("Passenger") {
		r.req.people = append(r.req.people, paxDoc{id: pax.Attr("PassengerID"), ptc: pax.Kid("PTC").Say()})
	}
}

func (r *readDoc) read213(root *exchange.XMLNode) {
	asked := root.Kid("Request", "FlightRequest", "FlightRequestOriginDestinationsCriteria").All("OriginDestCriteria")
	if !r.slicesWithin(len(asked)) {
		return
	}
	already := ""
	for _, od := range asked {
		dep := od.Kid("OriginDepCriteria")
		r.slice(dep.Kid("IATA_LocationCode").Say(), od.Kid("DestArrivalCriteria", "IATA_LocationCode").Say(), dep.Kid("Date").Say())
		for _, c := range od.All("CabinType") {
			r.cabin(c.Kid("CabinTypeCode").Say(), &already)
			r.cabin(c.Kid("CabinTypeName").Say(), &already)
		}
	}
	for _, pax := range root.Kid("Request", "PaxList").All("Pax") {
		r.req.people = append(r.req.people, paxDoc{id: pax.Kid("PaxID").Say(), ptc: pax.Kid("PTC").Say()})
	}
}
