package web

import (
	"strconv"
	"testing"
)

// TestAddressesAreBounded: whoever was not heard of for longest is forgotten.
func TestAddressesAreBounded(t *testing.T) {
	l := newLimiter(Limits{NewSearchesPerSecond: 1, Burst: 1, RequestsPerSecond: 1})
	first := l.of("first")
	for i := range maxAddresses {
		l.of("first")
		l.of(strconv.Itoa(i))
	}
	if len(l.addresses) != maxAddresses || l.recent.Len() != maxAddresses {
		t.Errorf("%d addresses are kept, want %d", len(l.addresses), maxAddresses)
	}
	if l.of("first") != first || l.addresses["0"] != nil {
		t.Error("one that is heard of often was forgotten before one that is not")
	}
}
