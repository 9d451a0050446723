// Package travelport answers as Travelport's Universal API does: flights and hotels.
package travelport

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// service speaks the Universal API of Travelport: LowFareSearch and
// HotelSearchAvailability, each a SOAP service of its own.
type service struct {
	*world.Inventory
}

const (
	Air   = "/B2BGateway/connect/uAPI/AirService"
	Hotel = "/B2BGateway/connect/uAPI/HotelService"
)

// Answer checks the request as the vendor does: place, right, envelope, branch, content.
func (p *service) Answer(r *http.Request, question []byte, offers int) exchange.Reply {
	if rep, refused := p.turnAway(r, question); refused {
		return rep
	}
	now := p.World.Moment()
	key := exchange.BodyKey{Partner: p.Name, Question: rng.RNG(29).Str(string(question)), Moment: now.Unix(), Offers: offers}
	if kept := p.World.Rendered.Get(key); kept != nil {
		return asReply(http.StatusOK, kept)
	}
	message := asMessage(question)
	var document []byte
	var wrong *errorDoc
	if message.Local == "LowFareSearchReq" {
		document, wrong = p.flights(message, now, offers)
	} else {
		document, wrong = p.stays(message, now, offers)
	}
	if wrong != nil {
		return p.fault(*wrong)
	}
	b := &exchange.Body{Plain: document}
	p.World.Rendered.Put(key, b)
	return asReply(http.StatusOK, b)
}

func asReply(status int, b *exchange.Body) exchange.Reply {
	return exchange.Reply{Status: status, Header: map[string]string{"Content-Type": "text/xml;charset=utf-8"}, Body: b}
}

// asMessage is the request within its envelope, nil if there is none.
func asMessage(question []byte) *exchange.XMLNode {
	root, err := exchange.ParseXML(question)
	if err != nil || root.Local != "Envelope" || root.Space != exchange.Soap11Space {
		return nil
	}
	inner := root.Kid("Body")
	if inner == nil || len(inner.Kids) != 1 {
		return nil
	}
	return inner.Kids[0]
}

// errorDoc is one complaint: of the service that has it, with the vendor's code.
type errorDoc struct {
	code, service, kind, text string
}

// OtherEndpoint answers what is no search: a refusal, and a further page, which recordings do not have.
func (p *service) OtherEndpoint(r *http.Request, question []byte) (exchange.Reply, bool) {
	if rep, refused := p.turnAway(r, question); refused {
		return rep, true
	}
	if asMessage(question).Kid("NextResultReference") != nil {
		return asReply(http.StatusOK, &exchange.Body{Plain: p.answerIn("HotelSearchAvailabilityRsp", "hotel", nil, func(*exchange.XMLWriter) {})}), true
	}
	return exchange.Reply{}, false
}

// turnAway is what the vendor says before it looks at what is asked for.
func (p *service) turnAway(r *http.Request, question []byte) (exchange.Reply, bool) {
	if r.URL.Path != Air && r.URL.Path != Hotel {
		return exchange.Reply{Status: http.StatusNotFound, Header: map[string]string{"Content-Type": "text/html"}, Body: &exchange.Body{Plain: []byte("<html><body>Not Found</body></html>")}}, true
	}
	user, password, ok := r.BasicAuth()
	wantUser, wantPassword := p.Seller.Credentials["username"], p.Seller.Credentials["password"]
	if !ok || wantUser != "" && user != wantUser || wantPassword != "" && password != wantPassword {
		rep := exchange.Reply{Status: http.StatusUnauthorized, Header: map[string]string{"Content-Type": "text/html", "Www-Authenticate": `Basic realm="uAPI"`}, Body: &exchange.Body{Plain: []byte("<html><body>Unauthorized</body></html>")}}
		return rep, true
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method != http.MethodPost || err != nil || media != "text/xml" {
		return exchange.Empty(http.StatusUnsupportedMediaType), true
	}
	message := asMessage(question)
	branch := p.Seller.Credentials["target_branch"]
	switch {
	case message == nil:
		return p.fault(errorDoc{"3000", "WEBSVC", "Validation", "Invalid XML received. Parser Error"}), true
	case message.Local != map[string]string{Air: "LowFareSearchReq", Hotel: "HotelSearchAvailabilityReq"}[r.URL.Path]:
		return p.fault(errorDoc{"3000", "WEBSVC", "Validation", "No service is there for " + message.Local}), true
	case message.Attr("TargetBranch") == "":
		return p.fault(errorDoc{"3003", "WEBSVC", "Validation", "The request has no TargetBranch"}), true
	case branch != "" && message.Attr("TargetBranch") != branch:
		return p.fault(errorDoc{"4454", "SECURITY", "Business", "The user is not authorized to use branch " + message.Attr("TargetBranch")}), true
	case message.Kid("BillingPointOfSaleInfo") == nil:
		return p.fault(errorDoc{"3003", "WEBSVC", "Validation", "BillingPointOfSaleInfo is required"}), true
	}
	return exchange.Reply{}, false
}

// ReplayStatus is the status of a document: faults come with 500.
func (p *service) ReplayStatus(document []byte) int {
	if bytes.Contains(document, []byte("Fault>")) {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// Refusal is the vendor's document for a failure of its own.
func (p *service) Refusal(_ []byte, status int) exchange.Reply {
	rep := p.fault(errorDoc{"5000", "SYSTEM", "Application", "General hardware system error"})
	switch rep.Status = status; status {
	case http.StatusTooManyRequests:
		rep = p.fault(errorDoc{"5574", "WEBSVC", "Application", "Maximum transactions per second exceeded"})
		rep.Status = status
	case http.StatusServiceUnavailable:
		rep = p.fault(errorDoc{"5001", "SYSTEM", "Application", "The host is unavailable"})
		rep.Status = status
	}
	return rep
}

func (p *service) fault(e errorDoc) exchange.Reply {
	x := &exchange.XMLWriter{}
	x.In("SOAP:Envelope", exchange.At{"xmlns:SOAP", exchange.Soap11Space}, func() {
		x.In("SOAP:Body", nil, func() {
			x.In("SOAP:Fault", nil, func() {
				x.Leaf("faultcode", "Server."+e.kind)
				x.Leaf("faultstring", e.text)
				x.In("detail", nil, func() {
					x.In("common:ErrorInfo", exchange.At{"xmlns:common", "http://www.travelport.com/schema/common_v52_0"}, func() {
						x.Leaf("common:Code", e.code)
						x.Leaf("common:Service", e.service)
						x.Leaf("common:Type", e.kind)
						x.Leaf("common:Description", e.text)
						x.Leaf("common:TransactionId", strings.ToUpper(rng.ID("", p.RNG.Str(e.text).Num(p.World.Now().UnixNano()), 32)))
					})
				})
			})
		})
	})
	return asReply(http.StatusInternalServerError, &exchange.Body{Plain: x.Buf})
}

// answerIn writes a message within its envelope.
func (p *service) answerIn(message, kind string, attrs exchange.At, inside func(x *exchange.XMLWriter)) []byte {
	x := &exchange.XMLWriter{Buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	x.In("SOAP:Envelope", exchange.At{"xmlns:SOAP", exchange.Soap11Space}, func() {
		x.In("SOAP:Body", nil, func() {
			x.Prefix = kind + ":"
			x.In(message, append(exchange.At{"xmlns:" + kind, "http://www.travelport.com/schema/" + kind + "_v52_0", "xmlns:common_v52_0", "http://www.travelport.com/schema/common_v52_0", "TraceId", "fanfare"}, attrs...), func() { inside(x) })
			x.Prefix = ""
		})
	})
	return x.Buf
}

// timeName is how the vendor writes times: local, with the offset.
const timeName = "2006-01-02T15:04:05.000-07:00"

func asKey(d rng.RNG) string { return rng.ID("", d, 22) + "==" }

// New is a partner that speaks the protocol and sells what the inventory has.
func New(a *world.Inventory) exchange.Protocol { return &service{a} }
