package ndc

import "fanfare/providers/wire"

var errorsNames = wire.NewKeys("Error")

const (
	errorCode = iota
	errorDescText
	errorTypeCode
	errorOwnerName
	errorShortText
	errorDescription
	errorStatusText
)

var errorNames = wire.NewKeys([]string{
	errorCode: "Code", errorDescText: "DescText", errorTypeCode: "TypeCode", errorOwnerName: "OwnerName", errorShortText: "ShortText",
	errorDescription: "Description", errorStatusText: "StatusText",
}...)

// readError reads an error of 17.2, with attributes and a text, or of 18 and later,
// with elements.
func (d *decoder) readError() {
	x := d.x
	kind, code := wire.Clean(x.Attr("Type"), wire.MaxName), wire.Clean(x.Attr("Code"), wire.MaxName)
	words := []string{kind, wire.Clean(x.Attr("ShortText"), wire.MaxName)}
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
	e := wire.PartnerError(code, words...)
	if code == noAvailability || wire.NothingToSell(e.Detail) {
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
