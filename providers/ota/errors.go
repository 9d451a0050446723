package ota

import (
	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
)

const (
	refusalCode = iota
	refusalMessage
	refusalError
	refusalErrorDescription
	refusalDetail
	refusalTitle
	refusalStatus
)

var refusalKeys = document.NewKeys([]string{
	refusalCode: "code", refusalMessage: "message", refusalError: "error", refusalErrorDescription: "error_description",
	refusalDetail: "detail", refusalTitle: "title", refusalStatus: "status",
}...)

// refusal reads the errors that gateways in front of a partner write in JSON: a code and
// words, of whatever names are usual. nil if the document has no words.
func refusal(body []byte) *fault.Error {
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	var code, status string
	var words []string
	for o := r.Object(refusalKeys); o.Next(); {
		switch text := r.Name(); o.Key() {
		case refusalCode:
			code = text
		case refusalStatus:
			status = text
		default:
			words = append(words, text)
		}
	}
	if r.End() != nil || document.Words(words...) == "" {
		return nil
	}
	e := assemble.PartnerError(code, words...)
	switch status {
	case "401", "403":
		e.Cause = fault.Unauthorized
	case "429":
		e.Cause = fault.HTTP429
	}
	e.Status = e.Cause.Status()
	return e
}
