package merge

import (
	"slices"
	"strings"

	"fanfare/providers/places"
	"fanfare/providers/travel"
)

// roomWords are words of rooms' names as reservation systems shorten them.
var roomWords = renamed(
	`double: dbl doble doppelzimmer doppel dz matrimonial matrimoniale`, `single: sgl sngl einzelzimmer einzel ez individual singola`,
	`twin: twn zweibettzimmer zweibett`, `triple: tpl trpl trp dreibettzimmer dreibett tripla`, `quad: quadruple qdp vierbettzimmer vierbett cuadruple`,
	`family: fam familienzimmer familiar familiale`, `suite: ste suites`, `juniorsuite: jsu jnrsuite jrsuite`, `apartment: apt apartamento appartement`,
	`studio: std-studio`, `superior: sup spr superieure`, `deluxe: dlx delux luxe`, `executive: exec exe`, `king: kng kingsize`, `queen: qn queensize`,
	`view: vue vista blick`, `sea: ocean meer mer mar`, `balcony: balkon balcon`, `dormitory: dorm schlafsaal`, `accessible: acc disabled wheelchair`,
	`bunk: bunkbed`, `penthouse: ph`,
)

// roomNoise are words that do not tell one room from another: what a rate's other fields
// say, and a room without any other word is a standard one.
var roomNoise = wordSet(`room rooms bed beds size sized zimmer chambre habitacion camera standard std classic basic with w and or of the a an in for to
	only breakfast included incl free wifi internet non refundable nonrefundable refund flexible rate nonsmoking smoking no nsmk ns guest guests adult adults person persons pax private bathroom ensuite ro bb hb fb ai`)

// bedWords are those that a number of beds may stand before.
var bedWords = wordSet(`king queen double twin single bunk sofa full`)

// roomClass is what a room's name says about room and beds: its words without noise,
// sorted, so that "DOUBLE OR TWIN STANDARD" and "Standard twin or double room" are one.
// A name in which nothing tells is itself.
func roomClass(name string) string {
	folded := strings.Fields(places.Fold(name))
	for i, w := range folded {
		folded[i] = cmpOr(numerals[w], cmpOr(roomWords[w], w))
	}
	words := make([]string, 0, len(folded))
	for i, w := range folded {
		switch {
		case w == "junior" && i+1 < len(folded) && folded[i+1] == "suite":
			words = append(words, "juniorsuite")
			folded[i+1] = "room"
		case roomNoise[w]:
		case w >= "1" && w <= "9" && len(w) == 1: // 2 double beds; one is no matter, and neither are sizes
			if w != "1" && i+1 < len(folded) && bedWords[folded[i+1]] {
				words = append(words, w+"x")
			}
		default:
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return strings.Join(folded, " ")
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

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
	name := cmpOr(q.Rate.Room, q.Rate.RoomCode)
	class, known := k.classes[name]
	if !known {
		class = roomClass(name)
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
