package partnersim

import (
	"strconv"
	"strings"
)

// Words of which hotels' names are made. No two of these make a chain of this world's neighbour.
var (
	hotelAdjectives = strings.Fields(`Grand Royal Old Golden Silver Copper Blue Green White Quiet Little Imperial Central Marble Amber
Velvet Crystal Garden Harbour Castle Bridge Station Market Palace Abbey Orchard Riverside Hillside Lakeside Northern Southern`)
	hotelNouns = strings.Fields(`Lantern Trumpet Falcon Heron Anchor Compass Larch Linden Elm Chestnut Mill Mitre Bell Crown Rose Thistle
Swan Stag Fox Otter Pavilion Terrace Gallery Observatory Conservatory Court Gate Quay Arcade Fountain Belvedere Meridian`)
	hotelChains = []string{"Northgate", "Corvina", "Halden Suites", "Maison Perle", "Brightwater", "Casa Olmo", "Stellan", "Parkline", "Novabelle", "Inn & Out"}
	zoneNames   = []string{"City Centre", "Old Town", "Station Quarter", "Riverside", "West End", "Airport", "Exhibition Grounds", "Harbour", "North", "South"}
)

// hotelName is a property's own name; city is added by those partners that do so.
func hotelName(d dice, stars int) string {
	switch {
	case d.chance(260):
		return pick(d.str("chain"), hotelChains) + " " + pick(d.str("noun"), hotelNouns)
	case stars >= 4 && d.str("the").chance(400):
		return "The " + pick(d.str("adjective"), hotelAdjectives) + " " + pick(d.str("noun"), hotelNouns)
	case stars <= 2 && d.str("hostel").chance(350):
		return pick(d.str("adjective"), hotelAdjectives) + " " + pick(d.str("noun"), hotelNouns) + " Hostel"
	case d.str("front").chance(450):
		return "Hotel " + pick(d.str("adjective"), hotelAdjectives) + " " + pick(d.str("noun"), hotelNouns)
	}
	return pick(d.str("adjective"), hotelAdjectives) + " " + pick(d.str("noun"), hotelNouns) + " Hotel"
}

// nameBy is the property's name as one partner writes it: most alike, some with
// the city, some with the word hotel moved or left out, some in capitals.
func (p *property) nameBy(d dice) string {
	name := p.name
	switch d.roll(7) {
	case 0:
		return name + " " + p.town.name
	case 1:
		return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "Hotel "), "The "), " Hotel")
	case 2:
		if rest, ok := strings.CutPrefix(name, "Hotel "); ok {
			return rest + " Hotel"
		}
		return name + ", " + p.town.name
	case 3:
		return strings.ToUpper(name)
	}
	return name
}

// streetBy is where the property stands, as one partner writes it: the house and its
// street are its own, whoever sells it.
func (p *property) streetBy(d dice) string {
	number, street := strconv.Itoa(p.id.str("house").between(1, 180)), pick(p.id.str("street"), hotelNouns)
	switch d.str("street").roll(4) {
	case 0:
		return number + " " + street + " St"
	case 1:
		return street + " Street " + number
	}
	return number + " " + street + " Street"
}
