package amadeus

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/travel"
	"fanfare/providers/wire"
)

// reading is a document being read, whatever it is about.
type reading struct {
	r      *document.JSON
	answer travel.Answer
	issues issues

	data   bool // the document has data: a list, or one entry
	listed int  // what stands in the data
	wanted int  // of those: that are what is looked for
}

// end is the error of the document, if it is no answer. what is looked for, in the plural.
func (d *reading) end(body []byte, what string) error {
	if err := d.r.End(); err != nil {
		return fault.New(fault.Malformed, err)
	}
	switch {
	case d.issues.count > 0 && d.answer.OffersIn == 0:
		if !d.issues.empty() {
			return d.issues.fault()
		}
		d.answer.Note("no_availability", 1)
	case d.issues.count > 0:
		d.answer.Note("partner_errors", d.issues.count)
	case !d.data:
		return unknown(body, "no "+what+" in the document, not even an empty list")
	case d.listed > 0 && d.wanted == 0:
		return unknown(body, "what the document lists are no "+what)
	}
	return nil
}

// issues is what stands in the list of errors of a document.
type issues struct {
	count   int
	nothing int // of those: that say that there is nothing to sell
	first   *fault.Error
}

const (
	issueStatus = iota
	issueCode
	issueTitle
	issueDetail
	issueSource
)

var issueKeys = document.NewKeys([]string{
	issueStatus: "status", issueCode: "code", issueTitle: "title", issueDetail: "detail", issueSource: "source",
}...)

var sourceKeys = document.NewKeys("parameter", "pointer")

// read reads the list. The first error that says more than "nothing there" is the one
// that counts.
func (s *issues) read(r *document.JSON) {
	for a := r.Array(); a.Next(); {
		var (
			code, title, detail, source string
			status                      int
		)
		for o := r.Object(issueKeys); o.Next(); {
			switch o.Key() {
			case issueStatus:
				status, _ = r.Int()
			case issueCode:
				code = r.Name()
			case issueTitle:
				title = r.Name()
			case issueDetail:
				detail = document.Clean(r.Text(), document.MaxDetail)
			case issueSource:
				for w := r.Object(sourceKeys); w.Next(); {
					source = r.Name()
				}
			}
		}
		if r.Err() != nil {
			return
		}
		s.count++
		empty := nothing(code, title)
		if empty {
			s.nothing++
		}
		if s.first == nil || s.nothing == s.count-1 && !empty {
			s.first = assemble.PartnerError(code, title, detail, source)
			s.first.HTTPStatus = status
		}
	}
}

// empty reports whether all errors say that there is nothing to sell.
func (s *issues) empty() bool { return s.count > 0 && s.nothing == s.count }

// fault is the error of a document that holds nothing but errors. The status that it
// states about itself is its cause.
func (s *issues) fault() *fault.Error {
	e := s.first
	if e.Detail == "" {
		e.Detail = "an error without a word"
	}
	if by := wire.StatusCause(e.HTTPStatus); by != fault.None {
		e.Cause, e.Status = by, by.Status()
	}
	return e
}

// Codes and titles of errors that say that there is nothing to sell, by the vendor's lists
// of the Hotel Search and Hotel List APIs and its GDS messages. A code stands for its title
// only where the lists agree on it.
var (
	nothingCodes  = []string{"3664", "424", "895", "00895", "11126"}
	nothingTitles = []string{"NO ROOMS AVAILABLE", "NO HOTELS FOUND", "NO PROPERTIES FOUND", "NOTHING FOUND", "RATE NOT AVAILABLE", "HOTEL NOT AVAILABLE", "SOLD OUT",
		"NO AVAILABILITY", "NO FLIGHT", "NO FARE FOUND", "NO ITINERARY FOUND", "NO RECOMMENDATION"}
)

func nothing(code, title string) bool {
	title = strings.ToUpper(title)
	return slices.Contains(nothingCodes, code) || slices.ContainsFunc(nothingTitles, func(t string) bool { return strings.HasPrefix(title, t) })
}

var errorsKeys = document.NewKeys("errors")

const (
	gatewayFault = iota
	gatewayErrorKey
	gatewayErrorDescription
)

var gatewayKeys = document.NewKeys([]string{gatewayFault: "fault", gatewayErrorKey: "error", gatewayErrorDescription: "error_description"}...)

const (
	faultFaultstring = iota
	faultDetail
)

var faultKeys = document.NewKeys([]string{faultFaultstring: "faultstring", faultDetail: "detail"}...)

var detailKeys = document.NewKeys("errorcode")

// errorDocument is the error that body is about, nil if it is none.
func errorDocument(body []byte) *fault.Error {
	if s := readIssues(body); s.count > 0 {
		return s.fault()
	}
	return gatewayError(body)
}

func readIssues(body []byte) issues {
	r := document.NewJSON(body)
	defer r.Close()
	var s issues
	for o := r.Unwrap(errorsKeys); o.Next(); {
		s.read(r)
	}
	if r.End() != nil {
		return issues{}
	}
	return s
}

// gatewayError reads what stands in front of the APIs: {"fault":{…}} of the gateway, and
// the error of RFC 6749. nil if body is neither.
func gatewayError(body []byte) *fault.Error {
	r := document.NewJSON(body)
	defer r.Close()
	var code, text string
	for o := r.Unwrap(gatewayKeys); o.Next(); {
		switch o.Key() {
		case gatewayFault:
			for f := r.Object(faultKeys); f.Next(); {
				if f.Key() == faultFaultstring {
					text = r.Name()
					continue
				}
				for d := r.Object(detailKeys); d.Next(); {
					code = r.Name()
				}
			}
		case gatewayErrorKey:
			code = r.Name()
		case gatewayErrorDescription:
			text = r.Name()
		}
	}
	if r.End() != nil || code == "" && text == "" {
		return nil
	}
	e := assemble.PartnerError(code, text)
	switch kind := strings.ToLower(code); {
	case strings.Contains(kind, "ratelimit"), strings.Contains(kind, "quota"), strings.Contains(kind, "spikearrest"):
		e.Cause = fault.HTTP429
	case strings.Contains(kind, "oauth"), strings.Contains(kind, "token"), strings.Contains(kind, "keymanagement"), kind == "invalid_client":
		e.Cause = fault.Unauthorized
	}
	e.Status = e.Cause.Status()
	return e
}

// unknown is the error of a document that is neither an answer nor, but for what a gateway
// says, an error.
func unknown(body []byte, wanted string) error {
	if e := gatewayError(body); e != nil {
		return e
	}
	return fault.New(fault.Malformed, errors.New(wanted))
}

// refused reads the error document. That there is nothing to sell is an answer with 400 and 404.
func refused(e *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
	s := readIssues(body)
	if s.empty() && (e.HTTPStatus == http.StatusBadRequest || e.HTTPStatus == http.StatusNotFound) {
		return true, nil
	}
	if said := errorDocument(body); said != nil {
		return false, said
	}
	return false, nil
}
