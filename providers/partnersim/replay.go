package partnersim

import (
	"bytes"
	"net/http"
	"time"

	"fanfare/providers/faultinject"
	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
	"fanfare/providers/places"
)

// Replay answers every search with one recorded document. Place, method, headers and
// form of the credentials are checked as ever (any well-formed ones pass when credentials
// has none), the questions themselves only for being JSON, or XML; other steps, such as a
// login, are answered as ever.
// A recorded error document is sent with the status that belongs to it. It panics on a
// protocol that is not one of Protocols.
func Replay(protocol string, document []byte, credentials map[string]string) http.Handler {
	p := NewPartner(world.New(0, places.Default(), time.Now), Spec{Name: "replay", Protocol: protocol, Credentials: credentials})
	rep := exchange.Reply{Status: p.protocol.ReplayStatus(document), Header: map[string]string{"Content-Type": vendors[protocol].media}, Body: &exchange.Body{Plain: document}}
	return &replay{Partner: p, rep: rep}
}

type replay struct {
	*Partner
	rep exchange.Reply
}

// ServeHTTP refuses as the protocol does, and answers all else with the document.
func (r *replay) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	r.calls.Add(1)
	question := new(bytes.Buffer)
	if _, err := question.ReadFrom(http.MaxBytesReader(rw, req.Body, maxQuestion)); err != nil {
		return
	}
	rep := r.rep
	if other, ok := r.protocol.OtherEndpoint(req, question.Bytes()); ok {
		rep = other
	}
	faultinject.Send(rw, req, new(Behaviour).answer(req, rep, FaultNone))
}
