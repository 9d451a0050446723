package rapid

import (
	"slices"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/wire"
)

func TestOptions(t *testing.T) {
	h, err := wire.NewHTTP(wire.HTTPConfig{BaseURL: "http://127.0.0.1:9"})
	if err != nil {
		t.Fatal(err)
	}
	for key, bad := range map[string]string{"customer_ip": "localhost", "user_agent": "a b", "language": "english", "sales_channel": "radio", "supply_source": "moon",
		"rate_plan_count": "251", "max_properties": "0", "properties_per_call": "many"} {
		_, err := New(wire.Config{Name: "albatross", BaseURL: "http://127.0.0.1:9", Credentials: credentials, HTTP: h, Options: map[string]string{key: bad}}, nil)
		if err == nil || !strings.Contains(err.Error(), "options."+key+": must be") {
			t.Errorf("%s=%s: %v", key, bad, err)
		}
	}
	c := client(t, "http://127.0.0.1:9", nil)
	long, many := one(), one()
	long.CheckOut = long.CheckIn + 29
	many.Rooms = slices.Repeat(many.Rooms, 9)
	if a, b := c.Capable(long), c.Capable(many); a != fault.Capability || b != fault.Capability {
		t.Errorf("29 nights: %q, 9 rooms: %q, want capability", a, b)
	}
}
