package wire

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// ours are the headers that no feed may set.
var ours = []string{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Accept-Encoding"}

// ConstantHeaders sets the headers that a feed declares as options header.*, or returns
// all complaints.
func ConstantHeaders(h http.Header, options map[string]string) error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(options)) {
		name, constant := strings.CutPrefix(key, "header.")
		switch {
		case !constant:
		case !HeaderName(name) || !HeaderText(options[key]):
			errs = append(errs, fmt.Errorf("options.%s: not a header", key))
		case slices.Contains(ours, http.CanonicalHeaderKey(name)):
			errs = append(errs, fmt.Errorf("options.%s: is not the partner's to set", key))
		default:
			h.Set(name, options[key])
		}
	}
	return errors.Join(errs...)
}

// HeaderName reports whether s can be the name of a header (RFC 9110).
func HeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.ContainsRune("!#$%&'*+-.^_`|~", c))
	})
}

// HeaderText reports whether s can be the value of a header.
func HeaderText(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c >= 0x7f })
}
