package wire

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fanfare/providers/travel"
)

// Options reads the options that a feed declares for a protocol. It gathers the complaints about
// all of them, so that an operator sees them at once. A value that is complained about is
// returned all the same: Err is asked before any is used. It is not safe for concurrent use.
type Options struct {
	declared   map[string]string
	complaints []error
}

// Check adds a complaint that was found elsewhere; nil adds none.
func (o *Options) Check(err error) { o.complaints = append(o.complaints, err) }

// Complain adds a complaint, as of fmt.Errorf.
func (o *Options) Complain(format string, args ...any) { o.Check(fmt.Errorf(format, args...)) }

// Err returns all complaints in one error, in the order in which they were found; nil without any.
func (o *Options) Err() error { return errors.Join(o.complaints...) }

// Text returns an option that is good, standard where it is not declared. want completes the
// complaint "must be".
func (o *Options) Text(key, standard, want string, good func(string) bool) string {
	value, declared := o.declared[key]
	if !declared {
		return standard
	}
	if !good(value) {
		o.Complain("options.%s: must be %s", key, want)
	}
	return value
}

// OneOf is a test for Text.
func OneOf(words ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(words, value) }
}

// Choice returns an option that is one of a few words, of which the first is the default.
func (o *Options) Choice(key string, allowed ...string) string {
	return o.Text(key, allowed[0], "one of "+strings.Join(allowed, ", "), OneOf(allowed...))
}

// Int returns an option that is a whole number from low to most.
func (o *Options) Int(key string, standard, low, most int) int {
	n := standard
	o.Text(key, "", fmt.Sprintf("%d to %d", low, most), func(value string) bool {
		var err error
		n, err = strconv.Atoi(value)
		return err == nil && low <= n && n <= most
	})
	return n
}

// Duration returns an option that is a duration above zero.
func (o *Options) Duration(key string, standard time.Duration) time.Duration {
	d := standard
	o.Text(key, "", "a duration such as 24h", func(value string) bool {
		var err error
		d, err = time.ParseDuration(value)
		return err == nil && d > 0
	})
	return d
}

// Path returns an option that is the path of an address, standard where it is empty too.
func (o *Options) Path(key, standard string) string {
	path := o.declared[key]
	if path == "" {
		return standard
	}
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "# ") || !HeaderText(path) {
		o.Complain("options.%s: must begin with / and be part of a URL", key)
	}
	return path
}

// PassengerType returns an option that is a code of three characters, such as CNN for a child;
// standard where it is empty too.
func (o *Options) PassengerType(key, standard string) string {
	code := o.Text(key, "", "a code of three characters", func(value string) bool { return value == "" || len(value) == 3 })
	if code == "" {
		return standard
	}
	return code
}

// ofMarket is the value of an option that may be the traveller's market.
const ofMarket = "market"

// Currency returns the currency that prices are to be asked for in, by the traveller's market: the
// one of the option, that of the market where the option is the word market, else "", which
// leaves the choice to the partner.
func (o *Options) Currency(key string) func(market travel.Country) travel.Currency {
	wanted := travel.Currency(o.Text(key, "", "a currency of ISO 4217, or market", func(value string) bool {
		_, known := travel.Currency(value).Exponent()
		return known || value == "" || value == ofMarket
	}))
	return func(market travel.Country) travel.Currency {
		if wanted != ofMarket {
			return wanted
		}
		currency, _ := travel.MarketCurrency(market)
		return currency
	}
}

// Action returns an option that is the value of SOAPAction, in its quotes; declared is false
// without one.
func (o *Options) Action(key string) (quoted string, declared bool) {
	action, declared := o.declared[key]
	if !HeaderText(action) || strings.Contains(action, `"`) {
		o.Complain("options.%s: holds a character that no header can carry", key)
	}
	return `"` + action + `"`, declared
}
