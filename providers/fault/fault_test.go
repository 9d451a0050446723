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
		t.Fatalf("%d statuses, %d causes: the sets of docs/definitions.md 1 are larger", len(statuses), len(causes))
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
		if cause.Message() == "" {
			t.Errorf("cause %s says nothing to travellers", cause)
		}
	}
}

func TestEffects(t *testing.T) {
	for cause, want := range map[Cause]Effect{
		NoInventory: Success, Deadline: Failure, StillRunning: Neither, Blocked: Neither, Refused: Failure, HTTP4xx: Neither, HTTP5xx: Failure,
		Malformed: Failure, PartnerError: Failure, InvalidOffers: Failure, HTTP429: Neither, Quota: Neither, Cancelled: Neither,
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
		{fmt.Errorf("read: %w", context.Canceled), Cancelled},
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

// TestOfCalls: the first failure in the order of the question stands for all of them.
func TestOfCalls(t *testing.T) {
	down, limited, refused := New(HTTP5xx, nil), New(HTTP429, nil), New(Unauthorized, nil)
	limited.RetryAfter = 1
	longer := New(HTTP429, nil)
	longer.RetryAfter = 2
	for _, test := range []struct {
		name     string
		answered bool
		errs     []error
		cause    Cause
		effect   Effect
		account  *Error
	}{
		{"all failed", false, []error{down, limited}, HTTP5xx, Failure, limited},
		{"some failed", true, []error{nil, limited, down}, HTTP429, Success, limited},
		{"the longest pause", true, []error{down, limited, longer, limited}, HTTP5xx, Success, longer},
		{"refused credentials come first", true, []error{down, longer, refused, limited}, HTTP5xx, Success, refused},
		{"nothing about the account", true, []error{down, nil}, HTTP5xx, Success, nil},
		{"nobody waits", true, []error{nil, New(Cancelled, nil)}, Cancelled, Neither, nil},
		{"of parts", true, []error{OfCalls(true, down, limited), nil}, HTTP5xx, Success, limited},
	} {
		e := Of(OfCalls(test.answered, test.errs...))
		account := e.Account()
		if e.Cause != test.cause || e.Effect() != test.effect || e.Partial != test.answered || (account == nil) != (test.account == nil) {
			t.Errorf("%s: %v, partial %v, effect %d, account %v", test.name, e, e.Partial, e.Effect(), account)
			continue
		}
		if account != nil && (account.Cause != test.account.Cause || account.RetryAfter != test.account.RetryAfter) {
			t.Errorf("%s: account %v after %d, want %v after %d", test.name, account, account.RetryAfter, test.account, test.account.RetryAfter)
		}
		if e.Retryable() && test.answered {
			t.Errorf("%s: may be made again", test.name)
		}
	}
	if err := OfCalls(true, nil, nil); err != nil || down.Partial || down.Others != nil {
		t.Errorf("calls that succeeded: %v; the errors themselves stay as they are: %+v", err, down)
	}
}
