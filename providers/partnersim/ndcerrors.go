package partnersim

import (
	"net/http"
	"time"
)

// ndcError is one complaint. The two versions print it differently.
type ndcError struct {
	status int    // of HTTP; most complaints come with 200
	code   string // as in the PADIS list of errors, as far as airlines follow it
	kind   string // TypeCode in 21.3
	text   string
}

// What goes wrong before the question is understood.
var (
	errNDCPath        = ndcError{http.StatusNotFound, "404", "Technical", "Resource not found"}
	errNDCNoKey       = ndcError{http.StatusUnauthorized, "401", "Technical", "Unauthorized - missing credentials"}
	errNDCBadKey      = ndcError{http.StatusUnauthorized, "144", "Technical", "Invalid requestor identification"}
	errNDCMethod      = ndcError{http.StatusMethodNotAllowed, "405", "Technical", "Method not allowed - use POST"}
	errNDCMedia       = ndcError{http.StatusUnsupportedMediaType, "415", "Technical", "Unsupported media type"}
	errNDCSyntax      = ndcError{http.StatusOK, "320", "Technical", "Invalid format - message is not well-formed XML"}
	errNDCDTD         = ndcError{http.StatusOK, "320", "Technical", "Invalid format - DOCTYPE is not allowed"}
	errNDCRoot        = ndcError{http.StatusOK, "321", "Technical", "Message function not supported"}
	errNDCVersion     = ndcError{http.StatusOK, "321", "Technical", "Message version not supported"}
	errNDCRate        = ndcError{http.StatusTooManyRequests, "429", "Technical", "Too many requests - look-to-book quota exceeded"}
	errNDCInternal    = ndcError{http.StatusInternalServerError, "911", "Technical", "Unable to process - system error"}
	errNDCUnavailable = ndcError{http.StatusServiceUnavailable, "118", "Technical", "System unable to process"}
)

// errNDCNothing is the one complaint that is not a failure. Its number is that of
// system errors too: airlines do that.
var errNDCNothing = ndcError{http.StatusOK, "911", "Business", "No flights available for the requested itinerary"}

// errors is the vendor's error document; its status is that of the first error.
func (p *ndc) errors(wrap ndcWrap, errs ...ndcError) reply {
	x := p.document()
	now := p.w.moment()
	wrap.around(x, now, func() {
		if p.version == ndc172 {
			p.errors172(x, now, errs)
		} else {
			p.errors213(x, now, errs)
		}
	})
	rep := p.reply(errs[0].status, &body{plain: p.encoded(x.buf)})
	switch errs[0].status {
	case http.StatusMethodNotAllowed:
		rep.header["Allow"] = http.MethodPost
	case http.StatusUnauthorized:
		if p.spec.Credentials["api_key"] == "" {
			rep.header["Www-Authenticate"] = "Bearer"
		}
	}
	return rep
}

func (p *ndc) errors172(x *xmlWriter, now time.Time, errs []ndcError) {
	p.root172(x, now, func() {
		x.in("Errors", nil, func() {
			for _, e := range errs {
				x.leaf("Error", e.text, "Code", e.code, "ShortText", e.text, "Type", e.kind)
			}
		})
	})
}

func (p *ndc) errors213(x *xmlWriter, now time.Time, errs []ndcError) {
	p.root213(x, func() {
		for _, e := range errs {
			id := p.dice.str(e.text).num(now.Unix())
			p.outer213(x, "Error", func() {
				p.inside213(x, "Code", e.code)
				p.inside213(x, "DescText", e.text)
				p.inside213(x, "ErrorID", uuid(id))
				p.inside213(x, "LangCode", "EN")
				p.inside213(x, "TypeCode", e.kind)
			})
		}
	})
}
