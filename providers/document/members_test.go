package document

import (
	"fmt"
	"strings"
	"testing"
)

var valueKeys = NewKeys("v")

// members reads an object of objects, or a list of them, as key=value.
func members(doc string) (string, error) {
	r := NewJSON([]byte(doc))
	defer r.Close()
	var out []string
	for m := r.Members(); m.Next(); {
		name := strings.Clone(m.Name())
		text := ""
		switch r.Kind() {
		case '{':
			for n := r.Members(); n.Next(); {
				text += "(" + n.Name() + " " + r.View() + ")"
			}
		case '"':
			text = r.Text()
		}
		out = append(out, name+"="+text)
	}
	return strings.Join(out, " "), r.End()
}

func TestMembers(t *testing.T) {
	long, twice := "{", ""
	for i := range 100 {
		long += fmt.Sprintf(`"k%d":"%d",`, i, i)
	}
	twice = long + `"k77":"x"}`
	long = strings.TrimSuffix(long, ",") + "}"
	for doc, want := range map[string]string{
		`{}`: "", `null`: "", `[]`: "", `"text"`: "",
		`{"2-9,4":"a","":"b"}`:                        "2-9,4=a =b",
		`{"a":{"x":"1","y":2},"b":{"x":"3"},"c":[1]}`: "a=(x 1)(y 2) b=(x 3) c=",
		`[{"x":"1"},"two"]`:                           "=(x 1) =two",
		`{"\u0061":"1", "b" : "2" }`:                  "a=1 b=2",
	} {
		if got, err := members(doc); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", doc, got, err, want)
		}
	}
	if got, err := members(long); err != nil || !strings.HasSuffix(got, "k99=99") {
		t.Errorf("of 100 members came %q, %v", got, err)
	}
	for _, doc := range []string{`{"a":"1","a":"2"}`, `{"a":"1","\u0061":"2"}`, `{"a":{"b":"1","b":"2"}}`, twice, `{"a"}`, `{"a":}`, `{"a":"1"`, `{"a":"1",}`, `{a:1}`, `{"a":"1"}{}`} {
		if got, err := members(doc); err == nil {
			t.Errorf("%.60s was read as %q", doc, got)
		}
	}
	r := NewJSON([]byte(`{"a":{"v":"1"},"b":{"v":"2"}}`))
	defer r.Close()
	read := ""
	for m := r.Members(); m.Next(); {
		mark := r.Mark()
		for range 2 {
			r.Rewind(mark)
			for o := r.Object(valueKeys); o.Next(); {
				read += m.Name() + r.View()
			}
		}
	}
	if err := r.End(); err != nil || read != "a1a1b2b2" {
		t.Errorf("read twice = %q, %v", read, err)
	}
}
