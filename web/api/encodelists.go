package api

// The functions below write what holds several values, or one or none. one appends a value; of
// structs it takes a pointer, which spares copies.

// appendOptional appends what v points at, null for nil.
func appendOptional[T any](b []byte, v *T, one func([]byte, T) []byte) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	return one(b, *v)
}

// appendPointer is appendOptional of a struct.
func appendPointer[T any](b []byte, v *T, one func([]byte, *T) []byte) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	return one(b, v)
}

// appendValues appends an array: no list of the API is null, so that of nil is empty.
func appendValues[T any](b []byte, all []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, all[i])
	}
	return append(b, ']')
}

// appendList is appendValues of structs.
func appendList[T any](b []byte, all []T, one func([]byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, &all[i])
	}
	return append(b, ']')
}

// appendNoted is appendList, and notes in at where each element stands.
func appendNoted[T any](b []byte, all []T, one func([]byte, *T) []byte, at *spans) []byte {
	at.list(len(all))
	b = append(b, '[')
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		from := len(b)
		b = one(b, &all[i])
		at.element(from, len(b))
	}
	return append(b, ']')
}

// appendMap appends a map with its keys sorted, as encoding/json does; no map of the API is null.
func appendMap[T any](b []byte, m map[string]T, one func([]byte, T) []byte) []byte {
	b = append(b, '{')
	for i, key := range sortedKeys(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(append(appendText(b, key), ':'), m[key])
	}
	return append(b, '}')
}

// appendObjects is appendMap of structs.
func appendObjects[T any](b []byte, m map[string]T, one func([]byte, *T) []byte) []byte {
	return appendMap(b, m, func(b []byte, v T) []byte { return one(b, &v) })
}
