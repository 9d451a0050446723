package places

import "math"

// earthRadiusMetres is the mean radius of the Earth (IUGG R1).
const earthRadiusMetres = 6_371_008.8

// DistanceMetres is the great-circle distance between two points in degrees, on
// a sphere: within 0.6 % of the truth. London Heathrow to New York JFK is about
// 5,540 km.
func DistanceMetres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	sLat, sLon := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := sLat*sLat + math.Cos(lat1*rad)*math.Cos(lat2*rad)*sLon*sLon // haversine
	return 2 * earthRadiusMetres * math.Asin(math.Sqrt(min(h, 1)))
}
