// Package wire is the HTTP round trip that the protocols share: the client of one partner
// with its limits and egress rules, the exchange that each call of a protocol is, log-in and
// tokens, and the settings of a feed. What the bodies say is read by package document. It knows
// nothing about any one protocol, or about quotas, breakers and retries (package guard).
//
// Nothing that a partner sends is trusted: every body is bounded in bytes and time, and
// every error has a cause of package fault.
package wire
