-- Everything that came after schema 1: new event types, and the tables named below.

ALTER TABLE sessions ADD COLUMN factor_at BIGINT NOT NULL DEFAULT 0;
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

-- When each linked desk was last heard, and by how much its clock differs, the way included.
CREATE TABLE heard (
  peer TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  skew BIGINT NOT NULL
);
