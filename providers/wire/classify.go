package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"fanfare/providers/fault"
)

// dialFault is why no connection came about.
func dialFault(err error) error {
	var (
		known *fault.Error
		dns   *net.DNSError
		net   net.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &dns):
		return fault.New(fault.DNS, err)
	case errors.As(err, &net) && net.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.ConnectTimeout, err)
	case errors.Is(err, syscall.ECONNRESET):
		return fault.New(fault.Reset, err)
	}
	return fault.New(fault.Refused, err) // refused, and hosts and networks that cannot be reached
}

// failure is the *fault.Error of a round trip that broke off. The end of ctx
// outweighs whatever it made the connection say; usual is the cause of an end that
// tells nothing more.
func failure(ctx context.Context, err error, usual fault.Cause) *fault.Error {
	if ctx.Err() != nil {
		return contextFault(ctx)
	}
	var known *fault.Error
	switch text := err.Error(); {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Deadline, err)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), strings.Contains(text, "RST_STREAM"), strings.Contains(text, "stream error"):
		return fault.New(fault.Reset, err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault.New(usual, err)
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "header list"):
		return fault.New(fault.TooLarge, err) // net/http has no names for these
	case strings.Contains(text, "malformed"), strings.Contains(text, "1xx"), strings.Contains(text, "invalid"):
		return fault.New(fault.Malformed, errors.New("malformed HTTP")) // the text repeats what was sent
	}
	return fault.New(usual, err)
}

// contextFault is why a call ended from our side: its deadline, or nobody waits. A
// *fault.Error that was given as the cause of ctx says it itself.
func contextFault(ctx context.Context) *fault.Error {
	cause := context.Cause(ctx)
	var known *fault.Error
	switch {
	case errors.As(cause, &known):
		return fault.New(known.Cause, cause)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.New(fault.Deadline, cause)
	}
	return fault.New(fault.Cancelled, cause)
}
