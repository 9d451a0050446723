package fx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"time"
)

const (
	// fileEvery is how often a file is looked at; looking costs one stat.
	fileEvery = 15 * time.Second
	// urlEvery is how often an address is asked. The bank publishes once a day, at about 15:00 UTC.
	urlEvery = time.Hour
	// urlRetry is how soon it is asked again after a failure.
	urlRetry = 5 * time.Minute
	// fetchTimeout bounds one fetch, of a file of 2 kB.
	fetchTimeout = 20 * time.Second
)

// Config says where rates come from. Its zero value is the embedded table.
type Config struct {
	File     string       // a file in the bank's daily format, read again when it changes
	URL      string       // or an address of one
	Client   *http.Client // for URL; nil is http.DefaultClient
	OnError  func(error)  // told of a refresh that did not work; may be nil
	OnChange func(*Table) // told of each table that replaces another; may be nil
}

// Validate returns every complaint about the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.File != "" && c.URL != "" {
		errs = append(errs, errors.New("fx: file and url are both set; one is possible"))
	}
	if c.URL != "" {
		if u, err := url.Parse(c.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			errs = append(errs, fmt.Errorf("fx.url: %q is not an http address", c.URL))
		}
	}
	return errors.Join(errs...)
}

// Source holds the current table. It is safe for concurrent use; Run belongs in one goroutine.
type Source struct {
	config  Config
	current atomic.Pointer[Table]
	stamp   fileStamp // only Run uses it, once NewSource has returned
}

// fileStamp tells one version of a file from another.
type fileStamp struct {
	modified time.Time
	size     int64
}

// NewSource returns a source with the table of the file, which must be good, or
// with the embedded one. An address is asked by Run, so that starting never waits for it.
func NewSource(c Config) (*Source, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	s := &Source{config: c}
	s.current.Store(Embedded())
	if c.File == "" {
		return s, nil
	}
	var err error
	if s.stamp, err = stampOf(c.File); err != nil {
		return nil, fmt.Errorf("fx.file: %w", err)
	}
	t, err := Load(c.File)
	if err != nil {
		return nil, fmt.Errorf("fx.file: %w", err)
	}
	s.current.Store(t)
	return s, nil
}

// Current returns the newest good table, never nil.
func (s *Source) Current() *Table { return s.current.Load() }

// Run keeps the table fresh until ctx ends. A refresh that does not work keeps the
// last good table and is told to OnError. Without file and address it only waits.
func (s *Source) Run(ctx context.Context) {
	var pause time.Duration // an address is asked at once, a file was read just now
	if s.config.URL == "" {
		pause = fileEvery
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		switch {
		case s.config.File != "":
			s.report(ctx, s.reread())
			pause = fileEvery
		case s.config.URL != "":
			err := s.fetch(ctx)
			s.report(ctx, err)
			if pause = urlEvery; err != nil {
				pause = urlRetry
			}
		default:
			<-ctx.Done()
			return
		}
		timer.Reset(pause)
	}
}

func (s *Source) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && s.config.OnError != nil {
		s.config.OnError(err)
	}
}

func (s *Source) replace(t *Table) {
	s.current.Store(t)
	if s.config.OnChange != nil {
		s.config.OnChange(t)
	}
}

func stampOf(path string) (fileStamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}, err
	}
	return fileStamp{info.ModTime(), info.Size()}, nil
}

// reread takes over the file if it has changed. A bad file is complained about once, until it changes again.
func (s *Source) reread() error {
	stamp, err := stampOf(s.config.File)
	if stamp == s.stamp {
		return nil
	}
	s.stamp = stamp // the zero stamp is a file that is not there
	if err != nil {
		return fmt.Errorf("rates: %w", err)
	}
	t, err := Load(s.config.File)
	if err != nil {
		return err
	}
	s.replace(t)
	return nil
}

// fetch takes over what the address has, unless it is older than what we have.
func (s *Source) fetch(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, fetchTimeout, errors.New("rates: no answer in time"))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.URL, nil)
	if err != nil {
		return fmt.Errorf("rates: %w", err)
	}
	client := s.config.Client
	if client == nil {
		client = http.DefaultClient
	}
	name := request.URL.Host + request.URL.Path // what follows may be a key
	response, err := client.Do(request)
	if err != nil {
		if e := (*url.Error)(nil); errors.As(err, &e) {
			err = e.Err // which would repeat the whole address
		}
		return fmt.Errorf("rates %s: %w", name, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("rates %s: %s", name, response.Status)
	}
	t, err := Parse(response.Body, name)
	if err != nil {
		return err
	}
	current := s.Current()
	switch {
	case t.Date() < current.Date():
		return fmt.Errorf("rates %s: of %s, older than those of %s in use", name, t.Date(), current.Date())
	case t.Date() > current.Date() || current.Source() != t.Source():
		s.replace(t)
	}
	return nil
}
