package web

// NewServerOn is a Server on a listener of the test's own.
var NewServerOn = newServer
