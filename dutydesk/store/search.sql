-- The index of the full-text search: made from the journal alone, thrown away and made anew at will, never backed up.
-- On SQLite a file of its own beside the store, so that filling it never waits for the pen, nor the pen for it.

-- Where two neighbouring characters stand: for each block of 4,096 entries a list of offsets, two characters each.
CREATE TABLE IF NOT EXISTS grams (
  gram TEXT NOT NULL,
  block BIGINT NOT NULL,
  places TEXT NOT NULL,
  PRIMARY KEY (gram, block)
);
-- How far the index has come, and the hash of the entry it has come to: another journal's index is noticed.
CREATE TABLE IF NOT EXISTS indexed (
  id INTEGER PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO indexed (id, seq, hash) VALUES (1, 0, '') ON CONFLICT (id) DO NOTHING;
