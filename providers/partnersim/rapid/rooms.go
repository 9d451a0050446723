package rapid

import (
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// roomsName are the names and beds of the world's room types, as the vendor writes them.
var roomsName = map[string]struct {
	name string
	beds []bedsDoc
}{
	"SGL.ST": {"Single Room", []bedsDoc{{Description: "1 Twin Bed", Configuration: []bed{{"TwinBed", "Twin", 1}}}}},
	"DBT.ST": {"Standard Double or Twin Room", []bedsDoc{
		{Description: "1 Queen Bed", Configuration: []bed{{"QueenBed", "Queen", 1}}},
		{Description: "2 Twin Beds", Configuration: []bed{{"TwinBed", "Twin", 2}}},
	}},
	"DBL.KG": {"Room, 1 King Bed", []bedsDoc{{Description: "1 King Bed", Configuration: []bed{{"KingBed", "King", 1}}}}},
	"DBL.SU": {"Superior Double Room", []bedsDoc{{Description: "1 Queen Bed", Configuration: []bed{{"QueenBed", "Queen", 1}}}}},
	"TPL.ST": {"Triple Room", []bedsDoc{
		{Description: "3 Twin Beds", Configuration: []bed{{"TwinBed", "Twin", 3}}},
		{Description: "1 Queen Bed and 1 Twin Bed", Configuration: []bed{{"QueenBed", "Queen", 1}, {"TwinBed", "Twin", 1}}},
	}},
	"FAM.ST": {"Family Room, Multiple Beds", []bedsDoc{{Description: "1 Queen Bed, 2 Twin Beds and 1 Sofa Bed", Configuration: []bed{
		{"QueenBed", "Queen", 1}, {"TwinBed", "Twin", 2}, {"SofaBed", "Full", 1},
	}}}},
	"JSU.ST": {"Junior Suite", []bedsDoc{{Description: "1 King Bed", Configuration: []bed{{"KingBed", "King", 1}}}}},
	"SUI.DX": {"Deluxe Suite & Terrace", []bedsDoc{
		{Description: "1 King Bed and 1 Sofa Bed", Configuration: []bed{{"KingBed", "King", 1}, {"SofaBed", "Queen", 1}}},
	}},
}

// boardsName are the amenities of which one says what the board is. Free and Full Breakfast
// have the numbers of the vendor's specification, the others numbers of ours. None says "room only".
var boardsName = map[string][]amenity{
	"BB": {{"2098", "Free breakfast", nil}, {"2104", "Full Breakfast", nil}, {"2103", "Continental Breakfast", nil}, {"2193", "Breakfast buffet", []string{"breakfast"}}},
	"HB": {{"2190", "Half board", nil}, {"2191", "Half Board", []string{"half_board"}}},
	"FB": {{"2194", "Full board", nil}},
	"AI": {{"2111", "All-Inclusive", []string{"all_inclusive"}}, {"2112", "All inclusive", nil}},
}

// other are amenities beside.
var other = []amenity{
	{"2390", "Free WiFi", []string{"wifi"}}, {"2391", "Free Parking", nil}, {"2108", "Food/beverage credit", nil},
	{"1073743286", "Free massage included", nil}, {"2399", "Early check-in", nil},
}

// amenities are those of a rate, with the one that says the board. Some rates have none.
func (w *writer) amenities(o world.Offered) map[string]amenity {
	found := map[string]amenity{}
	if boards := boardsName[o.Board.Code]; len(boards) > 0 {
		b := rng.Pick(o.ID.Str("board amenity"), boards)
		found[b.ID] = b
	}
	for _, a := range other {
		if o.ID.Str("amenity").Str(a.ID).Chance(250) {
			found[a.ID] = a
		}
	}
	return found
}
