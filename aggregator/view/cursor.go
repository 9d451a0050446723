package view

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"iter"
	"slices"
)

// Cursor is where a page ended. The next page goes on behind its key in the newest
// revision, so that nothing unchanged is shown twice or skipped.
type Cursor struct {
	Search string   `json:"s"`
	View   string   `json:"v"` // the view's Hash
	Key    [4]int64 `json:"k"` // what the last result was ordered by
	ID     string   `json:"i"` // of the last result
	Before int      `json:"b"` // how many results stood up to it when it was made
	Marks  []byte   `json:"m"` // of these: see Mark; empty beyond maxMarked
}

const (
	// markBytes makes a result that comes in be taken for one of 256 that were there once in 65,000 times.
	markBytes = 3
	// maxMarked keeps cursors below 2 kB, which URLs bear. Behind so many results, what is
	// new is told by numbers alone.
	maxMarked = 256
)

// Mark notes which results stand up to the cursor.
func (c *Cursor) Mark(ids iter.Seq[string]) {
	c.Before, c.Marks = 0, nil
	for id := range ids {
		if c.Before++; c.Before <= maxMarked {
			c.Marks = append(c.Marks, mark(id)...)
		} else {
			c.Marks = nil
		}
	}
}

// New counts those of the results that did not stand up to the cursor when it was made.
// Behind more than maxMarked results it is at least how many there are more.
func (c *Cursor) New(ids iter.Seq[string]) (n int) {
	if c.Before > maxMarked {
		for range ids {
			n++
		}
		return max(n-c.Before, 0)
	}
	marked := make(map[string]bool, c.Before)
	for m := range slices.Chunk(c.Marks, markBytes) {
		marked[string(m)] = true
	}
	for id := range ids {
		if !marked[string(mark(id))] {
			n++
		}
	}
	return n
}

// mark is the first bytes of the id's hash.
func mark(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:markBytes]
}

// ErrCursor is a cursor that this server did not make.
var ErrCursor = errors.New("not a cursor of this server; take next_cursor of the page before")

// String is the cursor as it stands in next_cursor.
func (c Cursor) String() string {
	body, _ := json.Marshal(c) // plain data: cannot fail
	return base64.RawURLEncoding.EncodeToString(body)
}

// ParseCursor reads what String wrote, or returns ErrCursor.
func ParseCursor(s string) (*Cursor, error) {
	body, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, ErrCursor
	}
	var c Cursor
	err = json.Unmarshal(body, &c)
	whole := c.Before > maxMarked && len(c.Marks) == 0 || len(c.Marks) == c.Before*markBytes
	if err != nil || c.Search == "" || c.View == "" || c.ID == "" || c.Before < 0 || !whole {
		return nil, ErrCursor
	}
	return &c, nil
}
