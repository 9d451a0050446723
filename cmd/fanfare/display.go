package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
	"fanfare/web/api"
)

// display shows a search while it goes on, and its end. On a terminal it redraws in
// place: the table where stdout is one, the partners alone where only stderr is. Where
// neither is, a partner has a plain line on stderr once it has ended.
type display struct {
	std     streams
	live    *screen // nil: nothing moves
	table   bool    // the live block holds the table too
	plain   bool    // stdout gets no colour, and its width is not a terminal's
	colour  bool
	written map[string]string // plain lines written, by partner
}

func newDisplay(std streams, document bool) *display {
	d := &display{std: std, plain: !isLive(std.out), colour: os.Getenv("NO_COLOR") == "", written: map[string]string{}}
	switch {
	case isLive(std.out) && !document:
		d.live, d.table = &screen{w: std.out}, true
	case isLive(std.err):
		d.live = &screen{w: std.err}
	}
	return d
}

// frame is the state of a search, ready to be laid out.
type frame struct {
	title    string
	partners []partnerLine
	table    grid
	summary  string
	spin     int
}

// partnerLine is one partner's progress.
type partnerLine struct {
	name  string
	state lineState
	text  string
}

type lineState int

const (
	asking lineState = iota
	answered
	late
	failed
)

// frame lays the search out as it is now. Partners that the question is not for are
// left out, unless it is for none: then each says why.
func (s *shownSearch[R]) frame(table func([]R, []api.Partner) grid, product travel.Product, spin int) frame {
	f := frame{title: s.Query.words(), table: table(s.Results, s.Partners), spin: spin, summary: s.summary()}
	for i := range s.Partners {
		p := &s.Partners[i]
		if fault.Status(p.Status) == fault.NotApplicable && (s.Coverage.Asked > 0 || p.Cause == nil || fault.Cause(*p.Cause) == fault.Product) {
			continue
		}
		state, text := progress(p, product)
		f.partners = append(f.partners, partnerLine{clean(p.DisplayName), state, clean(text)})
	}
	return f
}

func (s *shownSearch[R]) final(table func([]R, []api.Partner) grid, product travel.Product) frame {
	return s.frame(table, product, 0)
}

// summary is how far the search is, in one line.
func (s *shownSearch[R]) summary() string {
	words := []string{clean(s.Status)}
	switch n := s.Counts.Matching; {
	case s.Counts.Results == 0:
		words = append(words, "no results")
	case n != s.Counts.Results:
		words = append(words, fmt.Sprintf("%d of %s pass", n, counted(s.Counts.Results, "result", "results")))
	default:
		words = append(words, counted(n, "result", "results"))
	}
	if shown := len(s.Results); shown > 0 && shown < s.Counts.Matching {
		words[len(words)-1] += fmt.Sprintf(" (%d shown)", shown)
	}
	return strings.Join(append(words, fmt.Sprintf("%d of %s answered", s.Coverage.Answered, counted(s.Coverage.Asked, "partner", "partners"))), ", ")
}

// progress is what is said of a partner behind its name.
func progress(p *api.Partner, product travel.Product) (lineState, string) {
	cause := ""
	if p.Cause != nil {
		cause = fault.Cause(*p.Cause).Message()
	}
	if cause == "" { // none, or one of a newer server's
		cause = strings.ReplaceAll(p.Status, "_", " ")
	}
	kept := counted(p.OffersKept, "offer", "offers")
	if product == travel.Hotels {
		kept = counted(p.OffersKept, "rate", "rates")
	}
	switch fault.Status(p.Status) {
	case fault.Queued, fault.Asking:
		return asking, "asking"
	case fault.OK:
		if p.TookMS == nil {
			return answered, kept + ", kept from before"
		}
		tenths := (*p.TookMS + 50) / 100
		return answered, fmt.Sprintf("%s in %d.%d s", kept, tenths/10, tenths%10)
	case fault.NoHit:
		return answered, cause
	case fault.StaleServed:
		return late, kept + " from before: " + cause
	case fault.Expired:
		return late, "its prices have expired"
	}
	switch {
	case p.OffersKept > 0: // of several calls some failed
		return late, kept + ", the rest is missing: " + cause
	case p.Status == string(fault.Timeout):
		return late, "late: " + cause
	case p.Status == string(fault.CircuitOpen):
		return failed, "is not asked for a while: " + cause
	}
	return failed, cause
}

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// mark is the sign in front of a partner, and its colour (SGR).
func (s lineState) mark(spin int) (sign, colour string) {
	switch s {
	case answered:
		return "✓", "32"
	case late:
		return "~", "33"
	case failed:
		return "✗", "31"
	}
	return spinner[spin%len(spinner)], "36"
}

func (d *display) paint(colour, text string) string {
	if !d.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// show draws the search as it is now.
func (d *display) show(f frame) {
	if d.live == nil {
		d.writeEnded(f)
		return
	}
	columns, rows := d.live.size()
	_ = d.live.draw(d.block(f, columns, rows-1)) // a terminal that is gone ends the process soon
}

// writeEnded writes a plain line about each partner that has ended, once.
func (d *display) writeEnded(f frame) {
	for _, p := range f.partners {
		if p.state != asking && d.written[p.name] != p.text {
			d.written[p.name] = p.text
			fmt.Fprintf(d.std.err, "%s: %s\n", p.name, p.text)
		}
	}
}

// block lays a frame out on so many columns and rows.
func (d *display) block(f frame, columns, rows int) []string {
	lines := []string{d.paint("1", clipped(f.title, columns))}
	most := rows - 3
	if d.table {
		most = max(1, (rows-3)/2)
	}
	lines = append(lines, d.partnerLines(f, columns, most)...)
	if d.table && len(f.table.rows) > 0 {
		table, ends := f.table.lines(columns)
		if n := fitting(ends, rows-len(lines)-2); n > 0 {
			lines = append(append(lines, ""), d.head(table[:n])...)
		}
	}
	lines = append(lines, clipped(f.summary, columns))
	return lines[:min(len(lines), max(rows, 1))]
}

// fitting is the most lines of whole results that fit into room.
func fitting(ends []int, room int) int {
	best := 0
	for _, end := range ends {
		if end <= room {
			best = end
		}
	}
	return best
}

func (d *display) head(table []string) []string {
	if len(table) > 0 {
		table[0] = d.paint("1", table[0])
	}
	return table
}

// partnerLines are at most so many; where partners are more, those still asked come
// first, and the last line counts the rest.
func (d *display) partnerLines(f frame, columns, most int) []string {
	partners := f.partners
	rest := 0
	if len(partners) > most {
		partners = slices.Clone(partners)
		slices.SortStableFunc(partners, func(a, b partnerLine) int { return a.order() - b.order() })
		rest = len(partners) - max(0, most-1)
		partners = partners[:len(partners)-rest]
	}
	names := 0
	for _, p := range partners {
		names = max(names, min(cells(p.name), 24))
	}
	var lines []string
	for _, p := range partners {
		sign, colour := p.state.mark(f.spin)
		name := clipped(p.name, 24)
		text := clipped(name+strings.Repeat(" ", names-cells(name)+gap)+p.text, columns-2)
		lines = append(lines, d.paint(colour, sign)+" "+text)
	}
	if rest > 0 {
		lines = append(lines, clipped("  and "+strconv.Itoa(rest)+" more", columns))
	}
	return lines
}

// order puts first what a waiting traveller looks for.
func (p partnerLine) order() int {
	return [...]int{asking: 0, failed: 1, late: 2, answered: 3}[p.state]
}

// clear takes the live block away, for what is to stay.
func (d *display) clear() {
	if d.live != nil {
		_ = d.live.clear()
	}
}

// close leaves the terminal as it was found, whatever happened.
func (d *display) close() {
	if d.live != nil {
		_ = d.live.close()
	}
}

// finish writes the table on stdout and, beside it, how the search ended.
func (d *display) finish(f frame) error {
	if len(f.table.rows) > 0 {
		table, _ := f.table.lines(d.columns())
		if !d.plain {
			table = d.head(table)
		}
		if _, err := io.WriteString(d.std.out, strings.Join(table, "\n")+"\n"); err != nil {
			return err
		}
	}
	if d.live == nil {
		d.writeEnded(f)
	}
	for _, p := range f.partners {
		if d.live != nil && p.state != answered {
			fmt.Fprintf(d.std.err, "%s: %s\n", p.name, p.text)
		}
	}
	_, err := fmt.Fprintln(d.std.err, f.summary)
	return err
}

// columns is the width of stdout: the terminal's, or COLUMNS, or 80.
func (d *display) columns() int {
	if !d.plain {
		columns, _ := (&screen{w: d.std.out}).size()
		return columns
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return usualColumns
}
