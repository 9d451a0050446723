package server

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fanfare/providers/feeds"
	"fanfare/providers/registry"
)

// applyPartners replaces the partners by those of the file and the live ones of the registry. On
// an error nothing changes. A partner of the registry that cannot be built is left out, and the
// log says why: it takes nobody else with it.
func (s *Server) applyPartners(file []feeds.Feed) error {
	s.partnersMu.Lock()
	defer s.partnersMu.Unlock()
	return s.applyLocked(file)
}

func (s *Server) applyLocked(file []feeds.Feed) error {
	snapshot := s.store.Snapshot()
	if err := s.setPartners(file, s.registryFeeds(snapshot, file)); err != nil {
		return err
	}
	s.declared, s.registered = file, registryState(snapshot)
	return nil
}

// registryState names what the registry's partners are made from: equal texts are equal partners.
// Most changes of the store are of keys and sessions, and none of theirs.
func registryState(snapshot *registry.Snapshot) string {
	var b strings.Builder
	for _, e := range snapshot.Partners {
		fmt.Fprintf(&b, "%s %d %q", e.Name, e.LiveVersion(), e.Hosts)
		for _, name := range slices.Sorted(maps.Keys(e.Secrets)) {
			fmt.Fprintf(&b, " %s %d", name, e.Secrets[name].SetAt.UnixMilli())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// registryFeeds are the live versions of the registry's partners, with their secrets.
func (s *Server) registryFeeds(snapshot *registry.Snapshot, file []feeds.Feed) (all []feeds.Feed) {
	for _, e := range snapshot.Partners {
		leaveOut := func(why string) {
			s.log.Warn("a partner of the registry is not asked", "partner", e.Name, "cause", why)
		}
		if slices.ContainsFunc(file, func(f feeds.Feed) bool { return f.Name == e.Name }) {
			leaveOut("a partner of the file has the same name")
			continue
		}
		live := e.LiveVersion()
		if live == 0 {
			continue
		}
		f, errs := feeds.FromPlane(e.Name, []byte(e.Versions[live-1].Document), s.cfg.Search.MaxWait)
		switch {
		case len(errs) > 0:
			leaveOut(errs.Error())
			continue
		case !slices.Contains(e.Hosts, f.Host()):
			leaveOut("the host " + f.Host() + " is not approved")
			continue
		}
		if err := f.Resolve(func(name, host string) (string, error) { return s.store.Reveal(e.Name, name, host) }); err != nil {
			leaveOut(err.Error())
			continue
		}
		all = append(all, *f)
	}
	return all
}

// followRegistry applies what changes in the registry, until ctx ends.
func (s *Server) followRegistry(ctx context.Context) {
	for {
		_, changed := s.store.Changed()
		s.applyRegistry()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// applyRegistry replaces the registry's partners if they are others than those that are asked.
func (s *Server) applyRegistry() {
	s.partnersMu.Lock()
	defer s.partnersMu.Unlock()
	if registryState(s.store.Snapshot()) == s.registered {
		return
	}
	if err := s.applyLocked(s.declared); err != nil {
		s.log.Warn("the registry's partners were not applied", "cause", err.Error())
		return
	}
	s.log.Info("partners of the registry applied", "partners", len(*s.providers.Load())-len(s.declared))
}
