package places

import (
	"slices"
	"sync"
	"time"

	"fanfare/providers/travel"
)

// The years whose changes of offset are kept ready; other times ask time.Date.
const (
	firstYear = 2000
	lastYear  = 2060
)

// zone is a time zone with its changes of offset, found on first use.
type zone struct {
	location *time.Location
	once     sync.Once
	spans    []span // in order; each ends where the next starts
}

// span is a stretch of time with one offset, start included.
type span struct {
	start  int64 // Unix seconds
	offset int32
}

// The kept stretch, in Unix seconds. A day is left at both ends, so that a wall
// time inside it is an instant inside it.
var (
	firstUnix = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	endUnix   = time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

const dayAhead = 2 * 86400

func (z *zone) prepare() {
	for t := firstUnix - dayAhead; t < endUnix+dayAhead; {
		now := time.Unix(t, 0).In(z.location)
		_, offset := now.Zone()
		if n := len(z.spans); n == 0 || z.spans[n-1].offset != int32(offset) {
			z.spans = append(z.spans, span{t, int32(offset)})
		}
		_, end := now.ZoneBounds()
		if end.IsZero() {
			break
		}
		if end.Unix() > t {
			t = end.Unix()
		} else {
			t += 86400 // on the last day of a leap year, ZoneBounds of zones kept by rule ends before t
		}
	}
}

// at returns the position of the span that holds the instant.
func (z *zone) at(unix int64) int {
	i, found := slices.BinarySearchFunc(z.spans, unix, func(s span, t int64) int {
		switch {
		case s.start < t:
			return -1
		case s.start > t:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	return max(i, 0)
}

// local turns wall-clock seconds into an instant, as time.Date does: a time that
// clocks show twice, or skip, is taken by the offset of one of the two sides. The
// offset of the answer is the one that holds at that instant.
func (z *zone) local(wall int64) travel.LocalTime {
	if wall < firstUnix || wall >= endUnix {
		w := time.Unix(wall, 0).UTC()
		return travel.LocalTimeOf(time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, z.location))
	}
	z.once.Do(z.prepare)
	i := z.at(wall)
	utc := wall - int64(z.spans[i].offset)
	if utc < z.spans[i].start || i+1 < len(z.spans) && utc >= z.spans[i+1].start {
		utc = wall - int64(z.spans[z.at(utc)].offset)
		i = z.at(utc) // clocks that skip the time show another one at that instant
	}
	return travel.LocalTime{Unix: utc, OffsetSeconds: z.spans[i].offset}
}

// Local is the instant at which clocks at an airport or metro area show the given
// time. It is false for a code that is unknown, or was given up before that day, and for a time that no calendar or clock
// has, such as 30 February or 24:00. A time that clocks skip or show twice is
// resolved as by time.Date. It does not allocate.
func (a *Atlas) Local(code travel.Airport, year int, month time.Month, day, hour, minute, second int) (travel.LocalTime, bool) {
	if uint(hour) > 23 || uint(minute) > 59 || uint(second) > 59 || !isDay(year, month, day) {
		return travel.LocalTime{}, false
	}
	days := daysSinceEpoch(year, month, day)
	e := a.onDay(code, travel.Date(days))
	if e == nil {
		return travel.LocalTime{}, false
	}
	return e.zone.local(days*86400 + int64(hour*3600+minute*60+second)), true
}

func isDay(year int, month time.Month, day int) bool {
	if year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 {
		return false
	}
	switch month {
	case time.April, time.June, time.September, time.November:
		return day <= 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return day <= 29
		}
		return day <= 28
	}
	return day <= 31
}

// daysSinceEpoch counts days from 1970-01-01 in the Gregorian calendar. Years
// begin in March, so that the leap day comes last: day 0 is 1 March of year 0,
// and 1970-01-01 is day 719468. Holds for years from 1 on.
func daysSinceEpoch(year int, month time.Month, day int) int64 {
	m := int64(month) - 3
	y := int64(year)
	if m < 0 {
		m += 12
		y--
	}
	return y*365 + y/4 - y/100 + y/400 + (153*m+2)/5 + int64(day) - 1 - 719468
}
