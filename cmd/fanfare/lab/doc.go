// Package lab is the fault laboratory: what a search promises, measured while partners are down, slow,
// lying or hostile, while travellers overload the server, and while operators stop and reload it. Each
// row of docs/reliability.md section 2 is a test here, and mutants are the guards taken away one by one.
// The server under test is package server's in a process of its own; partners misbehave as package
// faultinject has it, and travellers come at a fixed rate whatever happens.
package lab
