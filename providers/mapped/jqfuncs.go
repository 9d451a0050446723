package mapped

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
)

// perMember is about what a member of a list or object costs, in bytes.
const perMember = 24

func sizeOwn(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		return perMember * len(v)
	case map[string]any:
		return perMember * len(v)
	}
	return 0
}

// sizePieces is for a text that is cut at every character.
func sizePieces(v any) int {
	if s, ok := v.(string); ok {
		return perMember * len(s)
	}
	return sizeOwn(v)
}

func sizeInner(v any) int {
	n := sizeOwn(v)
	switch v := v.(type) {
	case []any:
		for _, m := range v {
			n += sizeOwn(m)
		}
	case map[string]any:
		for _, m := range v {
			n += sizeOwn(m)
		}
	}
	return n
}

// sizeNested stops once it is more than any budget.
func sizeNested(v any) int { return nestedSize(v, maxMade+1) }

func nestedSize(v any, most int) int {
	n := sizeOwn(v)
	each := func(m any) {
		if n <= most {
			n += nestedSize(m, most-n)
		}
	}
	switch v := v.(type) {
	case []any:
		for _, m := range v {
			each(m)
		}
	case map[string]any:
		for k, m := range v {
			n += len(k)
			each(m)
		}
	}
	return n
}

// charged is a function that returns its input and charges for its size.
func charged(size func(any) int) func(any, []any) any {
	return func(v any, args []any) any {
		if err := args[0].(*budget).take(size(v)); err != nil {
			return err
		}
		return v
	}
}

// maxDigits bounds whole numbers: nothing that is counted has more.
const maxDigits = 64

// sum is the operator +.
func sum(_ any, args []any) any {
	l, r, b := args[0], args[1], args[2].(*budget)
	if l == nil {
		return r
	}
	if r == nil {
		return l
	}
	if err := b.take(sizeOwn(l) + sizeOwn(r)); err != nil {
		return err
	}
	switch l := l.(type) {
	case string:
		if r, ok := r.(string); ok {
			return l + r
		}
	case []any:
		if r, ok := r.([]any); ok {
			return append(l[:len(l):len(l)], r...)
		}
	case map[string]any:
		if r, ok := r.(map[string]any); ok {
			both := maps.Clone(l)
			maps.Copy(both, r)
			return both
		}
	}
	return arithmetic("+", l, r)
}

// product is the operator * of numbers; texts and objects have none here.
func product(_ any, args []any) any { return arithmetic("*", args[0], args[1]) }

func arithmetic(op string, l, r any) any {
	if a, ok := l.(int); ok {
		if b, ok := r.(int); ok {
			return whole(op, big.NewInt(int64(a)), big.NewInt(int64(b)))
		}
	}
	a, aOK := float(l)
	b, bOK := float(r)
	switch {
	case !aOK || !bOK:
		return fmt.Errorf("%s of %s and %s is not allowed: amounts are texts here, as they are printed", op, typeOf(l), typeOf(r))
	case op == "+":
		return a + b
	}
	return a * b
}

func whole(op string, a, b *big.Int) any {
	n := new(big.Int)
	if op == "+" {
		n.Add(a, b)
	} else {
		n.Mul(a, b)
	}
	if !n.IsInt64() {
		return errors.New("a number that is too large")
	}
	return int(n.Int64())
}

func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a text"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "a number"
}

// concat is a text with expressions in it; only texts, numbers and booleans can be put there.
func concat(_ any, args []any) any {
	b := args[len(args)-1].(*budget)
	var text strings.Builder
	for _, part := range args[:len(args)-1] {
		s, ok := scalarText(part)
		if !ok {
			return fmt.Errorf("%s cannot stand in a text", typeOf(part))
		}
		if err := b.take(len(s)); err != nil {
			return err
		}
		text.WriteString(s)
	}
	return text.String()
}

// scalarText is a text, number or boolean as a text.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case *big.Int:
		return clip(v.String(), maxDigits), true
	}
	return "", false
}

func clip(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
