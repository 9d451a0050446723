package sabre

import (
	"bytes"
	"time"

	"fanfare/providers/fault"
	"fanfare/providers/opentravel"
	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// Decode reads an answer in any of its forms and applies the rules that need nothing but
// the document. An error document, and one that is no answer, is a *fault.Error. atlas may
// be nil: places.Default.
func Decode(body []byte, atlas *places.Atlas) (travel.Answer, error) {
	return decode(body, atlas, time.Time{})
}

// decode is Decode of an answer that came now; the zero time is unknown.
func decode(body []byte, atlas *places.Atlas, now time.Time) (travel.Answer, error) {
	if isGrouped(body) {
		return decodeGrouped(body, atlas, now)
	}
	return opentravel.LowFare(body, opentravel.LowFareOptions{Atlas: atlas, Decimal: true, Refused: refusal})
}

// isGrouped tells a GroupedItineraryResponse by what only it has.
func isGrouped(body []byte) bool {
	if opentravel.IsXML(body) {
		if body[0] >= 0xfe { // UTF-16
			body = bytes.ReplaceAll(body, []byte{0}, nil)
		}
		return bytes.Contains(body, []byte("GroupedItineraryResponse"))
	}
	for _, key := range []string{`"groupedItineraryResponse"`, `"itineraryGroups"`, `"scheduleDescs"`} {
		if bytes.Contains(body, []byte(key)) {
			return true
		}
	}
	return false
}

// words is what an error document of the gateway says, for errors of the token call.
func words(body []byte) string {
	if e := refusal(body); e != nil {
		return e.Detail
	}
	return ""
}

// refusal reads the error document of Sabre's REST gateway. One that only says that there
// is nothing to sell has the cause no_inventory; nil if the document is another.
func refusal(body []byte) *fault.Error { return gatewayError(body) }
