package ndc

import (
	"net/http"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
)

var errorsNames = document.NewKeys("Error")

const (
	errorCode = iota
	errorDescText
	errorTypeCode
	errorOwnerName
	errorShortText
	errorDescription
	errorStatusText
)

var errorNames = document.NewKeys([]string{
	errorCode: "Code", errorDescText: "DescText", errorTypeCode: "TypeCode", errorOwnerName: "OwnerName", errorShortText: "ShortText",
	errorDescription: "Description", errorStatusText: "StatusText",
}...)

// readError reads an error of 17.2, with attributes and a text, or of 18 and later,
// with elements.
func (d *decoder) readError() {
	x := d.x
	kind, code := document.Clean(x.Attr("Type"), document.MaxName), document.Clean(x.Attr("Code"), document.MaxName)
	words := []string{kind, document.Clean(x.Attr("ShortText"), document.MaxName)}
	if !x.Nested() {
		d.complain(code, append(words, x.Name())...)
		return
	}
	for c := x.Children(errorNames); c.Next(); {
		if c.Key() == errorCode {
			code = x.Name()
			continue
		}
		words = append(words, x.Name())
	}
	d.complain(code, words...)
}

// readFault reads a SOAP fault.
func (d *decoder) readFault() { d.complain("", "SOAP fault", d.x.SOAPFault()) }

func (d *decoder) complain(code string, words ...string) {
	e := assemble.PartnerError(code, words...)
	if code == noAvailability || assemble.NothingToSell(e.Detail) {
		d.nothing = true
		return
	}
	d.failures++
	if e.Detail == "" {
		e.Detail = "an error without a word"
	}
	if d.failed == nil {
		d.failed = e
	}
}

// noAvailability is the code of OpenTravel's list that NDC took over. Others, such as
// 911, are used for "no availability" as well as for broken systems: the words tell.
const noAvailability = "322"

// refused reads an error document. Some partners say "no availability" with 400 or 404: that is
// an answer.
func refused(_ *fault.Error, _ http.Header, body []byte) (nothing bool, said error) {
	a, err := Decode(body, nil)
	return a.OffersIn == 0 && a.Notes[noteNothing] > 0, err
}
