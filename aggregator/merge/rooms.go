package merge

import (
	"cmp"

	"fanfare/aggregator/merge/match"
	"fanfare/providers/travel"
)

// roomKeys are what a rate has in common with rates of other partners at its property:
// the room, with who sleeps in it; and the room under its conditions, which is the room
// key of docs/definitions.md 5.7. Neither has the partner in it.
func roomKeys(h *hasher, r *travel.Rate, class string) (room, conditions key) {
	h.text(class)
	for _, o := range r.Rooms {
		h.number(int64(o.Count))
		h.number(int64(o.Occupancy.Adults))
		h.number(int64(len(o.Occupancy.ChildAges)))
		for _, age := range o.Occupancy.ChildAges {
			h.number(int64(age))
		}
	}
	room = h.key()
	h.buf = append(h.buf, room[:]...)
	h.text(string(r.Board))
	h.number(int64(r.Cancellation.Refundable))
	if !r.Cancellation.FreeUntil.IsZero() {
		h.number(r.Cancellation.FreeUntil.Unix())
	}
	h.number(paidWhen(r.Payment))
	return room, h.key()
}

// paidWhen is 0 unknown, 1 now, 2 later.
func paidWhen(p travel.Payment) int64 {
	switch p {
	case travel.PaymentUnknown:
		return 0
	case travel.PayNow, travel.PayDeposit:
		return 1
	}
	return 2
}

// keyed gives rates their room ids, each text once an answer.
type keyed struct {
	classes map[string]string // by the partner's name of the room
	ids     map[key]string
}

func (k *keyed) set(h *hasher, q *travel.RateQuote) {
	name := cmp.Or(q.Rate.Room, q.Rate.RoomCode)
	class, known := k.classes[name]
	if !known {
		class = match.RoomClass(name)
		k.classes[name] = class
	}
	room, conditions := roomKeys(h, q.Rate, class)
	q.Room, q.RoomKey = k.id(room), k.id(conditions)
}

func (k *keyed) id(of key) string {
	id, known := k.ids[of]
	if !known {
		id = of.id()
		k.ids[of] = id
	}
	return id
}
