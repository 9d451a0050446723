package travel

import "time"

// Limits of Check (docs/definitions.md 4).
const (
	minTurn       = time.Hour      // a return leaving earlier cannot be caught
	maxOffsetSkew = 24 * time.Hour // stated and computed durations may differ by less
)

// Check returns the rule by which the document alone forbids the offer, or "".
func (o *Offer) Check() (rule string) {
	if rule := o.Price.Total.check(); rule != "" {
		return rule
	}
	return o.Itinerary.check()
}

// Check returns the rule by which the document alone forbids the rate, or "".
func (r *Rate) Check() (rule string) { return r.Price.Total.check() }

func (m Money) check() string {
	switch {
	case !m.Known():
		return RuleNoPrice
	case m.Minor == 0:
		return RuleZeroPrice
	case m.Minor < 0:
		return RuleNegativePrice
	}
	if _, ok := m.Currency.Exponent(); !ok {
		return RuleUnknownCurrency
	}
	return ""
}

func (it *Itinerary) check() string {
	if len(it.Slices) == 0 {
		return RuleNoItinerary
	}
	var last *Segment
	for i := range it.Slices {
		if len(it.Slices[i].Segments) == 0 {
			return RuleNoItinerary
		}
		for j := range it.Slices[i].Segments {
			s := &it.Slices[i].Segments[j]
			if rule := s.check(); rule != "" {
				return rule
			}
			if last != nil {
				gap := s.Departs.Sub(last.Arrives)
				switch {
				case it.repeats(s):
					return RuleDuplicateSegment
				case gap < 0:
					return RuleNegativeConnection
				case j == 0 && gap < minTurn:
					return RuleShortTurn
				}
			}
			last = s
		}
	}
	return ""
}

// repeats reports whether an earlier segment is the same flight at the same time.
func (it *Itinerary) repeats(s *Segment) bool {
	for i := range it.Slices {
		for j := range it.Slices[i].Segments {
			t := &it.Slices[i].Segments[j]
			if t == s {
				return false
			}
			if t.Marketing == s.Marketing && t.Departs == s.Departs && t.Origin == s.Origin {
				return true
			}
		}
	}
	return false
}

func (s *Segment) check() string {
	switch {
	case !s.Origin.valid(), !s.Destination.valid(), !s.Marketing.Carrier.valid():
		return RuleBadCode
	case s.Operating.Carrier != "" && !s.Operating.Carrier.valid():
		return RuleBadCode
	case !s.Departs.Known(), !s.Arrives.Known():
		return RuleBadTime
	case s.Arrives.Unix <= s.Departs.Unix:
		return RuleArrivalFirst
	}
	return ""
}

func (a Airport) valid() bool {
	return len(a) == 3 && letter(a[0]) && letter(a[1]) && letter(a[2])
}

// valid allows two characters with at least one letter, and the three letters of ICAO
// designators, which operators without an IATA code are known by.
func (c Carrier) valid() bool {
	switch len(c) {
	case 2:
		return (letter(c[0]) || digit(c[0])) && (letter(c[1]) || digit(c[1])) && (letter(c[0]) || letter(c[1]))
	case 3:
		return letter(c[0]) && letter(c[1]) && letter(c[2])
	}
	return false
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// DurationMismatch reports whether a stated duration contradicts a computed one so
// far that the offer cannot be trusted. Zero is "not stated".
func DurationMismatch(stated, computed time.Duration) bool {
	return stated > 0 && (stated-computed).Abs() > maxOffsetSkew
}
