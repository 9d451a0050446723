package partnersim

import "sync"

// memo keeps computed values, at most limit of them. When it is full it starts
// afresh: the world can be computed again at any time, so nothing clever is needed.
type memo[K comparable, V any] struct {
	limit int

	mu   sync.Mutex // guards the field below
	have map[K]V
}

func newMemo[K comparable, V any](limit int) *memo[K, V] {
	return &memo[K, V]{limit: limit, have: make(map[K]V)}
}

// get returns the value for key, computing it outside the lock if it is not
// there. Two callers may compute the same value; it is the same by construction.
func (m *memo[K, V]) get(key K, compute func() V) V {
	m.mu.Lock()
	v, ok := m.have[key]
	m.mu.Unlock()
	if ok {
		return v
	}
	v = compute()
	m.mu.Lock()
	if len(m.have) >= m.limit {
		clear(m.have)
	}
	m.have[key] = v
	m.mu.Unlock()
	return v
}

// peek returns the value for key if it is there, else the zero value.
func (m *memo[K, V]) peek(key K) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.have[key]
}

// name puts a value under its name, and returns the name.
func (m *memo[K, V]) name(key K, value V) K {
	m.get(key, func() V { return value })
	return key
}
