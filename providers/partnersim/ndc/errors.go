package ndc

import (
	"net/http"
	"time"

	"fanfare/providers/partnersim/exchange"
)

// errorDoc is one complaint. The two versions print it differently.
type errorDoc struct {
	status int    // of HTTP; most complaints come with 200
	code   string // as in the PADIS list of errors, as far as airlines follow it
	kind   string // TypeCode in 21.3
	text   string
}

// What goes wrong before the question is understood.
var (
	errPath        = errorDoc{http.StatusNotFound, "404", "Technical", "Resource not found"}
	errNoKey       = errorDoc{http.StatusUnauthorized, "401", "Technical", "Unauthorized - missing credentials"}
	errBadKey      = errorDoc{http.StatusUnauthorized, "144", "Technical", "Invalid requestor identification"}
	errMethod      = errorDoc{http.StatusMethodNotAllowed, "405", "Technical", "Method not allowed - use POST"}
	errMedia       = errorDoc{http.StatusUnsupportedMediaType, "415", "Technical", "Unsupported media type"}
	errSyntax      = errorDoc{http.StatusOK, "320", "Technical", "Invalid format - message is not well-formed XML"}
	errDTD         = errorDoc{http.StatusOK, "320", "Technical", "Invalid format - DOCTYPE is not allowed"}
	errRoot        = errorDoc{http.StatusOK, "321", "Technical", "Message function not supported"}
	errVersion     = errorDoc{http.StatusOK, "321", "Technical", "Message version not supported"}
	errRate        = errorDoc{http.StatusTooManyRequests, "429", "Technical", "Too many requests - look-to-book quota exceeded"}
	errInternal    = errorDoc{http.StatusInternalServerError, "911", "Technical", "Unable to process - system error"}
	errUnavailable = errorDoc{http.StatusServiceUnavailable, "118", "Technical", "System unable to process"}
)

// errNothing is the one complaint that is not a failure. Its number is that of
// system errors too: airlines do that.
var errNothing = errorDoc{http.StatusOK, "911", "Business", "No flights available for the requested itinerary"}

// errors is the vendor's error document; its status is that of the first error.
func (p *service) errors(wrap exchange.Envelope, errs ...errorDoc) exchange.Reply {
	x := p.document()
	now := p.World.Moment()
	wrap.Around(x, now, func() {
		if p.version == V172 {
			p.errors172(x, now, errs)
		} else {
			p.errors213(x, now, errs)
		}
	})
	rep := p.reply(errs[0].status, &exchange.Body{Plain: p.encoded(x.Buf)})
	switch errs[0].status {
	case http.StatusMethodNotAllowed:
		rep.Header["Allow"] = http.MethodPost
	case http.StatusUnauthorized:
		if p.Seller.Credentials["api_key"] == "" {
			rep.Header["Www-Authenticate"] = "Bearer"
		}
	}
	return rep
}

func (p *service) errors172(x *exchange.XMLWriter, now time.Time, errs []errorDoc) {
	p.root172(x, now, func() {
		x.In("Errors", nil, func() {
			for _, e := range errs {
				x.Leaf("Error", e.text, "Code", e.code, "ShortText", e.text, "Type", e.kind)
			}
		})
	})
}

func (p *service) errors213(x *exchange.XMLWriter, now time.Time, errs []errorDoc) {
	p.root213(x, func() {
		for _, e := range errs {
			id := p.RNG.Str(e.text).Num(now.Unix())
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
