package world

import (
	"strconv"
	"strings"

	"fanfare/providers/partnersim/rng"
)

// Words of which hotels' names are made. No two of these make a chain of this world's neighbour.
var (
	hotelAdjectives = strings.Fields(`Grand Royal Old Golden Silver Copper Blue Green White Quiet Little Imperial Central Marble Amber
Velvet Crystal Garden Harbour Castle Bridge Station Market Palace Abbey Orchard Riverside Hillside Lakeside Northern Southern`)
	hotelNouns = strings.Fields(`Lantern Trumpet Falcon Heron Anchor Compass Larch Linden Elm Chestnut Mill Mitre Bell Crown Rose Thistle
Swan Stag Fox Otter Pavilion Terrace Gallery Observatory Conservatory Court Gate Quay Arcade Fountain Belvedere Meridian`)
	HotelChains = []string{"Northgate", "Corvina", "Halden Suites", "Maison Perle", "Brightwater", "Casa Olmo", "Stellan", "Parkline", "Novabelle", "Inn & Out"}
	ZoneNames   = []string{"City Centre", "Old Town", "Station Quarter", "Riverside", "West End", "Airport", "Exhibition Grounds", "Harbour", "North", "South"}
)

// hotelName is a property's own name; city is added by those partners that do so.
func hotelName(d rng.RNG, stars int) string {
	switch {
	case d.Chance(260):
		return rng.Pick(d.Str("chain"), HotelChains) + " " + rng.Pick(d.Str("noun"), hotelNouns)
	case stars >= 4 && d.Str("the").Chance(400):
		return "The " + rng.Pick(d.Str("adjective"), hotelAdjectives) + " " + rng.Pick(d.Str("noun"), hotelNouns)
	case stars <= 2 && d.Str("hostel").Chance(350):
		return rng.Pick(d.Str("adjective"), hotelAdjectives) + " " + rng.Pick(d.Str("noun"), hotelNouns) + " Hostel"
	case d.Str("front").Chance(450):
		return "Hotel " + rng.Pick(d.Str("adjective"), hotelAdjectives) + " " + rng.Pick(d.Str("noun"), hotelNouns)
	}
	return rng.Pick(d.Str("adjective"), hotelAdjectives) + " " + rng.Pick(d.Str("noun"), hotelNouns) + " Hotel"
}

// NameBy is the property's name as one partner writes it: most alike, some with
// the city, some with the word hotel moved or left out, some in capitals.
func (p *Property) NameBy(d rng.RNG) string {
	name := p.Name
	switch d.Roll(7) {
	case 0:
		return name + " " + p.Town.Name
	case 1:
		return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "Hotel "), "The "), " Hotel")
	case 2:
		if rest, ok := strings.CutPrefix(name, "Hotel "); ok {
			return rest + " Hotel"
		}
		return name + ", " + p.Town.Name
	case 3:
		return strings.ToUpper(name)
	}
	return name
}

// StreetBy is where the property stands, as one partner writes it: the house and its
// street are its own, whoever sells it.
func (p *Property) StreetBy(d rng.RNG) string {
	number, street := strconv.Itoa(p.ID.Str("house").Between(1, 180)), rng.Pick(p.ID.Str("street"), hotelNouns)
	switch d.Str("street").Roll(4) {
	case 0:
		return number + " " + street + " St"
	case 1:
		return street + " Street " + number
	}
	return number + " " + street + " Street"
}
