package view

import (
	"encoding/base64"
	"encoding/json"
	"errors"
)

// Cursor is where a page ended. The next page goes on behind its key in the newest
// revision, so that nothing unchanged is shown twice or skipped.
type Cursor struct {
	Search string   `json:"s"`
	View   string   `json:"v"` // the view's Hash
	Key    [4]int64 `json:"k"` // what the last result was ordered by
	ID     string   `json:"i"` // of the last result
	Before int      `json:"b"` // how many results were shown up to it
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
	if err := json.Unmarshal(body, &c); err != nil || c.Search == "" || c.View == "" || c.ID == "" || c.Before < 0 {
		return nil, ErrCursor
	}
	return &c, nil
}
