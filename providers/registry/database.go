package registry

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite
)

// dialect is what SQLite and PostgreSQL do differently.
type dialect struct {
	name string
	lock string // makes the transaction the only one that writes; "" where it is so anyway

	isolation sql.IsolationLevel // of a transaction that reads the whole state
}

var (
	sqlite   = dialect{name: "sqlite"} // its transactions begin IMMEDIATE: see open
	postgres = dialect{name: "postgres", lock: `SELECT pg_advisory_xact_lock(4707214)`, isolation: sql.LevelRepeatableRead}
)

// CheckURL reports whether an address of a store is one of PostgreSQL, or why it can be none.
func CheckURL(address string) (isPostgres bool, err error) {
	if file, found := strings.CutPrefix(address, "sqlite:"); found {
		if file == "" {
			return false, errors.New("a file must follow sqlite:, such as sqlite:fanfare.db")
		}
		return false, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && u.Query().Get("host") == "" {
		return false, errors.New("must be sqlite:FILE or postgres://USER@HOST/DATABASE") // the address may hold a password
	}
	if _, err := pgx.ParseConfig(address); err != nil {
		return false, errors.New("not an address of PostgreSQL")
	}
	return true, nil
}

// readers is how many connections read at once.
const readers = 4

// open makes the pools for reading and writing; nothing is dialled yet. SQLite has one
// writer: another would only wait for it. WAL and FULL make a commit durable through a loss
// of power, and they are set on every connection of the pools.
func open(address, dir string) (d dialect, read, write *sql.DB, err error) {
	isPostgres, err := CheckURL(address)
	if err != nil {
		return d, nil, nil, err
	}
	if !isPostgres {
		file := strings.TrimPrefix(address, "sqlite:")
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		ownerOnly(file)
		pragmas := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)"}}
		name := "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + pragmas.Encode()
		if read, err = sql.Open("sqlite", name); err != nil {
			return d, nil, nil, fmt.Errorf("sqlite: %w", err)
		}
		if write, err = sql.Open("sqlite", name+"&_txlock=immediate"); err != nil {
			return d, nil, nil, fmt.Errorf("sqlite: %w", err)
		}
		read.SetMaxOpenConns(readers)
		write.SetMaxOpenConns(1)
		return sqlite, read, write, nil
	}
	if read, err = sql.Open("pgx", address); err != nil {
		return d, nil, nil, fmt.Errorf("postgres: %w", err)
	}
	if write, err = sql.Open("pgx", address); err != nil {
		return d, nil, nil, fmt.Errorf("postgres: %w", err)
	}
	read.SetMaxOpenConns(readers)
	write.SetMaxOpenConns(readers)
	return postgres, read, write, nil
}

// ownerOnly makes an empty file that only its owner can read, if there is none: SQLite gives its
// other files the same rights.
func ownerOnly(file string) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return // the first use says why
	}
	f.Close() //nolint:errcheck // nothing was written
}

//go:embed migrations/*.sql
var migrations embed.FS

// migrate runs the migrations that the database lacks, all in one transaction that no other
// process runs at the same time. A database of a newer version than this program knows is an
// error, and is left as it is.
func (d dialect) migrate(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing is left to undo once it is committed
	if d.lock != "" {
		if _, err := tx.ExecContext(ctx, d.lock); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (n BIGINT NOT NULL)`); err != nil {
		return err
	}
	var have int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(n), 0) FROM schema_version`).Scan(&have); err != nil {
		return err
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("the database has version %d, and this program knows %d: run a newer one", have, len(files))
	}
	if have == len(files) {
		return nil
	}
	for i, f := range files[have:] { // sorted by name: 001, 002, …
		text, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return err
		}
		for _, statement := range strings.Split(string(text), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", f.Name(), err)
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO schema_version (n) VALUES ($1)`, have+i+1); err != nil {
			return err
		}
	}
	return tx.Commit()
}
