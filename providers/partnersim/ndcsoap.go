package partnersim

import (
	"net/http"
)

// fault is the SOAP layer's own complaint: an envelope without a message in it.
func (p *ndc) fault(wrap ndcWrap) reply {
	x := p.document()
	x.pretty = false
	x.prefix = "soap:"
	x.in("Envelope", at{"xmlns:soap", wrap.soap}, func() {
		x.in("Body", nil, func() {
			x.in("Fault", nil, func() {
				const said = "The envelope holds no message"
				if wrap.soap == soap12Space {
					x.in("Code", nil, func() { x.leaf("Value", "soap:Sender") })
					x.in("Reason", nil, func() { x.leaf("Text", said, "xml:lang", "en") })
					return
				}
				x.prefix = "" // in version 1.1 these are in no namespace
				x.leaf("faultcode", "soap:Client")
				x.leaf("faultstring", said)
				x.prefix = "soap:"
			})
		})
	})
	return p.reply(http.StatusInternalServerError, &body{plain: p.encoded(x.buf)})
}
