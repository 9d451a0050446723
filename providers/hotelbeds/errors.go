package hotelbeds

import (
	"net/http"
	"slices"
	"strings"

	"fanfare/providers/fault"
)

// refused reads the error document. Spent quotas come as 403 too: those are a pause, not a lost
// key.
func refused(e *fault.Error, header http.Header, body []byte) (nothing bool, said error) {
	_, said = Decode(body, nil)
	words := header.Get("X-Mashery-Error-Code")
	if of := fault.Of(said); of != nil {
		words += " " + of.Detail
	}
	if e.HTTPStatus == http.StatusForbidden && quotaSpent(strings.ToLower(words)) {
		e.Cause = fault.HTTP429
	}
	return false, said
}

func quotaSpent(words string) bool {
	return slices.ContainsFunc([]string{"over_qps", "over_rate", "over qps", "over rate", "over quota", "quota exceeded", "quota has been", "rate limit"},
		func(w string) bool { return strings.Contains(words, w) })
}
