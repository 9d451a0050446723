package document

var (
	soapFaultNames = NewKeys("faultcode", "faultstring", "Code", "Reason", "Subcode", "faultactor")
	soapInnerNames = NewKeys("Value", "Text", "Subcode")
)

// SOAPFault is what the Fault element of SOAP 1.1 or 1.2 that Next has just come to
// says, code first, cleaned: "soap:Server: Host unavailable". Its details, whose form
// is the partner's own, are left out.
func (x *XML) SOAPFault() string {
	var words []string
	for c := x.Children(soapFaultNames); c.Next(); {
		if !x.Nested() {
			words = append(words, x.Name())
			continue
		}
		for i := x.Children(soapInnerNames); i.Next(); {
			words = append(words, x.Name())
		}
	}
	return Words(words...)
}
