package places

import "testing"

func TestFold(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Hôtel de l'Étoile", "hotel de letoile"},
		{"MÜNCHNER HOF", "munchner hof"},
		{"Москва", "moskva"},
		{"Отель «Европа»", "otel evropa"},
		{"Αθήνα Παλάς", "athina palas"},
		{"フジヤ ホテル", "fujiya hoteru"},
		{"きょうと", "kyouto"},
		{"しんじゅく", "shinjuku"},
		{"برج العرب", "brj al arb"},
		{"Sankt-Gallen", "st gallen"},
		{"上海 Hotel", "上海 hotel"},
		{"", ""},
	} {
		if got := Fold(test.text); got != test.want {
			t.Errorf("Fold(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestTownsNear(t *testing.T) {
	atlas := Default()
	var paris []string
	for _, town := range atlas.TownsNear(48.8566, 2.3522, 20_000) {
		paris = append(paris, town.Words...)
	}
	found := false
	for _, name := range paris {
		found = found || name == "paris"
		if name == "london" {
			t.Error("London is near Paris")
		}
	}
	if !found {
		t.Errorf("TownsNear(Paris) = %v, want paris among them", paris)
	}
	if sea := atlas.TownsNear(-45, -130, 20_000); len(sea) != 0 {
		t.Errorf("TownsNear(the Pacific) = %v, want none", sea)
	}
}
