package assemble

import (
	"strings"
	"testing"
)

func TestNothingToSell(t *testing.T) {
	for text, want := range map[string]bool{
		"NO FLIGHTS FOUND": true, "No availability on chosen flights, unable to fare quote": true, "NO ROOMS AVAILABLE AT REQUESTED PROPERTY": true,
		"Fares not found for this routing": true, "no fares, the system is down": false, "Invalid agency": false, "": false, "No service for these flights": false,
	} {
		if got := NothingToSell(text); got != want {
			t.Errorf("NothingToSell(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestPartnerError(t *testing.T) {
	for _, c := range []struct{ code, text, wantCode, wantDetail string }{
		{"3037", "No\n fare", "3037", "3037: No fare"}, {"", "out", "", "out"}, {"not a code", "x", "", "not a code: x"}, {" ERR_1.a:b-c ", "", "ERR_1.a:b-c", "ERR_1.a:b-c"},
		{strings.Repeat("9", 65), "long", "", strings.Repeat("9", 65) + ": long"},
	} {
		if e := PartnerError(c.code, c.text); e.Code != c.wantCode || e.Detail != c.wantDetail {
			t.Errorf("PartnerError(%q, %q) = %q, %q, want %q, %q", c.code, c.text, e.Code, e.Detail, c.wantCode, c.wantDetail)
		}
	}
}
