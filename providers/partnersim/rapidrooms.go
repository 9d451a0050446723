package partnersim

// rapidRooms are the names and beds of the world's room types, as the vendor writes them.
var rapidRooms = map[string]struct {
	name string
	beds []rapidBeds
}{
	"SGL.ST": {"Single Room", []rapidBeds{{Description: "1 Twin Bed", Configuration: []rapidBed{{"TwinBed", "Twin", 1}}}}},
	"DBT.ST": {"Standard Double or Twin Room", []rapidBeds{
		{Description: "1 Queen Bed", Configuration: []rapidBed{{"QueenBed", "Queen", 1}}},
		{Description: "2 Twin Beds", Configuration: []rapidBed{{"TwinBed", "Twin", 2}}},
	}},
	"DBL.KG": {"Room, 1 King Bed", []rapidBeds{{Description: "1 King Bed", Configuration: []rapidBed{{"KingBed", "King", 1}}}}},
	"DBL.SU": {"Superior Double Room", []rapidBeds{{Description: "1 Queen Bed", Configuration: []rapidBed{{"QueenBed", "Queen", 1}}}}},
	"TPL.ST": {"Triple Room", []rapidBeds{
		{Description: "3 Twin Beds", Configuration: []rapidBed{{"TwinBed", "Twin", 3}}},
		{Description: "1 Queen Bed and 1 Twin Bed", Configuration: []rapidBed{{"QueenBed", "Queen", 1}, {"TwinBed", "Twin", 1}}},
	}},
	"FAM.ST": {"Family Room, Multiple Beds", []rapidBeds{{Description: "1 Queen Bed, 2 Twin Beds and 1 Sofa Bed", Configuration: []rapidBed{
		{"QueenBed", "Queen", 1}, {"TwinBed", "Twin", 2}, {"SofaBed", "Full", 1},
	}}}},
	"JSU.ST": {"Junior Suite", []rapidBeds{{Description: "1 King Bed", Configuration: []rapidBed{{"KingBed", "King", 1}}}}},
	"SUI.DX": {"Deluxe Suite & Terrace", []rapidBeds{
		{Description: "1 King Bed and 1 Sofa Bed", Configuration: []rapidBed{{"KingBed", "King", 1}, {"SofaBed", "Queen", 1}}},
	}},
}

// rapidBoards are the amenities of which one says what the board is. Free and Full Breakfast
// have the numbers of the vendor's specification, the others numbers of ours. None says "room only".
var rapidBoards = map[string][]rapidAmenity{
	"BB": {{"2098", "Free breakfast", nil}, {"2104", "Full Breakfast", nil}, {"2103", "Continental Breakfast", nil}, {"2193", "Breakfast buffet", []string{"breakfast"}}},
	"HB": {{"2190", "Half board", nil}, {"2191", "Half Board", []string{"half_board"}}},
	"FB": {{"2194", "Full board", nil}},
	"AI": {{"2111", "All-Inclusive", []string{"all_inclusive"}}, {"2112", "All inclusive", nil}},
}

// rapidOther are amenities beside.
var rapidOther = []rapidAmenity{
	{"2390", "Free WiFi", []string{"wifi"}}, {"2391", "Free Parking", nil}, {"2108", "Food/beverage credit", nil},
	{"1073743286", "Free massage included", nil}, {"2399", "Early check-in", nil},
}

// amenities are those of a rate, with the one that says the board. Some rates have none.
func (w *rapidWriter) amenities(o offered) map[string]rapidAmenity {
	found := map[string]rapidAmenity{}
	if boards := rapidBoards[o.board.code]; len(boards) > 0 {
		b := pick(o.id.str("board amenity"), boards)
		found[b.ID] = b
	}
	for _, a := range rapidOther {
		if o.id.str("amenity").str(a.ID).chance(250) {
			found[a.ID] = a
		}
	}
	return found
}
