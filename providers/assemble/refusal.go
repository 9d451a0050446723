package assemble

import (
	"errors"
	"strings"

	"fanfare/providers/document"
	"fanfare/providers/fault"
)

// maxCode bounds a partner's code of an error, which people see beside its state.
const maxCode = 64

// PartnerError is the error that an error document stands for: the cause partner_error,
// the partner's own code, if it has one, and its words, code first.
func PartnerError(code string, words ...string) *fault.Error {
	e := fault.New(fault.PartnerError, errors.New("error document"))
	e.Code = Code(code)
	e.Detail = document.Words(append([]string{code}, words...)...)
	return e
}

// Code is a partner's code of an error, fit to be shown: letters, digits and .:_- of it,
// at most 64. A code with anything else in it is a text, and no code.
func Code(code string) string {
	code = strings.TrimSpace(code)
	if len(code) > maxCode || strings.ContainsFunc(code, func(c rune) bool {
		return !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.ContainsRune(".:_-", c))
	}) {
		return ""
	}
	return strings.Clone(code) // the document goes, its error stays
}

// AsPartnerError makes an error document under a 2xx status the partner's error, whatever it
// says about itself; one that could not be read stays malformed.
func AsPartnerError(err error) error {
	e := fault.Of(err)
	if e == nil || e.Cause == fault.Malformed {
		return err
	}
	e.Cause, e.Status = fault.PartnerError, fault.PartnerError.Status()
	return e
}

var (
	nothingWords = []string{"availab", "offer", "flight", "fare", "result", "itinerar", "inventory", "schedule", "journey", "seats", "solution", "recommendation", "combination", "routing",
		"room", "propert", "hotel", "rates"}
	brokenWords = []string{"system", "internal", "timeout", "time out", "timed out", "service", "unauthori", "authenti", "connection", "invalid", "exception"}
)

// NothingToSell reports whether an error says that there is nothing for this question,
// and not that the partner could not answer.
func NothingToSell(text string) bool {
	text = strings.ToLower(text)
	for _, w := range brokenWords {
		if strings.Contains(text, w) {
			return false
		}
	}
	for _, w := range nothingWords {
		for _, no := range []string{"no " + w, "no more " + w, "no valid " + w, "no suitable " + w, "no matching " + w, "not " + w} {
			if strings.Contains(text, no) {
				return true
			}
		}
		i := strings.Index(text, w)
		if i < 0 {
			continue
		}
		for _, none := range []string{"not found", "unable to find", "could not find", "not available", "sold out", "none found", "could not be found", "cannot be found", "no air ", "were found no"} {
			if strings.Contains(text, none) {
				return true
			}
		}
	}
	return false
}
