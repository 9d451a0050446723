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
	if n := l.addresses.Len(); n != maxAddresses {
		t.Errorf("%d addresses are kept, want %d", n, maxAddresses)
	}
	if _, known := l.addresses.Get("0"); l.of("first") != first || known {
		t.Error("one that is heard of often was forgotten before one that is not")
	}
}
