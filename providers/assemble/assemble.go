// Package assemble puts answers together from what decoders read: offers and rates within
// their limit, rates of single rooms as whole parties, the answers of several calls as
// one, the most restrictive of several conditions, and error documents as errors. It knows
// no protocol and does no I/O.
package assemble
