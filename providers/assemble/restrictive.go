package assemble

import "fanfare/providers/travel"

// MostRestrictive is the worst of several terms: no before unknown before yes. Its fee is the
// largest that is stated for one passenger, if all state one.
type MostRestrictive struct {
	Unknown bool // some term says nothing

	some   bool // there is a term
	stated bool // some term says something
	no     bool
	noFee  bool // some term has no fee stated
	fee    travel.Money
}

// Add takes another term in.
func (w *MostRestrictive) Add(allowed travel.Answered, fee travel.Money) {
	w.some, w.stated = true, w.stated || allowed != travel.Unknown
	switch {
	case allowed == travel.No:
		w.no = true
	case allowed == travel.Unknown:
		w.Unknown = true
	case !fee.Known() || fee.Minor < 0 || w.fee.Known() && w.fee.Currency != fee.Currency:
		w.noFee = true
	case !w.fee.Known() || fee.Minor > w.fee.Minor:
		w.fee = fee
	}
}

// Some reports whether there was any term, Stated whether one said anything.
func (w *MostRestrictive) Some() bool   { return w.some }
func (w *MostRestrictive) Stated() bool { return w.stated }

// Result is what holds of all terms; unknown if there are none.
func (w *MostRestrictive) Result() (travel.Answered, travel.Money) {
	switch {
	case w.no:
		return travel.No, travel.Money{}
	case !w.some, w.Unknown:
		return travel.Unknown, travel.Money{}
	case w.noFee:
		return travel.Yes, travel.Money{}
	}
	return travel.Yes, w.fee
}
