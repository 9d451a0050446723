package main

import (
	"regexp"
	"strings"
)

var (
	spaces = regexp.MustCompile(`\s+`)
	near   = regexp.MustCompile(`^.*\(near ([^/)]+).*$`)
	inside = regexp.MustCompile(`^(.*?)\s*\(([^)]*)\)\s*(.*)$`)
)

// clean makes a name fit for a column.
func clean(s string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(strings.ReplaceAll(s, "|", "/"), " "))
}

// cityNames turns "Kozhikode (Calicut)" or "Cologne / Bonn" into names joined with
// |, the usual one first.
func cityNames(city string) string {
	city = clean(city)
	if city == "New York City" {
		city = "New York"
	}
	if m := near.FindStringSubmatch(city); m != nil {
		city = clean(m[1])
	}
	other := ""
	if m := inside.FindStringSubmatch(city); m != nil {
		city, other = clean(m[1]+" "+m[3]), clean(m[2])
	}
	city, _, _ = strings.Cut(city, "(") // a bracket that never closes
	names := strings.Split(city, " / ")
	if other != "" {
		names = append(names, other)
	}
	for i := range names {
		names[i] = clean(names[i])
	}
	return strings.Join(names, "|")
}
