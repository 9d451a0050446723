// Package lru is a small cache of the entries that were used last, for what is remembered besides
// partners' answers: names of properties, limits by address, what searches taught. What is bounded by
// bytes stands in aggregator/cache.
package lru

import (
	"container/list"
	"sync"
	"time"
)

// Cache holds up to a number of entries. The one that was not used for longest goes first. It is safe
// for concurrent use; values are shared, so they must not change or must guard themselves.
type Cache[K comparable, V any] struct {
	most int
	age  time.Duration

	mu      sync.Mutex // guards the fields below
	entries map[K]*list.Element
	order   *list.List // of *entry[K, V]; the last used first
}

type entry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

// New has room for most entries, at least one, each good for age from when it was put; 0 is for ever.
func New[K comparable, V any](most int, age time.Duration) *Cache[K, V] {
	return &Cache[K, V]{most: max(most, 1), age: age, entries: map[K]*list.Element{}, order: list.New()}
}

// Get returns the entry of a key, and false if there is none or it is too old.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.get(key)
}

// get is Get; the lock is held.
func (c *Cache[K, V]) get(key K) (value V, ok bool) {
	e := c.entries[key]
	if e == nil {
		return value, false
	}
	found := e.Value.(*entry[K, V])
	if c.age > 0 && !time.Now().Before(found.until) {
		c.order.Remove(e)
		delete(c.entries, key)
		return value, false
	}
	c.order.MoveToFront(e)
	return found.value, true
}

// Put remembers a value, in place of an older one of the key.
func (c *Cache[K, V]) Put(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, value)
}

// put is Put; the lock is held.
func (c *Cache[K, V]) put(key K, value V) {
	next := &entry[K, V]{key, value, time.Now().Add(c.age)}
	if e := c.entries[key]; e != nil {
		e.Value = next
		c.order.MoveToFront(e)
		return
	}
	c.entries[key] = c.order.PushFront(next)
	if c.order.Len() > c.most {
		oldest := c.order.Remove(c.order.Back()).(*entry[K, V])
		delete(c.entries, oldest.key)
	}
}

// GetOrPut returns the entry of a key, and puts what create returns if there is none. create runs under
// the cache's lock: it must be quick and must not call back.
func (c *Cache[K, V]) GetOrPut(key K, create func() V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok := c.get(key)
	if !ok {
		value = create()
		c.put(key, value)
	}
	return value
}

// Len counts the entries, those that are too old included.
func (c *Cache[K, V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}
