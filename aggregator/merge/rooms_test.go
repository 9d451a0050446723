package merge

import (
	"testing"
	"time"

	"fanfare/providers/travel"
)

// The room key has all that docs/definitions.md 5.7 names, and neither partner nor price.
func TestRoomKeys(t *testing.T) {
	base := travel.Rate{Room: "Double", Board: travel.RoomOnly, Payment: travel.PayNow, Rooms: []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: 2}}}}
	quote := func(change func(*travel.Rate)) travel.RateQuote {
		r := base
		change(&r)
		q := travel.RateQuote{Rate: &r}
		k := keyed{map[string]string{}, map[key]string{}}
		k.set(&hasher{}, &q)
		return q
	}
	first := quote(func(*travel.Rate) {})
	for _, test := range []struct {
		name       string
		change     func(*travel.Rate)
		room, same bool
	}{
		{"another price", func(r *travel.Rate) { r.Price.Total.Minor, r.PartnerRef = 7, "x" }, true, true},
		{"the name written otherwise", func(r *travel.Rate) { r.Room = "STANDARD DBL ROOM" }, true, true},
		{"another room", func(r *travel.Rate) { r.Room = "Suite" }, false, false},
		{"other beds", func(r *travel.Rate) { r.Room = "Twin" }, false, false},
		{"other guests", func(r *travel.Rate) {
			r.Rooms = []travel.RateRoom{{Count: 1, Occupancy: travel.Occupancy{Adults: 1}}}
		}, false, false},
		{"another board", func(r *travel.Rate) { r.Board = travel.HalfBoard }, true, false},
		{"another deadline", func(r *travel.Rate) { r.Cancellation.FreeUntil = time.Unix(1, 0) }, true, false},
		{"no refund", func(r *travel.Rate) { r.Cancellation.Refundable = travel.No }, true, false},
		{"paid later", func(r *travel.Rate) { r.Payment = travel.PayAtProperty }, true, false},
		{"a deposit now", func(r *travel.Rate) { r.Payment = travel.PayDeposit }, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := quote(test.change)
			if (q.Room == first.Room) != test.room || (q.RoomKey == first.RoomKey) != test.same {
				t.Errorf("same room %v, same key %v; want %v, %v", q.Room == first.Room, q.RoomKey == first.RoomKey, test.room, test.same)
			}
		})
	}
}
