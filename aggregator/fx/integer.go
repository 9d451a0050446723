package fx

import (
	"math"
	"math/bits"
)

// pow10 is the powers of ten that fit.
var pow10 = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12}

// scale returns x * mul / div, computed in 128 bits and rounded half away from
// zero: scale(5, 1, 2) = 3, scale(-5, 1, 2) = -3. It is false when the result does
// not fit. div must not be zero.
func scale(x int64, mul, div uint64) (int64, bool) {
	magnitude := uint64(x)
	if x < 0 {
		magnitude = -magnitude
	}
	hi, lo := bits.Mul64(magnitude, mul)
	if hi >= div {
		return 0, false
	}
	quotient, rest := bits.Div64(hi, lo, div)
	if quotient >= math.MaxInt64 {
		return 0, false
	}
	if rest >= div-rest {
		quotient++
	}
	if x < 0 {
		return -int64(quotient), true
	}
	return int64(quotient), true
}

// reduce divides both by their greatest common divisor, which keeps products small.
func reduce(x, y uint64) (uint64, uint64) {
	a, b := x, y
	for b != 0 {
		a, b = b, a%b
	}
	return x / a, y / a
}
