package duffel

import (
	"encoding/json"
	"net/http"

	"fanfare/providers/partnersim/exchange"
	"fanfare/providers/partnersim/rng"
)

// errorDoc is one entry of the vendor's error document; status goes into its meta.
type errorDoc struct {
	status int

	Type    string  `json:"type"`
	Code    string  `json:"code"`
	Title   string  `json:"title"`
	Message string  `json:"message"`
	Docs    string  `json:"documentation_url"`
	Source  *source `json:"source,omitempty"`
}

type source struct {
	Field   string `json:"field"`
	Pointer string `json:"pointer"`
}

type ErrorsDoc struct {
	Meta struct {
		Status    int    `json:"status"`
		RequestID string `json:"request_id"`
	} `json:"meta"`
	Errors []errorDoc `json:"errors"`
}

// What Duffel says, by what is wrong. Types, codes and statuses follow the vendor's
// samples where there is one; the others are worded after its documentation.
var (
	errPath        = errorDoc{404, "invalid_request_error", "not_found", "Not found", "The resource you are trying to access does not exist.", docs, nil}
	errResult      = errorDoc{404, "invalid_request_error", "not_found", "Not found", "No search result has the given ID, or it has expired.", docs, nil}
	errMethod      = errorDoc{405, "invalid_request_error", "method_not_allowed", "Method not allowed", "This resource does not support the HTTP method of your request.", docs, nil}
	errNoAuth      = errorDoc{401, "authentication_error", "missing_authorization_header", "Missing authorization header", "Send your API token in the 'Authorization' header.", docs, nil}
	errBadAuth     = errorDoc{401, "authentication_error", "invalid_authorization_header", "Invalid authorization header", "The 'Authorization' header has to be 'Bearer' and an API token.", docs, nil}
	errToken       = errorDoc{401, "authentication_error", "access_token_not_found", "Access token not found", "No access token like the one in your request is known.", docs, nil}
	errNoVersion   = errorDoc{400, "invalid_request_error", "missing_version", "Missing version", "Name the version of the API that you use in the 'Duffel-Version' header.", docs, nil}
	errVersion     = errorDoc{400, "invalid_request_error", "unsupported_version", "Unsupported version", "The version in the 'Duffel-Version' header is not supported by the API.", docs, nil}
	errAccept      = errorDoc{406, "invalid_request_error", "not_acceptable", "Not acceptable", "The API answers in 'application/json' only.", docs, nil}
	errMedia       = errorDoc{415, "invalid_request_error", "unsupported_format", "Unsupported format", "The API reads 'application/json' only.", docs, nil}
	errJSON        = errorDoc{400, "invalid_request_error", "bad_request", "Bad request", "The body of the request is not valid JSON.", docs, nil}
	errNoData      = errorDoc{400, "invalid_request_error", "missing_data_param", "Missing data param", "The body of the request has to be wrapped in a 'data' object.", docs, nil}
	errRate        = errorDoc{429, "rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded", "Too many requests in too little time. Try again after the moment in the `ratelimit-reset` header.", docs, nil}
	errInternal    = errorDoc{500, "api_error", "internal_server_error", "Internal server error", "Something went wrong on our side. It has been reported to the team.", docs, nil}
	errUnavailable = errorDoc{503, "api_error", "service_unavailable", "Service unavailable", "The service cannot answer at the moment. Try again later.", docs, nil}
)

const docs = "https://duffel.com/docs/api/overview/errors"

// invalid is a complaint about one field.
func invalid(code, field, pointer, message string) *errorDoc {
	title := map[string]string{"validation_required": "Required field", "validation_unknown": "Unknown field"}[code]
	if title == "" {
		title = "Invalid field"
	}
	return &errorDoc{http.StatusUnprocessableEntity, "validation_error", code, title, message, docs, &source{field, pointer}}
}

// errors is the vendor's error document; its status is that of the first error.
func (p *air) errors(errs ...errorDoc) exchange.Reply {
	var doc ErrorsDoc
	doc.Meta.Status = errs[0].status
	doc.Meta.RequestID = rng.ID("", p.RNG.Str(errs[0].Code).Num(p.World.Now().UnixNano()), 20)
	doc.Errors = errs
	plain, _ := json.Marshal(doc) // plain structs: no error
	return asReply(errs[0].status, &exchange.Body{Plain: plain}, p.World.Now())
}
