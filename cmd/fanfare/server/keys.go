package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"fanfare/providers/feeds"
	"fanfare/providers/registry"
	"fanfare/web/access"
	"fanfare/web/ops"
)

type accessConfig struct {
	Public string `yaml:"public"` // open or key
}

type secretsConfig struct {
	KeyFile string `yaml:"key_file"`
	KeyEnv  string `yaml:"key_env"`
}

// Keyring reads the keys that encrypt credentials and sign links: those of secrets.key_env or
// secrets.key_file, else data_dir/secret.key, which is made at the first start.
func (c *Config) Keyring() (*registry.Keyring, error) {
	switch {
	case c.Secrets.KeyEnv != "":
		keys, err := registry.ParseKeyring(os.Getenv(c.Secrets.KeyEnv))
		if err != nil {
			return nil, fmt.Errorf("secrets.key_env: %s: %w", c.Secrets.KeyEnv, err)
		}
		return keys, nil
	case c.Secrets.KeyFile != "":
		return registry.LoadKeyring(c.path(c.Secrets.KeyFile), false)
	}
	return registry.LoadKeyring(filepath.Join(c.DataDir, "secret.key"), true)
}

// OpenStore opens the store of the configuration. log is told when it cannot be reached.
func (c *Config) OpenStore(ctx context.Context, now func() time.Time, log func(message string, err error)) (*registry.Store, error) {
	keys, err := c.Keyring()
	if err != nil {
		return nil, err
	}
	return registry.Open(ctx, registry.Options{URL: c.Store, DataDir: c.DataDir, Keys: keys, Now: now, Log: log})
}

// checkStore complains about store, secrets and access.
func (c *Config) checkStore(errs *feeds.Complaints) {
	postgres, err := registry.CheckURL(c.Store)
	switch {
	case err != nil:
		errs.Add("store", "%v", err)
	case c.Secrets.KeyFile != "" && c.Secrets.KeyEnv != "":
		errs.Add("secrets", "key_file and key_env exclude each other")
	case postgres && c.Secrets.KeyFile == "" && c.Secrets.KeyEnv == "":
		errs.Add("secrets", "key_file or key_env must be set with PostgreSQL: every replica needs the same keys")
	}
	if c.Access.Public != "open" && c.Access.Public != "key" {
		errs.Add("access.public", "%q; open or key", c.Access.Public)
	}
}

// publicKeys are the keys of the store as the public listener wants them.
type publicKeys struct{ s *Server }

// Verify is access.Keys.Verify.
func (k publicKeys) Verify(text string) (*access.Grant, error) {
	key, err := k.s.store.Snapshot().Verify(text, k.s.now())
	switch {
	case errors.Is(err, registry.ErrUnavailable):
		return nil, access.ErrUnavailable
	case err != nil:
		return nil, access.ErrKey
	}
	g := &access.Grant{KeyID: key.ID, Plane: string(key.Kind), Partner: key.Partner, Origins: key.Origins, PerSecond: key.PerSecond, PerDay: key.PerDay}
	for _, scope := range key.Scopes {
		g.Scopes = append(g.Scopes, string(scope))
	}
	return g, nil
}

// Changed is access.Keys.Changed.
func (k publicKeys) Changed() <-chan struct{} {
	_, changed := k.s.store.Changed()
	return changed
}

// Origins is access.Keys.Origins.
func (k publicKeys) Origins() []string { return k.s.store.Snapshot().Origins() }

// opsKeys are the keys of the store as operators see them.
type opsKeys struct{ s *Server }

// Holder is ops.Keys.Holder.
func (k opsKeys) Holder(text, scope string) (id string, granted bool, err error) {
	key, err := k.s.store.Snapshot().Verify(text, k.s.now())
	switch {
	case errors.Is(err, registry.ErrUnavailable):
		return "", false, ops.ErrUnavailable
	case err != nil:
		return "", false, ops.ErrKey
	}
	return key.ID, key.Kind == registry.Ops && key.Has(registry.Scope(scope)), nil
}

// List is ops.Keys.List.
func (k opsKeys) List() any { return slices.Clone(k.s.store.Snapshot().Keys) }

// Create is ops.Keys.Create.
func (k opsKeys) Create(ctx context.Context, by string, r ops.KeyRequest) (any, string, error) {
	scopes := make([]registry.Scope, len(r.Scopes))
	for i, s := range r.Scopes {
		scopes[i] = registry.Scope(s)
	}
	key, text, err := k.s.store.CreateKey(ctx, by, registry.KeyRequest{Kind: registry.Kind(r.Kind), Name: r.Name, Partner: r.Partner, Scopes: scopes,
		Origins: r.Origins, Expires: r.ExpiresAt, PerSecond: r.PerSecond, PerDay: r.PerDay, Maker: k.s.store.Snapshot().KeyByActor(by)})
	return key, text, opsError(err)
}

// Rotate is ops.Keys.Rotate.
func (k opsKeys) Rotate(ctx context.Context, by, id string) (any, string, error) {
	key, text, err := k.s.store.RotateKey(ctx, by, id)
	return key, text, opsError(err)
}

// Revoke is ops.Keys.Revoke.
func (k opsKeys) Revoke(ctx context.Context, by, id string) error {
	return opsError(k.s.store.RevokeKey(ctx, by, id))
}

func opsError(err error) error {
	var refused *registry.Refusal
	switch {
	case errors.Is(err, registry.ErrUnavailable):
		return ops.ErrUnavailable
	case errors.As(err, &refused) && refused.NotFound:
		return ops.ErrNotFound
	}
	return err
}
