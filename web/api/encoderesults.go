package api

import "strconv"

func appendFlightResult(b []byte, r *FlightResult) []byte {
	b = appendKeyText(b, `{"id":`, r.ID)
	b = appendList(b, `,"slices":`, r.Slices, appendSlice)
	b = appendMoney(b, `,"price":`, r.Price)
	b = appendScore(b, &r.Score)
	b = appendBoolPtr(b, `,"pareto":`, &r.Pareto)
	b = appendBoolPtr(b, `,"hopeless":`, &r.Hopeless)
	if r.Explain != nil {
		b = appendList(b, `,"explain":{"dominated_by":`, r.Explain.DominatedBy, appendDominator)
		b = append(appendMoney(b, `,"first_at":`, r.Explain.FirstAt), '}')
	}
	b = appendList(b, `,"fares":`, r.Fares, appendFareChoice)
	b = appendKeyInt(b, `,"offers_total":`, r.OffersTotal)
	b = appendList(b, `,"offers":`, r.Offers, appendOffer)
	if len(r.Airlines) > 0 {
		b = appendTexts(b, `,"airlines":`, r.Airlines)
	}
	if len(r.Linked) > 0 {
		b = appendList(b, `,"linked":`, r.Linked, func(b []byte, l *Link) []byte {
			return append(appendKeyText(appendKeyText(b, `{"id":`, l.ID), `,"why":`, l.Why), '}')
		})
	}
	if c := r.Combination; c != nil {
		b = appendKeyText(b, `,"combination":{"kind":`, c.Kind)
		b = appendKeyInt(b, `,"tickets":`, c.Tickets)
		b = append(appendKeyText(b, `,"risk":`, c.Risk), '}')
	}
	return append(b, '}')
}

func appendScore(b []byte, s *Score) []byte {
	b = appendKeyText(b, `,"score":{"total":`, s.Total)
	b = appendKeyText(b, `,"currency":`, s.Currency)
	b = appendMicros(b, s.Micros)
	b = appendList(b, `,"parts":`, s.Parts, func(b []byte, p *ScorePart) []byte {
		b = appendKeyText(b, `{"name":`, p.Name)
		b = appendKeyText(b, `,"amount":`, p.Amount)
		b = appendMicros(b, p.Micros)
		if p.Explanation != "" {
			b = appendKeyText(b, `,"explanation":`, p.Explanation)
		}
		return append(b, '}')
	})
	return append(b, '}')
}

func appendMicros(b []byte, micros *int64) []byte {
	if micros == nil {
		return b
	}
	return strconv.AppendInt(append(b, `,"micros":`...), *micros, 10)
}

func appendDominator(b []byte, d *Dominator) []byte {
	b = appendKeyText(b, `{"id":`, d.ID)
	return append(appendList(b, `,"better_in":`, d.BetterIn, appendString), '}')
}

func appendFareChoice(b []byte, f *FareChoice) []byte {
	b = appendConditions(append(b, '{'), &f.Fare)
	b = appendMoney(b, `,"price":`, f.Price)
	b = appendMoney(b, `,"step":`, f.Step)
	b = appendKeyText(b, `,"offer_id":`, f.OfferID)
	b = appendKeyInt(b, `,"offers":`, f.Offers)
	b = appendList(b, `,"partners":`, f.Partners, appendString)
	b = appendBagPrice(b, `,"with_cabin_bag":`, &f.CabinBag)
	return append(appendBagPrice(b, `,"with_checked_bag":`, &f.CheckedBag), '}')
}

func appendBagPrice(b []byte, key string, p *BagPrice) []byte {
	b = appendKeyText(append(b, key...), `{"status":`, p.Status)
	return append(appendMoney(b, `,"price":`, p.Price), '}')
}

func appendSlice(b []byte, s *Slice) []byte {
	b = appendKeyText(b, `{"origin":`, s.Origin)
	b = appendKeyText(b, `,"destination":`, s.Destination)
	b = appendLocal(b, `,"departs":`, s.Departs)
	b = appendLocal(b, `,"arrives":`, s.Arrives)
	b = appendKeyInt(b, `,"duration_minutes":`, s.DurationMinutes)
	b = appendKeyInt(b, `,"stops":`, s.Stops)
	b = appendList(b, `,"segments":`, s.Segments, appendSegment)
	return append(b, '}')
}

func appendFlight(b []byte, f *Flight) []byte {
	b = appendKeyText(b, `{"carrier":`, f.Carrier)
	return append(appendKeyText(b, `,"number":`, f.Number), '}')
}

func appendSegment(b []byte, s *Segment) []byte {
	b = appendFlight(append(b, `{"marketing":`...), &s.Marketing)
	b = append(b, `,"operating":`...)
	if s.Operating == nil {
		b = append(b, "null"...)
	} else {
		b = appendKeyText(b, `{"carrier":`, s.Operating.Carrier)
		b = append(appendTextPtr(b, `,"number":`, s.Operating.Number), '}')
	}
	b = appendList(b, `,"sold_as":`, s.SoldAs, appendFlight)
	b = appendKeyText(b, `,"origin":`, s.Origin)
	b = appendKeyText(b, `,"destination":`, s.Destination)
	b = appendLocal(b, `,"departs":`, s.Departs)
	b = appendLocal(b, `,"arrives":`, s.Arrives)
	b = appendKeyInt(b, `,"duration_minutes":`, s.DurationMinutes)
	b = appendIntPtr(b, `,"layover_minutes":`, s.LayoverMinutes)
	b = appendTextPtr(b, `,"terminal":{"departure":`, s.Terminal.Departure)
	b = append(appendTextPtr(b, `,"arrival":`, s.Terminal.Arrival), '}')
	b = appendTextPtr(b, `,"aircraft":`, s.Aircraft)
	if s.ShortConnection {
		b = append(b, `,"short_connection":true`...)
	}
	return append(b, '}')
}

func appendOffer(b []byte, o *Offer) []byte {
	b = appendKeyText(b, `{"id":`, o.ID)
	b = appendKeyText(b, `,"partner":`, o.Partner)
	b = appendSeller(b, &o.Seller)
	b = appendList(b, `,"marketing":`, o.Marketing, appendString)
	b = append(appendPrice(append(b, `,"price":{`...), &o.Price), '}')
	b = append(appendConditions(append(b, `,"fare":{`...), &o.Fare), '}')
	if o.Bags != nil {
		b = appendBagPrice(b, `,"bags":`, o.Bags)
	}
	if len(o.MixedCabin) > 0 {
		b = appendList(b, `,"mixed_cabin":`, o.MixedCabin, func(b []byte, c *LowerCabin) []byte {
			b = appendKeyInt(b, `{"segment":`, c.Segment)
			return append(appendKeyText(b, `,"cabin":`, c.Cabin), '}')
		})
	}
	b = appendTexts(b, `,"constraints":`, o.Constraints)
	b = appendIntPtr(b, `,"seats_left":`, o.SeatsLeft)
	b = appendInstant(b, `,"expires_at":`, o.ExpiresAt)
	b = appendBoolPtr(b, `,"self_transfer":`, &o.SelfTransfer)
	b = appendTextPtr(b, `,"go":`, o.Go)
	if len(o.Tickets) > 0 {
		b = appendList(b, `,"tickets":`, o.Tickets, appendTicket)
	}
	return append(b, '}')
}

func appendSeller(b []byte, s *Seller) []byte {
	b = appendTextPtr(b, `,"seller":{"code":`, s.Code)
	return append(appendTextPtr(b, `,"name":`, s.Name), '}')
}

func appendTicket(b []byte, t *Ticket) []byte {
	b = appendKeyText(b, `{"id":`, t.ID)
	b = appendKeyText(b, `,"partner":`, t.Partner)
	b = appendSeller(b, &t.Seller)
	b = appendKeyText(b, `,"origin":`, t.Origin)
	b = appendKeyText(b, `,"destination":`, t.Destination)
	b = appendLocal(b, `,"departs":`, t.Departs)
	b = appendLocal(b, `,"arrives":`, t.Arrives)
	b = appendList(b, `,"marketing":`, t.Marketing, appendString)
	b = append(appendPrice(append(b, `,"price":{`...), &t.Price), '}')
	b = append(appendConditions(append(b, `,"fare":{`...), &t.Fare), '}')
	b = appendIntPtr(b, `,"seats_left":`, t.SeatsLeft)
	b = appendInstant(b, `,"expires_at":`, t.ExpiresAt)
	return append(appendTextPtr(b, `,"go":`, t.Go), '}')
}

// appendPrice writes the members of a price, without the braces.
func appendPrice(b []byte, p *Price) []byte {
	b = appendMoney(b, `"total":`, p.Total)
	b = appendMoney(b, `,"base":`, p.Base)
	b = appendMoney(b, `,"taxes":`, p.Taxes)
	b = appendMoney(b, `,"fees":`, p.Fees)
	b = appendKeyText(b, `,"kind":`, p.Kind)
	b = appendInstant(b, `,"as_of":`, p.AsOf)
	b = appendInstant(b, `,"fresh_until":`, p.FreshUntil)
	b = appendInstant(b, `,"hard_until":`, p.HardUntil)
	b = appendMoney(b, `,"original":`, p.Original)
	if p.FX == nil {
		return append(b, `,"fx":null`...)
	}
	b = appendKeyText(b, `,"fx":{"rate":`, p.FX.Rate)
	b = appendKeyText(b, `,"date":`, p.FX.Date.String())
	return append(appendKeyText(b, `,"source":`, p.FX.Source), '}')
}

// appendConditions writes the members of a fare, without the braces.
func appendConditions(b []byte, f *Fare) []byte {
	b = appendTextPtr(b, `"brand":`, f.Brand)
	b = appendPerSegment(append(b, `,"basis":`...), f.Basis)
	b = appendPerSegment(append(b, `,"cabin":`...), f.Cabin)
	b = appendIntPtr(b, `,"cabin_bags":`, f.CabinBags)
	b = appendIntPtr(b, `,"checked_bags":`, f.CheckedBags)
	b = appendBoolPtr(b, `,"refundable":`, f.Refundable)
	b = appendBoolPtr(b, `,"changeable":`, f.Changeable)
	b = appendMoney(b, `,"change_fee":`, f.ChangeFee)
	b = appendMoney(b, `,"refund_fee":`, f.RefundFee)
	b = appendTextPtr(b, `,"seat_selection":`, f.Seat)
	b = appendMoney(b, `,"cabin_bag_price":`, f.CabinBagPrice)
	return appendMoney(b, `,"checked_bag_price":`, f.CheckedBagPrice)
}
