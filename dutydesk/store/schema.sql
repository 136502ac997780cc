-- One text for SQLite and PostgreSQL. Instants are microseconds UTC; JSON is text; hashes are hex.
-- sqlite.py reads BIGINT PRIMARY KEY as INTEGER PRIMARY KEY (the rowid); nothing else is translated.

-- The pen: whoever updates this row writes. seq and hash are the journal's head.
CREATE TABLE pen (
  id INTEGER PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  schema INTEGER NOT NULL,
  policy BIGINT NOT NULL
);

-- The journal. Nothing here is ever updated, but for the private part of an entry named by a Redacted entry.
CREATE TABLE entries (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  drill INTEGER NOT NULL,
  author TEXT NOT NULL,
  input TEXT NOT NULL,
  public TEXT NOT NULL,
  salt TEXT,
  private TEXT,
  private_digest TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE UNIQUE INDEX entries_stream ON entries (stream, version);
CREATE INDEX entries_type ON entries (type, seq);

-- Inputs handled: a second arrival of a key returns the first outcome.
CREATE TABLE inputs (
  input TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL
);

-- Promises to ourselves. wake_at is due_at unless a firing failed and waits to be tried again.
CREATE TABLE timers (
  stream TEXT NOT NULL,
  name TEXT NOT NULL,
  lane TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  wake_at BIGINT NOT NULL,
  priority INTEGER NOT NULL,
  drill INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (stream, name)
);
CREATE INDEX timers_wake ON timers (lane, wake_at, priority);

-- Promises to others.
CREATE TABLE outbox (
  stream TEXT PRIMARY KEY,
  promise TEXT NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  priority INTEGER NOT NULL,
  not_before BIGINT NOT NULL,
  drill INTEGER NOT NULL,
  lease_until BIGINT NOT NULL,
  tries INTEGER NOT NULL
);
CREATE INDEX outbox_next ON outbox (priority, not_before);

-- How every stream looks now: what consoles see. gone = closed, kept out of a fresh snapshot only.
CREATE TABLE rows (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  open INTEGER NOT NULL,
  drill INTEGER NOT NULL,
  division TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX rows_seq ON rows (seq);
CREATE INDEX rows_open ON rows (open, kind, seq);

-- Words by which facts find rows.
CREATE TABLE refs (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (name, value, kind, id)
);

-- Running numbers of a series (reports of a day, incidents of a day).
CREATE TABLE counters (
  series TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

-- Beside the journal: no legal meaning, not in the chain.
CREATE TABLE credentials (
  username TEXT PRIMARY KEY,
  password TEXT NOT NULL,
  failures INTEGER NOT NULL,
  locked_until BIGINT NOT NULL
);
CREATE TABLE sessions (
  token TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  csrf TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  factor_at BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE factors (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  secret TEXT NOT NULL,
  used BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL
);
CREATE INDEX factors_of_user ON factors (username);
CREATE TABLE drafts (
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (username, name)
);
CREATE TABLE limits (
  name TEXT PRIMARY KEY,
  window_start BIGINT NOT NULL,
  used INTEGER NOT NULL
);
CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BYTEA NOT NULL
);
CREATE TABLE callbacks (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  source TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE reads (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  author TEXT NOT NULL,
  what TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE TABLE tokens (
  digest TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
-- When each linked desk was last heard, and by how much its clock differs, the way included.
CREATE TABLE heard (
  peer TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  skew BIGINT NOT NULL
);
