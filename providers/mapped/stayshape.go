package mapped

import (
	"fanfare/providers/travel"
)

var boards = func() (names []string) {
	for _, b := range travel.Boards {
		names = append(names, string(b))
	}
	return names
}()

// rate makes a rate of a mapped value, with the property that it is of. The rule says why it
// is dropped.
func (s *shaper) rate(v any) (p travel.Property, r travel.Rate, rule string) {
	in := s.object("", v)
	defer in.done()
	p = s.property(in.get("property"))
	r.PartnerRef, r.Room, r.RoomCode = in.text("rate_id"), in.text("room"), in.text("room_code")
	r.Board = travel.Board(in.in("board", boards...))
	r.Price, r.PayAtProperty = in.price("price")
	r.Payment = travel.Payment(in.in("payment", string(travel.PayNow), string(travel.PayAtProperty), string(travel.PayDeposit), string(travel.PayGuarantee)))
	r.Cancellation = s.cancellation(in.get("cancellation"), string(r.Price.Total.Currency))
	r.RoomsLeft, r.ExpiresAt = max(in.count("rooms_left"), 0), in.instant("expires_at")
	in.get("deep_link") // for the hand-over
	if p.ID == "" {
		s.complain("property.id", "missing: rates of one property are known by it")
		return p, r, travel.RuleDanglingRef
	}
	return p, r, r.Check()
}

func (s *shaper) property(v any) (p travel.Property) {
	in := s.object("property", v)
	defer in.done()
	p = travel.Property{ID: in.text("id"), Name: in.text("name"), Address: in.text("address"), City: in.text("city"), PostCode: in.text("post_code"),
		Country: in.text("country"), Phone: in.text("phone"), Website: in.text("website"), Chain: in.text("chain"), GIATA: in.text("giata")}
	if stars, ok := in.number("stars"); ok && stars >= 0 && stars <= 5 {
		p.Stars = stars
	}
	lat, hasLat := in.number("lat")
	lon, hasLon := in.number("lon")
	switch {
	case hasLat && hasLon && !travel.OnEarth(lat, lon):
		s.complain("property.lat", "%g, %g is no place on Earth", lat, lon)
	case hasLat && hasLon:
		p.SetGeo(lat, lon)
	case hasLat != hasLon:
		s.complain("property.lat", "lat and lon go together")
	}
	return p
}

func (s *shaper) cancellation(v any, currency string) (c travel.Cancellation) {
	in := s.object("cancellation", v)
	defer in.done()
	c.Refundable, c.FreeUntil = in.answered("refundable"), in.instant("free_until")
	for _, v := range in.list("steps") {
		step := s.object("cancellation.steps", v)
		c.Steps = append(c.Steps, travel.CancellationStep{From: step.instant("from"), Fee: step.money("fee", currency)})
		step.ignore("currency")
		step.done()
	}
	return c
}
