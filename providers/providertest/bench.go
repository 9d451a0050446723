package providertest

import (
	"testing"

	"fanfare/providers/travel"
)

// Bench measures a decoder beside the standard library's reader of the same document into
// the values that the decoder needs: MB/s, and allocations for each of the offers or rates
// in it. standard is the library's name, such as encoding/json; std returns how many offers
// it found. Sub-benchmarks are named fanfare and standard.
func Bench(b *testing.B, doc []byte, offers int, decode func([]byte) (travel.Answer, error), standard string, std func([]byte) (int, error)) {
	run := func(name string, read func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			allocs := testing.AllocsPerRun(1, func() { read() })
			for b.Loop() {
				if n, err := read(); err != nil || n != offers {
					b.Fatalf("%d offers, %v, want %d", n, err, offers)
				}
			}
			b.ReportMetric(allocs/float64(offers), "allocs/offer")
		})
	}
	run("fanfare", func() (int, error) {
		a, err := decode(doc)
		return a.OffersKept(), err
	})
	run(standard, func() (int, error) { return std(doc) })
}
