// Package partnersim is simulated partners: one seeded world of flights and
// hotels, and for each protocol a writer that sells parts of it over HTTP the way
// the vendor does, refusals included, with latency and faults to order.
//
// Everything follows from the seed and the world's clock: the same question
// within the same ten minutes has the same bytes for an answer. The world is
// computed when asked for and kept in bounded caches.
//
// Here are the server, its faults, and the replay of recordings. Package world is what is sold,
// package exchange what vendors share of HTTP and documents, and each vendor has a folder with what
// it asks for, writes and refuses. No vendor uses another.
//
// No package here imports a protocol package nor a reader: what the simulator writes shares no
// code with what Fanfare reads, so that a misreading has to be made twice to hide.
package partnersim
