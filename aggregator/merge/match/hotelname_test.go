package match

import (
	"fmt"
	"strings"
	"testing"

	"fanfare/providers/travel"
)

// said is a form's own words, with those set aside in brackets, its brands and numbers.
func said(f *NameForm) string {
	var words []string
	for _, w := range f.Words {
		switch {
		case w.town:
			words = append(words, "town:"+w.Text)
		case w.Weight <= asideWeight:
			words = append(words, "("+w.Text+")")
		default:
			words = append(words, w.Text)
		}
	}
	for _, b := range f.Brands {
		words = append(words, "brand:"+b.name)
	}
	for _, n := range f.Numbers {
		words = append(words, "number:"+n)
	}
	if f.label != "" {
		words = append(words, "label:"+f.label)
	}
	if f.suites {
		words = append(words, "suites")
	}
	return strings.Join(words, " ")
}

func TestNamesAreReadAsSellersWriteThem(t *testing.T) {
	berlin := travel.Property{Lat: 52.52, Lon: 13.4, HasGeo: true}
	heathrow := travel.Property{Lat: 51.481, Lon: -0.44, HasGeo: true}
	for _, test := range []struct {
		name  string
		where *travel.Property
		want  string
	}{
		{"The Nines, a Luxury Collection Hotel", nil, "nines brand:luxury collection"},
		{"Nines - a Marriott Luxury Collection Hotel", nil, "nines brand:luxury collection"},
		{"NINES AUTOGRAPH COLLECTION PORT", nil, "nines port brand:autograph collection"},
		{"ZACHARY DUNES RESORT CURIO COL", nil, "zachary dunes resort brand:curio collection"},
		{"Samed Pavilion SHA Extra Plus (Adults Only +16)", nil, "samed pavilion"},
		{"Casa Brava by Rosewell Homes", nil, "house brava (rosewell) (homes)"},
		{"La Quinta by Wyndham Kyle", nil, "kyle brand:la quinta inn suites"},
		{"Fattal Hotels - Adlon", nil, "adlon (fattal)"},
		{"Hotel Opera - part of Sorell Hotels", nil, "opera (sorell)"},
		{"OYO 4127 Hotel Rajmahal", nil, "rajmahal label:4127"},
		{"SPOT ON 61287 Hotel Rajmahal", nil, "rajmahal label:61287"},
		{"HMPTN INN STES PHNX", nil, "phnx brand:hampton suites"},
		{"Holiday Inn Express & Suites Elk", nil, "elk brand:holiday inn express suites"},
		{"Express by Holiday Inn Elk", nil, "elk brand:holiday inn express"},
		{"ETAP Hotel Elk", nil, "elk brand:ibis budget"},
		{"Claridge s", nil, "claridges"},
		{"Hotel Twenty One Lamps", nil, "lamps number:21"},
		{"Grande Terminal21", nil, "grand terminal number:21"},
		{"Adlon Berllin", &berlin, "adlon town:berlin"},
		{"Renaissance LHR London", &heathrow, "airport heathrow town:london brand:renaissance"},
		{"ホテル Adlon Palais", nil, "adlon palace"},
	} {
		var where *surroundings
		if p := test.where; p != nil {
			where = &surroundings{townSet{area: newAreas().of(p)}, p.Lat, p.Lon, true}
		}
		forms := nameForms(test.name, where)
		if got := said(&forms[0]); got != test.want || len(forms) != 1 {
			t.Errorf("%q is read as %q, want %q", test.name, got, test.want)
		}
	}
}

// Longer and shorter forms of a brand are one; brands of one group are not.
func TestBrandForms(t *testing.T) {
	for _, test := range []struct {
		a, b string
		veto string
	}{
		{"Hampton Inn Elk", "Hampton by Hilton Elk", ""}, {"Hampton Elk", "HMPTN INN STES ELK", ""}, {"Courtyard Elk", "CY MARRIOTT ELK", ""},
		{"Four Points Elk", "4 PTS BY SHERATON ELK", ""}, {"ibis Styles Elk", "all seasons Elk", ""}, {"J W Marriott Elk", "JW Marriott Elk", ""},
		{"Super 8 Motel Elk", "Super 8 by Wyndham Elk", ""}, {"the niu Elk", "Holiday Inn - the niu, Elk", ""},
		{"Hilton Elk", "Hilton Garden Inn Elk", "brand"}, {"Hilton Elk", "Hampton by Hilton Elk", "brand"}, {"ibis Elk", "ibis Styles Elk", "brand"},
		{"ibis Elk", "ibis budget Elk", "brand"}, {"Courtyard by Marriott Elk", "Residence Inn by Marriott Elk", "brand"}, {"Comfort Inn Elk", "Comfort Suites Elk", "brand"},
		{"Sheraton Elk", "Four Points by Sheraton Elk", "brand"}, {"OYO 112 Elk", "OYO 113 Elk", "numeral"}, {"Elk Flat 1204", "Elk Flat 1506", "numeral"},
	} {
		a, b := profileOf(&travel.Property{Name: test.a}, nil), profileOf(&travel.Property{Name: test.b}, nil)
		if got, back := Veto(&a, &b), Veto(&b, &a); got != test.veto || back != got {
			t.Errorf("veto between %q and %q = %q and %q, want %q", test.a, test.b, got, back, test.veto)
		}
	}
}

// What names that differ share is found, whatever the spelling.
func TestNamesAreCompared(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool // they agree as good as wholly
	}{
		{"Wang Fu Jing Dawan", "Wangfujing Da Wan", true}, {"L'Hermitage Gantois", "LHERMITAGE GANTOIS", true}, {"Sea Cliff Lodge", "Seacliff Lodge", true},
		{"Mtn Shadows Reef", "Mountain Shadows Reef", true}, {"Bayard Kastanienhof Neuschwan", "Bayard Kastanienhof Neuschwanstein", true},
		{"Sunset Wang", "Sunset Wing", false}, {"Old Port View Apartment Matej", "Old Port View Apartment Luka", false},
	} {
		a, b := profileOf(&travel.Property{Name: test.a}, nil), profileOf(&travel.Property{Name: test.b}, nil)
		if got := compareNames(&a, &b); (got.ratio >= 0.85) != test.want {
			t.Errorf("%q and %q agree by %v, want %v", test.a, test.b, got.ratio, test.want)
		}
	}
}

// A name that never ends is read in no time, and is still a name.
func TestEndlessNamesAreCut(t *testing.T) {
	forms := nameForms(strings.Repeat("Zorblax at Quinta, ", 50_000), nil)
	if n := len(forms[0].Words); n == 0 || n > mostNameWords {
		t.Errorf("%d words, want some, and at most %d", n, mostNameWords)
	}
}

// A word that a partner has in many names is not rare, whatever it is.
func TestAPartnersOwnWordsAreNotRare(t *testing.T) {
	properties := map[string]*travel.Property{}
	for i := range 5 {
		id := fmt.Sprint(i)
		properties[id] = &travel.Property{ID: id, Name: fmt.Sprint("Zorblax ", string(rune('a'+i)), "uinta")}
	}
	many, one := Profiles(properties), Profiles(map[string]*travel.Property{"0": properties["0"]})
	if few, rare := many[0].Names[0].Words[0].rare, one[0].Names[0].Words[0].rare; few >= rare {
		t.Errorf("zorblax is as rare in five names as in one: %v and %v", few, rare)
	}
}
