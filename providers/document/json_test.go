package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"fanfare/providers/travel"
)

var nodeKeys = NewKeys("name", "amount", "kids", "child", "flag", "note", "flat_rate")

// node is read by our reader and by encoding/json.
type node struct {
	Name   string
	Amount string
	Kids   []node
	Child  *node
	Flag   travel.Answered
}

func readNode(r *JSON) node {
	var n node
	for o := r.Object(nodeKeys); o.Next(); {
		switch o.Key() {
		case 0:
			n.Name = r.Text()
		case 1:
			n.Amount = r.Intern()
		case 2:
			for a := r.Array(); a.Next(); {
				n.Kids = append(n.Kids, readNode(r))
			}
		case 3:
			if r.Kind() == '{' {
				child := readNode(r)
				n.Child = &child
			}
		case 4:
			n.Flag = r.Bool()
		}
	}
	return n
}

func read(doc string) (node, error) {
	r := NewJSON([]byte(doc))
	defer r.Close()
	n := readNode(r)
	return n, r.End()
}

func TestJSONReads(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := []struct {
		name, doc string
		want      string // of node with %+v, "" for an error
		reason    string
	}{
		{"empty object", `{}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"space everywhere", " \t\r\n{ \"name\" : \"a\" , \"flag\" : true } \n", "{Name:a Amount: Kids:[] Child:<nil> Flag:2}", ""},
		{"numbers keep their text", `{"amount":12.50,"name":-0.0e+1}`, "{Name:-0.0e+1 Amount:12.50 Kids:[] Child:<nil> Flag:0}", ""},
		{"escapes", `{"name":"a\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00"}`, "{Name:a\"\\/\b\f\n\r\tAé😀 Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"escaped key", `{"n\u0061me":"a"}`, "{Name:a Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"UTF-8", `{"name":"Zürich – 東京 😀"}`, "{Name:Zürich – 東京 😀 Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"null is not stated", `{"name":null,"amount":null,"kids":null,"child":null,"flag":null}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"another type is not stated", `{"name":{},"amount":[1],"kids":"x","child":3,"flag":"true"}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"unread values are stepped over", `{"note":{"a":[1,{"b":"]}"}]},"name":"a"}`, "{Name:a Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"an unknown key twice", `{"x":1,"x":2}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"a known key again further in", `{"name":"a","x":{"name":1,"name":2},"kids":[{"name":"b"}]}`, "{Name:a Amount: Kids:[{Name:b Amount: Kids:[] Child:<nil> Flag:0}] Child:<nil> Flag:0}", ""},
		{"32 levels", `{"x":` + deep(31) + `}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},
		{"32 characters of number", `{"x":12345678901234567890123456789012}`, "{Name: Amount: Kids:[] Child:<nil> Flag:0}", ""},

		{"empty", ``, "", "unexpected end"},
		{"33 levels", `{"x":` + deep(32) + `}`, "", "deeper than 32"},
		{"33 levels, read", strings.Repeat(`{"child":`, 33) + `1` + strings.Repeat(`}`, 33), "", "deeper than 32"},
		{"33 characters of number", `{"x":123456789012345678901234567890123}`, "", "more than 32 characters"},
		{"known key twice", `{"name":"a","name":"a"}`, "", "twice"},
		{"known key twice, unread", `{"note":1,"note":1}`, "", "twice"},
		{"known key twice, escaped", `{"name":"a","\u006eame":"b"}`, "", "twice"},
		{"case variant", `{"NAME":"a"}`, "", "only by case"},
		{"case variant, escaped", `{"\u004eame":"a"}`, "", "only by case"},
		{"case variant beyond ASCII", `{"\u212aids":[]}`, "", "only by case"},
		{"case variant beyond ASCII, raw", "{\"\u212aids\":[]}", "", "only by case"},
		{"byte order mark", "\ufeff{}", "", "byte order mark"},
		{"two documents", `{}{}`, "", "behind the document"},
		{"trailing comma", `{"name":"a",}`, "", "expected a key"},
		{"trailing comma in unknown", `{"x":[1,]}`, "", "expected a value"},
		{"trailing comma in array", `{"kids":[{},]}`, "", "expected a value"},
		{"leading comma in array", `{"kids":[,{}]}`, "", "expected a value"},
		{"no colon", `{"name" "a"}`, "", "colon"},
		{"wrong bracket", `{"x":[1}}`, "", "expected a comma"},
		{"single quotes", `{'name':1}`, "", "expected a key"},
		{"NaN", `{"x":NaN}`, "", "expected a value"},
		{"leading zero", `{"amount":012}`, "", "expected a comma"},
		{"plus", `{"x":+1}`, "", "expected a value"},
		{"point without digit", `{"x":1.}`, "", "invalid number"},
		{"exponent without digit", `{"x":1e}`, "", "invalid number"},
		{"control character", "{\"x\":\"a\nb\"}", "", "control character"},
		{"control character in key", "{\"x\n\":1}", "", "control character"},
		{"bad escape", `{"x":"\x"}`, "", "invalid escape"},
		{"short escape", `{"x":"\u12"}`, "", "invalid escape"},
		{"lone high surrogate", `{"x":"\ud83d"}`, "", "lone surrogate"},
		{"lone low surrogate", `{"x":"\ude00"}`, "", "lone surrogate"},
		{"high surrogate before text", `{"x":"\ud83dabcdef"}`, "", "lone surrogate"},
		{"two high surrogates", `{"x":"\ud83d\ud83d"}`, "", "lone surrogate"},
		{"invalid UTF-8", "{\"x\":\"a\xffb\"}", "", "UTF-8"},
		{"overlong UTF-8", "{\"x\":\"\xc0\xaf\"}", "", "UTF-8"},
		{"surrogate in UTF-8", "{\"x\":\"\xed\xa0\x80\"}", "", "UTF-8"},
		{"open string", `{"x":"abc`, "", "unexpected end"},
		{"open object", `{"x":1`, "", "unexpected end"},
		{"cut literal", `{"x":tru`, "", "expected a value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := read(tt.doc)
			if tt.reason != "" {
				if err == nil || !strings.Contains(err.Error(), tt.reason) {
					t.Fatalf("read(%.60q) = %+v, %v, want an error with %q", tt.doc, n, err, tt.reason)
				}
				return
			}
			if got := fmt.Sprintf("%+v", n); err != nil || got != tt.want {
				t.Errorf("read(%.60q) = %s, %v, want %s", tt.doc, got, err, tt.want)
			}
		})
	}
}

func TestJSONErrorsSayWhere(t *testing.T) {
	_, err := read(`{"kids":[{},{"child":{"name":"a\qb"}}]}`)
	want := `kids[1].child.name at byte 31: invalid escape`
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestJSONCountsMistypedValues(t *testing.T) {
	r := NewJSON([]byte(`{"name":{},"amount":[1],"kids":"x","flag":null}`))
	defer r.Close()
	readNode(r)
	if r.End() != nil || r.Mistyped() != 3 {
		t.Errorf("Mistyped() = %d, %v, want 3: null is no surprise", r.Mistyped(), r.End())
	}
}

func TestJSONRewinds(t *testing.T) {
	r := NewJSON([]byte(`{"child":{"name":"a"},"name":"b"}`))
	defer r.Close()
	var first, second, last string
	for o := r.Object(nodeKeys); o.Next(); {
		if o.Key() != 3 {
			last = r.Text()
			continue
		}
		mark := r.Mark()
		first = readNode(r).Name
		r.Rewind(mark)
		second = readNode(r).Name
	}
	if err := r.End(); err != nil || first != "a" || second != "a" || last != "b" {
		t.Errorf("read %q, again %q, then %q, %v", first, second, last, err)
	}
}

func TestKeptTextsDoNotPinTheBody(t *testing.T) {
	body := []byte(`{"name":"ABC","amount":"1.00"}`)
	r := NewJSON(body)
	n := readNode(r)
	r.Close()
	copy(body, bytes.Repeat([]byte("x"), len(body)))
	if n.Name != "ABC" || n.Amount != "1.00" {
		t.Errorf("after the body was reused: %+v", n)
	}
}

// oracle reads a document by encoding/json. ok is false if it is not valid, or holds
// what we refuse on purpose.
type oracleNode struct {
	Name   json.RawMessage `json:"name"`
	Amount json.RawMessage `json:"amount"`
	Kids   json.RawMessage `json:"kids"`
	Child  json.RawMessage `json:"child"`
	Flag   json.RawMessage `json:"flag"`
}

func oracle(t *testing.T, doc []byte) node {
	var n node
	if doc = bytes.TrimSpace(doc); len(doc) == 0 || doc[0] != '{' {
		return n
	}
	var o oracleNode
	if err := json.Unmarshal(doc, &o); err != nil {
		t.Fatalf("encoding/json refuses %q: %v", doc, err)
	}
	text := func(raw json.RawMessage) string {
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return ""
		}
		switch v := v.(type) {
		case string:
			return v
		case json.Number:
			return v.String()
		}
		return ""
	}
	n.Name, n.Amount = text(o.Name), text(o.Amount)
	if bytes.HasPrefix(o.Kids, []byte("[")) {
		var kids []json.RawMessage
		if err := json.Unmarshal(o.Kids, &kids); err != nil {
			t.Fatal(err)
		}
		for _, k := range kids {
			n.Kids = append(n.Kids, oracle(t, k))
		}
	}
	if bytes.HasPrefix(o.Child, []byte("{")) {
		child := oracle(t, o.Child)
		n.Child = &child
	}
	switch string(o.Flag) {
	case "true":
		n.Flag = travel.Yes
	case "false":
		n.Flag = travel.No
	}
	return n
}

// stricter are the reasons for which we refuse what encoding/json accepts.
var stricter = []string{"twice", "only by case", "deeper than 32", "more than 32 characters", "lone surrogate", "invalid UTF-8"}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"name":"a","kids":[{"amount":1.5e3},{}],"child":{"flag":true},"x":[[1,"\ud83d\ude00"],null]}`,
		`{"NAME":1}`, `{"name":"\u00e9\\ \"é😀"}`, `[1,{"a":{}}]`, `{"kids":[1,[],"2"],"flag":0}`, ` { } `, "{\"x\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		n, err := read(string(doc))
		valid := json.Valid(doc)
		if err != nil {
			if !valid {
				return
			}
			for _, s := range stricter {
				if strings.Contains(err.Error(), s) {
					return
				}
			}
			t.Fatalf("refused %q: %v", doc, err)
		}
		if !valid || !utf8.Valid(doc) {
			t.Fatalf("accepted %q", doc)
		}
		if want := oracle(t, doc); fmt.Sprintf("%+v", flat(n)) != fmt.Sprintf("%+v", flat(want)) {
			t.Fatalf("read %q\n got %+v\nwant %+v", doc, flat(n), flat(want))
		}
	})
}

// flat writes a node with its children's values instead of their addresses.
func flat(n node) string {
	b, _ := json.Marshal(n)
	return string(b)
}

func TestKeys(t *testing.T) {
	var names []string
	for i := range maxKeys {
		names = append(names, fmt.Sprintf("key_%d_of_many", i))
	}
	keys := NewKeys(names...)
	for i, name := range names {
		if got := keys.find([]byte(name)); got != i {
			t.Errorf("find(%q) = %d, want %d", name, got, i)
		}
		if got := keys.find([]byte(strings.ToUpper(name))); got != keyVariant {
			t.Errorf("find(%q) = %d, want a variant", strings.ToUpper(name), got)
		}
		if got := keys.find([]byte(name + "x")); got != keyUnknown {
			t.Errorf("find(%q) = %d, want unknown", name+"x", got)
		}
	}
}

func BenchmarkJSONSkip(b *testing.B) {
	doc := []byte(`[` + strings.Repeat(`{"id":"off_0000AGqEDmRmLG3liMrI12","total":"228.60","list":[1,2,3],"name":"Zürich"},`, 4000) + `0]`)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		r := NewJSON(doc)
		r.Skip()
		if err := r.End(); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}
