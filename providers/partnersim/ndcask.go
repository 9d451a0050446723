package partnersim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// ndcRequest is a question that the vendor would accept.
type ndcRequest struct {
	ask
	people []ndcPax
	from   []travel.Airport // as asked, slice by slice
	to     []travel.Airport
}

type ndcPax struct {
	id, ptc string
	kind    paxType
}

// ndcTypes are the passenger types that airlines price, and as whom.
var ndcTypes = map[string]paxType{
	"ADT": adult, "GBE": adult, "YTH": adult, "YCD": adult, "CHD": child, "CNN": child, "INS": child, "INF": infant,
}

// ndcCabins are the codes and names of cabins that airlines understand: the numbers
// of the IATA list, letters of booking classes, and words.
var ndcCabins = map[string]travel.Cabin{
	"1": travel.First, "2": travel.Business, "3": travel.Economy, "4": travel.PremiumEconomy, "5": travel.Economy,
	"F": travel.First, "C": travel.Business, "J": travel.Business, "W": travel.PremiumEconomy, "PY": travel.PremiumEconomy, "Y": travel.Economy, "M": travel.Economy,
	"FIRST": travel.First, "BUSINESS": travel.Business, "PREMIUM_ECONOMY": travel.PremiumEconomy, "PREMIUM ECONOMY": travel.PremiumEconomy, "ECONOMY": travel.Economy,
}

// Limits of a question; the vendors differ, these are usual.
const (
	ndcMaxSlices = 6
	ndcMaxPax    = 9
)

// ndcForm is what elements may stand in an element, where the simulator reads them;
// elements that it does not list may hold anything.
type ndcForm map[string]string

var ndcForms = map[string]ndcForm{
	ndc172: {
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
	ndc213: {
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

// ndcRead gathers a question and all complaints about it.
type ndcRead struct {
	*ndc
	req  *ndcRequest
	now  time.Time
	errs []ndcError
}

func (r *ndcRead) complain(code, format string, args ...any) {
	r.errs = append(r.errs, ndcError{http.StatusOK, code, "Business", fmt.Sprintf(format, args...)})
}

// parse reads a message as strictly as the vendor does.
func (p *ndc) parse(root *xmlNode, now time.Time) (*ndcRequest, []ndcError) {
	r := &ndcRead{ndc: p, req: &ndcRequest{ask: ask{cabin: travel.Economy, maxStops: -1}}, now: now}
	if e := p.rightMessage(root); e != nil {
		return nil, []ndcError{*e}
	}
	if r.form(root, 0); len(r.errs) > 0 {
		return nil, r.errs
	}
	if p.version == ndc172 {
		r.read172(root)
	} else {
		r.read213(root)
	}
	r.passengers()
	return r.req, r.errs
}

// rightMessage tells other messages, and other versions of this one, from what the partner answers.
func (p *ndc) rightMessage(root *xmlNode) *ndcError {
	name, space := "AirShoppingRQ", ndc172Space
	if p.version == ndc213 {
		name, space = "IATA_AirShoppingRQ", ndc213Outer
	}
	shopping := strings.TrimPrefix(root.Local, "IATA_") == "AirShoppingRQ"
	switch {
	case root.Local == name && root.Space == space:
		return nil
	case shopping && root.Space != space && strings.HasPrefix(root.Space, ndcAirlineRQ):
		return &errNDCVersion
	}
	return &errNDCRoot
}

// form complains about elements out of place or in another namespace, the first only.
func (r *ndcRead) form(n *xmlNode, depth int) {
	allowed, limited := ndcForms[r.version][n.Local]
	for _, k := range n.kids {
		space := ndc172Space
		if r.version == ndc213 {
			if space = ndc213Inner; depth == 0 {
				space = ndc213Outer
			}
		}
		if len(r.errs) > 0 {
			return
		}
		if limited && !slices.Contains(strings.Fields(allowed), k.Local) || k.Space != space {
			r.errs = append(r.errs, ndcError{http.StatusOK, "320", "Technical", "Invalid format - unexpected element " + k.Local + " in " + n.Local})
			return
		}
		if k.Local != "AugmentationPoint" {
			r.form(k, depth+1)
		}
	}
}

// slice reads one direction of the trip.
func (r *ndcRead) slice(from, to, date string) {
	i := len(r.req.slices) + 1
	out := askSlice{from: r.w.expand(travel.Airport(from)), to: r.w.expand(travel.Airport(to))}
	if len(out.from) == 0 {
		r.complain("100", "Invalid place of departure code %q in origin destination %d", from, i)
	}
	if len(out.to) == 0 {
		r.complain("101", "Invalid place of destination code %q in origin destination %d", to, i)
	}
	if from != "" && from == to {
		r.complain("101", "Place of departure and place of destination are the same in origin destination %d", i)
	}
	day, err := travel.ParseDate(date)
	switch {
	case err != nil:
		r.complain("102", "Invalid or missing departure date %q in origin destination %d", date, i)
	case len(out.from) > 0 && day < travel.DateOf(r.now.In(out.from[0].zone)):
		r.complain("102", "Departure date %s is in the past", date)
	case i > 1 && day < r.req.slices[i-2].date:
		r.complain("102", "Departure date %s is before that of the previous origin destination", date)
	}
	if int(day-travel.DateOf(r.now)) > daysAhead {
		out.from = nil // nobody sells that far ahead yet
	}
	out.date = day
	r.req.slices = append(r.req.slices, narrow(out))
	r.req.from, r.req.to = append(r.req.from, travel.Airport(from)), append(r.req.to, travel.Airport(to))
}

// cabin reads a preference; all that a question states must be the same.
func (r *ndcRead) cabin(said string, already *string) {
	switch cabin, ok := ndcCabins[strings.ToUpper(said)]; {
	case said == "":
	case !ok:
		r.complain("108", "Invalid cabin type %q", said)
	case *already != "" && ndcCabins[*already] != cabin:
		r.complain("108", "Different cabin types in one request are not supported")
	default:
		r.req.ask.cabin, *already = cabin, strings.ToUpper(said)
	}
}

// passengers checks who travels.
func (r *ndcRead) passengers() {
	switch n := len(r.req.people); {
	case n == 0:
		r.complain("466", "Number of passengers is missing")
	case n > ndcMaxPax:
		r.complain("466", "More than %d passengers", ndcMaxPax)
	}
	count := [3]int{}
	seen := map[string]bool{}
	for i := range r.req.people {
		pax := &r.req.people[i]
		kind, ok := ndcTypes[pax.ptc]
		if !ok {
			r.complain("114", "Invalid or missing passenger type code %q", pax.ptc)
		}
		if pax.id == "" || seen[pax.id] || strings.ContainsAny(pax.id, " \t\r\n") {
			r.complain("191", "Missing or duplicate passenger reference %q", pax.id)
		}
		seen[pax.id] = true
		pax.kind = kind
		r.req.pax = append(r.req.pax, kind)
		count[kind]++
	}
	switch {
	case len(r.errs) > 0:
	case count[adult] == 0:
		r.complain("466", "Infants and children must travel with an adult")
	case count[infant] > count[adult]:
		r.complain("466", "More infants than adults")
	}
}

// slicesWithin complains about a trip of too many or no slices.
func (r *ndcRead) slicesWithin(n int) bool {
	switch {
	case n == 0:
		r.complain("321", "No origin destination in the request")
	case n > ndcMaxSlices:
		r.complain("397", "More than %d origin destinations", ndcMaxSlices)
	default:
		return true
	}
	return false
}

func (r *ndcRead) read172(root *xmlNode) {
	asked := root.kid("CoreQuery", "OriginDestinations").all("OriginDestination")
	if !r.slicesWithin(len(asked)) {
		return
	}
	for _, od := range asked {
		r.slice(od.kid("Departure", "AirportCode").say(), od.kid("Arrival", "AirportCode").say(), od.kid("Departure", "Date").say())
	}
	already := ""
	for _, pref := range root.all("Preference") {
		for _, c := range pref.kid("CabinPreferences").all("CabinType") {
			for _, k := range c.kids {
				if k.Local == "Code" || k.Local == "CabinTypeCode" {
					r.cabin(k.text, &already)
				}
			}
		}
		if pref.kid("FlightPreferences", "Characteristic", "NonStopPreferences").say() == "Required" {
			r.req.maxStops = 0
		}
	}
	for _, pax := range root.kid("DataLists", "PassengerList").all("Passenger") {
		r.req.people = append(r.req.people, ndcPax{id: pax.attr("PassengerID"), ptc: pax.kid("PTC").say()})
	}
}

func (r *ndcRead) read213(root *xmlNode) {
	asked := root.kid("Request", "FlightRequest", "FlightRequestOriginDestinationsCriteria").all("OriginDestCriteria")
	if !r.slicesWithin(len(asked)) {
		return
	}
	already := ""
	for _, od := range asked {
		dep := od.kid("OriginDepCriteria")
		r.slice(dep.kid("IATA_LocationCode").say(), od.kid("DestArrivalCriteria", "IATA_LocationCode").say(), dep.kid("Date").say())
		for _, c := range od.all("CabinType") {
			r.cabin(c.kid("CabinTypeCode").say(), &already)
			r.cabin(c.kid("CabinTypeName").say(), &already)
		}
	}
	for _, pax := range root.kid("Request", "PaxList").all("Pax") {
		r.req.people = append(r.req.people, ndcPax{id: pax.kid("PaxID").say(), ptc: pax.kid("PTC").say()})
	}
}
