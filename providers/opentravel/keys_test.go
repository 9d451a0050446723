package opentravel

import "testing"

func TestNamesWithAConstantLeftOutPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewNames([]string{0: "ID", 2: "TimeZone"}...)
}
