package partnersim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"fanfare/providers/places"
)

// Replay answers every valid search with one recorded document. Place, method,
// headers and form of the credentials are checked as ever (any well-formed ones
// pass when credentials has none), the questions themselves only for being JSON, or XML.
// A recorded error document is sent with the status that belongs to it. It panics on a
// protocol that is not one of Protocols.
func Replay(protocol string, document []byte, credentials map[string]string) http.Handler {
	p := NewPartner(NewWorld(0, places.Default(), time.Now), Spec{Name: "replay", Protocol: protocol, Credentials: credentials})
	media := "application/json"
	if protocol == "ndc" {
		media = "application/xml" // its encoding is what the document says
	}
	r := &replay{Partner: p, rep: reply{recordedStatus(document), map[string]string{"Content-Type": media}, &body{plain: document}}}
	return r
}

type replay struct {
	*Partner
	rep reply
}

// ServeHTTP refuses as the protocol does, and answers all else with the document.
func (r *replay) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	r.calls.Add(1)
	question := new(bytes.Buffer)
	if _, err := question.ReadFrom(http.MaxBytesReader(rw, req.Body, maxQuestion)); err != nil {
		return
	}
	rep := r.rep
	switch p := r.protocol.(type) {
	case *duffel:
		if e := p.refuse(req); e != nil {
			rep = p.errors(*e)
		} else if _, e := duffelParams(req.URL.Query()); e != nil {
			rep = p.errors(*e)
		} else if !json.Valid(question.Bytes()) {
			rep = p.errors(errDuffelJSON)
		}
	case *ndc:
		if e := p.refuse(req); e != nil {
			rep = p.errors(ndcWrap{}, *e)
		} else if _, e := p.read(question.Bytes()); e != nil {
			rep = p.errors(ndcWrap{}, *e)
		}
	case *hotelbeds:
		if refused, ok := p.turnAway(req); ok {
			rep = refused
		} else if !json.Valid(question.Bytes()) {
			rep = p.problem(http.StatusBadRequest, invalidRequest, "The request is not compliant with the specified version of the API")
		}
	}
	new(Knobs).send(rw, req, rep, FaultNone)
}

// recordedStatus is the status that a document came with: what an error document
// says of itself, 500 for an error without a status, 200 for everything else. A
// document that cannot be read is sent with 200 too: that is what replays are for.
func recordedStatus(document []byte) int {
	var doc struct {
		Meta   struct{ Status int }
		Errors []json.RawMessage
		Error  json.RawMessage
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		return http.StatusOK
	}
	switch {
	case len(doc.Errors) > 0 && doc.Meta.Status >= 400 && doc.Meta.Status <= 599:
		return doc.Meta.Status
	case len(doc.Errors) > 0:
		return http.StatusInternalServerError
	case len(doc.Error) == 0 || string(doc.Error) == "null":
		return http.StatusOK
	}
	return hotelbedsStatusOf(doc.Error)
}
