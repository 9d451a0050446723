package partnersim

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
)

// travelport speaks the Universal API of Travelport: LowFareSearch and
// HotelSearchAvailability, each a SOAP service of its own.
type travelport struct {
	*assortment
}

const (
	travelportAir   = "/B2BGateway/connect/uAPI/AirService"
	travelportHotel = "/B2BGateway/connect/uAPI/HotelService"
)

// answer checks the request as the vendor does: place, right, envelope, branch, content.
func (p *travelport) answer(r *http.Request, question []byte, offers int) reply {
	if rep, refused := p.turnAway(r, question); refused {
		return rep
	}
	now := p.w.moment()
	key := bodyKey{p.name, dice(29).str(string(question)), now.Unix(), offers}
	if kept := p.w.rendered.get(key); kept != nil {
		return travelportReply(http.StatusOK, kept)
	}
	message := travelportMessage(question)
	var document []byte
	var wrong *travelportError
	if message.Local == "LowFareSearchReq" {
		document, wrong = p.flights(message, now, offers)
	} else {
		document, wrong = p.stays(message, now, offers)
	}
	if wrong != nil {
		return p.fault(*wrong)
	}
	b := &body{plain: document}
	p.w.rendered.put(key, b)
	return travelportReply(http.StatusOK, b)
}

func travelportReply(status int, b *body) reply {
	return reply{status, map[string]string{"Content-Type": "text/xml;charset=utf-8"}, b}
}

// travelportMessage is the request within its envelope, nil if there is none.
func travelportMessage(question []byte) *xmlNode {
	root, err := parseXML(question)
	if err != nil || root.Local != "Envelope" || root.Space != soap11Space {
		return nil
	}
	inner := root.kid("Body")
	if inner == nil || len(inner.kids) != 1 {
		return nil
	}
	return inner.kids[0]
}

// travelportError is one complaint: of the service that has it, with the vendor's code.
type travelportError struct {
	code, service, kind, text string
}

// beside answers what is no search: a refusal, and a further page, which recordings do not have.
func (p *travelport) beside(r *http.Request, question []byte) (reply, bool) {
	if rep, refused := p.turnAway(r, question); refused {
		return rep, true
	}
	if travelportMessage(question).kid("NextResultReference") != nil {
		return travelportReply(http.StatusOK, &body{plain: p.answerIn("HotelSearchAvailabilityRsp", "hotel", nil, func(*xmlWriter) {})}), true
	}
	return reply{}, false
}

// turnAway is what the vendor says before it looks at what is asked for.
func (p *travelport) turnAway(r *http.Request, question []byte) (reply, bool) {
	if r.URL.Path != travelportAir && r.URL.Path != travelportHotel {
		return reply{http.StatusNotFound, map[string]string{"Content-Type": "text/html"}, &body{plain: []byte("<html><body>Not Found</body></html>")}}, true
	}
	user, password, ok := r.BasicAuth()
	wantUser, wantPassword := p.spec.Credentials["username"], p.spec.Credentials["password"]
	if !ok || wantUser != "" && user != wantUser || wantPassword != "" && password != wantPassword {
		rep := reply{http.StatusUnauthorized, map[string]string{"Content-Type": "text/html", "Www-Authenticate": `Basic realm="uAPI"`}, &body{plain: []byte("<html><body>Unauthorized</body></html>")}}
		return rep, true
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method != http.MethodPost || err != nil || media != "text/xml" {
		return empty(http.StatusUnsupportedMediaType), true
	}
	message := travelportMessage(question)
	branch := p.spec.Credentials["target_branch"]
	switch {
	case message == nil:
		return p.fault(travelportError{"3000", "WEBSVC", "Validation", "Invalid XML received. Parser Error"}), true
	case message.Local != map[string]string{travelportAir: "LowFareSearchReq", travelportHotel: "HotelSearchAvailabilityReq"}[r.URL.Path]:
		return p.fault(travelportError{"3000", "WEBSVC", "Validation", "No service is there for " + message.Local}), true
	case message.attr("TargetBranch") == "":
		return p.fault(travelportError{"3003", "WEBSVC", "Validation", "The request has no TargetBranch"}), true
	case branch != "" && message.attr("TargetBranch") != branch:
		return p.fault(travelportError{"4454", "SECURITY", "Business", "The user is not authorized to use branch " + message.attr("TargetBranch")}), true
	case message.kid("BillingPointOfSaleInfo") == nil:
		return p.fault(travelportError{"3003", "WEBSVC", "Validation", "BillingPointOfSaleInfo is required"}), true
	}
	return reply{}, false
}

// recorded is the status of a document: faults come with 500.
func (p *travelport) recorded(document []byte) int {
	if bytes.Contains(document, []byte("Fault>")) {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// refusal is the vendor's document for a failure of its own.
func (p *travelport) refusal(_ []byte, status int) reply {
	rep := p.fault(travelportError{"5000", "SYSTEM", "Application", "General hardware system error"})
	switch rep.status = status; status {
	case http.StatusTooManyRequests:
		rep = p.fault(travelportError{"5574", "WEBSVC", "Application", "Maximum transactions per second exceeded"})
		rep.status = status
	case http.StatusServiceUnavailable:
		rep = p.fault(travelportError{"5001", "SYSTEM", "Application", "The host is unavailable"})
		rep.status = status
	}
	return rep
}

func (p *travelport) fault(e travelportError) reply {
	x := &xmlWriter{}
	x.in("SOAP:Envelope", at{"xmlns:SOAP", soap11Space}, func() {
		x.in("SOAP:Body", nil, func() {
			x.in("SOAP:Fault", nil, func() {
				x.leaf("faultcode", "Server."+e.kind)
				x.leaf("faultstring", e.text)
				x.in("detail", nil, func() {
					x.in("common:ErrorInfo", at{"xmlns:common", "http://www.travelport.com/schema/common_v52_0"}, func() {
						x.leaf("common:Code", e.code)
						x.leaf("common:Service", e.service)
						x.leaf("common:Type", e.kind)
						x.leaf("common:Description", e.text)
						x.leaf("common:TransactionId", strings.ToUpper(duffelID("", p.dice.str(e.text).num(p.w.now().UnixNano()), 32)))
					})
				})
			})
		})
	})
	return travelportReply(http.StatusInternalServerError, &body{plain: x.buf})
}

// answerIn writes a message within its envelope.
func (p *travelport) answerIn(message, kind string, attrs at, inside func(x *xmlWriter)) []byte {
	x := &xmlWriter{buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	x.in("SOAP:Envelope", at{"xmlns:SOAP", soap11Space}, func() {
		x.in("SOAP:Body", nil, func() {
			x.prefix = kind + ":"
			x.in(message, append(at{"xmlns:" + kind, "http://www.travelport.com/schema/" + kind + "_v52_0", "xmlns:common_v52_0", "http://www.travelport.com/schema/common_v52_0", "TraceId", "fanfare"}, attrs...), func() { inside(x) })
			x.prefix = ""
		})
	})
	return x.buf
}

// travelportTime is how the vendor writes times: local, with the offset.
const travelportTime = "2006-01-02T15:04:05.000-07:00"

func travelportKey(d dice) string { return duffelID("", d, 22) + "==" }

// newTravelport is a partner that speaks the protocol and sells what the assortment has.
func newTravelport(a *assortment) protocol { return &travelport{a} }
