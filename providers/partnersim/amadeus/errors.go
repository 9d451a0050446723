package amadeus

import (
	"net/http"

	"fanfare/providers/partnersim/exchange"
)

// errorDoc is one entry of the vendor's error document.
type errorDoc struct {
	Status int        `json:"status,omitempty"`
	Code   int        `json:"code"`
	Title  string     `json:"title"`
	Detail string     `json:"detail,omitempty"`
	Source *sourceDoc `json:"source,omitempty"`
}

// sourceDoc says what was wrong, by one of its fields.
type sourceDoc struct {
	Parameter string `json:"parameter,omitempty"`
	Pointer   string `json:"pointer,omitempty"`
	Example   string `json:"example,omitempty"`
}

type errorsDoc struct {
	Errors []errorDoc `json:"errors"`
}

// What the vendor's gateway says, by what is wrong: codes and titles of its guides.
var (
	errNoAuth      = errorDoc{401, 38191, "Invalid HTTP header", "Missing or invalid format for mandatory Authorization header", nil}
	errToken       = errorDoc{401, 38190, "Invalid access token", "The access token provided in the Authorization header is invalid", nil}
	errExpired     = errorDoc{401, 38192, "Access token expired", "The access token is expired", nil}
	errPath        = errorDoc{404, 38196, "Resource not found", "The targeted resource doesn't exist", nil}
	errMethod      = errorDoc{405, 38199, "Method not allowed", "The targeted resource does not support the HTTP method", nil}
	errAccept      = errorDoc{406, 38198, "Not acceptable", "The resource is available as " + Media + " only", nil}
	errContent     = errorDoc{415, 38193, "Unsupported media type", "The body has to be " + Media, nil}
	errOverride    = errorDoc{400, missing, "MANDATORY DATA MISSING", "The header X-HTTP-Method-Override has to be GET", nil}
	errJSON        = errorDoc{400, formatName, "INVALID FORMAT", "The body is not the JSON of a request", nil}
	errRate        = errorDoc{429, 38194, "Too many requests", "The network rate limit is exceeded, please try again later", nil}
	errInternal    = errorDoc{500, 141, "SYSTEM ERROR HAS OCCURRED", "", nil}
	errUnavailable = errorDoc{503, 38189, "Internal error", "An internal error occurred, please contact your administrator", nil}
)

// Codes of the applications behind the gateway.
const (
	formatName = 477
	dateName   = 425
	combined   = 2668
	invalid    = 4926
	occurring  = 10661
	missing    = 32171
)

var titles = map[int]string{
	formatName: "INVALID FORMAT", dateName: "INVALID DATE", combined: "PARAMETER COMBINATION INVALID/RESTRICTED",
	city: "INVALID CITY CODE", noCurrency: "INVALID CURRENCY CODE", checkIn: "INVALID CHECK-IN DATE", checkOut: "INVALID CHECK-OUT DATE",
	tooLong: "MAX STAY DURATION IS EXCEEDED", backwards: "CHECK_OUT DATE MUST BE FURTHER IN THE FUTURE THAN CHECK-IN DATE",
	invalid: "INVALID DATA RECEIVED", occurring: "MAXIMUM NUMBER OF OCCURRENCES EXCEEDED", missing: "MANDATORY DATA MISSING",
}

// bad is a complaint about a question.
func bad(code int, detail string, source sourceDoc) errorDoc {
	return errorDoc{http.StatusBadRequest, code, titles[code], detail, &source}
}

// errors is the vendor's error document; its status is that of the first error.
func (p *common) errors(errs ...errorDoc) exchange.Reply {
	return asJson(errs[0].Status, Media, errorsDoc{errs})
}

// denied is the token endpoint's own error document.
func denied(status int, name, why string, code int) exchange.Reply {
	return asJson(status, "application/json", struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Code        int    `json:"code"`
		Title       string `json:"title"`
	}{name, why, code, "Invalid parameters"})
}
