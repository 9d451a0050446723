package partnersim

import (
	"encoding/json"
	"net/http"
)

// duffelError is one entry of the vendor's error document; status goes into its meta.
type duffelError struct {
	status int

	Type    string        `json:"type"`
	Code    string        `json:"code"`
	Title   string        `json:"title"`
	Message string        `json:"message"`
	Docs    string        `json:"documentation_url"`
	Source  *duffelSource `json:"source,omitempty"`
}

type duffelSource struct {
	Field   string `json:"field"`
	Pointer string `json:"pointer"`
}

type duffelErrors struct {
	Meta struct {
		Status    int    `json:"status"`
		RequestID string `json:"request_id"`
	} `json:"meta"`
	Errors []duffelError `json:"errors"`
}

// What Duffel says, by what is wrong. Types, codes and statuses follow the vendor's
// samples where there is one; the others are worded after its documentation.
var (
	errDuffelPath        = duffelError{404, "invalid_request_error", "not_found", "Not found", "The resource you are trying to access does not exist.", duffelDocs, nil}
	errDuffelResult      = duffelError{404, "invalid_request_error", "not_found", "Not found", "No search result has the given ID, or it has expired.", duffelDocs, nil}
	errDuffelMethod      = duffelError{405, "invalid_request_error", "method_not_allowed", "Method not allowed", "This resource does not support the HTTP method of your request.", duffelDocs, nil}
	errDuffelNoAuth      = duffelError{401, "authentication_error", "missing_authorization_header", "Missing authorization header", "Send your API token in the 'Authorization' header.", duffelDocs, nil}
	errDuffelBadAuth     = duffelError{401, "authentication_error", "invalid_authorization_header", "Invalid authorization header", "The 'Authorization' header has to be 'Bearer' and an API token.", duffelDocs, nil}
	errDuffelToken       = duffelError{401, "authentication_error", "access_token_not_found", "Access token not found", "No access token like the one in your request is known.", duffelDocs, nil}
	errDuffelNoVersion   = duffelError{400, "invalid_request_error", "missing_version", "Missing version", "Name the version of the API that you use in the 'Duffel-Version' header.", duffelDocs, nil}
	errDuffelVersion     = duffelError{400, "invalid_request_error", "unsupported_version", "Unsupported version", "The version in the 'Duffel-Version' header is not supported by the API.", duffelDocs, nil}
	errDuffelAccept      = duffelError{406, "invalid_request_error", "not_acceptable", "Not acceptable", "The API answers in 'application/json' only.", duffelDocs, nil}
	errDuffelMedia       = duffelError{415, "invalid_request_error", "unsupported_format", "Unsupported format", "The API reads 'application/json' only.", duffelDocs, nil}
	errDuffelJSON        = duffelError{400, "invalid_request_error", "bad_request", "Bad request", "The body of the request is not valid JSON.", duffelDocs, nil}
	errDuffelNoData      = duffelError{400, "invalid_request_error", "missing_data_param", "Missing data param", "The body of the request has to be wrapped in a 'data' object.", duffelDocs, nil}
	errDuffelRate        = duffelError{429, "rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded", "Too many requests in too little time. Try again after the moment in the `ratelimit-reset` header.", duffelDocs, nil}
	errDuffelInternal    = duffelError{500, "api_error", "internal_server_error", "Internal server error", "Something went wrong on our side. It has been reported to the team.", duffelDocs, nil}
	errDuffelUnavailable = duffelError{503, "api_error", "service_unavailable", "Service unavailable", "The service cannot answer at the moment. Try again later.", duffelDocs, nil}
)

const duffelDocs = "https://duffel.com/docs/api/overview/errors"

// duffelInvalid is a complaint about one field.
func duffelInvalid(code, field, pointer, message string) *duffelError {
	title := map[string]string{"validation_required": "Required field", "validation_unknown": "Unknown field"}[code]
	if title == "" {
		title = "Invalid field"
	}
	return &duffelError{http.StatusUnprocessableEntity, "validation_error", code, title, message, duffelDocs, &duffelSource{field, pointer}}
}

// errors is the vendor's error document; its status is that of the first error.
func (p *duffel) errors(errs ...duffelError) reply {
	var doc duffelErrors
	doc.Meta.Status = errs[0].status
	doc.Meta.RequestID = duffelID("", p.dice.str(errs[0].Code).num(p.w.now().UnixNano()), 20)
	doc.Errors = errs
	plain, _ := json.Marshal(doc) // plain structs: no error
	return duffelReply(errs[0].status, &body{plain: plain}, p.w.now())
}
