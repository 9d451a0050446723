package ndc

import (
	"strings"

	"fanfare/providers/wire"
)

var (
	errorsNames = wire.NewKeys("Error")
	errorNames  = wire.NewKeys("Code", "DescText", "TypeCode", "OwnerName", "ShortText", "Description", "StatusText")
)

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
		if c.Key() == 0 {
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
	if code == noAvailability || nothingToSell(e.Detail) {
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

var (
	nothingWords = []string{"availab", "offer", "flight", "fare", "result", "itinerar", "inventory", "schedule", "journey", "seats", "solution", "recommendation", "combination", "routing"}
	brokenWords  = []string{"system", "internal", "timeout", "time out", "timed out", "service", "unauthori", "authenti", "connection", "invalid", "exception"}
)

// nothingToSell tells whether an error says that there is nothing for this question,
// and not that the partner could not answer.
func nothingToSell(text string) bool {
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
