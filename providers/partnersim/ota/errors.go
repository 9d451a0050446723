package ota

import (
	"fmt"
	"net/http"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/world"
)

// errorDoc is a complaint: its type is of OpenTravel's list EWT, its code of the list ERR.
type errorDoc struct {
	status           int
	kind, code, text string
}

var (
	errMethod  = errorDoc{http.StatusMethodNotAllowed, "12", "450", "Only POST is allowed"}
	errMedia   = errorDoc{http.StatusUnsupportedMediaType, "12", "459", "Unsupported media type"}
	errNoAuth  = errorDoc{http.StatusUnauthorized, "4", "497", "Credentials are missing"}
	errBadAuth = errorDoc{http.StatusUnauthorized, "4", "497", "Authentication failed"}
	errSyntax  = errorDoc{http.StatusOK, "12", "320", "The message is not well-formed"}
	errRoot    = errorDoc{http.StatusOK, "12", "459", "The message is not one that is served here"}
	errNothing = errorDoc{http.StatusOK, "13", "322", "No availability"}
	errSystem  = errorDoc{http.StatusInternalServerError, "12", "448", "System error"}
)

// failures are the partner's own, by status.
var failures = map[int]errorDoc{
	http.StatusTooManyRequests:    {http.StatusTooManyRequests, "12", "450", "Too many requests"},
	http.StatusServiceUnavailable: {http.StatusServiceUnavailable, "12", "187", "System currently unavailable"},
}

// asWrong is a complaint about a value, missing about one that is not there.
func asWrong(format string, args ...any) errorDoc {
	return errorDoc{http.StatusOK, "3", "320", fmt.Sprintf(format, args...)}
}

func missing(what string) errorDoc {
	return errorDoc{http.StatusOK, "10", "321", what + " is required"}
}

// asErrors is a message that holds only complaints; the first one's status goes with it.
// Half of the partners write the text as content too.
func asErrors(a *world.Inventory, wrap exchange.Envelope, name, version string, errs ...errorDoc) exchange.Reply {
	x := &exchange.XMLWriter{Buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	wrap.Around(x, a.World.Now(), func() {
		asRoot(x, a, name, version, a.World.Moment(), func() {
			x.In("Errors", nil, func() {
				for _, e := range errs {
					attrs := []string{"Type", e.kind, "Code", e.code, "ShortText", e.text}
					if a.RNG.Str("errors").Chance(500) {
						x.Leaf("Error", e.text, attrs...)
					} else {
						x.Empty("Error", attrs...)
					}
				}
			})
		})
	})
	return asReply(errs[0].status, &exchange.Body{Plain: x.Buf})
}
