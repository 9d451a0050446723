package sabre

import (
	"encoding/json"
	"strconv"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/travel"
)

// obj is an object of a document; its keys are written in order.
type obj = map[string]any

// descs are what offers refer to by number, each once.
type descs struct {
	ids map[string]int
	all []obj
}

// ref is the number of a thing, which is added if it is not there yet.
func (d *descs) ref(key string, make func() obj) int {
	if id := d.ids[key]; id > 0 {
		return id
	}
	if d.ids == nil {
		d.ids = map[string]int{}
	}
	o := make()
	o["id"] = len(d.all) + 1
	d.all = append(d.all, o)
	d.ids[key] = len(d.all)
	return len(d.all)
}

// writer renders one answer.
type writer struct {
	*service
	q    *request
	now  time.Time
	lean bool

	schedules, legs, fares, bags, taxes, validating descs
}

// render makes the whole document. exactly, if not zero, is the number of lean offers to make.
func (p *service) render(q *request, question rng.RNG, now time.Time, exactly int) []byte {
	w := &writer{service: p, q: q, now: now, lean: exactly > 0}
	trips := p.Trips(q.Ask, now, max(exactly, p.Seller.MaxOffers))
	if exactly > 0 {
		trips = world.ExactlyTrips(trips, exactly)
	}
	var itineraries []obj
	for i := 0; i < len(trips) && (exactly > 0 || len(itineraries) < q.most); {
		end := i + 1
		for !w.lean && end < len(trips) && world.SameFlights(&trips[i], &trips[end]) {
			end++
		}
		same := trips[i:end]
		if i = end; !q.brands && !w.lean {
			same = cheapest(same)
		}
		itineraries = append(itineraries, w.itinerary(same, len(itineraries)+1))
	}
	messages := []obj{
		{"severity": "Info", "type": "SERVER", "code": "SIM-ISELL-TN-00", "text": strconv.Itoa(question.Between(20000, 29999))},
		{"severity": "Info", "type": "WORKERTHREAD", "code": "TRANSACTIONID", "text": strconv.FormatUint(uint64(question)>>2, 10)},
	}
	doc := obj{"version": "6.6.0", "statistics": obj{"itineraryCount": len(itineraries)}}
	if len(itineraries) == 0 {
		messages = append(messages, obj{"severity": "Error", "type": "MIP", "code": "PROCESS", "text": "NO FLIGHT SCHEDULES FOR QUALIFIERS USED"})
	} else {
		var legs []obj
		for i, s := range q.Slices {
			legs = append(legs, obj{"departureDate": s.Date.String(), "departureLocation": q.from[i], "arrivalLocation": q.to[i]})
		}
		doc["itineraryGroups"] = []obj{{"groupDescription": obj{"legDescriptions": legs}, "itineraries": itineraries}}
	}
	doc["messages"] = messages
	for name, d := range map[string]descs{"scheduleDescs": w.schedules, "legDescs": w.legs, "fareComponentDescs": w.fares,
		"baggageAllowanceDescs": w.bags, "taxDescs": w.taxes, "validatingCarrierDescs": w.validating} {
		if len(d.all) > 0 {
			doc[name] = d.all
		}
	}
	return asJson(0, obj{"groupedItineraryResponse": doc}).Body.Plain
}

func cheapest(trips []world.Trip) []world.Trip {
	best := 0
	for i := range trips {
		if trips[i].Total < trips[best].Total {
			best = i
		}
	}
	return trips[best : best+1]
}

func (w *writer) itinerary(same []world.Trip, id int) obj {
	var legs, prices []obj
	for i := range same[0].Slices {
		legs = append(legs, obj{"ref": w.leg(&same[0].Slices[i])})
	}
	for i := range same {
		prices = append(prices, obj{"pricingSubsource": "MIP", "fare": w.fare(&same[i])})
	}
	return obj{"id": id, "pricingSource": "ADVJR1", "legs": legs, "pricingInformation": prices}
}

// days is how many dates lie between two local times.
func days(from, to time.Time) int { return int(travel.DateOf(to) - travel.DateOf(from)) }

func (w *writer) leg(s *world.TripSlice) int {
	key := ""
	var schedules []obj
	for _, leg := range s.Legs {
		n := w.schedule(leg)
		o := obj{"ref": n}
		if late := days(s.Legs[0].Dep, leg.Dep); late != 0 {
			o["departureDateAdjustment"] = late
		}
		key += strconv.Itoa(n) + "+" + strconv.Itoa(days(s.Legs[0].Dep, leg.Dep)) + " "
		schedules = append(schedules, o)
	}
	return w.legs.ref(key, func() obj { return obj{"elapsedTime": s.Minutes(), "schedules": schedules} })
}

// schedule is a flight without its date: times have the offset of that day.
func (w *writer) schedule(leg world.Sold) int {
	const clock = "15:04:05Z07:00"
	key := string(leg.By.Code) + strconv.Itoa(leg.ByNumber) + string(leg.From.Code) + leg.Dep.Format(clock) + string(leg.To.Code) + leg.Arr.Format(clock)
	return w.schedules.ref(key, func() obj {
		station := func(a *world.Airport, t time.Time, terminal string) obj {
			o := obj{"airport": a.Code, "city": a.Metro, "country": a.Country, "time": t.Format(clock)}
			if terminal != "" {
				o["terminal"] = terminal
			}
			return o
		}
		arrival := station(leg.To, leg.Arr, leg.Term)
		if later := days(leg.Dep, leg.Arr); later != 0 {
			arrival["dateAdjustment"] = later
		}
		carrier := obj{"marketing": leg.By.Code, "marketingFlightNumber": leg.ByNumber,
			"equipment": obj{"code": leg.Plane.Code, "typeForFirstLeg": "W", "typeForLastLeg": "W"}}
		if !leg.OperatorUnsaid {
			carrier["operating"] = leg.Code
			if !leg.OpNumberUnsaid {
				carrier["operatingFlightNumber"] = leg.Flight.Number
			}
			if leg.By != leg.Carrier {
				carrier["disclosure"] = leg.Code
			}
		}
		return obj{"frequency": "SMTWTFS", "stopCount": 0, "eTicketable": true, "totalMilesFlown": leg.Km * 1000 / 1609,
			"elapsedTime": leg.Minutes(), "departure": station(leg.From, leg.Dep, leg.FromTerm), "arrival": arrival, "carrier": carrier}
	})
}

// number is an amount as the vendor writes it: a JSON number.
func number(m travel.Money) json.Number { return json.Number(m.Decimal()) }
