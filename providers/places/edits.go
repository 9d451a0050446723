package places

// maxQuery bounds what is compared, in bytes; no name needs more to be found.
const maxQuery = 32

// maxEdits is how many typing errors are forgiven in a text of n bytes: none in
// codes and the shortest names, where everything is near everything.
func maxEdits(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 7:
		return 1
	}
	return 2
}

// edits counts the typing errors between a query and a key, up to most: letters
// missing, added, changed, or two neighbours swapped (optimal string alignment).
// whole compares all of the key; prefix allows the key to go on after the query.
// Both are most+1 when there are more.
//
// edits("lodnon", "london", 2) = 1, 1; edits("lodn", "london", 1) = 2, 1.
func edits(query []byte, key string, most int) (whole, prefix int) {
	var rows [3][maxQuery + 4]uint8
	far := uint8(most + 1)
	n := min(len(key), len(query)+most)
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= n; j++ {
		above[j] = uint8(min(j, int(far)))
	}
	for i := 1; i <= len(query); i++ {
		from, to := max(1, i-most), min(n, i+most)
		row[from-1] = far
		if from == 1 {
			row[0] = uint8(min(i, int(far)))
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			d := above[j-1]
			if query[i-1] != key[j-1] {
				d++
				if j < i+most { // outside the band above[j] is stale
					d = min(d, above[j]+1)
				}
				d = min(d, row[j-1]+1)
				if i > 1 && j > 1 && query[i-1] == key[j-2] && query[i-2] == key[j-1] {
					d = min(d, before[j-2]+1)
				}
			}
			row[j] = min(d, far)
			least = min(least, row[j])
		}
		if to < n {
			row[to+1] = far
		}
		if least >= far {
			return most + 1, most + 1
		}
		before, above, row = above, row, before
	}
	whole, prefix = most+1, most+1
	for j := max(0, len(query)-most); j <= n; j++ {
		prefix = min(prefix, int(above[j]))
	}
	if len(key) == n {
		whole = int(above[n])
	}
	return whole, prefix
}
