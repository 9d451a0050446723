package mapped

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itchyny/gojq"
)

// The bounds of one evaluation. A real document of 400 offers takes some 100,000 steps and a
// few milliseconds.
const (
	maxProgram      = 8 << 10 // bytes
	maxInstructions = 3_000_000
	maxMade         = 64 << 20               // bytes of texts and lists that functions make
	maxTime         = 500 * time.Millisecond // of the processor's
	checkEvery      = 1024                   // steps between looks at the clock
)

// Program is a jq expression that is safe to run on a partner's document: it knows only the
// functions of the allow-list, and steps, time and memory are bounded.
type Program struct{ code *gojq.Code }

// budgetVariable is where a run's budget is handed to the functions that make something.
const budgetVariable = "$__budget"

// functions is the allow-list: name/arity, and what a call is charged for before it is made.
var functions = map[string]charge{
	"empty/0": nothing, "length/0": nothing, "not/0": nothing, "type/0": nothing, "tonumber/0": nothing, "values/0": nothing, "nulls/0": nothing,
	"strings/0": nothing, "numbers/0": nothing, "arrays/0": nothing, "objects/0": nothing, "scalars/0": nothing, "booleans/0": nothing, "iterables/0": nothing,
	"has/1": nothing, "in/1": nothing, "select/1": nothing, "first/0": nothing, "first/1": nothing, "last/0": nothing, "contains/1": nested, "inside/1": nested,
	"index/1": own, "rindex/1": own, "startswith/1": nothing, "endswith/1": nothing, "ltrimstr/1": nothing, "rtrimstr/1": nothing,
	"ltrim/0": nothing, "rtrim/0": nothing, "trim/0": nothing, "any/0": nothing, "any/1": nothing, "any/2": nothing, "all/0": nothing, "all/1": nothing, "all/2": nothing,
	"floor/0": nothing, "round/0": nothing, "ceil/0": nothing, "abs/0": nothing, "min/0": own, "max/0": own, "min_by/1": own, "max_by/1": own,
	"keys/0": own, "keys_unsorted/0": own, "reverse/0": own, "sort/0": own, "sort_by/1": own, "group_by/1": own, "unique/0": own, "unique_by/1": own,
	"map/1": nothing, "to_entries/0": own, "from_entries/0": own, "with_entries/1": own, "flatten/0": nested, "flatten/1": nested, "add/0": inner, "join/1": inner,
	"split/1": pieces, "ascii_downcase/0": own, "ascii_upcase/0": own, "tostring/0": nested, "test/1": own, "todate/0": nothing, "tojson/0": nested,
}

// charge is what a function may make of its input: nothing, as much as it has members or
// bytes, a member for each byte, as much as its members have in turn, or as much as stands in
// it at any depth.
type charge string

const (
	nothing charge = ""
	own     charge = "_own"
	pieces  charge = "_pieces"
	inner   charge = "_inner"
	nested  charge = "_nested"
)

// Compile checks and compiles an expression. Its error says what is refused and why.
func Compile(text string) (*Program, error) {
	if len(text) > maxProgram {
		return nil, fmt.Errorf("%d bytes long; at most %d", len(text), maxProgram)
	}
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("not jq: %w", err)
	}
	if err := new(bounder).query(query); err != nil {
		return nil, err
	}
	code, err := gojq.Compile(query, gojq.WithVariables([]string{budgetVariable, "$query"}),
		gojq.WithFunction("_own", 1, 1, charged(sizeOwn)), gojq.WithFunction("_pieces", 1, 1, charged(sizePieces)),
		gojq.WithFunction("_inner", 1, 1, charged(sizeInner)), gojq.WithFunction("_nested", 1, 1, charged(sizeNested)),
		gojq.WithFunction("_product", 3, 3, product), gojq.WithFunction("_sum", 3, 3, sum), gojq.WithFunction("_concat", 1, maxConcat, concat))
	if err != nil {
		return nil, fmt.Errorf("not jq: %w", err)
	}
	return &Program{code}, nil
}

// Run evaluates the program and calls yield with each result, until yield returns false. The
// error is one of the program's own, or says which bound it ran into.
func (p *Program) Run(ctx context.Context, input any, variables map[string]any, yield func(any) bool) error {
	return p.runWithin(ctx, maxTime, input, variables, yield)
}

// runWithin is Run with another bound on its time.
func (p *Program) runWithin(ctx context.Context, within time.Duration, input any, variables map[string]any, yield func(any) bool) error {
	b := &budget{Context: ctx, left: maxMade, within: within, end: time.Now().Add(within)}
	results := p.code.RunWithContext(b, input, b, variables)
	for {
		v, more := results.Next()
		if b.why != nil {
			return b.why
		}
		if !more {
			return nil
		}
		if err, failed := v.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) {
				return errors.New("halted")
			}
			return err
		}
		if !yield(v) {
			return nil
		}
	}
}

// First is the first result, nil if there is none.
func (p *Program) First(ctx context.Context, input any, variables map[string]any) (first any, err error) {
	err = p.Run(ctx, input, variables, func(v any) bool {
		first = v
		return false
	})
	return first, err
}

// budget is what one run may still use. As a context it is asked by the interpreter before
// every step, which is how steps are counted.
type budget struct {
	context.Context
	steps  int
	left   int // bytes that functions may make
	within time.Duration
	end    time.Time
	why    error // which bound was reached
}

var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Done counts a step, and is closed once a bound has been reached.
func (b *budget) Done() <-chan struct{} {
	b.steps++
	switch {
	case b.why != nil:
	case b.steps > maxInstructions:
		b.why = fmt.Errorf("takes more than %d steps", maxInstructions)
	case b.steps%checkEvery == 0 && time.Now().After(b.end):
		b.why = fmt.Errorf("takes more than %v", b.within)
	case b.steps%checkEvery == 0 && b.Context.Err() != nil:
		b.why = b.Context.Err()
	default:
		return nil
	}
	return closed
}

// Err is why the run has ended.
func (b *budget) Err() error { return b.why }

// take charges bytes, and is false once there are none left.
func (b *budget) take(bytes int) error {
	if b.left -= bytes; b.left < 0 {
		b.why = fmt.Errorf("makes more than %d MiB", maxMade>>20)
		return b.why
	}
	return nil
}

// bounder walks an expression, refuses what is not allowed, and puts charged functions in the
// place of those that make something.
type bounder struct{ depth int }

// maxNesting bounds the walk; people write less than ten.
const maxNesting = 100

func (b *bounder) query(q *gojq.Query) error {
	if q == nil {
		return nil
	}
	if b.depth++; b.depth > maxNesting {
		return errors.New("nested too deeply")
	}
	defer func() { b.depth-- }()
	switch {
	case len(q.FuncDefs) > 0:
		return errors.New("def is not allowed")
	case len(q.Imports) > 0 || q.Meta != nil:
		return errors.New("import and include are not allowed")
	case q.Term != nil:
		return b.term(q.Term)
	}
	if err := errors.Join(b.query(q.Left), b.patterns(q.Patterns), b.query(q.Right)); err != nil {
		return err
	}
	switch q.Op {
	case gojq.OpAdd:
		rewrite(q, "_sum")
	case gojq.OpMul:
		rewrite(q, "_product")
	case gojq.OpAssign, gojq.OpModify, gojq.OpUpdateAdd, gojq.OpUpdateSub, gojq.OpUpdateMul, gojq.OpUpdateDiv, gojq.OpUpdateMod, gojq.OpUpdateAlt:
		return fmt.Errorf("%s is not allowed", q.Op)
	}
	return nil
}

// rewrite makes a call of an operator, with the budget as its last argument.
func rewrite(q *gojq.Query, name string) {
	call := &gojq.Func{Name: name, Args: []*gojq.Query{q.Left, q.Right, budgetQuery()}}
	*q = gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: call}}
}

func budgetQuery() *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: budgetVariable}}}
}

func (b *bounder) term(t *gojq.Term) error {
	var err error
	switch t.Type {
	case gojq.TermTypeFunc:
		err = b.function(t)
	case gojq.TermTypeFormat:
		return fmt.Errorf("%s is not allowed", t.Format)
	case gojq.TermTypeReduce, gojq.TermTypeForeach, gojq.TermTypeLabel, gojq.TermTypeBreak:
		return errors.New("reduce, foreach, label and break are not allowed")
	case gojq.TermTypeObject:
		for _, kv := range t.Object.KeyVals {
			if strings.HasPrefix(kv.Key, "$__") {
				return fmt.Errorf("%s is not defined", kv.Key)
			}
			err = errors.Join(err, b.text(kv.KeyString), b.query(kv.KeyQuery), b.query(kv.Val))
		}
	case gojq.TermTypeArray:
		err = b.query(t.Array.Query)
	case gojq.TermTypeUnary:
		err = b.term(t.Unary.Term)
	case gojq.TermTypeString:
		err = b.concat(t)
	case gojq.TermTypeIf:
		err = errors.Join(b.query(t.If.Cond), b.query(t.If.Then), b.query(t.If.Else))
		for _, elif := range t.If.Elif {
			err = errors.Join(err, b.query(elif.Cond), b.query(elif.Then))
		}
	case gojq.TermTypeTry:
		err = errors.Join(b.query(t.Try.Body), b.query(t.Try.Catch))
	case gojq.TermTypeQuery:
		err = b.query(t.Query)
	case gojq.TermTypeIndex:
		err = b.index(t.Index)
	}
	for _, s := range t.SuffixList {
		if s.Index != nil {
			err = errors.Join(err, b.index(s.Index))
		}
	}
	return err
}

func (b *bounder) index(i *gojq.Index) error {
	return errors.Join(b.text(i.Str), b.query(i.Start), b.query(i.End))
}

// text is a string that stands where only a string can: without anything put into it.
func (b *bounder) text(s *gojq.String) error {
	if s != nil && len(s.Queries) > 0 {
		return errors.New(`a text with \(…) in it is not allowed as a key`)
	}
	return nil
}

func (b *bounder) patterns(all []*gojq.Pattern) error {
	for _, p := range all {
		if strings.HasPrefix(p.Name, "$__") {
			return fmt.Errorf("%s cannot be a variable", p.Name)
		}
		if err := b.patterns(p.Array); err != nil {
			return err
		}
		for _, o := range p.Object {
			if strings.HasPrefix(o.Key, "$__") {
				return fmt.Errorf("%s cannot be a variable", o.Key)
			}
			if err := errors.Join(b.text(o.KeyString), b.query(o.KeyQuery)); err != nil {
				return err
			}
			if o.Val != nil {
				if err := b.patterns([]*gojq.Pattern{o.Val}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// function lets a call of the allow-list through, charged for what it may make.
func (b *bounder) function(t *gojq.Term) error {
	f := t.Func
	for _, a := range f.Args {
		if err := b.query(a); err != nil {
			return err
		}
	}
	if strings.HasPrefix(f.Name, "$") {
		if strings.HasPrefix(f.Name, "$__") || f.Name == "$ENV" {
			return fmt.Errorf("%s is not defined", f.Name)
		}
		return nil
	}
	cost, allowed := functions[fmt.Sprintf("%s/%d", f.Name, len(f.Args))]
	if !allowed {
		return fmt.Errorf("the function %s with %d arguments is not allowed", f.Name, len(f.Args))
	}
	if cost == nothing {
		return nil
	}
	call := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: f}}
	pay := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: string(cost), Args: []*gojq.Query{budgetQuery()}}}}
	t.Type, t.Func, t.Query = gojq.TermTypeQuery, nil, &gojq.Query{Left: pay, Op: gojq.OpPipe, Right: call}
	return nil
}

// maxConcat is how many arguments a function of ours may have; one of them is the budget.
const maxConcat = 30

// concat makes a call of a text that has expressions in it.
func (b *bounder) concat(t *gojq.Term) error {
	if len(t.Str.Queries) == 0 {
		return nil
	}
	if len(t.Str.Queries) >= maxConcat {
		return fmt.Errorf("a text with more than %d parts", maxConcat-1)
	}
	for _, q := range t.Str.Queries {
		if err := b.query(q); err != nil {
			return err
		}
	}
	t.Type, t.Func, t.Str = gojq.TermTypeFunc, &gojq.Func{Name: "_concat", Args: append(slices.Clone(t.Str.Queries), budgetQuery())}, nil
	return nil
}
