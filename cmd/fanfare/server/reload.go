package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	// settled is how long a configuration must not have changed to be read: it may be half written.
	settled = 50 * time.Millisecond
	// reloadWithin bounds how long a reload waits for its file, which may be a pipe or stand on a
	// mount that is dead.
	reloadWithin = 5 * time.Second
)

// reloadOnHangup reads the partners again at each SIGHUP. A bad file changes nothing,
// and the log says why.
func (s *Server) reloadOnHangup(ctx context.Context, path string) (stop func()) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-hangups:
				s.Reload(ctx, path)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangups)
		cancel()
		<-done
	}
}

// Reload reads the configuration and replaces the partners and the pairs of hotels. If that cannot
// be done nothing changes.
func (s *Server) Reload(ctx context.Context, path string) {
	cfg, err := s.readAgain(ctx, path)
	if err == nil && len(cfg.Partners) == 0 && s.aggregator.Partners() > 0 {
		err = errors.New("partners: none; the file would take every partner away")
	}
	if err == nil {
		err = s.applyPartners(cfg.Partners)
	}
	if err != nil {
		s.log.Warn("configuration not reloaded; nothing changed", "cause", err.Error())
		return
	}
	s.aggregator.SetDoNotMerge(cfg.doNotMerge())
	s.log.Info("partners reloaded", "partners", len(cfg.Partners))
	if keys := needRestart(&s.cfg, &cfg); len(keys) > 0 {
		s.log.Warn("these settings have changed and need a restart", "keys", strings.Join(keys, " "))
	}
}

// readAgain reads the configuration once it has settled. It gives up after reloadWithin, or with
// ctx; whatever still hangs in the file then is waited for by the next call.
func (s *Server) readAgain(ctx context.Context, path string) (Config, error) {
	type read struct {
		cfg Config
		err error
	}
	if s.reading.Swap(true) {
		return Config{}, fmt.Errorf("%s is still being read for an earlier reload", path)
	}
	ctx, cancel := context.WithTimeout(ctx, reloadWithin)
	defer cancel()
	got := make(chan read, 1)
	go func() { // ends with the file
		var r read
		r.cfg, r.err = loadSettled(ctx, path, os.Stat)
		s.reading.Store(false) // before anybody can know that it was read, and read again
		got <- r
	}()
	select {
	case r := <-got:
		return r.cfg, r.err
	case <-ctx.Done():
		return Config{}, fmt.Errorf("%s cannot be read within %s", path, reloadWithin)
	}
}

// loadSettled reads a configuration that nobody is writing, as far as stat can tell.
func loadSettled(ctx context.Context, path string, stat func(path string) (os.FileInfo, error)) (Config, error) {
	for {
		before, err := stat(path)
		switch {
		case err != nil:
			return Config{}, fmt.Errorf("read the configuration: %w", err)
		case !before.Mode().IsRegular():
			return Config{}, fmt.Errorf("%s is not a regular file, and cannot be read again", path)
		}
		select {
		case <-time.After(min(settled, settled-time.Since(before.ModTime()))): // at once if it is older
		case <-ctx.Done():
			return Config{}, fmt.Errorf("%s keeps changing", path)
		}
		cfg, _, err := Load(path)
		if after, statErr := stat(path); statErr == nil &&
			after.Size() == before.Size() && after.ModTime().Equal(before.ModTime()) {
			return cfg, err
		}
	}
}

// needRestart returns the keys, as in the file, that differ between the two and that a reload does
// not apply, sorted.
func needRestart(old, next *Config) []string {
	var keys []string
	a, b := reflect.ValueOf(old).Elem(), reflect.ValueOf(next).Elem()
	for i := range a.NumField() {
		key := a.Type().Field(i).Tag.Get("yaml")
		if key == "" || key == "partners" || key == "hotels" {
			continue
		}
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
