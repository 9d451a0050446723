package world

import "sync"

// Memo keeps computed values, at most limit of them. When it is full it starts
// afresh: the world can be computed again at any time, so nothing clever is needed.
type Memo[K comparable, V any] struct {
	limit int

	mu   sync.Mutex // guards the field below
	have map[K]V
}

func NewMemo[K comparable, V any](limit int) *Memo[K, V] {
	return &Memo[K, V]{limit: limit, have: make(map[K]V)}
}

// Get returns the value for key, computing it outside the lock if it is not
// there. Two callers may compute the same value; it is the same by construction.
func (m *Memo[K, V]) Get(key K, compute func() V) V {
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

// Peek returns the value for key if it is there, else the zero value.
func (m *Memo[K, V]) Peek(key K) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.have[key]
}

// Name puts a value under its name, and returns the name.
func (m *Memo[K, V]) Name(key K, value V) K {
	m.Get(key, func() V { return value })
	return key
}
