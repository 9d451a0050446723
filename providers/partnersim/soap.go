package partnersim

import "time"

// Namespaces of envelopes.
const (
	sitaSpace   = "http://sita.aero/NDC/NDCUtility/v2"
	soap11Space = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12Space = "http://www.w3.org/2003/05/soap-envelope"
)

// ndcWrap is what a question came in, and what its answer goes out in. The zero value is nothing.
type ndcWrap struct {
	soap string   // namespace of the SOAP envelope
	sita *xmlNode // envelope of SITA's NDC gateway, within SOAP's
}

// unwrap finds the request within its envelopes. It is nil if an envelope holds none.
func unwrap(root *xmlNode) (*xmlNode, ndcWrap) {
	if root.Local != "Envelope" || root.Space != soap11Space && root.Space != soap12Space {
		return root, ndcWrap{}
	}
	wrap := ndcWrap{soap: root.Space}
	inner := root.kid("Body")
	if inner == nil || len(inner.kids) != 1 {
		return nil, wrap
	}
	inner = inner.kids[0]
	if inner.Local == "NDCMSG_Envelope" && inner.Space == sitaSpace {
		wrap.sita = inner
		if inner = inner.kid("NDCMSG_Body", "NDCMSG_Payload"); inner == nil || len(inner.kids) != 1 {
			return nil, wrap
		}
		inner = inner.kids[0]
	}
	return inner, wrap
}

// wrapOf is the envelope of a question that is refused for something else; none if it cannot be read.
func wrapOf(question []byte) ndcWrap {
	root, err := parseXML(question)
	if err != nil {
		return ndcWrap{}
	}
	_, wrap := unwrap(root)
	return wrap
}

// around writes the envelopes and, inside, the message.
func (w ndcWrap) around(x *xmlWriter, now time.Time, message func()) {
	if w.soap == "" {
		message()
		return
	}
	prefix := x.prefix
	x.prefix = "soap:"
	x.in("Envelope", at{"xmlns:soap", w.soap}, func() {
		x.in("Body", nil, func() {
			x.prefix = ""
			if w.sita != nil {
				x.in("ndcmsg:NDCMSG_Envelope", at{"xmlns:ndcmsg", sitaSpace}, func() {
					w.header(x, now)
					x.in("NDCMSG_Body", nil, func() { x.in("NDCMSG_Payload", nil, func() { x.prefix = prefix; message(); x.prefix = "" }) })
				})
			} else {
				x.prefix = prefix
				message()
			}
			x.prefix = "soap:"
		})
	})
	x.prefix = prefix
}

// header is the gateway's: sender and recipient change places.
func (w ndcWrap) header(x *xmlWriter, now time.Time) {
	asked := w.sita.kid("NDCMSG_Header")
	id := dice(0).str(asked.kid("MessageId").say()).num(now.Unix())
	x.in("NDCMSG_Header", nil, func() {
		x.leaf("Function", "AirShoppingRS")
		x.leaf("SchemaType", "NDC")
		x.leaf("SchemaVersion", "YY.2017.2")
		x.leaf("MessageId", "ID-"+duffelID("", id, 20))
		for _, side := range [][2]string{{"Recipient", "Sender"}, {"Sender", "Recipient"}} {
			x.in(side[0], nil, func() {
				x.in("Address", nil, func() {
					from := asked.kid(side[1], "Address")
					x.leaf("Company", from.kid("Company").say())
					x.leaf("NDCSystemId", from.kid("NDCSystemId").say())
				})
			})
		}
	})
}
