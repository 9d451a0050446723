package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
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

func TestEach(t *testing.T) {
	errs := Each(9, func(i int) error {
		switch i {
		case 3:
			return errors.New("three")
		case 5:
			panic("five")
		}
		return nil
	})
	for i, err := range errs {
		if bad := i == 3 || i == 5; (err != nil) != bad {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if fault.Of(errs[5]).Cause != fault.Panic {
		t.Errorf("a panic became %v", errs[5])
	}
}

func TestMerged(t *testing.T) {
	one := travel.Answer{OffersIn: 3, Drops: map[string]int{"no_price": 2}, Notes: map[string]int{"recheck": 1},
		Stays: []travel.Stay{{Rates: []travel.Rate{{Price: travel.Price{Total: travel.Money{Minor: 1, Currency: "EUR"}}}}}}}
	failed := fault.Newf(fault.Deadline, "late")
	a, err := Merged([]travel.Answer{one, {}, one}, []error{nil, failed, nil})
	if e := fault.Of(err); e == nil || !e.Partial || e.Cause != fault.Deadline || failed.Partial || a.OffersIn != 6 || a.OffersKept() != 2 || a.Drops["no_price"] != 4 || a.Notes["recheck"] != 2 || a.Notes["calls_failed"] != 1 {
		t.Errorf("Merged() = %+v, %v", a, err)
	}
	if _, err := Merged(make([]travel.Answer, 2), []error{failed, errors.New("other")}); fault.Of(err).Partial || fault.Of(err).Err != failed.Err || len(fault.Of(err).Others) != 1 {
		t.Errorf("all failed: %v, want the first, and the other beside it", err)
	}
	part := fault.OfCalls(true, failed)
	if a, err := Merged([]travel.Answer{one}, []error{part}); !fault.Of(err).Partial || a.OffersKept() != 1 {
		t.Errorf("one call that failed in part: %d kept, %v", a.OffersKept(), err)
	}
	if a, err := Merged(nil, nil); err != nil || a.OffersIn != 0 {
		t.Errorf("no call: %+v, %v", a, err)
	}
}
