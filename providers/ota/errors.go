package ota

import (
	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

var refusalKeys = wire.NewKeys("code", "message", "error", "error_description", "detail", "title", "status")

// refusal reads the errors that gateways in front of a partner write in JSON: a code and
// words, of whatever names are usual. nil if the document has no words.
func refusal(body []byte) *fault.Error {
	r := wire.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	var code, status string
	var words []string
	for o := r.Object(refusalKeys); o.Next(); {
		switch text := r.Name(); o.Key() {
		case 0:
			code = text
		case 6:
			status = text
		default:
			words = append(words, text)
		}
	}
	if r.End() != nil || wire.Words(words...) == "" {
		return nil
	}
	e := wire.PartnerError(code, words...)
	switch status {
	case "401", "403":
		e.Cause = fault.Unauthorized
	case "429":
		e.Cause = fault.HTTP429
	}
	e.Status = e.Cause.Status()
	return e
}
