-- One row, which every change counts up: processes see by it that something has changed.
CREATE TABLE generation (n BIGINT NOT NULL);
INSERT INTO generation (n) VALUES (1);

CREATE TABLE api_keys (
	id           TEXT PRIMARY KEY,
	kind         TEXT NOT NULL,
	name         TEXT NOT NULL,
	partner      TEXT NOT NULL,
	scopes       TEXT NOT NULL,
	origins      TEXT NOT NULL,
	per_second   DOUBLE PRECISION NOT NULL,
	per_day      BIGINT NOT NULL,
	hash         TEXT NOT NULL,
	former_hash  TEXT NOT NULL,
	former_until BIGINT NOT NULL,
	created_at   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	expires_at   BIGINT NOT NULL,
	revoked_at   BIGINT NOT NULL
);

CREATE TABLE partners (
	name         TEXT PRIMARY KEY,
	created_at   BIGINT NOT NULL,
	removed_at   BIGINT NOT NULL
);

CREATE TABLE feed_versions (
	partner      TEXT NOT NULL REFERENCES partners (name),
	number       BIGINT NOT NULL,
	document     TEXT NOT NULL,
	state        TEXT NOT NULL,
	share        DOUBLE PRECISION NOT NULL,
	was_live     BOOLEAN NOT NULL,
	created_at   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	state_at     BIGINT NOT NULL,
	state_by     TEXT NOT NULL,
	report       TEXT NOT NULL,
	evidence     TEXT NOT NULL,
	PRIMARY KEY (partner, number)
);

CREATE TABLE partner_hosts (
	partner      TEXT NOT NULL REFERENCES partners (name),
	host         TEXT NOT NULL,
	approved_at  BIGINT NOT NULL,
	approved_by  TEXT NOT NULL,
	PRIMARY KEY (partner, host)
);

CREATE TABLE partner_secrets (
	partner      TEXT NOT NULL REFERENCES partners (name),
	name         TEXT NOT NULL,
	sealed       TEXT NOT NULL,
	hosts        TEXT NOT NULL,
	set_at       BIGINT NOT NULL,
	set_by       TEXT NOT NULL,
	PRIMARY KEY (partner, name)
);

CREATE TABLE sessions (
	hash         TEXT PRIMARY KEY,
	plane        TEXT NOT NULL,
	key_id       TEXT NOT NULL,
	person       TEXT NOT NULL,
	partner      TEXT NOT NULL,
	scopes       TEXT NOT NULL,
	created_at   BIGINT NOT NULL,
	ends_at      BIGINT NOT NULL
);

-- Entries are only ever added; each hash covers the entry and the hash before it.
CREATE TABLE audit (
	id           BIGINT PRIMARY KEY,
	at           BIGINT NOT NULL,
	actor        TEXT NOT NULL,
	action       TEXT NOT NULL,
	object       TEXT NOT NULL,
	reason       TEXT NOT NULL,
	before_state TEXT NOT NULL,
	after_state  TEXT NOT NULL,
	hash         TEXT NOT NULL
);

CREATE INDEX audit_object ON audit (object, id);
