package sabre

import (
	"strings"

	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

var gatewayKeys = wire.NewKeys("status", "type", "errorCode", "message", "error", "error_description")

// gatewayError reads {"status":"NotProcessed","type":"Validation","errorCode":"ERR…",
// "message":"…"} and the errors of OAuth.
func gatewayError(body []byte) *fault.Error {
	r := wire.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	var code, kind, message, oauth string
	for o := r.Object(gatewayKeys); o.Next(); {
		text := r.Name()
		switch o.Key() {
		case 1:
			kind = text
		case 2:
			code = text
		case 3, 5:
			message = text
		case 4:
			oauth = text
		}
	}
	if code == "" {
		code = oauth
	}
	if r.End() != nil || code == "" {
		return nil
	}
	e := wire.PartnerError(code, kind, message)
	switch {
	case wire.NothingToSell(message) || strings.Contains(code, "NO_RESULT"):
		e.Cause = fault.NoInventory
	case strings.Contains(code, ".SEC."), strings.Contains(code, "CREDENTIALS"), strings.Contains(code, "AUTHORIZED"), code == "invalid_client", code == "invalid_token":
		e.Cause = fault.Unauthorized
	case strings.Contains(code, "THROTTL"), strings.Contains(code, "RATE_LIMIT"), strings.Contains(code, "TOO_MANY"):
		e.Cause = fault.HTTP429
	}
	e.Status = e.Cause.Status()
	return e
}
