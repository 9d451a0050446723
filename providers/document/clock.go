package document

import (
	"time"

	"fanfare/providers/travel"
)

// Wall is a date and time as a partner wrote it, checked to be one of the calendar.
type Wall struct {
	Year          int
	Month         time.Month
	Day           int
	Hour, Minute  int
	Second        int
	Nanosecond    int // what is beyond is cut off
	Zone          Zone
	OffsetSeconds int // east of UTC, for Zone Offset
}

// Zone is what a written time says about its zone.
type Zone uint8

// The three ways to write a time.
const (
	NoZone Zone = iota // 2027-03-01T10:05:00: somebody's wall
	UTC                // ...Z
	Offset             // ...+01:00, +0100 or +01
)

// ParseWall reads the forms of ISO 8601 that partners use: 2027-03-01T10:05 with
// optional seconds, fraction and zone; a space or lower-case t for the T; 24:00 as
// the end of a day. Years are 1900 to 9999.
func ParseWall(s string) (w Wall, ok bool) {
	if len(s) < len("2027-03-01T10:05") || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[10] != 'T' && s[10] != ' ' && s[10] != 't' {
		return Wall{}, false
	}
	year, month := number(s[0:4]), number(s[5:7])
	w = Wall{Year: year, Month: time.Month(month), Day: number(s[8:10]), Hour: number(s[11:13]), Minute: number(s[14:16])}
	rest := s[16:]
	if len(rest) >= 3 && rest[0] == ':' {
		w.Second, rest = number(rest[1:3]), rest[3:]
		if len(rest) >= 2 && (rest[0] == '.' || rest[0] == ',') && rest[1]-'0' <= 9 {
			scale := 100_000_000
			for rest = rest[1:]; rest != "" && rest[0]-'0' <= 9; rest = rest[1:] {
				w.Nanosecond += int(rest[0]-'0') * scale
				scale /= 10
			}
		}
	}
	if year < 1900 || month < 1 || month > 12 || w.Day < 1 || w.Day > daysIn(w.Month, year) ||
		w.Hour < 0 || w.Minute < 0 || w.Minute > 59 || w.Second < 0 || w.Second > 59 {
		return Wall{}, false
	}
	if w.Hour > 23 {
		if w.Hour > 24 || w.Minute != 0 || w.Second != 0 || w.Nanosecond != 0 {
			return Wall{}, false
		}
		next := time.Date(w.Year, w.Month, w.Day+1, 0, 0, 0, 0, time.UTC)
		w.Year, w.Month, w.Day = next.Date()
		w.Hour = 0
	}
	return w, w.parseZone(rest)
}

// number reads decimal digits, and is -1 for anything else.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func daysIn(m time.Month, year int) int {
	switch m {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func (w *Wall) parseZone(s string) bool {
	switch {
	case s == "":
		return true
	case s == "Z" || s == "z":
		w.Zone = UTC
		return true
	case s[0] != '+' && s[0] != '-':
		return false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	var h, m int
	switch len(digits) {
	case 2:
		h = number(digits)
	case 4:
		h, m = number(digits[:2]), number(digits[2:])
	default:
		return false
	}
	if h < 0 || h > 18 || m < 0 || m > 59 { // no zone is or was further out than ±15:59
		return false
	}
	w.Zone, w.OffsetSeconds = Offset, h*3600+m*60
	if s[0] == '-' {
		w.OffsetSeconds = -w.OffsetSeconds
	}
	return true
}

// asUTC is the instant at which UTC shows the wall time.
func (w Wall) asUTC() int64 {
	return time.Date(w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second, 0, time.UTC).Unix()
}

// Date is the calendar day on that wall.
func (w Wall) Date() travel.Date { return travel.NewDate(w.Year, w.Month, w.Day) }

// Instant is the point in time; a time without zone is taken as one in loc.
func (w Wall) Instant(loc *time.Location) time.Time {
	if w.Zone == NoZone {
		return time.Date(w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second, w.Nanosecond, loc).UTC()
	}
	return time.Unix(w.asUTC()-int64(w.OffsetSeconds), int64(w.Nanosecond)).UTC()
}

// ParseInstant reads a point in time, such as an expiry; one without a zone is UTC.
// The zero time if s is none.
func ParseInstant(s string) time.Time {
	w, ok := ParseWall(s)
	if !ok {
		return time.Time{}
	}
	return w.Instant(time.UTC)
}

// Zones knows the zones of airports. *places.Atlas is one.
type Zones interface {
	// Local is the instant and offset of a wall time at a place, false if its zone is unknown.
	Local(code travel.Airport, year int, month time.Month, day, hour, min, sec int) (travel.LocalTime, bool)
	// ZoneOn is the zone of a place whose code it was on that day, nil if unknown.
	ZoneOn(code travel.Airport, day travel.Date) *time.Location
}

// At is the wall time of an airport as instant and offset. What the text says about
// its zone counts first, then our own table, then the zone that the document names
// for the airport ("" if it names none). The rule says why there is no time.
func (w Wall) At(airport travel.Airport, zones Zones, named string) (t travel.LocalTime, rule string) {
	switch w.Zone {
	case Offset:
		return travel.LocalTime{Unix: w.asUTC() - int64(w.OffsetSeconds), OffsetSeconds: int32(w.OffsetSeconds)}, ""
	case NoZone:
		if t, ok := zones.Local(airport, w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second); ok {
			return t, ""
		}
	}
	loc := zones.ZoneOn(airport, w.Date())
	if loc == nil {
		if loc = LoadZone(named); loc == nil {
			return travel.LocalTime{}, travel.RuleUnknownZone
		}
	}
	return travel.LocalTimeOf(w.Instant(loc).In(loc)), ""
}

// LoadZone is the IANA zone of that name, nil if there is none. Names are a
// partner's: only those of an area ("Europe/London") and UTC are looked up.
func LoadZone(name string) *time.Location {
	slash := false
	for i := range len(name) {
		switch c := name[i] | 0x20; {
		case c >= 'a' && c <= 'z', name[i]-'0' <= 9, c == 0x7f /* _ */, name[i] == '-', name[i] == '+':
		case name[i] == '/' && i > 0:
			slash = true
		default:
			return nil
		}
	}
	if name != "UTC" && !slash || len(name) > 64 {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return loc
}

// ParseDuration reads the durations of ISO 8601 in the forms that partners use:
// PT2H26M, PT02H26M, P1DT1H10M0S, P0Y0M0DT1H25M0S, PT90M, P2W, PT1H30.5M. Years and
// months have no fixed length and must be zero. False if s is none.
func ParseDuration(s string) (time.Duration, bool) {
	if len(s) < 3 || len(s) > 40 || s[0] != 'P' {
		return 0, false
	}
	var (
		total  time.Duration
		inTime bool
		order  int // units stand in the order Y M W D T H M S, each once
	)
	for i := 1; i < len(s); {
		if s[i] == 'T' && !inTime {
			inTime, order = true, 4
			if i++; i == len(s) {
				return 0, false
			}
			continue
		}
		start := i
		for i < len(s) && s[i]-'0' <= 9 {
			i++
		}
		n := number(s[start:i])
		if i == start || i-start > 7 || i == len(s) {
			return 0, false
		}
		var fraction time.Duration // in thousandths of the unit
		if s[i] == '.' || s[i] == ',' {
			scale := time.Duration(100)
			for i++; i < len(s) && s[i]-'0' <= 9; i++ {
				fraction += time.Duration(s[i]-'0') * scale
				scale /= 10
			}
			if i == len(s) {
				return 0, false
			}
		}
		unit, rank := durationUnit(s[i], inTime)
		if rank <= order || unit == 0 && (n != 0 || fraction != 0) {
			return 0, false
		}
		order = rank
		total += time.Duration(n)*unit + fraction*unit/1000
		i++
	}
	return total, true
}

// durationUnit is the unit of a designator and its place in the order, 0 if it is none.
func durationUnit(c byte, inTime bool) (unit time.Duration, rank int) {
	const day = 24 * time.Hour
	if inTime {
		switch c {
		case 'H':
			return time.Hour, 5
		case 'M':
			return time.Minute, 6
		case 'S':
			return time.Second, 7
		}
		return 0, 0
	}
	switch c {
	case 'Y':
		return 0, 1
	case 'M':
		return 0, 2
	case 'W':
		return 7 * day, 3
	case 'D':
		return day, 4
	}
	return 0, 0
}
