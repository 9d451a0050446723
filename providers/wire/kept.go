package wire

import (
	"container/list"
	"sync"
	"time"
)

// Kept is what a client remembers between calls besides answers, such as the names and
// places of properties: up to a number of entries, the one unused for longest going
// first, each for a time of its own from when it was put. Answers themselves are kept by
// the aggregator. It is safe for concurrent use.
type Kept[V any] struct {
	most int
	age  time.Duration

	mu      sync.Mutex // guards the fields below
	entries map[string]*list.Element
	order   *list.List // of keptEntry, the last used first
}

type keptEntry[V any] struct {
	key   string
	value V
	until time.Time
}

// NewKept has room for most entries, at least one, each good for age.
func NewKept[V any](most int, age time.Duration) *Kept[V] {
	return &Kept[V]{most: max(most, 1), age: age, entries: map[string]*list.Element{}, order: list.New()}
}

// Get is the entry of a key, false if there is none or it is too old.
func (k *Kept[V]) Get(key string) (value V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.entries[key]
	if e == nil {
		return value, false
	}
	entry := e.Value.(*keptEntry[V])
	if !time.Now().Before(entry.until) {
		k.order.Remove(e)
		delete(k.entries, key)
		return value, false
	}
	k.order.MoveToFront(e)
	return entry.value, true
}

// Put remembers a value, which must not change any more.
func (k *Kept[V]) Put(key string, value V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	until := time.Now().Add(k.age)
	if e := k.entries[key]; e != nil {
		*e.Value.(*keptEntry[V]) = keptEntry[V]{key, value, until}
		k.order.MoveToFront(e)
		return
	}
	k.entries[key] = k.order.PushFront(&keptEntry[V]{key, value, until})
	if k.order.Len() > k.most {
		oldest := k.order.Back()
		k.order.Remove(oldest)
		delete(k.entries, oldest.Value.(*keptEntry[V]).key)
	}
}

// Len is how many entries there are, those too old included.
func (k *Kept[V]) Len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.order.Len()
}
