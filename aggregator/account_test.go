package aggregator

import (
	"testing"
	"testing/synctest"
	"time"
)

// What a search holds counts under the cache's bound also when its partners are declared anew: an answer
// of the old declaration stands until the search is asked again.
func TestReloadsLeaveWhatSearchesHoldAccounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prices := make([]int64, 200)
		for i := range prices {
			prices[i] = int64(100 + i)
		}
		agg := start(t, nil, sells("a", 0, prices...))
		s := search(t, agg)
		synctest.Wait()
		next := sells("a", 0, prices...)
		next.version = "2"
		for _, partners := range [][]Partner{*agg.partners.Load(), {next}} {
			shownAt(t, s.Snapshot())
			agg.SetPartners(partners)
			time.Sleep(2 * time.Second) // it is accounted at each tick
			if s.Snapshot().Offers() != len(prices) {
				t.Fatal("the answer does not stand any more")
			}
			held := s.partners[0].standing.Bytes() + mergedBytesPerOffer*int64(len(prices))
			if n := agg.CacheBytes(); n < held {
				t.Errorf("%d bytes accounted, want at least the %d of the answer and its results", n, held)
			}
		}
	})
}
