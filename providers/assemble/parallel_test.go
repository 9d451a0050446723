package assemble

import (
	"errors"
	"testing"

	"fanfare/providers/fault"
	"fanfare/providers/travel"
)

func TestParallel(t *testing.T) {
	errs := Parallel(9, func(i int) error {
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

func TestMergeAnswers(t *testing.T) {
	one := travel.Answer{OffersIn: 3, Drops: map[string]int{"no_price": 2}, Notes: map[string]int{"recheck": 1},
		Stays: []travel.Stay{{Rates: []travel.Rate{{Price: travel.Price{Total: travel.Money{Minor: 1, Currency: "EUR"}}}}}}}
	failed := fault.Newf(fault.Deadline, "late")
	a, err := MergeAnswers([]travel.Answer{one, {}, one}, []error{nil, failed, nil})
	if e := fault.Of(err); e == nil || !e.Partial || e.Cause != fault.Deadline || failed.Partial || a.OffersIn != 6 || a.OffersKept() != 2 || a.Drops["no_price"] != 4 || a.Notes["recheck"] != 2 || a.Notes["calls_failed"] != 1 {
		t.Errorf("MergeAnswers() = %+v, %v", a, err)
	}
	if _, err := MergeAnswers(make([]travel.Answer, 2), []error{failed, errors.New("other")}); fault.Of(err).Partial || fault.Of(err).Err != failed.Err || len(fault.Of(err).Others) != 1 {
		t.Errorf("all failed: %v, want the first, and the other beside it", err)
	}
	part := fault.OfCalls(true, failed)
	if a, err := MergeAnswers([]travel.Answer{one}, []error{part}); !fault.Of(err).Partial || a.OffersKept() != 1 {
		t.Errorf("one call that failed in part: %d kept, %v", a.OffersKept(), err)
	}
	if a, err := MergeAnswers(nil, nil); err != nil || a.OffersIn != 0 {
		t.Errorf("no call: %+v, %v", a, err)
	}
}
