package partnersim

import (
	"cmp"
	"time"

	"fanfare/providers/partnersim/ndc"
	"fanfare/providers/partnersim/rng"
	"fanfare/providers/partnersim/world"
)

// DemoPartners are the partners of `fanfare demo`: airlines, agencies and hotel partners, at
// least one for each protocol. Most answer within a second; Stork is slow, Dodo always
// fails, and Lantern takes its time. The seed changes nothing about who they are, only
// their tokens. Options are what feeds must declare.
func DemoPartners(seed uint64) []Spec {
	air := []Spec{
		{Name: "albatross", DisplayName: "Albatross Air", Currency: "GBP", Share: 0.78, Markup: 0, MaxOffers: 110, Behaviour: quick(380, 900)},
		{Name: "heron", DisplayName: "Heron & Daughters", Currency: "EUR", Share: 0.62, Markup: 12, MaxOffers: 80, Behaviour: quick(450, 1100)},
		{Name: "kestrel", DisplayName: "Kestrel Direct", Currency: "USD", Share: 0.55, Markup: -18, MaxOffers: 70, PerDay: 40_000, Behaviour: quick(240, 600)},
		{Name: "magpie", DisplayName: "Magpie Fares", Currency: "GBP", Share: 0.7, Markup: -8, MaxOffers: 90, Operating: world.OperatingNumberNull, Behaviour: quick(620, 1500)},
		{Name: "pelican", DisplayName: "Pelican Pacific", Currency: "USD", Share: 0.5, Markup: 5, MaxOffers: 80, Behaviour: quick(540, 1300)},
		{Name: "puffin", DisplayName: "Puffin Airways", Currency: "EUR", Share: 0.45, Markup: -25, MaxOffers: 60, PerDay: 40_000, Behaviour: quick(310, 800)},
		{Name: "sandpiper", DisplayName: "Sandpiper Tickets", Currency: "GBP", Share: 0.66, Markup: 20, MaxOffers: 80, Operating: world.OperatingOftenUnsaid, Behaviour: quick(700, 1600)},
		{Name: "swift", DisplayName: "Swift Connect", Currency: "EUR", Share: 0.42, Markup: 30, MaxOffers: 50, PerDay: 40_000, Behaviour: quick(160, 350)},
		{Name: "stork", DisplayName: "Stork & Sons", Currency: "EUR", Share: 0.74, Markup: -30, MaxOffers: 80, Behaviour: Behaviour{Latency: Latency{Min: 4 * time.Second, Max: 6 * time.Second}}},
		{Name: "dodo", DisplayName: "Dodo Airlines", Currency: "USD", Share: 0.6, Behaviour: Behaviour{Latency: quick(200, 500).Latency, Fault: FaultHTTP503}},
		{Name: "kittiwake", DisplayName: "Kittiwake Atlantic", Protocol: "ndc", Currency: "GBP", Share: 0.52, Markup: -12, MaxOffers: 60,
			Options: map[string]string{"version": ndc.V213}, Behaviour: quick(680, 1400)},
		{Name: "hoopoe", DisplayName: "Hoopoe Líneas Aéreas", Protocol: "ndc", Currency: "EUR", Share: 0.48, Markup: -20, MaxOffers: 80,
			Options: map[string]string{"version": ndc.V172}, Latin1: true, Behaviour: quick(750, 1700)},
		{Name: "wagtail", DisplayName: "Wagtail Combinations", Protocol: "kiwi", Currency: "EUR", Share: 0.5, Markup: -15, MaxOffers: 60, Operating: world.OperatingOftenUnsaid, Behaviour: quick(520, 1200)},
		{Name: "lapwing", DisplayName: "Lapwing Fares", Protocol: "ota-air", Currency: "EUR", Share: 0.5, Markup: -5, MaxOffers: 50, Behaviour: quick(430, 1000)},
		{Name: "godwit", DisplayName: "Godwit Distribution", Protocol: "travelport", Currency: "GBP", Share: 0.55, Markup: 4, MaxOffers: 60, Behaviour: quick(600, 1400)},
		{Name: "turnstone", DisplayName: "Turnstone Consolidators", Protocol: "sabre-bfm", Currency: "USD", Share: 0.5, Markup: -10, MaxOffers: 60, Options: map[string]string{"pseudo_city": "SIM1"}, Behaviour: quick(560, 1200)},
		{Name: "jackdaw", DisplayName: "Jackdaw Distribution", Protocol: "amadeus-air", Currency: "EUR", Share: 0.5, Markup: 4, MaxOffers: 50,
			Operating: world.OperatingOftenUnsaid, Behaviour: quick(480, 1200)},
	}
	stay := []Spec{
		{Name: "pillow", DisplayName: "The Pillow Exchange", Currency: "EUR", Share: 0.72, Markup: 0, MaxOffers: 80, Behaviour: quick(520, 1300)},
		{Name: "dormouse", DisplayName: "Dormouse Rooms", Currency: "GBP", Share: 0.6, Markup: -15, MaxOffers: 60, Behaviour: quick(350, 900)},
		{Name: "hammock", DisplayName: "Hammock & Co", Currency: "USD", Share: 0.55, Markup: 10, MaxOffers: 70, Behaviour: quick(640, 1500)},
		{Name: "marmot", DisplayName: "Marmot Stays", Currency: "EUR", Share: 0.5, Markup: -28, MaxOffers: 50, Behaviour: quick(230, 600)},
		{Name: "lantern", DisplayName: "Lantern Hotels", Currency: "GBP", Share: 0.68, Markup: 22, MaxOffers: 80, Behaviour: Behaviour{Latency: Latency{Min: 1800 * time.Millisecond, Max: 2600 * time.Millisecond}}},
		{Name: "quilt", DisplayName: "Quilt Collection", Protocol: "duffel-stays", Currency: "GBP", Share: 0.5, Markup: 6, MaxOffers: 40, Behaviour: quick(260, 600)},
		{Name: "bolster", DisplayName: "Bolster Hotels", Protocol: "amadeus-hotel", Currency: "EUR", Share: 0.5, Markup: -3, MaxOffers: 60, Behaviour: quick(240, 560)},
		{Name: "duvet", DisplayName: "Duvet & Feather", Protocol: "rapid", Currency: "USD", Share: 0.55, Markup: -10, MaxOffers: 50, Behaviour: quick(320, 800)},
		{Name: "teapot", DisplayName: "Teapot Inns", Protocol: "ota-hotel", Currency: "EUR", Share: 0.5, Markup: -8, MaxOffers: 50, Behaviour: quick(300, 700)},
	}
	secret := rng.ID("", rng.RNG(seed).Str("demo"), 12)
	for i := range air {
		air[i].Protocol = cmp.Or(air[i].Protocol, "duffel")
	}
	for i := range stay {
		stay[i].Protocol = cmp.Or(stay[i].Protocol, "hotelbeds")
	}
	partners := append(air, stay...)
	for i := range partners {
		partners[i].Credentials = demoCredentials(partners[i].Protocol, partners[i].Name, secret)
	}
	return partners
}

// demoCredentials are what a partner of the demo has given out, under the names that
// feeds of its protocol have for them.
func demoCredentials(protocol, name, secret string) map[string]string {
	switch protocol {
	case "kiwi":
		return map[string]string{"apikey": "demo_" + name + "_" + secret}
	case "ndc", "ota-air":
		return map[string]string{"api_key": "demo_" + name + "_" + secret}
	case "hotelbeds", "rapid":
		return map[string]string{"api_key": "demo-" + name, "secret": secret}
	case "amadeus-air", "amadeus-hotel", "sabre-bfm":
		return map[string]string{"client_id": "demo-" + name, "client_secret": secret}
	case "ota-hotel":
		return map[string]string{"username": "demo-" + name, "password": secret}
	case "travelport":
		return map[string]string{"username": "Universal API/demo-" + name, "password": secret, "target_branch": "P7000001"}
	}
	return map[string]string{"token": "demo_" + name + "_" + secret}
}

// quick is a latency in milliseconds: half of the answers take p50, one in a hundred p99.
func quick(p50, p99 int) Behaviour {
	return Behaviour{Latency: Latency{P50: time.Duration(p50) * time.Millisecond, P99: time.Duration(p99) * time.Millisecond}}
}
