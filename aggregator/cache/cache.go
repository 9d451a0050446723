// Package cache keeps Answers, and what can be made of them again, in go-cache
// behind one byte bound. Entries belong to groups, one a search: the group that was
// not used for longest goes first, whole. How long an answer may live is in ttl.go.
package cache

import (
	"container/list"
	"strings"
	"sync"
	"time"

	gocache "github.com/patrickmn/go-cache"
)

// entryOverhead is what an entry costs besides its value: the map's slot, the item,
// the key and the bookkeeping (measured, rounded up).
const entryOverhead = 256

// Cache is safe for concurrent use. Values are shared: they must be immutable.
type Cache struct {
	max     int64
	evicted func(group string)
	items   *gocache.Cache

	mu     sync.Mutex // guards the fields below, and every change of items
	bytes  int64
	groups map[string]*list.Element // of *group
	recent *list.List               // front: used last
}

type group struct {
	name  string
	bytes map[string]int64 // by key
}

// New is an empty cache of at most maxBytes. evicted, which may be nil, hears of
// groups that were dropped to keep the bound; it runs under the cache's lock and
// must not call back.
func New(maxBytes int64, evicted func(group string)) *Cache {
	return &Cache{
		max: maxBytes, evicted: evicted,
		// No janitor: only a finalizer stops go-cache's own; Sweep is called by our owner.
		items:  gocache.New(gocache.NoExpiration, 0),
		groups: map[string]*list.Element{}, recent: list.New(),
	}
}

func itemKey(group, key string) string { return group + "\x00" + key }

// Put keeps value, which takes about bytes of memory, for ttl (not at all if that
// is zero or less). It replaces what was there, and may evict other groups.
func (c *Cache) Put(groupName, key string, value any, bytes int64, ttl time.Duration) {
	bytes += entryOverhead + 2*int64(len(groupName)+len(key))
	c.mu.Lock()
	defer c.mu.Unlock()
	if ttl <= 0 || bytes > c.max {
		c.removeLocked(groupName, key)
		return
	}
	g := c.touchLocked(groupName)
	c.bytes += bytes - g.bytes[key] // overwriting is silent in go-cache: the old size is ours to take off
	g.bytes[key] = bytes
	c.items.Set(itemKey(groupName, key), value, ttl)
	for c.bytes > c.max {
		c.evictLocked(c.recent.Back())
	}
}

// touchLocked makes the group the one used last.
func (c *Cache) touchLocked(name string) *group {
	e := c.groups[name]
	if e == nil {
		e = c.recent.PushFront(&group{name, map[string]int64{}})
		c.groups[name] = e
	}
	c.recent.MoveToFront(e)
	return e.Value.(*group)
}

// removeLocked drops one entry.
func (c *Cache) removeLocked(name, key string) {
	e := c.groups[name]
	if e == nil {
		return
	}
	g := e.Value.(*group)
	c.bytes -= g.bytes[key]
	delete(g.bytes, key)
	c.items.Delete(itemKey(name, key))
	if len(g.bytes) == 0 {
		c.recent.Remove(e)
		delete(c.groups, name)
	}
}

// evictLocked drops a whole group.
func (c *Cache) evictLocked(e *list.Element) {
	g := e.Value.(*group)
	for key := range g.bytes {
		c.removeLocked(g.name, key)
	}
	if c.evicted != nil {
		c.evicted(g.name)
	}
}

// Get returns a value that has not expired.
func (c *Cache) Get(groupName, key string) (any, bool) {
	v, ok := c.items.Get(itemKey(groupName, key))
	if ok {
		c.mu.Lock()
		if e := c.groups[groupName]; e != nil {
			c.recent.MoveToFront(e)
		}
		c.mu.Unlock()
	}
	return v, ok
}

// Remove drops one entry.
func (c *Cache) Remove(groupName, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.removeLocked(groupName, key)
}

// RemoveIf drops every entry whose key matches, in all groups.
func (c *Cache) RemoveIf(match func(key string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, e := range c.groups {
		for key := range e.Value.(*group).bytes {
			if match(key) {
				c.removeLocked(name, key)
			}
		}
	}
}

// Sweep drops what has expired.
func (c *Cache) Sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, e := range c.groups {
		for key := range e.Value.(*group).bytes {
			if _, alive := c.items.Get(itemKey(name, key)); !alive {
				c.removeLocked(name, key)
			}
		}
	}
}

// Shrink drops the groups used least lately until at most bytes are kept.
func (c *Cache) Shrink(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.bytes > bytes && c.recent.Len() > 0 {
		c.evictLocked(c.recent.Back())
	}
}

// Bytes is the accounted size of everything kept.
func (c *Cache) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// RemovePrefix drops a group's entries whose key begins with prefix.
func (c *Cache) RemovePrefix(groupName, prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.groups[groupName]
	if e == nil {
		return
	}
	for key := range e.Value.(*group).bytes {
		if strings.HasPrefix(key, prefix) {
			c.removeLocked(groupName, key)
		}
	}
}
