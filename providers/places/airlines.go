package places

import (
	"cmp"
	"slices"

	"fanfare/providers/travel"
)

// Airline returns the airline of that code.
func (a *Atlas) Airline(code travel.Carrier) (Airline, bool) {
	i, ok := slices.BinarySearchFunc(a.airlines, code, func(l Airline, c travel.Carrier) int { return cmp.Compare(l.Code, c) })
	if !ok {
		return Airline{}, false
	}
	return a.airlines[i], true
}

// Airlines returns every airline, sorted by code. It must not be modified.
func (a *Atlas) Airlines() []Airline { return a.airlines }
