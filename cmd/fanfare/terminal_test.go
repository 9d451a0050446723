//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openTerminal is a pseudo-terminal of a size: what is written to slave can be read
// from master, as the terminal would get it.
func openTerminal(t *testing.T, columns, rows int) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("NO PSEUDO-TERMINAL HERE, the live table is not tested: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(rows), Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	return master, slave
}

// emulator is as much of a terminal as the live table uses. What it does not know is
// a test's failure, and so is a line that wraps.
type emulator struct {
	columns, rows int
	lines         [][]rune // cells; a wide rune is followed by a 0
	x, y          int
	hidden        bool
	wrong         []string
}

func newEmulator(columns, rows int) *emulator {
	return &emulator{columns: columns, rows: rows, lines: make([][]rune, rows)}
}

func (e *emulator) write(text string) {
	for len(text) > 0 {
		if !strings.HasPrefix(text, "\x1b[") {
			r := []rune(text)[0]
			text = text[len(string(r)):]
			e.put(r)
			continue
		}
		end := strings.IndexFunc(text[2:], func(r rune) bool { return r >= '@' && r <= '~' }) + 2
		e.control(text[2:end], text[end])
		text = text[end+1:]
	}
}

func (e *emulator) put(r rune) {
	switch {
	case r == '\r':
		e.x = 0
	case r == '\n':
		if e.y++; e.y == e.rows {
			e.lines, e.y = append(e.lines[1:], nil), e.rows-1
		}
	case r < ' ' || r == 0x7f || r == 0x9b:
		e.wrong = append(e.wrong, fmt.Sprintf("control character %q", r))
	default:
		n := runeCells(r)
		if e.x+n > e.columns {
			e.wrong = append(e.wrong, fmt.Sprintf("line %d wraps: %s", e.y, string(e.lines[e.y])))
			return
		}
		for i := range n {
			for len(e.lines[e.y]) <= e.x+i {
				e.lines[e.y] = append(e.lines[e.y], ' ')
			}
			e.lines[e.y][e.x+i] = 0
		}
		if n > 0 {
			e.lines[e.y][e.x] = r
		}
		e.x += n
	}
}

func (e *emulator) control(parameters string, final byte) {
	switch parameters + string(final) {
	case "A":
		if e.y--; e.y < 0 {
			e.wrong, e.y = append(e.wrong, "above the first line"), 0
		}
	case "K":
		e.lines[e.y] = e.lines[e.y][:min(e.x, len(e.lines[e.y]))]
	case "J":
		e.lines[e.y] = e.lines[e.y][:min(e.x, len(e.lines[e.y]))]
		for y := e.y + 1; y < e.rows; y++ {
			e.lines[y] = nil
		}
	case "?25l", "?25h":
		e.hidden = final == 'l'
	case "?2026h", "?2026l":
	default:
		if final != 'm' {
			e.wrong = append(e.wrong, fmt.Sprintf("unknown sequence %q", parameters+string(final)))
		}
	}
}

// text is what stands on the screen.
func (e *emulator) text() []byte {
	var b bytes.Buffer
	for _, line := range e.lines {
		b.WriteString(strings.TrimRight(strings.ReplaceAll(string(line), "\x00", ""), " ") + "\n")
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}
