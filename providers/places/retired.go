package places

import (
	"fmt"
	"time"

	"fanfare/providers/travel"
)

// retired is a code that an airport had until a day, 0 for no end.
type retired struct {
	now   travel.Airport // its code, or that of its successor
	until travel.Date
}

// retiredCodes reads codes that airports had. They are no places to search from or to, and an
// answer with one does not answer a question for its successor; but what a document says of
// those days has a zone.
func (l *loader) retiredCodes() error {
	l.atlas.retired = map[travel.Airport]retired{}
	return eachRow(l.files, "retired.tsv", 3, func(f []string) error {
		code, r := travel.Airport(f[0]), retired{now: travel.Airport(f[1])}
		if slotOf(code) < 0 || l.atlas.codes.get(code) != nil || l.atlas.codes.get(r.now) == nil {
			return fmt.Errorf("%q is no code, or one in use, or %q is not in use", code, r.now)
		}
		if f[2] != "" {
			day, err := travel.ParseDate(f[2])
			if err != nil {
				return err
			}
			r.until = day
		}
		l.atlas.retired[code] = r
		return nil
	})
}

// onDay is the entry that a code had on a day, nil if it is unknown.
func (a *Atlas) onDay(code travel.Airport, day travel.Date) *codeEntry {
	if e := a.codes.get(code); e != nil {
		return e
	}
	if r, ok := a.retired[code]; ok && (r.until == 0 || day <= r.until) {
		return a.codes.get(r.now)
	}
	return nil
}

// ZoneOn is Zone on a day, when a code that was given up since may have been in use.
func (a *Atlas) ZoneOn(code travel.Airport, day travel.Date) *time.Location {
	if e := a.onDay(code, day); e != nil {
		return e.zone.location
	}
	return nil
}
