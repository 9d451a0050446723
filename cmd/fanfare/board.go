package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// board is a search's view, kept up to date by the events of its stream. A snapshot
// with all updates applied is the polled view of that revision, byte for byte.
type board struct {
	keys     []string // of the document, in its order
	fields   map[string]json.RawMessage
	partners []named
	results  []named
}

// named is an element of a list that is known by its name or id.
type named struct {
	name string
	raw  json.RawMessage
}

func newBoard(doc []byte) (*board, error) {
	b := &board{}
	return b, b.replace(doc)
}

// replace starts over with a whole view.
func (b *board) replace(doc []byte) error {
	next := board{fields: map[string]json.RawMessage{}}
	if err := json.Unmarshal(doc, &next.fields); err != nil {
		return fmt.Errorf("not a view of a search: %w", err)
	}
	for _, name := range []string{"id", "status", "partners", "results"} {
		if next.fields[name] == nil {
			return fmt.Errorf("not a view of a search: no %s", name)
		}
	}
	var err error
	if next.keys, err = keysOf(doc); err != nil {
		return err
	}
	if next.partners, err = namedList(next.fields["partners"]); err != nil {
		return err
	}
	if next.results, err = namedList(next.fields["results"]); err != nil {
		return err
	}
	*b = next
	return nil
}

// keysOf lists an object's keys in the order in which they stand.
func keysOf(doc []byte) ([]string, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var keys []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		keys = append(keys, fmt.Sprint(key))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func namedList(raw json.RawMessage) ([]named, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, err
	}
	list := make([]named, len(items))
	for i, item := range items {
		var key struct{ ID, Name string }
		if err := json.Unmarshal(item, &key); err != nil {
			return nil, err
		}
		list[i] = named{key.ID, item}
		if key.ID == "" {
			list[i].name = key.Name
		}
	}
	return list, nil
}

// apply takes in one event; those that change nothing are ignored.
func (b *board) apply(e event) error {
	switch e.name {
	case "snapshot":
		return b.replace(e.data)
	case "update":
		return b.update(e.data)
	}
	return nil
}

// update takes in what changed.
func (b *board) update(doc []byte) error {
	var fields map[string]json.RawMessage
	var change struct {
		Order            []string
		Partners, Upsert json.RawMessage
	}
	if err := errors.Join(json.Unmarshal(doc, &fields), json.Unmarshal(doc, &change)); err != nil {
		return fmt.Errorf("not an update: %w", err)
	}
	partners, err := namedList(change.Partners)
	if err != nil {
		return fmt.Errorf("not an update: partners: %w", err)
	}
	for _, p := range partners {
		b.setPartner(p)
	}
	upsert, err := namedList(change.Upsert)
	if err != nil {
		return fmt.Errorf("not an update: upsert: %w", err)
	}
	have := map[string]json.RawMessage{}
	for _, r := range slices.Concat(b.results, upsert) {
		have[r.name] = r.raw
	}
	b.results = make([]named, len(change.Order))
	for i, id := range change.Order {
		if b.results[i] = (named{id, have[id]}); have[id] == nil {
			return fmt.Errorf("the update orders a result %q that was never sent", id)
		}
	}
	for _, own := range []string{"partners", "order", "upsert", "removed"} {
		delete(fields, own)
	}
	if _, early := fields["early_stop"]; !early {
		delete(b.fields, "early_stop")
	}
	for name, value := range fields {
		b.set(name, value)
	}
	return nil
}

func (b *board) setPartner(p named) {
	for i := range b.partners {
		if b.partners[i].name == p.name {
			b.partners[i] = p
			return
		}
	}
	at := 0 // partners stand sorted by name
	for at < len(b.partners) && b.partners[at].name < p.name {
		at++
	}
	b.partners = slices.Insert(b.partners, at, p)
}

func (b *board) set(name string, value json.RawMessage) {
	if _, has := b.fields[name]; !has {
		b.keys = append(b.keys, name)
	}
	b.fields[name] = value
}

// document is the view as a poll of this revision would have it.
func (b *board) document() []byte {
	var out bytes.Buffer
	for _, key := range b.keys {
		value, has := b.fields[key]
		if !has {
			continue
		}
		switch key {
		case "partners":
			value = joined(b.partners)
		case "results":
			value = joined(b.results)
		}
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:", key)
		out.Write(value)
	}
	return []byte("{" + out.String() + "}")
}

func joined(list []named) json.RawMessage {
	raw := make([][]byte, len(list))
	for i := range list {
		raw[i] = list[i].raw
	}
	return append(append([]byte("["), bytes.Join(raw, []byte(","))...), ']')
}

func (b *board) text(field string) string {
	var s string
	_ = json.Unmarshal(b.fields[field], &s) // what is no text is shown as none
	return s
}

func (b *board) id() string { return b.text("id") }

// terminal reports whether the search has ended.
func (b *board) terminal() bool {
	switch b.text("status") {
	case "pending", "partial", "":
		return false
	}
	return true
}

// shownAs reads what the terminal shows.
func shownAs[R any](b *board) (*shownSearch[R], error) {
	s := new(shownSearch[R])
	if err := json.Unmarshal(b.document(), s); err != nil {
		return nil, fmt.Errorf("read the server's view: %w", err)
	}
	return s, nil
}
