package fault

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// declared are the constants of a type in fault.go.
func declared(t *testing.T, typeName string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == typeName {
			text := spec.Values[0].(*ast.BasicLit).Value
			values = append(values, text[1:len(text)-1])
		}
		return true
	})
	return values
}

func TestEveryCauseHasItsRow(t *testing.T) {
	statuses := declared(t, "Status")
	causes := declared(t, "Cause")
	if len(statuses) != 16 || len(causes) < 30 {
		t.Fatalf("%d statuses, %d causes: the sets of definitions 1 are larger", len(statuses), len(causes))
	}
	for _, c := range causes {
		cause := Cause(c)
		if cause == None {
			continue
		}
		if !slices.Contains(Causes(), cause) {
			t.Errorf("cause %s has no row in the table", cause)
		}
		if !slices.Contains(statuses, string(cause.Status())) {
			t.Errorf("cause %s belongs to status %q, which there is not", cause, cause.Status())
		}
		if cause.Words() == "" {
			t.Errorf("cause %s says nothing to travellers", cause)
		}
	}
}

func TestEffects(t *testing.T) {
	for cause, want := range map[Cause]Effect{
		NoInventory: Success, Deadline: Failure, StillRunning: Neither, Blocked: Neither, Refused: Failure, HTTP4xx: Neither, HTTP5xx: Failure,
		Malformed: Failure, PartnerError: Failure, InvalidOffers: Failure, HTTP429: Neither, Quota: Neither, Left: Neither,
	} {
		if got := cause.Effect(); got != want {
			t.Errorf("%s: effect %d, want %d", cause, got, want)
		}
	}
}

func TestOf(t *testing.T) {
	refused := New(Refused, nil)
	for _, test := range []struct {
		err  error
		want Cause
	}{
		{fmt.Errorf("search: %w", refused), Refused},
		{fmt.Errorf("read: %w", context.DeadlineExceeded), Deadline},
		{fmt.Errorf("read: %w", context.Canceled), Left},
		{errors.New("what is this"), Malformed},
	} {
		if got := Of(test.err); got.Cause != test.want {
			t.Errorf("Of(%v) = %v, want %s", test.err, got, test.want)
		}
	}
	if Of(nil) != nil {
		t.Error("Of(nil) is an error")
	}
}

func TestJudge(t *testing.T) {
	failed := &Error{Status: CircuitOpen, Cause: HTTP5xx}
	for _, test := range []struct {
		kept  int
		err   error
		want  Status
		cause Cause
	}{{3, nil, OK, None}, {0, nil, NoHit, NoInventory}, {0, failed, CircuitOpen, HTTP5xx}, {3, failed, CircuitOpen, HTTP5xx}} {
		if status, cause := Judge(test.kept, test.err); status != test.want || cause != test.cause {
			t.Errorf("Judge(%d, %v) = %s/%s, want %s/%s", test.kept, test.err, status, cause, test.want, test.cause)
		}
	}
}
