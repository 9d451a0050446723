package server

import (
	"bytes"
	"io"
	"log"
	"log/slog"
)

// NewLog makes the log of a process, which also receives what libraries say through package log.
// Partners' calls are logged at debug level.
func NewLog(w io.Writer, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	logger := slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
	log.SetFlags(0)
	log.SetOutput(libraryLog{logger})
	return logger
}

// libraryLog receives what libraries log by themselves. Such lines can quote what a partner or a
// client sent, and with it credentials: only their beginning up to the first quotation is kept,
// and that is said at debug level alone.
type libraryLog struct{ to *slog.Logger }

const maxLibraryLine = 80

// Write logs one line.
func (l libraryLog) Write(line []byte) (int, error) {
	said := line[:min(len(line), maxLibraryLine)]
	if i := bytes.IndexAny(said, "\"'`\n"); i >= 0 {
		said = said[:i]
	}
	said = bytes.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, said)
	l.to.Debug("a library says", "text", string(bytes.TrimSpace(said)), "bytes", len(line))
	return len(line), nil
}
