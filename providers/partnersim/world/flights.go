package world

import (
	"math"
	"time"

	"fanfare/providers/partnersim/rng"
	"fanfare/providers/travel"
)

// Flight is one departure: an aircraft, whoever sells it.
type Flight struct {
	*service
	From, To       *Airport
	Km             int
	Number         int
	Slot           int
	Dep, Arr       time.Time // in the airports' own zones
	Plane          aircraft
	FromTerm, Term string  // terminals of departure and arrival, "" where not stated
	ID             rng.RNG // of carrier, number and route: the same every day
}

func (f *Flight) Minutes() int { return int(f.Arr.Sub(f.Dep) / time.Minute) }

type dayKey struct {
	from, to travel.Airport
	date     travel.Date
}

// Flights are the departures of a local date from one airport to another, by carrier and time; it is cached.
func (w *World) Flights(from, to *Airport, date travel.Date) []*Flight {
	return w.days.Get(dayKey{from.Code, to.Code, date}, func() []*Flight {
		r := w.Route(from, to)
		var all []*Flight
		for i := range r.Services {
			s := &r.Services[i]
			for slot := range s.slotsOn(date) {
				all = append(all, w.flight(r, s, slot, date))
			}
		}
		return all
	})
}

// slotsOn is how many flights a service has on a date.
func (s *service) slotsOn(date travel.Date) int {
	n := s.PerWeek / 7
	weekday := int64(date.Time().Weekday())
	rank := 0 // of this weekday in the service's own order of weekdays
	mine := s.rng.Num(weekday).Unit()
	for other := range int64(7) {
		if o := s.rng.Num(other).Unit(); o < mine {
			rank++
		}
	}
	if rank < s.PerWeek%7 {
		n++
	}
	return n
}

// DaysAhead is how far schedules are open; airlines sell about 330 to 360 days ahead.
const DaysAhead = 361

func (w *World) flight(r *route, s *service, slot int, date travel.Date) *Flight {
	slots := (s.PerWeek + 6) / 7
	d := s.rng.Num(int64(slot))
	plane, turbo := aircraftFor(d.Str("plane"), r.km, s.PerWeek <= 14 && min(r.from.Tier, r.to.Tier) <= 3)
	block := blockMinutes(r.from, r.to, r.km, turbo)
	f := &Flight{
		service: s, From: r.from, To: r.to, Km: r.km, Number: s.base + slot, Slot: slot, Plane: plane,
		FromTerm: w.terminal(r.from, s.Carrier), Term: w.terminal(r.to, s.Carrier), ID: d.Str("flight"),
	}
	for try := range int64(8) {
		minute := departureMinute(d.Num(try), slot, slots, block)
		day := date.Time()
		f.Dep = time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, r.from.Location)
		f.Arr = f.Dep.Add(time.Duration(block) * time.Minute).In(r.to.Location)
		if h := f.Arr.Hour(); h >= 5 {
			break // nobody likes to land in the small hours; eight tries, then so be it
		}
	}
	return f
}

// departureMinute spreads a service's flights over the day, at multiples of five
// minutes: 6:00 to 21:55, and long flights also late in the evening.
func departureMinute(d rng.RNG, slot, slots, block int) int {
	first, last := 6*60, 21*60+50
	if block > 5*60 {
		first, last = 7*60+30, 23*60+30
	}
	width := (last - first) / slots
	return (first + slot*width + d.Roll(max(width, 5))) / 5 * 5
}

// blockMinutes is gate to gate: cruise at about 840 km/h and 35 minutes for taxi,
// climb and approach; 520 km/h for turboprops. Long flights in the middle
// latitudes are slower westward and faster eastward. LHR-JFK, 5540 km: 8 h 05 west, 6 h 50 east.
func blockMinutes(from, to *Airport, km int, turbo bool) int {
	speed := 840.0
	if turbo {
		speed = 520
	}
	air := float64(km) / speed * 60
	if lat := math.Abs(from.Lat+to.Lat) / 2; km > 2000 && lat > 20 {
		east := math.Mod(to.Lon-from.Lon+540, 360) - 180
		air *= 1 - 0.08*math.Max(-1, math.Min(1, east/60))*math.Min(1, (lat-20)/20)
	}
	return int(math.Round((air+35)/5) * 5)
}
