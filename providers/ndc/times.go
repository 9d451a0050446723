package ndc

import (
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// when is the time of a stop. An arrival without a date is of the day of departure, or
// as many days behind as it says.
func (d *decoder) when(s, departure *stop) (travel.LocalTime, string) {
	w, ok := d.wall(s)
	if !ok && s.when == "" && s.time != "" && s != departure {
		same := stop{when: departure.when, time: s.time}
		if len(same.when) > len("2027-03-01") {
			same.when = same.when[:len("2027-03-01")]
		}
		if w, ok = d.wall(&same); ok && s.days != 0 {
			next := time.Date(w.Year, w.Month, w.Day+s.days, 0, 0, 0, 0, time.UTC)
			w.Year, w.Month, w.Day = next.Date()
		}
	}
	if !ok {
		return travel.LocalTime{}, travel.RuleBadTime
	}
	if w.Zone == document.UTC && d.zuluHow {
		w.Zone = document.NoZone
	}
	return w.At(travel.Airport(s.airport), d.atlas, s.zone)
}

// wall reads a stop's date and time, written in one or in two.
func (d *decoder) wall(s *stop) (document.Wall, bool) {
	const date = len("2027-03-01")
	if len(s.when) > date && s.time == "" {
		if w, ok := document.ParseWall(s.when); ok && w.Zone == document.NoZone && len(s.zone) > 1 && (s.zone[0] == '+' || s.zone[0] == '-') {
			if zoned, ok := document.ParseWall(s.when + s.zone); ok {
				return zoned, true
			}
			return w, true
		} else {
			return w, ok
		}
	}
	if len(s.when) < date || len(s.time) < len("10:05") || len(s.time) > 20 {
		return document.Wall{}, false
	}
	var text [32]byte
	written := append(append(append(text[:0], s.when[:date]...), 'T'), s.time...)
	return document.ParseWall(string(written))
}

// judgeZulu finds out what a Z means in this document. By its letter it is UTC, but
// some partners write it behind local times: stated durations tell.
func (d *decoder) judgeZulu() {
	votes := 0
	for f := range d.flights {
		w, ok := d.whole(int32(f))
		stated, hasDuration := document.ParseDuration(w.duration)
		if !ok || !hasDuration {
			continue
		}
		dep, ok1 := d.wall(&w.dep)
		arr, ok2 := d.wall(&w.arr)
		if !ok1 || !ok2 || dep.Zone != document.UTC || arr.Zone != document.UTC {
			continue
		}
		byUTC := arr.Instant(time.UTC).Sub(dep.Instant(time.UTC))
		dep.Zone, arr.Zone = document.NoZone, document.NoZone
		from, rule1 := dep.At(travel.Airport(w.dep.airport), d.atlas, w.dep.zone)
		to, rule2 := arr.At(travel.Airport(w.arr.airport), d.atlas, w.arr.zone)
		if rule1 != "" || rule2 != "" || to.Sub(from) == byUTC {
			continue
		}
		switch stated {
		case to.Sub(from):
			votes++
		case byUTC:
			votes--
		}
	}
	d.zuluHow = votes > 0
}
