package api

import (
	"fmt"
	"strings"

	"fanfare/providers/travel"
)

// maxComplaints bounds what one request is told: a body of 64 KiB could be wrong in
// thousands of places, and the answer must stay smaller than the question.
const maxComplaints = 50

// complaints collects what is wrong with a request, each field once.
type complaints struct{ list travel.Invalid }

// add notes a complaint, unless the field, or what it is part of, has one already:
// what could not be read is not also missing.
func (c *complaints) add(field, format string, args ...any) {
	if len(c.list) < maxComplaints && !c.has(field) {
		c.list = append(c.list, travel.FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
	}
}

// merge adds complaints, under the names that rename gives their fields; "" leaves one out.
func (c *complaints) merge(more travel.Invalid, rename func(string) string) {
	for _, e := range more {
		if c.has(e.Field) {
			continue
		}
		field := e.Field
		if rename != nil {
			field = rename(field)
		}
		if field != "" {
			c.add(field, "%s", e.Message)
		}
	}
}

func (c *complaints) has(field string) bool {
	for i := range c.list {
		rest, within := strings.CutPrefix(field, c.list[i].Field)
		if within && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}
