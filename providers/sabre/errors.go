package sabre

import (
	"strings"

	"fanfare/providers/assemble"
	"fanfare/providers/document"
	"fanfare/providers/fault"
)

const (
	gatewayStatus = iota
	gatewayType
	gatewayErrorCode
	gatewayMessage
	gatewayErrorKey
	gatewayErrorDescription
)

var gatewayKeys = document.NewKeys([]string{
	gatewayStatus: "status", gatewayType: "type", gatewayErrorCode: "errorCode", gatewayMessage: "message", gatewayErrorKey: "error",
	gatewayErrorDescription: "error_description",
}...)

// gatewayError reads {"status":"NotProcessed","type":"Validation","errorCode":"ERR…",
// "message":"…"} and the errors of OAuth.
func gatewayError(body []byte) *fault.Error {
	r := document.NewJSON(body)
	defer r.Close()
	r.SkipMark()
	var code, kind, message, oauth string
	for o := r.Object(gatewayKeys); o.Next(); {
		text := r.Name()
		switch o.Key() {
		case gatewayType:
			kind = text
		case gatewayErrorCode:
			code = text
		case gatewayMessage, gatewayErrorDescription:
			message = text
		case gatewayErrorKey:
			oauth = text
		}
	}
	if code == "" {
		code = oauth
	}
	if r.End() != nil || code == "" {
		return nil
	}
	e := assemble.PartnerError(code, kind, message)
	switch {
	case assemble.NothingToSell(message) || strings.Contains(code, "NO_RESULT"):
		e.Cause = fault.NoInventory
	case strings.Contains(code, ".SEC."), strings.Contains(code, "CREDENTIALS"), strings.Contains(code, "AUTHORIZED"), code == "invalid_client", code == "invalid_token":
		e.Cause = fault.Unauthorized
	case strings.Contains(code, "THROTTL"), strings.Contains(code, "RATE_LIMIT"), strings.Contains(code, "TOO_MANY"):
		e.Cause = fault.HTTP429
	}
	e.Status = e.Cause.Status()
	return e
}
