package opentravel

import (
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

// Failures gathers what a document says went wrong. The zero value has none.
type Failures struct {
	first   *fault.Error
	count   int
	nothing bool
}

var errorsNames = NewNames("Error")

const (
	errorType = iota
	errorCode
	errorShortText
	errorText
)

var errorNames = NewNames([]string{errorType: "Type", errorCode: "Code", errorShortText: "ShortText", errorText: Text}...)

// Errors reads the element Errors that d has come to.
func (f *Failures) Errors(d *Document) {
	for e := d.Fields(errorsNames); e.Next(); {
		f.Error(d)
	}
}

// Error reads one error of the standard: type and code of its lists, or a partner's own,
// and words in either of two places.
func (f *Failures) Error(d *Document) {
	var kind, code, short, text string
	for e := d.Fields(errorNames); e.Next(); {
		switch e.Key() {
		case errorType:
			kind = d.View()
		case errorCode:
			code = d.View()
		case errorShortText:
			short = d.View()
		case errorText:
			text = d.View()
		}
	}
	if text == short {
		text = ""
	}
	f.Add(causeOf(kind, code), code, short, text)
}

// Fault reads the SOAP fault that d has come to.
func (f *Failures) Fault(d *Document) {
	text := d.Fault()
	cause := fault.PartnerError
	for _, sign := range []string{"USG_INVALID_SECURITY_TOKEN", "USG_AUTHORIZATION", "FailedAuthentication", "InvalidSecurity"} {
		if strings.Contains(text, sign) {
			cause = fault.Unauthorized
		}
	}
	f.Add(cause, "", "SOAP fault", text)
}

// Add is one more error, in the partner's code and words. One that only says that there is
// nothing to sell is none.
func (f *Failures) Add(cause fault.Cause, code string, words ...string) {
	e := assemble.PartnerError(code, words...)
	if e.Cause, e.Status = cause, cause.Status(); nothingCodes[code] || assemble.NothingToSell(e.Detail) || nothingCombines(e.Detail) {
		f.nothing = true
		return
	}
	f.count++
	if e.Detail == "" {
		e.Detail = "an error without a word"
	}
	if f.first == nil {
		f.first = e
	}
}

// nothingCodes are those of OpenTravel's list ERR: no availability, no hotels found, no match.
var nothingCodes = map[string]bool{"322": true, "424": true, "425": true}

// nothingCombines knows further words of fare engines for the same: there are flights, or
// fares, and none that can be sold together.
func nothingCombines(text string) bool {
	text = strings.ToUpper(text)
	for _, said := range []string{"NO COMBINABLE FARE", "NO COMPLETE JOURNEY", "NO FARES/RBD/CARRIER"} {
		if strings.Contains(text, said) {
			return true
		}
	}
	return false
}

// Nothing reports whether the document said that there is nothing to sell.
func (f *Failures) Nothing() bool { return f.nothing }

// Judge is the error of a document that had no offers. Errors beside offers are noted.
func (f *Failures) Judge(a *travel.Answer) error {
	switch {
	case f.count > 0 && a.OffersIn > 0:
		a.Note("partner_errors", f.count)
	case f.count > 0:
		return f.first
	}
	return nil
}

// causeOf is the cause by the type of an error, of OpenTravel's list EWT, or by its code.
func causeOf(kind, code string) fault.Cause {
	if code == "497" { // an authorization error, of the list ERR
		return fault.Unauthorized
	}
	switch kind {
	case "4", "5", "6", "Authentication", "AuthenticationTimeout", "Authorization": // with their numbers in the list
		return fault.Unauthorized
	}
	return fault.PartnerError
}
