package server

import (
	"context"
	"slices"

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
	registered := s.registryFeeds(file)
	if err := s.setPartners(file, registered); err != nil {
		return err
	}
	s.declared, s.registered = file, versionsOf(registered)
	return nil
}

// versionsOf names what the feeds declare: equal lists are equal partners.
func versionsOf(all []feeds.Feed) []string {
	versions := make([]string, len(all))
	for i := range all {
		versions[i] = all[i].Name + "@" + all[i].Version()
	}
	return versions
}

// registryFeeds are the live versions of the registry's partners, with their secrets.
func (s *Server) registryFeeds(file []feeds.Feed) (all []feeds.Feed) {
	for _, e := range s.store.Snapshot().Partners {
		leaveOut := func(why string) {
			s.log.Warn("a partner of the registry is not asked", "partner", e.Name, "cause", why)
		}
		if slices.ContainsFunc(file, func(f feeds.Feed) bool { return f.Name == e.Name }) {
			leaveOut("a partner of the file has the same name")
			continue
		}
		i := slices.IndexFunc(e.Versions, func(v *registry.Version) bool { return v.State == registry.Live })
		if i < 0 {
			continue
		}
		f, errs := feeds.FromPlane(e.Name, []byte(e.Versions[i].Document), s.cfg.Search.MaxWait)
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
	if slices.Equal(versionsOf(s.registryFeeds(s.declared)), s.registered) {
		return
	}
	if err := s.applyLocked(s.declared); err != nil {
		s.log.Warn("the registry's partners were not applied", "cause", err.Error())
		return
	}
	s.log.Info("partners of the registry applied", "partners", len(s.registered))
}
