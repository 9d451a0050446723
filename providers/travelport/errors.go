package travelport

import (
	"net/http"
	"slices"
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
)

const (
	faultFaultcode = iota
	faultFaultstring
	faultDetail
	faultCode
	faultReason
)

var faultNames = document.NewKeys([]string{
	faultFaultcode: "faultcode", faultFaultstring: "faultstring", faultDetail: "detail", faultCode: "Code", faultReason: "Reason",
}...)

var detailNames = document.NewKeys("ErrorInfo", "AvailabilityErrorInfo")

const (
	infoCode = iota
	infoService
	infoType
	infoDescription
)

var infoNames = document.NewKeys([]string{infoCode: "Code", infoService: "Service", infoType: "Type", infoDescription: "Description"}...)

// readFault reads a SOAP fault with the partner's own details: a code, the service that
// says it, and a description.
func (d *decoder) readFault() {
	x := d.x
	var code, text, said string
	for c := x.Children(faultNames); c.Next(); {
		switch c.Key() {
		case faultFaultstring, faultReason:
			text = x.Name()
		case faultDetail: // names fold: Detail too
			for i := x.Children(detailNames); i.Next(); {
				for e := x.Children(infoNames); e.Next(); {
					switch e.Key() {
					case infoCode:
						code = x.Name()
					case infoDescription:
						said = x.Name()
					}
				}
			}
		case faultFaultcode, faultCode:
			if code == "" {
				code = x.Name()
			}
		}
	}
	d.complain(code, text, said)
}

// readMessage reads a ResponseMessage; warnings and information are passed over.
func (d *decoder) readMessage() {
	x := d.x
	kind, code := x.Attr("Type"), document.Clean(x.Attr("Code"), document.MaxName)
	if text := x.Name(); strings.EqualFold(kind, "Error") {
		d.complain(code, text)
	} else if assemble.NothingToSell(text) {
		d.nothing = true
	}
}

// nothingCodes say that there is no availability or fare for the question.
var nothingCodes = map[string]bool{"3037": true, "4454": true}

func (d *decoder) complain(code string, words ...string) {
	e := assemble.PartnerError(code, words...)
	text := strings.ToLower(e.Detail)
	switch {
	case nothingCodes[e.Code], slices.ContainsFunc(words, assemble.NothingToSell): // beside words such as "general hotel service error"
		d.nothing = true
		return
	case strings.Contains(text, "not authorized"), strings.Contains(text, "unauthorized"), strings.Contains(text, "authentication"):
		e.Cause = fault.Unauthorized
		e.Status = e.Cause.Status()
	}
	if d.failed == nil {
		d.failed = e
	}
}

// refused reads the fault in the body: SOAP faults come with 500, also those that say that there
// is nothing.
func refused(e *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
	a, err := Decode(body, nil)
	switch of := fault.Of(err); {
	case of == nil && a.OffersIn == 0:
		e.Cause = fault.NoInventory
	case of != nil && of.Detail != "" && of.Cause != fault.PartnerError:
		e.Cause = of.Cause
	}
	return false, err
}
