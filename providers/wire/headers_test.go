package wire

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"fanfare/providers/document"
)

func TestConstantHeaders(t *testing.T) {
	h := http.Header{}
	if err := ConstantHeaders(h, map[string]string{"header.X-Tenant": "heron", "header.x-b": "1", "other": "\n"}); err != nil || fmt.Sprint(h) != "map[X-B:[1] X-Tenant:[heron]]" {
		t.Errorf("headers %v, %v", h, err)
	}
	err := ConstantHeaders(h, map[string]string{"header.X Y": "1", "header.X-Z": "a\nb", "header.host": "x", "header.accept-encoding": "br"})
	for _, want := range []string{"header.X Y: not a header", "header.X-Z: not a header", "header.host: is not", "header.accept-encoding: is not"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ConstantHeaders() = %v, want %s", err, want)
		}
	}
}

func TestUnwrapFor(t *testing.T) {
	find, keys := document.NewKeys("offers"), document.NewKeys("offers", "errors")
	doc := []byte(`{"errors":[],"data":{"errors":["a"],"offers":[1]}}`)
	r := document.NewJSON(doc)
	defer r.Close()
	met := ""
	for o := r.UnwrapFor(find, keys); o.Next(); {
		met += fmt.Sprint(o.Key())
	}
	if err := r.End(); err != nil || met != "10" {
		t.Errorf("keys %s, %v, want those of the object with offers", met, err)
	}
}

func TestAttributes(t *testing.T) {
	x := document.NewXML([]byte(`<a Code="1 &lt; 2" other="3" ID=""/>`))
	defer x.Close()
	names, met := document.NewKeys("ID", "Code"), ""
	for e := x.Within(document.NewKeys("a")); e.Next(); {
		for i := range x.Attrs() {
			if key, value := x.AttrAt(i, names); key >= 0 {
				met += fmt.Sprint(key, x.Share(value), ";")
			}
		}
	}
	if err := x.End(); err != nil || met != "11 < 2;0;" {
		t.Errorf("attributes %q, %v", met, err)
	}
}
