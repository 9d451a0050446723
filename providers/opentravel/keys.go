package opentravel

import "bytes"

// hasKey reports whether JSON has the key anywhere, as it is usually written.
func hasKey(body []byte, key string) bool {
	return bytes.Contains(body, []byte(`"`+key+`"`))
}

// isCamel tells by the keys of a message whether their first letters are small.
func isCamel(body []byte) bool {
	for _, key := range [...]string{"PricedItineraries", "Errors", "Success"} {
		if hasKey(body, key) {
			return false
		}
	}
	return true
}
