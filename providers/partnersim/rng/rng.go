// Package rng is the random source of simulated partners: seeded, and independent of the order in
// which it is asked.
package rng

// RNG is a source of seeded choices. Naming what is decided (Str, Num) gives a
// new source, and drawing changes none, so that every choice depends only on the seed
// and on its own name, never on the order in which the world is looked at.
type RNG uint64

// finish is the finaliser of SplitMix64: every bit of x reaches every bit of the result.
func finish(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// Num is the source for one of numbered things.
func (d RNG) Num(n int64) RNG {
	return RNG(finish(uint64(d) + 0x9e3779b97f4a7c15 ^ uint64(n)*0xd6e8feb86659fd93))
}

// Str is the source for a decision or a thing with this name.
func (d RNG) Str(s string) RNG {
	h := uint64(d) ^ 0xcbf29ce484222325
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3 // FNV-1a
	}
	return RNG(finish(h + uint64(len(s))))
}

// Roll is 0 to n-1.
func (d RNG) Roll(n int) int { return int(finish(uint64(d)) >> 33 % uint64(n)) }

// Between is low to high, both included.
func (d RNG) Between(low, high int) int { return low + d.Roll(high-low+1) }

// Chance is true in permille of 1000 cases.
func (d RNG) Chance(permille int) bool { return d.Roll(1000) < permille }

// Unit is 0 to just under 1.
func (d RNG) Unit() float64 { return float64(finish(uint64(d))>>11) / (1 << 53) }

// Permille is x scaled by p thousandths, rounded half up. Prices are integers of
// minor units throughout; this is the only arithmetic that rounds.
func Permille(x int64, p int) int64 { return (x*int64(p) + 500) / 1000 }

func Pick[T any](d RNG, from []T) T { return from[d.Roll(len(from))] }

// ID is an identifier of the vendor's looks: a prefix and n letters and digits.
func ID(prefix string, d RNG, n int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	out := make([]byte, 0, len(prefix)+n)
	out = append(out, prefix...)
	for i := 0; i < n; {
		d = d.Num(int64(n))
		for x := uint64(d); x > 62 && i < n && len(out) < cap(out); i++ {
			out = append(out, digits[x%62])
			x /= 62
		}
	}
	return string(out)
}
