package duffel

import (
	"errors"
	"net/http"
	"time"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

var metaKeys = document.NewKeys("status")

const (
	errType = iota
	errCode
	errTitle
	errMessage
)

var errKeys = document.NewKeys([]string{errType: "type", errCode: "code", errTitle: "title", errMessage: "message"}...)

// complaint is what a document of any of Duffel's products says about an error.
type complaint struct {
	r      *document.JSON
	refuse *fault.Error
}

// failed reports whether the document says that something went wrong.
func (d *complaint) failed() bool { return d.refuse != nil && d.refuse.Detail != "" }

// readMeta reads the HTTP status that the document states about itself.
func (d *complaint) readMeta() {
	for m := d.r.Object(metaKeys); m.Next(); {
		if status, ok := d.r.Int(); ok {
			d.refusal().HTTPStatus = status
		}
	}
}

// refusal is the error that the document may turn out to be.
func (d *complaint) refusal() *fault.Error {
	if d.refuse == nil {
		d.refuse = fault.New(fault.PartnerError, errors.New("error document"))
	}
	return d.refuse
}

// readErrors keeps the words of the first error, and the cause by its type.
func (d *complaint) readErrors() {
	r := d.r
	for a := r.Array(); a.Next(); {
		var kind, code, title, message string
		for o := r.Object(errKeys); o.Next(); {
			switch o.Key() {
			case errType:
				kind = r.Name()
			case errCode:
				code = r.Name()
			case errTitle:
				title = r.Name()
			case errMessage:
				message = r.Name()
			}
		}
		if e := d.refusal(); e.Detail == "" {
			e.Code, e.Detail = assemble.Code(code), document.Words(code, kind, title, message)
			e.Cause = causeOf(kind)
		}
	}
}

// refused completes the error of an error document. The status that the document
// states about itself outweighs the type, but an airline's error is not our
// question's fault, whatever the number.
func (d *complaint) refused() *fault.Error {
	e := d.refuse
	if by := wire.StatusCause(e.HTTPStatus); by != fault.None && !(by == fault.HTTP4xx && e.Cause == fault.PartnerError) {
		e.Cause = by
	}
	e.Status = e.Cause.Status()
	return e
}

// causeOf is the cause by the type of an error, for documents whose HTTP status is
// not at hand or is 200.
func causeOf(kind string) fault.Cause {
	switch kind {
	case "authentication_error":
		return fault.Unauthorized
	case "rate_limit_error":
		return fault.HTTP429
	case "validation_error", "invalid_request_error", "invalid_state_error":
		return fault.HTTP4xx
	}
	return fault.PartnerError
}

// refused reads the error document. An airline that failed behind Duffel is not our question's
// fault, although Duffel may answer 400.
func refused(e *fault.Error, header http.Header, body []byte) (nothing bool, said error) {
	if e.RetryAfter == 0 {
		e.RetryAfter = wire.RetryAfter(header.Get("ratelimit-reset"), time.Now())
	}
	_, said = Decode(body, nil)
	if of := fault.Of(said); of != nil && of.Detail != "" && of.Cause == fault.PartnerError && e.Cause == fault.HTTP4xx {
		e.Cause = fault.PartnerError
	}
	return false, said
}
