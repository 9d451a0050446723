package partnersim

import "net/http"

// amadeusError is one entry of the vendor's error document.
type amadeusError struct {
	Status int            `json:"status,omitempty"`
	Code   int            `json:"code"`
	Title  string         `json:"title"`
	Detail string         `json:"detail,omitempty"`
	Source *amadeusSource `json:"source,omitempty"`
}

// amadeusSource says what was wrong, by one of its fields.
type amadeusSource struct {
	Parameter string `json:"parameter,omitempty"`
	Pointer   string `json:"pointer,omitempty"`
	Example   string `json:"example,omitempty"`
}

type amadeusErrors struct {
	Errors []amadeusError `json:"errors"`
}

// What the vendor's gateway says, by what is wrong: codes and titles of its guides.
var (
	errAmadeusNoAuth      = amadeusError{401, 38191, "Invalid HTTP header", "Missing or invalid format for mandatory Authorization header", nil}
	errAmadeusToken       = amadeusError{401, 38190, "Invalid access token", "The access token provided in the Authorization header is invalid", nil}
	errAmadeusExpired     = amadeusError{401, 38192, "Access token expired", "The access token is expired", nil}
	errAmadeusPath        = amadeusError{404, 38196, "Resource not found", "The targeted resource doesn't exist", nil}
	errAmadeusMethod      = amadeusError{405, 38199, "Method not allowed", "The targeted resource does not support the HTTP method", nil}
	errAmadeusAccept      = amadeusError{406, 38198, "Not acceptable", "The resource is available as " + amadeusMedia + " only", nil}
	errAmadeusContent     = amadeusError{415, 38193, "Unsupported media type", "The body has to be " + amadeusMedia, nil}
	errAmadeusOverride    = amadeusError{400, amadeusMissing, "MANDATORY DATA MISSING", "The header X-HTTP-Method-Override has to be GET", nil}
	errAmadeusJSON        = amadeusError{400, amadeusFormat, "INVALID FORMAT", "The body is not the JSON of a request", nil}
	errAmadeusRate        = amadeusError{429, 38194, "Too many requests", "The network rate limit is exceeded, please try again later", nil}
	errAmadeusInternal    = amadeusError{500, 141, "SYSTEM ERROR HAS OCCURRED", "", nil}
	errAmadeusUnavailable = amadeusError{503, 38189, "Internal error", "An internal error occurred, please contact your administrator", nil}
)

// Codes of the applications behind the gateway.
const (
	amadeusFormat    = 477
	amadeusDate      = 425
	amadeusCombined  = 2668
	amadeusInvalid   = 4926
	amadeusOccurring = 10661
	amadeusMissing   = 32171
)

var amadeusTitles = map[int]string{
	amadeusFormat: "INVALID FORMAT", amadeusDate: "INVALID DATE", amadeusCombined: "PARAMETER COMBINATION INVALID/RESTRICTED",
	amadeusCity: "INVALID CITY CODE", amadeusNoCurrency: "INVALID CURRENCY CODE", amadeusCheckIn: "INVALID CHECK-IN DATE", amadeusCheckOut: "INVALID CHECK-OUT DATE",
	amadeusTooLong: "MAX STAY DURATION IS EXCEEDED", amadeusBackwards: "CHECK_OUT DATE MUST BE FURTHER IN THE FUTURE THAN CHECK-IN DATE",
	amadeusInvalid: "INVALID DATA RECEIVED", amadeusOccurring: "MAXIMUM NUMBER OF OCCURRENCES EXCEEDED", amadeusMissing: "MANDATORY DATA MISSING",
}

// amadeusBad is a complaint about a question.
func amadeusBad(code int, detail string, source amadeusSource) amadeusError {
	return amadeusError{http.StatusBadRequest, code, amadeusTitles[code], detail, &source}
}

// errors is the vendor's error document; its status is that of the first error.
func (p *amadeus) errors(errs ...amadeusError) reply {
	return amadeusJSON(errs[0].Status, amadeusMedia, amadeusErrors{errs})
}

// amadeusDenied is the token endpoint's own error document.
func amadeusDenied(status int, name, why string, code int) reply {
	return amadeusJSON(status, "application/json", struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Code        int    `json:"code"`
		Title       string `json:"title"`
	}{name, why, code, "Invalid parameters"})
}
