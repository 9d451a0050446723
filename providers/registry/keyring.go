package registry

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Keyring encrypts what must not be readable in the database: AES-256-GCM, with the first of
// its keys; older keys only decrypt. Its file has one key a line: an id, a space, 32 bytes in
// base64. A Keyring is safe for concurrent use.
type Keyring struct {
	path string // "" where the keys come from the environment

	mu   sync.Mutex // guards keys
	keys []secretKey
}

type secretKey struct {
	id   string
	raw  []byte
	aead cipher.AEAD
}

const secretKeyBytes = 32

// LoadKeyring reads the file; with create it makes one, which only its owner can read, if there
// is none.
func LoadKeyring(path string, create bool) (*Keyring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		k := &Keyring{path: path, keys: []secretKey{newSecretKey()}}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("secret key: %w", err)
		}
		switch err := k.save(os.Link); {
		case err == nil:
			return k, nil
		case !errors.Is(err, fs.ErrExist): // another process was quicker
			return nil, err
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	k, err := ParseKeyring(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	k.path = path
	return k, nil
}

// ParseKeyring reads the keys of a text in the form of the file, as from the environment; commas
// may stand for the ends of lines. Its errors never repeat the text.
func ParseKeyring(text string) (*Keyring, error) {
	keys, err := parseSecretKeys(text)
	if err != nil {
		return nil, err
	}
	return &Keyring{keys: keys}, nil
}

func parseSecretKeys(text string) (keys []secretKey, err error) {
	for i, line := range strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' || c == ',' }) {
		id, encoded, _ := strings.Cut(strings.TrimSpace(line), " ")
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || len(raw) != secretKeyBytes || id == "" || !isBase62(id) {
			return nil, fmt.Errorf("key %d: must be an id, a space, and %d bytes in base64", i+1, secretKeyBytes)
		}
		keys = append(keys, makeSecretKey(id, raw))
	}
	if len(keys) == 0 {
		return nil, errors.New("no key: an id, a space, and 32 bytes in base64")
	}
	return keys, nil
}

// reload reads the file again, which another process may have changed.
func (k *Keyring) reload() error {
	if k.path == "" {
		return nil
	}
	text, err := os.ReadFile(k.path)
	if err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	keys, err := parseSecretKeys(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", k.path, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = keys
	return nil
}

// all are the keys, the one that encrypts first.
func (k *Keyring) all() []secretKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys
}

// find returns the key of an id. One that is not known may have come into the file meanwhile.
func (k *Keyring) find(id string) (*secretKey, error) {
	for range 2 {
		keys := k.all()
		for i := range keys {
			if keys[i].id == id {
				return &keys[i], nil
			}
		}
		if err := k.reload(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("decrypt a secret: the key %q is not among the secret keys", id)
}

func newSecretKey() secretKey {
	raw := make([]byte, secretKeyBytes)
	rand.Read(raw) //nolint:errcheck // never fails: see crypto/rand
	return makeSecretKey(randomText(8), raw)
}

func makeSecretKey(id string, raw []byte) secretKey {
	block, err := aes.NewCipher(raw)
	if err != nil {
		panic("registry: " + err.Error()) // impossible: 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("registry: " + err.Error())
	}
	return secretKey{id, raw, aead}
}

// Derive makes a secret of 32 bytes for one purpose, such as signing links, from the newest key:
// after a rotation it is another one. HKDF with SHA-256 (RFC 5869).
func (k *Keyring) Derive(purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, k.all()[0].raw, nil, purpose, secretKeyBytes)
	if err != nil {
		panic("registry: " + err.Error()) // impossible: 32 bytes are possible
	}
	return secret
}

// seal encrypts a text for one place, such as a partner's secret of a name: moved to another
// place it does not open.
func (k *Keyring) seal(place, text string) string {
	key := &k.all()[0]
	nonce := make([]byte, key.aead.NonceSize())
	rand.Read(nonce) //nolint:errcheck // never fails: see crypto/rand
	return key.id + "." + base64.RawStdEncoding.EncodeToString(key.aead.Seal(nonce, nonce, []byte(text), []byte(place)))
}

// open decrypts what seal has made for the place.
func (k *Keyring) open(place, sealed string) (string, error) {
	id, encoded, _ := strings.Cut(sealed, ".")
	key, err := k.find(id)
	if err != nil {
		return "", err
	}
	b, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil || len(b) < key.aead.NonceSize() {
		return "", errors.New("decrypt a secret: damaged")
	}
	text, err := key.aead.Open(nil, b[:key.aead.NonceSize()], b[key.aead.NonceSize():], []byte(place))
	if err != nil {
		return "", errors.New("decrypt a secret: damaged, or made for another place")
	}
	return string(text), nil
}

// replace makes keys the keys of the ring and of its file.
func (k *Keyring) replace(keys []secretKey) error {
	if k.path != "" {
		if err := (&Keyring{path: k.path, keys: keys}).save(os.Rename); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = keys
	return nil
}

// save writes the file so that it is whole or not there: publish, os.Rename or os.Link, gives
// it its name once it is on disk.
func (k *Keyring) save(publish func(from, to string) error) error {
	var b bytes.Buffer
	for _, key := range k.all() {
		fmt.Fprintf(&b, "%s %s\n", key.id, base64.StdEncoding.EncodeToString(key.raw))
	}
	dir := filepath.Dir(k.path)
	f, err := os.CreateTemp(dir, ".secret-*") // 0600
	if err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone after a rename
	_, err = f.Write(b.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	if err := publish(f.Name(), k.path); err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("secret key: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
