package travel

import (
	"fmt"
	"time"
)

// Date is a calendar day without a zone, in days since 1970-01-01. Its zero value
// means "none": no traveller leaves in 1970. Dates compare with < and ==.
type Date int32

// DateOf is the calendar day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

// NewDate is the given day; out-of-range values are normalised as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads "2027-03-01" and nothing else.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, fmt.Errorf("date %q is not of the form 2027-03-01", clip(s))
	}
	year, ok := digits(s[:4])
	month, fine := digits(s[5:7])
	day, good := digits(s[8:])
	d := NewDate(year, time.Month(month), day)
	if y, m, n := d.civil(); !ok || !fine || !good || y != year || m != month || n != day { // a day that the month does not have
		return 0, fmt.Errorf("date %q is not of the form 2027-03-01", clip(s))
	}
	return d, nil
}

// digits is a decimal number, by hand as dates are read thousands of times an answer.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// Time is midnight of the day in UTC.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// AddDays returns the day n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// String is the day as "2027-03-01".
func (d Date) String() string { return string(d.append(nil)) }

// MarshalText writes the day as "2027-03-01".
func (d Date) MarshalText() ([]byte, error) { return d.append(nil), nil }

// AppendText appends the day as "2027-03-01".
func (d Date) AppendText(dst []byte) ([]byte, error) { return d.append(dst), nil }

// append writes the day by hand: dates and times are written thousands of times a
// page, and time.Format takes ten times as long.
func (d Date) append(dst []byte) []byte {
	year, month, day := d.civil()
	if year < 0 || year > 9999 {
		return d.Time().AppendFormat(dst, time.DateOnly)
	}
	return append(dst, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10),
		'-', byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10))
}

// civil is the day in the Gregorian calendar, by the algorithm civil_from_days of
// Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years begin in March,
// so that the leap day is the last of its year, in eras of 400 years of 146,097 days.
// Day 0 is 1970-01-01, day 20,513 is 2026-03-01.
func (d Date) civil() (year, month, day int) {
	z := int(d) + 719468 // days since 0000-03-01
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	ofEra := z - era*146097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	march := (5*ofYear + 2) / 153 // 0 is March
	day = ofYear - (153*march+2)/5 + 1
	month = march + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// LocalTime is an instant together with the offset that clocks at the airport
// show then: both the wall time and UTC follow from it. The zero value is "none".
type LocalTime struct {
	Unix          int64 // seconds since 1970-01-01 UTC
	OffsetSeconds int32 // east of UTC
}

// LocalTimeOf keeps t's instant and the offset of its zone.
func LocalTimeOf(t time.Time) LocalTime {
	_, offset := t.Zone()
	return LocalTime{t.Unix(), int32(offset)}
}

// Known reports whether a time was stated.
func (t LocalTime) Known() bool { return t != LocalTime{} }

// Date is the calendar day on the airport's wall.
func (t LocalTime) Date() Date {
	wall := t.Unix + int64(t.OffsetSeconds)
	if wall < 0 {
		wall -= 86399 // round down before 1970
	}
	return Date(wall / 86400)
}

// MinuteOfDay is the wall time in minutes after midnight, 0 to 1439.
func (t LocalTime) MinuteOfDay() int {
	s := (t.Unix + int64(t.OffsetSeconds)) % 86400
	return int((s+86400)%86400) / 60
}

// Time is the instant in a fixed zone of the airport's offset.
func (t LocalTime) Time() time.Time {
	return time.Unix(t.Unix, 0).In(time.FixedZone("", int(t.OffsetSeconds)))
}

// Sub is the elapsed time from u to t.
func (t LocalTime) Sub(u LocalTime) time.Duration {
	return time.Duration(t.Unix-u.Unix) * time.Second
}

// String is RFC 3339 with a numeric offset, never Z: "2027-03-01T10:05:00+00:00".
func (t LocalTime) String() string { return string(t.append(nil)) }

func (t LocalTime) append(dst []byte) []byte {
	dst = t.Date().append(dst)
	wall := t.Unix + int64(t.OffsetSeconds)
	second := int((wall%86400 + 86400) % 86400)
	two := func(n int) { dst = append(dst, byte('0'+n/10), byte('0'+n%10)) }
	dst = append(dst, 'T')
	two(second / 3600)
	dst = append(dst, ':')
	two(second / 60 % 60)
	dst = append(dst, ':')
	two(second % 60)
	offset, sign := int(t.OffsetSeconds), byte('+')
	if offset < 0 {
		offset, sign = -offset, '-'
	}
	dst = append(dst, sign)
	two(offset / 3600)
	dst = append(dst, ':')
	two(offset / 60 % 60)
	return dst
}

// MarshalText writes what String shows.
func (t LocalTime) MarshalText() ([]byte, error) { return t.append(nil), nil }

// UnmarshalText reads RFC 3339 with any offset.
func (t *LocalTime) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("local time: %w", err)
	}
	*t = LocalTimeOf(parsed)
	return nil
}
