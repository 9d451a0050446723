package places

import "time"

// nearestZoneMetres is how far away an airport may be to lend its zone.
const nearestZoneMetres = 400_000

// ZoneNear is the zone of the airport nearest to a position in degrees, nil if there is
// none within 400 km. Within some kilometres of a border between zones it may be the
// neighbour's, which is an hour off at most nearly everywhere: good enough to read a
// deadline that a document states in a property's own time, and to be noted as assumed.
func (a *Atlas) ZoneNear(lat, lon float64) *time.Location {
	best, nearest := (*Airport)(nil), float64(nearestZoneMetres)
	for i := range a.airports {
		p := &a.airports[i]
		if d := p.Lat - lat; d > 4 || d < -4 { // a degree of latitude is 111 km
			continue
		}
		if d := DistanceMetres(lat, lon, p.Lat, p.Lon); d < nearest {
			best, nearest = p, d
		}
	}
	if best == nil {
		return nil
	}
	return a.Zone(best.Code)
}
