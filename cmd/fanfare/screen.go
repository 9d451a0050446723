package main

import (
	"io"
	"os"
	"strings"
)

// What is asked of a terminal. The marks of a synchronised update keep it from showing
// half a frame; terminals that do not know them ignore them.
const (
	beginFrame = "\x1b[?2026h"
	endFrame   = "\x1b[?2026l"
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	lineUp     = "\x1b[A"
	eraseLine  = "\x1b[K"
	eraseBelow = "\x1b[J"
)

// The size of a terminal that does not tell its own.
const (
	usualColumns = 80
	usualRows    = 24
)

// screen redraws a block of lines in place, at the lower end of a terminal.
type screen struct {
	w     io.Writer
	drawn int // lines that stand there now
}

// isLive reports whether w is a terminal on which things can move.
func isLive(w io.Writer) bool {
	_, _, ok := terminalSize(w)
	return ok && os.Getenv("TERM") != "dumb"
}

func (s *screen) size() (columns, rows int) {
	columns, rows, _ = terminalSize(s.w)
	if columns <= 0 {
		columns = usualColumns
	}
	if rows <= 0 {
		rows = usualRows
	}
	return columns, rows
}

// draw puts the lines in place of those drawn before. None may be wider than the
// terminal, and all must fit on it with a line to spare.
func (s *screen) draw(lines []string) error {
	var b strings.Builder
	b.WriteString(beginFrame + hideCursor + s.home())
	for _, line := range lines {
		b.WriteString(line + eraseLine + "\n")
	}
	b.WriteString(eraseBelow + endFrame)
	s.drawn = len(lines)
	_, err := io.WriteString(s.w, b.String())
	return err
}

func (s *screen) home() string {
	if s.drawn == 0 {
		return ""
	}
	return "\r" + strings.Repeat(lineUp, s.drawn)
}

// clear takes the block away and gives the cursor back.
func (s *screen) clear() error {
	if s.drawn == 0 {
		return nil
	}
	_, err := io.WriteString(s.w, beginFrame+s.home()+eraseBelow+showCursor+endFrame)
	s.drawn = 0
	return err
}

// close leaves the block where it is and gives the cursor back.
func (s *screen) close() error {
	if s.drawn == 0 {
		return nil
	}
	s.drawn = 0
	_, err := io.WriteString(s.w, showCursor)
	return err
}
