package partnersim

import (
	"fmt"
	"net/http"
)

// otaError is a complaint: its type is of OpenTravel's list EWT, its code of the list ERR.
type otaError struct {
	status           int
	kind, code, text string
}

var (
	errOTAMethod  = otaError{http.StatusMethodNotAllowed, "12", "450", "Only POST is allowed"}
	errOTAMedia   = otaError{http.StatusUnsupportedMediaType, "12", "459", "Unsupported media type"}
	errOTANoAuth  = otaError{http.StatusUnauthorized, "4", "497", "Credentials are missing"}
	errOTABadAuth = otaError{http.StatusUnauthorized, "4", "497", "Authentication failed"}
	errOTASyntax  = otaError{http.StatusOK, "12", "320", "The message is not well-formed"}
	errOTARoot    = otaError{http.StatusOK, "12", "459", "The message is not one that is served here"}
	errOTANothing = otaError{http.StatusOK, "13", "322", "No availability"}
	errOTASystem  = otaError{http.StatusInternalServerError, "12", "448", "System error"}
)

// otaFailures are the partner's own, by status.
var otaFailures = map[int]otaError{
	http.StatusTooManyRequests:    {http.StatusTooManyRequests, "12", "450", "Too many requests"},
	http.StatusServiceUnavailable: {http.StatusServiceUnavailable, "12", "187", "System currently unavailable"},
}

// otaWrong is a complaint about a value, otaMissing about one that is not there.
func otaWrong(format string, args ...any) otaError {
	return otaError{http.StatusOK, "3", "320", fmt.Sprintf(format, args...)}
}

func otaMissing(what string) otaError {
	return otaError{http.StatusOK, "10", "321", what + " is required"}
}

// otaErrors is a message that holds only complaints; the first one's status goes with it.
// Half of the partners write the text as content too.
func otaErrors(a *assortment, wrap ndcWrap, name, version string, errs ...otaError) reply {
	x := &xmlWriter{buf: []byte(`<?xml version="1.0" encoding="UTF-8"?>`)}
	wrap.around(x, a.w.now(), func() {
		otaRoot(x, a, name, version, a.w.moment(), func() {
			x.in("Errors", nil, func() {
				for _, e := range errs {
					attrs := []string{"Type", e.kind, "Code", e.code, "ShortText", e.text}
					if a.dice.str("errors").chance(500) {
						x.leaf("Error", e.text, attrs...)
					} else {
						x.empty("Error", attrs...)
					}
				}
			})
		})
	})
	return otaReply(errs[0].status, &body{plain: x.buf})
}
