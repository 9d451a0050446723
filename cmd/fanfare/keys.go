package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"fanfare/cmd/fanfare/server"
	"fanfare/providers/feeds"
	"fanfare/providers/registry"
)

type keysCmd struct {
	Create       keysCreateCmd       `cmd:"" help:"Make a key. It is shown once."`
	List         keysListCmd         `cmd:"" help:"The keys, without their secrets."`
	Revoke       keysRevokeCmd       `cmd:"" help:"End a key, at once and for good."`
	Rotate       keysRotateCmd       `cmd:"" help:"Give a key another secret; the old one is good for another day."`
	RotateSecret keysRotateSecretCmd `cmd:"" name:"rotate-secret" help:"Encrypt the stored credentials with a new secret key."`
}

// keysAt is where the keys are: in the store of a configuration, or at a server.
type keysAt struct {
	Config string `placeholder:"FILE" help:"The configuration whose store has the keys. No server is needed."`
	Server string `placeholder:"URL" help:"The ops listener of a server; FANFARE_KEY must hold an ops key."`
}

// keyStore is what the commands do to keys, here or at a server.
type keyStore interface {
	create(ctx context.Context, r registry.KeyRequest) (*registry.Key, string, error)
	list(ctx context.Context) ([]*registry.Key, error)
	revoke(ctx context.Context, id string) error
	rotate(ctx context.Context, id string) (*registry.Key, string, error)
}

// open returns the keys, and a function that lets go of them.
func (at *keysAt) open(ctx context.Context, std streams) (keyStore, func(), error) {
	if (at.Config == "") == (at.Server == "") {
		return nil, nil, errUsage{errors.New("give --config FILE or --server URL")}
	}
	if at.Server != "" {
		key := os.Getenv("FANFARE_KEY")
		if key == "" {
			return nil, nil, errUsage{errors.New("--server wants an ops key in the environment variable FANFARE_KEY")}
		}
		return &remoteKeys{strings.TrimRight(at.Server, "/"), key}, func() {}, nil
	}
	store, err := openConfigured(ctx, at.Config, std)
	if err != nil {
		return nil, nil, err
	}
	return localKeys{store}, func() { store.Close() }, nil //nolint:errcheck // all is written
}

// openConfigured opens the store of a configuration, which must be reached.
func openConfigured(ctx context.Context, path string, std streams) (*registry.Store, error) {
	cfg, _, err := server.Load(path)
	var complaints feeds.Complaints
	if errors.As(err, &complaints) {
		for _, c := range complaints {
			fmt.Fprintf(std.err, "%s: %s\n", path, c)
		}
		return nil, errUsage{fmt.Errorf("%s: %d mistakes", path, len(complaints))}
	}
	if err != nil {
		return nil, err
	}
	var away error
	store, err := cfg.OpenStore(ctx, time.Now, func(_ string, err error) { away = err })
	if err == nil && away != nil {
		store.Close() //nolint:errcheck // it was not reached
		err = away
	}
	return store, err
}

// auditActor is who the audit says has run the command.
func auditActor() string {
	if u, err := user.Current(); err == nil {
		return "cli:" + u.Username
	}
	return "cli:" + strconv.Itoa(os.Getuid())
}

type keysCreateCmd struct {
	keysAt
	Kind      string   `required:"" placeholder:"KIND" help:"public, partner or ops."`
	Name      string   `required:"" placeholder:"WHO" help:"Whose key it is."`
	Partner   string   `placeholder:"NAME" help:"Of a partner's key: which partner."`
	Scopes    []string `placeholder:"SCOPE" help:"By comma; all of the kind but keys:write without it."`
	Expires   string   `placeholder:"90d" help:"After how long it ends: days or hours, such as 90d or 12h. Never without it."`
	PerSecond float64  `placeholder:"N" help:"New searches a second; the server's own limit without it."`
	PerDay    int      `placeholder:"N" help:"New searches a day."`
	Origin    []string `placeholder:"URL" help:"A page that may use it, such as https://www.example.com; any without it."`
}

// Run makes a key and writes it to standard output, alone, so that a program can read it.
func (cmd *keysCreateCmd) Run(ctx context.Context, std streams) error {
	r := registry.KeyRequest{Kind: registry.Kind(cmd.Kind), Name: cmd.Name, Partner: cmd.Partner, Origins: cmd.Origin, PerSecond: cmd.PerSecond, PerDay: cmd.PerDay}
	for _, s := range cmd.Scopes {
		r.Scopes = append(r.Scopes, registry.Scope(s))
	}
	if cmd.Expires != "" {
		life, err := parseLife(cmd.Expires)
		if err != nil {
			return errUsage{fmt.Errorf("--expires %s: days or hours, such as 90d or 12h", cmd.Expires)}
		}
		r.Expires = time.Now().Add(life)
	}
	keys, done, err := cmd.open(ctx, std)
	if err != nil {
		return err
	}
	defer done()
	key, text, err := keys.create(ctx, r)
	var invalid registry.InvalidError
	if errors.As(err, &invalid) {
		return errUsage{invalid}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "key %s of kind %s for %s, with %s; it is shown only now:\n", key.ID, key.Kind, clean(key.Name), joinScopes(key.Scopes))
	_, err = fmt.Fprintln(std.out, text)
	return err
}

// parseLife reads a time such as 90d or 12h.
func parseLife(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		if err != nil || n <= 0 || n > 36500 {
			return 0, fmt.Errorf("%q", text)
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q", text)
	}
	return d, nil
}

func joinScopes(scopes []registry.Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

type keysListCmd struct {
	keysAt
	JSON bool `help:"As one JSON document."`
}

// Run lists the keys, oldest first.
func (cmd *keysListCmd) Run(ctx context.Context, std streams) error {
	keys, done, err := cmd.open(ctx, std)
	if err != nil {
		return err
	}
	defer done()
	all, err := keys.list(ctx)
	if err != nil {
		return err
	}
	if cmd.JSON {
		e := json.NewEncoder(std.out)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"keys": all})
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tNAME\tPARTNER\tSCOPES\tCREATED\tSTATE")
	for _, k := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Kind, clean(k.Name), dash(k.Partner), joinScopes(k.Scopes), k.CreatedAt.Format(time.DateOnly), keyState(k, time.Now()))
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return clean(s)
}

// keyState is whether a key is good, in words.
func keyState(k *registry.Key, now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked " + k.RevokedAt.Format(time.DateOnly)
	case k.ExpiresAt.IsZero():
		return "good"
	case now.Before(k.ExpiresAt):
		return "good until " + k.ExpiresAt.Format(time.DateOnly)
	}
	return "expired " + k.ExpiresAt.Format(time.DateOnly)
}

type keysRevokeCmd struct {
	keysAt
	ID string `arg:"" help:"Of the key, as the list shows it."`
}

// Run ends a key.
func (cmd *keysRevokeCmd) Run(ctx context.Context, std streams) error {
	keys, done, err := cmd.open(ctx, std)
	if err != nil {
		return err
	}
	defer done()
	if err := keys.revoke(ctx, cmd.ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.err, "key %s is revoked\n", clean(cmd.ID))
	return err
}

type keysRotateCmd struct {
	keysAt
	ID string `arg:"" help:"Of the key, as the list shows it."`
}

// Run gives a key another secret and writes it to standard output.
func (cmd *keysRotateCmd) Run(ctx context.Context, std streams) error {
	keys, done, err := cmd.open(ctx, std)
	if err != nil {
		return err
	}
	defer done()
	key, text, err := keys.rotate(ctx, cmd.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "key %s has a new secret, which is shown only now; the old one is good until %s:\n", key.ID, time.Now().Add(registry.RotationOverlap).Format(time.DateTime))
	_, err = fmt.Fprintln(std.out, text)
	return err
}

type keysRotateSecretCmd struct {
	Config string `required:"" placeholder:"FILE" help:"The configuration whose store is encrypted anew."`
}

// Run encrypts the stored credentials with a new key.
func (cmd *keysRotateSecretCmd) Run(ctx context.Context, std streams) error {
	store, err := openConfigured(ctx, cmd.Config, std)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // all is written
	n, err := store.RotateSecretKey(ctx, auditActor())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.err, "%d credentials are encrypted with the new key\n", n)
	return err
}

// localKeys are the keys of a store that this process has opened.
type localKeys struct{ store *registry.Store }

func (l localKeys) create(ctx context.Context, r registry.KeyRequest) (*registry.Key, string, error) {
	return l.store.CreateKey(ctx, auditActor(), r)
}

func (l localKeys) list(context.Context) ([]*registry.Key, error) {
	return l.store.Snapshot().Keys, nil
}

func (l localKeys) revoke(ctx context.Context, id string) error {
	return l.store.RevokeKey(ctx, auditActor(), id)
}

func (l localKeys) rotate(ctx context.Context, id string) (*registry.Key, string, error) {
	return l.store.RotateKey(ctx, auditActor(), id)
}

// remoteKeys are the keys of a server, through its ops listener.
type remoteKeys struct{ base, key string }

// keyAnswer is what the server says of a key that it has made or rotated.
type keyAnswer struct {
	Key    *registry.Key `json:"key"`
	Secret string        `json:"secret"`
}

func (r *remoteKeys) create(ctx context.Context, k registry.KeyRequest) (*registry.Key, string, error) {
	body := map[string]any{"kind": k.Kind, "name": k.Name, "partner": k.Partner, "scopes": k.Scopes, "origins": k.Origins, "per_second": k.PerSecond, "per_day": k.PerDay}
	if !k.Expires.IsZero() {
		body["expires_at"] = k.Expires
	}
	var out keyAnswer
	err := r.call(ctx, http.MethodPost, "", body, &out)
	return out.Key, out.Secret, err
}

func (r *remoteKeys) list(ctx context.Context) ([]*registry.Key, error) {
	var out struct{ Keys []*registry.Key }
	err := r.call(ctx, http.MethodGet, "", nil, &out)
	return out.Keys, err
}

func (r *remoteKeys) revoke(ctx context.Context, id string) error {
	return r.call(ctx, http.MethodDelete, "/"+id, nil, nil)
}

func (r *remoteKeys) rotate(ctx context.Context, id string) (*registry.Key, string, error) {
	var out keyAnswer
	err := r.call(ctx, http.MethodPost, "/"+id+"/rotate", nil, &out)
	return out.Key, out.Secret, err
}

// maxKeysAnswer bounds what is read of a server's answer.
const maxKeysAnswer = 16 << 20

func (r *remoteKeys) call(ctx context.Context, method, path string, body, out any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var send io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		send = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+"/v1/ops/keys"+path, send)
	if err != nil {
		return errUsage{fmt.Errorf("--server %s: an address such as http://127.0.0.1:8081", clean(r.base))}
	}
	req.Header.Set("Authorization", "Bearer "+r.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", clean(r.base), err)
	}
	defer resp.Body.Close() //nolint:errcheck // read as far as needed
	answer := io.LimitReader(resp.Body, maxKeysAnswer)
	if resp.StatusCode >= 300 {
		var p struct{ Title, Detail string }
		_ = json.NewDecoder(answer).Decode(&p) // another server's page says nothing
		return fmt.Errorf("%s: %s", resp.Status, clean(strings.TrimSuffix(strings.Join([]string{p.Title, p.Detail}, ": "), ": ")))
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(answer).Decode(out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", clean(r.base), err)
	}
	return nil
}
