package opentravel

import (
	"strconv"
	"strings"
	"time"

	"fanfare/providers/document"
	"fanfare/providers/travel"
)

// Minutes reads a stated duration: whole minutes, or one of ISO 8601. 0 if it is none.
func Minutes(text string) int {
	if d, ok := document.ParseDuration(text); ok {
		return int(d / time.Minute)
	}
	if n, ok := number(text); ok && n > 0 {
		return n
	}
	return 0
}

// Wall reads a date and time; its Year is 0 if it is none.
func Wall(text string) document.Wall {
	w, ok := document.ParseWall(text)
	if !ok {
		return document.Wall{}
	}
	return w
}

// offset is a GMTOffset in seconds: hours with decimals, or hours and minutes.
func offset(text string) (seconds int, ok bool) {
	if h, m, colon := strings.Cut(strings.TrimPrefix(text, "+"), ":"); colon {
		hours, err := strconv.Atoi(h)
		minutes, err2 := strconv.Atoi(m)
		if err != nil || err2 != nil || minutes < 0 || minutes > 59 || hours < -18 || hours > 18 {
			return 0, false
		}
		if strings.HasPrefix(h, "-") {
			minutes = -minutes
		}
		return hours*3600 + minutes*60, true
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || !(hours >= -18 && hours <= 18) {
		return 0, false
	}
	return int(hours * 3600), true
}

// local is a time by the zone of its airport, and by the offset that the document states
// beside it; either may be none.
type local struct {
	byZone, byOffset travel.LocalTime
	rule             string
}

func (g *Gatherer) local(w document.Wall, airport travel.Airport, hours string) (l local) {
	if w.Year == 0 {
		return local{rule: travel.RuleBadTime}
	}
	if l.byZone, l.rule = w.At(airport, g.atlas, ""); w.Zone != document.NoZone || hours == "" {
		return l
	}
	if seconds, ok := offset(hours); ok {
		w.Zone, w.OffsetSeconds = document.Offset, seconds
		l.byOffset, _ = w.At(airport, g.atlas, "")
		if l.rule != "" {
			l.byZone, l.rule = l.byOffset, ""
		}
	}
	return l
}

// times fills in departure and arrival of a segment. Where our table and the stated
// offsets differ, the offsets count if only with them the stated duration is right.
func (g *Gatherer) times(s *Segment) {
	out, in := g.local(s.Out, s.Origin, s.OutHours), g.local(s.In, s.Destination, s.InHours)
	s.Departs, s.Arrives = out.byZone, in.byZone
	if zone := g.atlas.Zone(s.Destination); s.In.Year == 0 && s.Minutes > 0 && s.Departs.Known() && zone != nil { // as good as an arrival
		s.Arrives = travel.LocalTimeOf(s.Departs.Time().Add(time.Duration(s.Minutes) * time.Minute).In(zone))
		return
	}
	for _, l := range [...]local{out, in} {
		if l.rule != "" && l.rule != travel.RuleBadTime && g.timeRule == "" {
			g.timeRule = l.rule
		}
	}
	if !out.byOffset.Known() || !in.byOffset.Known() || out.byOffset == out.byZone && in.byOffset == in.byZone {
		return
	}
	g.unlike = true
	if stated := time.Duration(s.Minutes) * time.Minute; in.byOffset.Sub(out.byOffset) == stated && in.byZone.Sub(out.byZone) != stated {
		s.Departs, s.Arrives = out.byOffset, in.byOffset
	}
}

// checkDurations compares stated durations with those by the clock: a small difference is
// the partner's carelessness, a day is a wrong time.
func (g *Gatherer) checkDurations() (rule string) {
	compare := func(minutes int, first, last *travel.Segment) {
		stated, computed := time.Duration(minutes)*time.Minute, last.Arrives.Sub(first.Departs)
		switch {
		case minutes == 0:
		case travel.DurationMismatch(stated, computed):
			rule = travel.RuleDurationMismatch
		case stated != computed:
			g.unlike = true
		}
	}
	for i := range g.segments {
		compare(g.segments[i].Minutes, &g.flown[i], &g.flown[i])
	}
	at := 0
	for i, n := range g.counts {
		if n > 0 {
			compare(g.stated[i], &g.flown[at], &g.flown[at+n-1])
		}
		at += n
	}
	return rule
}

// expiry is until when a quote can be bought, zero if it does not say: as long as it
// lasts, else until its last time to ticket, in the zone of the origin unless it has one.
func (g *Gatherer) expiry(q *Quote) time.Time {
	switch {
	case q.Lasts > 0 && !g.Now.IsZero():
		return g.Now.Add(q.Lasts).UTC()
	case q.LastDate == "" || len(g.flown) == 0:
		return time.Time{}
	}
	const date = len("2027-03-01")
	text := q.LastDate
	if len(text) == date {
		text += "T" + q.LastTime
		if q.LastTime == "" {
			text += "24:00"
		}
	}
	w := Wall(text)
	if w.Year == 0 {
		if w = Wall(q.LastDate[:min(date, len(q.LastDate))] + "T24:00"); w.Year == 0 {
			return time.Time{}
		}
	}
	at, rule := w.At(g.flown[0].Origin, g.atlas, "")
	if rule != "" { // a place that only the offset of its flights is known of
		w.Zone, w.OffsetSeconds = document.Offset, int(g.flown[0].Departs.OffsetSeconds)
		at, _ = w.At(g.flown[0].Origin, g.atlas, "")
	}
	return time.Unix(min(at.Unix, g.flown[0].Departs.Unix), 0).UTC()
}
