package exchange

import (
	"time"

	"fanfare/providers/partnersim/rng"
)

// Namespaces of envelopes.
const (
	sitaSpace   = "http://sita.aero/NDC/NDCUtility/v2"
	Soap11Space = "http://schemas.xmlsoap.org/soap/envelope/"
	Soap12Space = "http://www.w3.org/2003/05/soap-envelope"
)

// Envelope is what a question came in, and what its answer goes out in. The zero value is nothing.
type Envelope struct {
	Soap string   // namespace of the SOAP envelope
	sita *XMLNode // envelope of SITA's NDC gateway, within SOAP's
}

// Unwrap finds the request within its envelopes. It is nil if an envelope holds none.
func Unwrap(root *XMLNode) (*XMLNode, Envelope) {
	if root.Local != "Envelope" || root.Space != Soap11Space && root.Space != Soap12Space {
		return root, Envelope{}
	}
	wrap := Envelope{Soap: root.Space}
	inner := root.Kid("Body")
	if inner == nil || len(inner.Kids) != 1 {
		return nil, wrap
	}
	inner = inner.Kids[0]
	if inner.Local == "NDCMSG_Envelope" && inner.Space == sitaSpace {
		wrap.sita = inner
		if inner = inner.Kid("NDCMSG_Body", "NDCMSG_Payload"); inner == nil || len(inner.Kids) != 1 {
			return nil, wrap
		}
		inner = inner.Kids[0]
	}
	return inner, wrap
}

// WrapOf is the envelope of a question that is refused for something else; none if it cannot be read.
func WrapOf(question []byte) Envelope {
	root, err := ParseXML(question)
	if err != nil {
		return Envelope{}
	}
	_, wrap := Unwrap(root)
	return wrap
}

// Around writes the envelopes and, inside, the message.
func (w Envelope) Around(x *XMLWriter, now time.Time, message func()) {
	if w.Soap == "" {
		message()
		return
	}
	prefix := x.Prefix
	x.Prefix = "soap:"
	x.In("Envelope", At{"xmlns:soap", w.Soap}, func() {
		x.In("Body", nil, func() {
			x.Prefix = ""
			if w.sita != nil {
				x.In("ndcmsg:NDCMSG_Envelope", At{"xmlns:ndcmsg", sitaSpace}, func() {
					w.header(x, now)
					x.In("NDCMSG_Body", nil, func() { x.In("NDCMSG_Payload", nil, func() { x.Prefix = prefix; message(); x.Prefix = "" }) })
				})
			} else {
				x.Prefix = prefix
				message()
			}
			x.Prefix = "soap:"
		})
	})
	x.Prefix = prefix
}

// header is the gateway's: sender and recipient change places.
func (w Envelope) header(x *XMLWriter, now time.Time) {
	asked := w.sita.Kid("NDCMSG_Header")
	id := rng.RNG(0).Str(asked.Kid("MessageId").Say()).Num(now.Unix())
	x.In("NDCMSG_Header", nil, func() {
		x.Leaf("Function", "AirShoppingRS")
		x.Leaf("SchemaType", "NDC")
		x.Leaf("SchemaVersion", "YY.2017.2")
		x.Leaf("MessageId", "ID-"+rng.ID("", id, 20))
		for _, side := range [][2]string{{"Recipient", "Sender"}, {"Sender", "Recipient"}} {
			x.In(side[0], nil, func() {
				x.In("Address", nil, func() {
					from := asked.Kid(side[1], "Address")
					x.Leaf("Company", from.Kid("Company").Say())
					x.Leaf("NDCSystemId", from.Kid("NDCSystemId").Say())
				})
			})
		}
	})
}
