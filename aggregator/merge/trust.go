package merge

// maxCentroid is how many different names may share one exact position: more are the
// middle of a town, and nobody's address (docs/definitions.md 5.2).
const maxCentroid = 5

// point is an exact position.
type point struct{ lat, lon float64 }

// centroid reports whether listings with so many names share one position that it says
// nothing. at are their positions in all.
func centroid(all []stayListing, at []int32) bool {
	if len(at) <= maxCentroid {
		return false
	}
	names := map[string]bool{}
	for _, i := range at {
		if names[all[i].profile.Names[0].Key] = true; len(names) > maxCentroid {
			return true
		}
	}
	return false
}
