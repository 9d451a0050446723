package match

import (
	"cmp"
	"slices"
	"strings"

	"fanfare/providers/places"
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

// RoomClass is what a room's name says about room and beds: its words without noise,
// sorted, so that "DOUBLE OR TWIN STANDARD" and "Standard twin or double room" are one.
// A name in which nothing tells is itself.
func RoomClass(name string) string {
	folded := strings.Fields(places.Fold(name))
	for i, w := range folded {
		folded[i] = cmp.Or(numerals[w], cmp.Or(roomWords[w], w))
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
