package match

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"fanfare/providers/travel"
)

// drawListing is any words in any script, and facts that partners may state.
func drawListing(t *rapid.T) travel.Property {
	word := rapid.OneOf(rapid.SampledFrom([]string{"Hotel", "Ibis", "Budget", "Tower", "2", "II", "B&B", "Hôtel", "l'Étoile", "Гостиница", "برج", "ホテル", "****", "ex", "St.", "by", "Hilton", "35th", "Suites", "-"}), rapid.String())
	p := travel.Property{ID: "1", Stars: float64(rapid.IntRange(0, 10).Draw(t, "stars")) / 2}
	for range rapid.IntRange(0, 6).Draw(t, "words") {
		p.Name += word.Draw(t, "word") + " "
	}
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		p.Address += rapid.OneOf(rapid.SampledFrom([]string{"Rue de Rivoli 12", "12-14 High St", "75001 Paris", "Via Roma", "12a", "s/n", "SW1A 1AA London"}), rapid.String()).Draw(t, "part") + ", "
	}
	p.Phone, p.Website, p.GIATA = rapid.SampledFrom([]string{"", "+33 1 42 60 12 34", "x"}).Draw(t, "phone"), rapid.SampledFrom([]string{"", "https://a.example/", "://"}).Draw(t, "web"), rapid.SampledFrom([]string{"", "7", "8"}).Draw(t, "giata")
	if rapid.Bool().Draw(t, "placed") {
		p.SetGeo(rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "lon"))
	}
	return p
}

// Whatever partners write, two listings are judged alike from both sides, by a number
// from 0 to 1; and a listing rules itself out by nothing.
func TestEvidenceIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawListing(t), drawListing(t)
		a, b := profileOf(&p, nil), profileOf(&q, nil)
		trusted := p.HasGeo && q.HasGeo
		x, y := Probability(&a, &b, trusted), Probability(&b, &a, trusted)
		if math.Abs(x-y) > 1e-4 || !(x >= 0 && x <= 1) {
			t.Fatalf("probabilities %v and %v of %+v and %+v", x, y, p, q)
		}
		if (Veto(&a, &b) == "") != (Veto(&b, &a) == "") {
			t.Fatalf("vetoes %q and %q of %+v and %+v", Veto(&a, &b), Veto(&b, &a), p, q)
		}
		if why := Veto(&a, &a); why != "" {
			t.Fatalf("%+v rules itself out by %s", p, why)
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, test := range []struct {
		name, a, b string
		want       verdict
	}{
		{"number before and behind", "12 Rue de Rivoli, 75001 Paris", "Rue de Rivoli 12", sameHouse},
		{"a number by itself", "Via Nazionale, 22, 00184 Roma", "22 Via Nazionale", sameHouse},
		{"a quarter behind the number", "Avenida Paulista, 1000 - Bela Vista, São Paulo", "Av. Paulista 1000", sameHouse},
		{"a range", "160-166 Westbourne Grove", "164 Westbourne Grove", sameHouse},
		{"a letter more", "Gelfertstraße 12a", "Gelfertstr. 12", sameHouse},
		{"letters that differ", "Strandpromenade 12a", "Strandpromenade 12 b", otherHouse},
		{"numbers that differ", "Gran Vía 84, 28013 Madrid", "Gran Via 21", otherHouse},
		{"no number", "Dorfstraße, 17192 Waren", "Dorfstr. 3, 17192 Waren", sameStreet},
		{"a square of the name", "Mozart Square 3", "Mozart Street 3", otherStreet},
		{"a slip", "Jan Luijkenstraat 44", "Jan Luykenstraat 44", sameHouse},
		{"streets by number", "350 West 39th St", "350 W 39th Street, NY 10018", sameHouse},
		{"nothing", "", "Gran Via 21", unsaid},
		{"Catalan and Spanish", "Carrer de Sant Pau 12", "Calle Sant Pau, 12, Barcelona", sameHouse},
		{"joined", "Raad Huisstraat 51", "Raadhuisstraat 51", sameHouse},
		{"joined Chinese", "505 Jiujiang Lu", "No. 505 Jiu Jiang Road", sameHouse},
		{"Chinese directions", "32 Zhongshan Dong Yi Lu", "32 Zhongshan East 1st Road", sameHouse},
		{"other Chinese directions", "32 Zhongshan Dong Yi Lu", "32 Zhongshan West 1st Road", otherStreet},
		{"a lane before and behind", "171 Soi 11 Sukhumvit Rd", "171 Sukhumvit 11", sameHouse},
		{"two lanes", "33 Sukhumvit Soi 11", "33 Sukhumvit Soi 3", otherLane},
		{"a lane without a house", "Sukhumvit 11", "171 Sukhumvit Soi 11", sameStreet},
		{"an initial", "1 Rue F David", "1 Rue Félicien David", sameHouse},
		{"a town behind", "Schweizerhofquai 3", "Schweizerhofquai, 6002 Luzern", sameStreet},
		{"avenue for street", "12 Poseidonos", "Poseidonos Avenue 12", sameHouse},
		{"street and avenue of one number", "12 5th Street", "12 5th Avenue", otherStreet},
		{"numbers of flats", "Calle Mayor 10 4", "Calle Mayor 12", otherStreet},
		{"a quarter is no street", "Kuala Lumpur City Centre", "Jalan Pinang 3", unsaid},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := ReadAddress(&travel.Property{Address: test.a}), ReadAddress(&travel.Property{Address: test.b})
			if got, back := a.compare(&b), b.compare(&a); got != test.want || back != test.want {
				t.Errorf("%q and %q: %v and %v, want %v (%+v, %+v)", test.a, test.b, got, back, test.want, a, b)
			}
		})
	}
}

func TestPostcodes(t *testing.T) {
	for _, test := range []struct{ address, want string }{
		{"12 Rue de Rivoli, 75001 Paris", "75001"}, {"Strand, WC2R 0EU London", "WC2R0EU"}, {"Keizersgracht 1, 1015 CN Amsterdam", "1015CN"},
		{"1-1-1 Marunouchi, 100-0005", "1000005"}, {"63 W 35th St, NY 10001", "10001"}, {"Dorfstr. 3, D-17192 Waren", "17192"}, {"Gran Via 21", ""},
	} {
		a := ReadAddress(&travel.Property{Address: test.address})
		if a.postcode != test.want {
			t.Errorf("postcode of %q = %q, want %q", test.address, a.postcode, test.want)
		}
	}
}

// Names that are one but for how they are written are compared; most others are not.
func TestSketches(t *testing.T) {
	sketch := func(name string) uint64 {
		p := profileOf(&travel.Property{Name: name}, nil)
		return p.Sketch
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"Excelsior", "Excelsor", true}, {"Neuschwanstein", "Neuschwansetin", true}, {"Sea Side Inn", "Seaside", true}, {"Al Mourouj", "Al Murooj", true},
		{"Adlon", "Adlon Unter den Linden", true}, {"Hotel 41", "41", true},
		{"Maison des Canuts", "Lutetia", false},
	} {
		if got := SketchesAlike(sketch(test.a), sketch(test.b)); got != test.want {
			t.Errorf("%q and %q are worth comparing: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
