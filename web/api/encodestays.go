package api

func appendStayResult(b []byte, r *StayResult) []byte {
	b = appendKeyText(b, `{"id":`, r.ID)
	b = appendKeyText(b, `,"name":`, r.Name)
	b = appendFloatPtr(b, `,"stars":`, r.Stars)
	b = appendFloatPtr(b, `,"lat":`, r.Lat)
	b = appendFloatPtr(b, `,"lon":`, r.Lon)
	b = appendIntPtr(b, `,"distance_metres":`, r.DistanceMetres)
	b = appendTextPtr(b, `,"address":`, r.Address)
	b = appendMoney(b, `,"price":`, r.Price)
	b = appendScore(b, &r.Score)
	if r.Explain != nil {
		b = appendList(b, `,"explain":{"dominated_by":`, r.Explain.DominatedBy, func(b []byte, d *StayDominator) []byte {
			b = appendKeyText(b, `{"id":`, d.ID)
			return append(appendList(b, `,"better_in":`, d.BetterIn, appendString), '}')
		})
		b = append(appendList(b, `,"listings":`, r.Explain.Listings, appendString), '}')
	}
	b = appendFloatPtr(b, `,"guest_score":`, r.GuestScore)
	b = appendIntPtr(b, `,"guest_reviews":`, r.GuestReviews)
	b = appendList(b, `,"may_be_same":`, r.MayBeSame, appendString)
	b = appendList(b, `,"may_be_same_names":`, r.MayBeSameNames, appendString)
	b = appendList(b, `,"rooms":`, r.Rooms, func(b []byte, room *StayRoom) []byte {
		b = appendKeyText(b, `{"id":`, room.ID)
		b = appendTextPtr(b, `,"name":`, room.Name)
		b = appendMoney(b, `,"from":`, room.From)
		return append(appendKeyInt(b, `,"rates":`, room.Rates), '}')
	})
	b = appendKeyInt(b, `,"rates_total":`, r.RatesTotal)
	b = appendList(b, `,"rates":`, r.Rates, appendRate)
	return append(b, '}')
}

func appendRate(b []byte, r *Rate) []byte {
	b = appendKeyText(b, `{"id":`, r.ID)
	b = appendKeyText(b, `,"partner":`, r.Partner)
	b = appendTextPtr(b, `,"room":`, r.Room)
	b = appendKeyText(b, `,"room_id":`, r.RoomID)
	b = appendKeyText(b, `,"room_key":`, r.RoomKey)
	b = appendTextPtr(b, `,"board":`, r.Board)
	b = appendPrice(append(b, `,"price":{`...), &r.Price.Price)
	b = append(appendMoney(b, `,"pay_at_property":`, r.Price.PayAtProperty), '}')
	b = appendBoolPtr(b, `,"cancellation":{"refundable":`, r.Cancellation.Refundable)
	b = appendInstant(b, `,"free_until":`, r.Cancellation.FreeUntil)
	b = appendList(b, `,"steps":`, r.Cancellation.Steps, func(b []byte, s *CancellationStep) []byte {
		b = appendInstant(b, `{"from":`, s.From)
		return append(appendMoney(b, `,"fee":`, s.Fee), '}')
	})
	b = appendTextPtr(append(b, '}'), `,"payment":`, r.Payment)
	b = appendList(b, `,"occupancy":`, r.Occupancy, func(b []byte, o *RoomOccupancy) []byte {
		b = appendKeyInt(b, `{"rooms":`, o.Rooms)
		b = appendKeyInt(b, `,"adults":`, o.Adults)
		return append(appendList(b, `,"child_ages":`, o.ChildAges, appendInt), '}')
	})
	b = appendTexts(b, `,"constraints":`, r.Constraints)
	b = appendIntPtr(b, `,"rooms_left":`, r.RoomsLeft)
	b = appendInstant(b, `,"expires_at":`, r.ExpiresAt)
	return append(appendTextPtr(b, `,"go":`, r.Go), '}')
}
