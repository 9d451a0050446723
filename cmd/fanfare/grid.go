package main

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// clean makes foreign text safe for a terminal: one line, nothing that steers the
// terminal or turns the direction of writing.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// cells is how many columns of a terminal the text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clipped cuts the text to n columns, with a mark where something is missing.
func clipped(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	taken, end := 0, 0
	for i, r := range s {
		if taken += runeCells(r); taken > n-1 {
			break
		}
		end = i + len(string(r))
	}
	if n < 1 {
		return ""
	}
	return s[:end] + "…"
}

// unbroken is a space at which no line ends.
const unbroken = "\u00a0"

// wrapped breaks the text into lines of at most n columns, at spaces where it can.
func wrapped(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
		for cells(line) > n {
			cut, taken := 0, 0
			for i, r := range line {
				if taken += runeCells(r); taken > n && i > 0 {
					break
				}
				cut = i + len(string(r))
			}
			lines = append(lines, line[:cut])
			line = line[cut:]
		}
	}
	return append(lines, line)
}

// column is one of a table's. Where the table is too wide, columns are made narrower
// down to least, and then down to tight where that is still not enough; their text
// breaks into lines. Zero is never.
type column struct {
	head  string
	right bool
	least int
	tight int
}

// grid is a table of text: rows of cells, one for each column.
type grid struct {
	columns []column
	rows    [][]string
	starts  []bool // which rows begin a result; the others belong to the one above
}

func (g *grid) add(row ...string) {
	g.rows = append(g.rows, row)
	g.starts = append(g.starts, len(row[0]) > 0)
}

// gap stands between two columns.
const gap = 2

// widths are how wide columns are so that a line fits into the total.
func (g *grid) widths(total int) []int {
	w := make([]int, len(g.columns))
	for i, c := range g.columns {
		w[i] = cells(c.head)
		for _, row := range g.rows {
			w[i] = max(w[i], cells(row[i]))
		}
	}
	excess := gap*(len(w)-1) - total
	for _, x := range w {
		excess += x
	}
	excess = g.squeeze(w, excess, func(c column) int { return c.least })
	g.squeeze(w, excess, func(c column) int { return c.tight }) // what is too wide still is clipped
	return w
}

// squeeze takes the excess from the widest columns that have a minimum, and returns
// what is left of it.
func (g *grid) squeeze(w []int, excess int, minimum func(column) int) int {
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range g.columns {
			if least := minimum(c); least > 0 && w[i] > least && (widest < 0 || w[i] > w[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		w[widest]--
	}
	return excess
}

// lines are the table's head and rows, none wider than total. ends are the lines behind
// which a result is complete.
func (g *grid) lines(total int) (lines []string, ends []int) {
	w := g.widths(total)
	heads := make([]string, len(g.columns))
	for i, c := range g.columns {
		heads[i] = clipped(c.head, w[i])
	}
	lines = g.row(lines, heads, w, total)
	for i, row := range g.rows {
		if g.starts[i] && i > 0 {
			ends = append(ends, len(lines))
		}
		lines = g.row(lines, row, w, total)
	}
	return lines, append(ends, len(lines))
}

func (g *grid) row(lines, row []string, w []int, total int) []string {
	parts := make([][]string, len(row))
	height := 1
	for i, cell := range row {
		parts[i] = wrapped(cell, w[i])
		height = max(height, len(parts[i]))
	}
	for y := range height {
		var b strings.Builder
		for i := range row {
			text := ""
			if y < len(parts[i]) {
				text = parts[i][y]
			}
			padding := strings.Repeat(" ", w[i]-cells(text))
			if i > 0 {
				b.WriteString(strings.Repeat(" ", gap))
			}
			if g.columns[i].right {
				b.WriteString(padding + text)
			} else {
				b.WriteString(text + padding)
			}
		}
		line := strings.TrimRight(strings.ReplaceAll(b.String(), unbroken, " "), " ")
		lines = append(lines, clipped(line, total))
	}
	return slices.Clip(lines)
}
