// Package match judges whether two listings of different partners are one property
// (docs/definitions.md 5): it reads names, addresses and towns, weighs what two listings
// have in common, and finds listings that are worth comparing. It is pure. Who is merged
// with whom, among many, is for package merge.
package match
