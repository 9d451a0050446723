package ndc

import (
	"net/http"

	"fanfare/providers/partnersim/exchange"
)

// fault is the SOAP layer's own complaint: an envelope without a message in it.
func (p *service) fault(wrap exchange.Envelope) exchange.Reply {
	x := p.document()
	x.Pretty = false
	x.Prefix = "soap:"
	x.In("Envelope", exchange.At{"xmlns:soap", wrap.Soap}, func() {
		x.In("Body", nil, func() {
			x.In("Fault", nil, func() {
				const said = "The envelope holds no message"
				if wrap.Soap == exchange.Soap12Space {
					x.In("Code", nil, func() { x.Leaf("Value", "soap:Sender") })
					x.In("Reason", nil, func() { x.Leaf("Text", said, "xml:lang", "en") })
					return
				}
				x.Prefix = "" // in version 1.1 these are in no namespace
				x.Leaf("faultcode", "soap:Client")
				x.Leaf("faultstring", said)
				x.Prefix = "soap:"
			})
		})
	})
	return p.reply(http.StatusInternalServerError, &exchange.Body{Plain: p.encoded(x.Buf)})
}
