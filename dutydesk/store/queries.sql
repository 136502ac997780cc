-- Named queries. Placeholders are ? on both engines (postgres.py numbers them). The common subset only:
-- ON CONFLICT, RETURNING, partial indexes. One comment each; reads are listed so that a transaction can flush first.

-- take_pen
UPDATE pen SET seq = seq WHERE id = 1 RETURNING seq, hash, at, schema, policy

-- move_pen
UPDATE pen SET seq = ?, hash = ?, at = ?, policy = ? WHERE id = 1

-- head
SELECT seq, hash, at, schema, policy FROM pen WHERE id = 1

-- add_entry
INSERT INTO entries (seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- entries_of
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE stream = ? AND version > ? ORDER BY version

-- entries_between
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE seq >= ? AND seq <= ? ORDER BY seq

-- entries_typed
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE type = ? AND seq >= ? AND seq <= ? ORDER BY seq

-- entries_typed_some
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE type = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?

-- entries_counted
SELECT seq, at, stream, drill, public FROM entries WHERE type = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?

-- entries_of_upto
SELECT * FROM (
  SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
  FROM entries WHERE stream = ? AND seq <= ?
) AS one

-- entries_by_stream
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE stream > ? AND seq <= ? ORDER BY stream, version LIMIT ?

-- entries_before
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?

-- entry_versioned
SELECT seq, at, type, drill, public FROM entries WHERE stream = ? AND version = ?

-- entry_at
SELECT at FROM entries WHERE seq = ?

-- entry_hash
SELECT hash FROM entries WHERE seq = ?

-- add_input
INSERT INTO inputs (input, digest, first_seq, last_seq) VALUES (?, ?, ?, ?)

-- input
SELECT digest, first_seq, last_seq FROM inputs WHERE input = ?

-- inputs_known
SELECT column1 FROM (VALUES (?)) AS asked WHERE (SELECT 1 FROM inputs WHERE input = column1) = 1

-- set_timer
INSERT INTO timers (stream, name, lane, due_at, wake_at, priority, drill, failures) VALUES (?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (stream, name) DO UPDATE SET lane = excluded.lane, due_at = excluded.due_at, wake_at = excluded.wake_at,
  priority = excluded.priority, failures = 0

-- cancel_timer
DELETE FROM timers WHERE stream = ? AND name = ?

-- timer
SELECT due_at FROM timers WHERE stream = ? AND name = ?

-- timers_named
SELECT column1, column2, (SELECT due_at FROM timers WHERE stream = column1 AND name = column2) FROM (VALUES (?, ?)) AS asked

-- timers_due
SELECT stream, name, due_at, failures, wake_at FROM timers WHERE lane = ? AND wake_at <= ? ORDER BY wake_at, priority LIMIT ?

-- timer_after
SELECT wake_at FROM timers WHERE lane = ? AND wake_at > ? ORDER BY wake_at LIMIT 1

-- timer_failed
UPDATE timers SET wake_at = ?, failures = failures + 1 WHERE stream = ? AND name = ? AND due_at = ?

-- timers_all
SELECT stream, name, due_at, lane FROM timers ORDER BY stream, name

-- timers_overdue
SELECT COUNT(*), MIN(due_at) FROM timers WHERE due_at <= ?

-- timers_failing
SELECT COUNT(*) FROM timers WHERE failures > 0

-- put_outbox
INSERT INTO outbox (stream, promise, channel, recipient, priority, not_before, drill, lease_until, tries)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
ON CONFLICT (stream) DO UPDATE SET promise = excluded.promise, channel = excluded.channel, recipient = excluded.recipient,
  priority = excluded.priority, not_before = excluded.not_before, lease_until = 0

-- drop_outbox
DELETE FROM outbox WHERE stream = ?

-- outbox_due
SELECT stream, promise, channel, recipient, priority, drill, tries FROM outbox
WHERE not_before <= ? AND lease_until <= ? ORDER BY priority, not_before, stream LIMIT ?

-- outbox_due_of
SELECT stream, promise, channel, recipient, priority, drill, tries FROM outbox
WHERE channel IN (?, ?, ?, ?) AND not_before <= ? AND lease_until <= ? ORDER BY priority, not_before, stream LIMIT ?

-- outbox_next
SELECT MIN(CASE WHEN not_before > lease_until THEN not_before ELSE lease_until END) FROM outbox

-- outbox_next_of
SELECT MIN(CASE WHEN not_before > lease_until THEN not_before ELSE lease_until END) FROM outbox WHERE channel IN (?, ?, ?, ?)

-- claim_outbox
UPDATE outbox SET lease_until = ?, tries = tries + 1 WHERE stream = ? AND lease_until <= ? AND not_before <= ? RETURNING tries

-- release_outbox
UPDATE outbox SET lease_until = 0, not_before = ?, tries = tries - 1 WHERE stream = ?

-- outbox_waiting
SELECT channel, COUNT(*) FROM outbox WHERE not_before <= ? GROUP BY channel ORDER BY channel

-- rows_open_counts
SELECT kind, COUNT(*) FROM rows WHERE open = 1 GROUP BY kind ORDER BY kind

-- outbox_all
SELECT stream, promise FROM outbox ORDER BY stream

-- put_row
INSERT INTO rows (kind, id, seq, open, drill, division, body) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, open = excluded.open, division = excluded.division, body = excluded.body

-- row
SELECT kind, id, open, drill, body FROM rows WHERE kind = ? AND id = ?

-- rows_by_ref
SELECT rows.kind, rows.id, rows.open, rows.drill, rows.body FROM refs JOIN rows ON rows.kind = refs.kind AND rows.id = refs.id
WHERE refs.name = ? AND refs.value = ? ORDER BY rows.seq DESC LIMIT ?

-- rows_open
SELECT kind, id, open, drill, body FROM rows WHERE open = 1 AND kind = ? ORDER BY seq LIMIT ?

-- words_known
SELECT column1, column2 FROM (VALUES (?, ?)) AS asked
WHERE (SELECT 1 FROM refs WHERE name = column1 AND value = column2 LIMIT 1) = 1

-- rows_of_words
SELECT * FROM (
  SELECT refs.name, refs.value, rows.seq, rows.kind, rows.id, rows.open, rows.drill, rows.body
  FROM refs JOIN rows ON rows.kind = refs.kind AND rows.id = refs.id
  WHERE refs.name = ? AND refs.value = ? ORDER BY rows.seq DESC LIMIT ?
) AS one

-- add_ref
INSERT INTO refs (name, value, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT (name, value, kind, id) DO NOTHING

-- drop_ref
DELETE FROM refs WHERE name = ? AND value = ? AND kind = ? AND id = ?

-- rows_since
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE seq > ? ORDER BY seq

-- rows_changed_since
SELECT rows.kind, rows.id FROM rows JOIN entries ON entries.stream = rows.kind || '/' || rows.id AND entries.version = 1
WHERE rows.seq > ? AND entries.seq <= ? AND rows.kind NOT IN ('rules', 'unit', 'contact', 'leader')

-- rows_since_of
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE kind = ? AND seq > ? ORDER BY seq

-- rows_fresh
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE open = 1 AND kind NOT IN ('rules', 'unit', 'contact', 'leader') ORDER BY seq

-- rows_open_upto
SELECT kind, id, seq, open, drill, division, body FROM rows
WHERE seq <= ? AND open = 1 AND kind NOT IN ('rules', 'unit', 'contact', 'leader') ORDER BY seq

-- rows_of_kind
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE kind = ? ORDER BY seq

-- rows_touched
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE kind = ? AND (open = 1 OR seq >= ?) ORDER BY seq

-- rows_page
SELECT kind, id, seq, open, drill, division, body FROM rows WHERE kind = ? AND seq < ? ORDER BY seq DESC LIMIT ?

-- rows_all
SELECT kind, id, seq, open, drill, division, body FROM rows ORDER BY kind, id

-- refs_all
SELECT name, value, kind, id FROM refs ORDER BY name, value, kind, id

-- clear_rows
DELETE FROM rows

-- clear_refs
DELETE FROM refs

-- counter
SELECT value FROM counters WHERE series = ?

-- last_counter
SELECT series FROM counters WHERE series >= ? AND series <= ? ORDER BY series DESC LIMIT 1

-- put_counter
INSERT INTO counters (series, value) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET value = excluded.value

-- redact_entry
UPDATE entries SET salt = NULL, private = NULL WHERE seq = ?

-- credential
SELECT password, failures, locked_until FROM credentials WHERE username = ?

-- put_credential
INSERT INTO credentials (username, password, failures, locked_until) VALUES (?, ?, 0, 0)
ON CONFLICT (username) DO UPDATE SET password = excluded.password, failures = 0, locked_until = 0

-- sign_in_failed
UPDATE credentials SET failures = ?, locked_until = ? WHERE username = ?

-- add_session
INSERT INTO sessions (token, username, csrf, created_at, seen_at, factor_at) VALUES (?, ?, ?, ?, ?, ?)

-- session
SELECT sessions.username, sessions.csrf, sessions.seen_at, sessions.factor_at, rows.body, limits.name
FROM sessions JOIN rows ON rows.kind = 'user' AND rows.id = sessions.username AND rows.open = 1
LEFT JOIN limits ON limits.name = 'locked:' || sessions.token WHERE sessions.token = ?

-- sessions_all
SELECT token, username, created_at, seen_at, factor_at FROM sessions ORDER BY seen_at DESC, token

-- session_confirmed
UPDATE sessions SET factor_at = ? WHERE token = ?

-- factors_of
SELECT id, kind, label, secret, used, confirmed_at FROM factors WHERE username = ? ORDER BY confirmed_at, id

-- add_factor
INSERT INTO factors (id, username, kind, label, secret, used, confirmed_at) VALUES (?, ?, ?, ?, ?, ?, ?)

-- confirm_factor
UPDATE factors SET confirmed_at = ? WHERE id = ?

-- factor_used
UPDATE factors SET used = ? WHERE id = ? AND used < ? RETURNING id

-- drop_begun_factors
DELETE FROM factors WHERE username = ? AND confirmed_at = 0

-- drop_factor
DELETE FROM factors WHERE id = ? AND username = ?

-- drop_factors_of
DELETE FROM factors WHERE username = ?

-- spend
INSERT INTO limits (name, window_start, used) VALUES (?, ?, 1) ON CONFLICT (name) DO NOTHING RETURNING name

-- drop_limits_before
DELETE FROM limits WHERE window_start < ? AND name NOT IN (SELECT 'locked:' || token FROM sessions)

-- last_read
SELECT seq, hash FROM reads ORDER BY seq DESC LIMIT 1

-- add_read
INSERT INTO reads (seq, at, author, what, hash) VALUES (?, ?, ?, ?, ?)

-- reads_after
SELECT seq, at, author, what, hash FROM reads WHERE seq > ? ORDER BY seq LIMIT ?

-- reads_before
SELECT seq, at, author, what FROM reads WHERE seq < ? ORDER BY seq DESC LIMIT ?

-- drop_reads_before
DELETE FROM reads WHERE at < ?

-- dump_reads
SELECT seq, at, author, what, hash FROM reads ORDER BY seq

-- dump_factors
SELECT id, username, kind, label, secret, used, confirmed_at FROM factors ORDER BY id

-- session_seen
UPDATE sessions SET seen_at = ? WHERE token = ?

-- drop_session
DELETE FROM sessions WHERE token = ?

-- drop_sessions_before
DELETE FROM sessions WHERE seen_at < ?

-- put_draft
INSERT INTO drafts (username, name, body, at) VALUES (?, ?, ?, ?)
ON CONFLICT (username, name) DO UPDATE SET body = excluded.body, at = excluded.at

-- draft
SELECT body, at FROM drafts WHERE username = ? AND name = ?

-- drop_draft
DELETE FROM drafts WHERE username = ? AND name = ?

-- limit
SELECT window_start, used FROM limits WHERE name = ?

-- drop_limit
DELETE FROM limits WHERE name = ?

-- put_limit
INSERT INTO limits (name, window_start, used) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET window_start = excluded.window_start, used = excluded.used

-- put_blob
INSERT INTO blobs (digest, media_type, bytes) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING

-- blob_kept
SELECT 1 FROM blobs WHERE digest = ?

-- blob
SELECT media_type, bytes FROM blobs WHERE digest = ?

-- put_callback
INSERT INTO callbacks (id, at, source, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING

-- put_token
INSERT INTO tokens (digest, name, created_at) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING

-- token
SELECT name FROM tokens WHERE digest = ?

-- dump_inputs
SELECT input, digest, first_seq, last_seq FROM inputs ORDER BY first_seq, input

-- dump_timers
SELECT stream, name, lane, due_at, wake_at, priority, drill, failures FROM timers ORDER BY stream, name

-- load_timer
INSERT INTO timers (stream, name, lane, due_at, wake_at, priority, drill, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- dump_outbox
SELECT stream, promise, channel, recipient, priority, not_before, drill, lease_until, tries FROM outbox ORDER BY stream

-- load_outbox
INSERT INTO outbox (stream, promise, channel, recipient, priority, not_before, drill, lease_until, tries)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- dump_counters
SELECT series, value FROM counters ORDER BY series

-- dump_credentials
SELECT username, password, failures, locked_until FROM credentials ORDER BY username

-- load_credential
INSERT INTO credentials (username, password, failures, locked_until) VALUES (?, ?, ?, ?)

-- dump_tokens
SELECT digest, name, created_at FROM tokens ORDER BY digest

-- dump_callbacks
SELECT id, at, source, body FROM callbacks ORDER BY at, id

-- drop_sessions_of
DELETE FROM sessions WHERE username = ?

-- blob_digests
SELECT digest FROM blobs ORDER BY digest

-- put_heard
INSERT INTO heard (peer, at, skew) VALUES (?, ?, ?) ON CONFLICT (peer) DO UPDATE SET at = excluded.at, skew = excluded.skew

-- heard
SELECT peer, at, skew FROM heard ORDER BY peer

-- entry_numbered
SELECT seq, at, stream, version, type, drill, author, input, public, salt, private, private_digest, hash
FROM entries WHERE seq = ?

-- indexed
SELECT seq, hash FROM indexed WHERE id = 1

-- claim_index
UPDATE indexed SET seq = seq WHERE id = 1 RETURNING seq, hash

-- put_indexed
UPDATE indexed SET seq = ?, hash = ? WHERE id = 1

-- clear_grams
DELETE FROM grams

-- drop_block
DELETE FROM grams WHERE block = ?

-- add_grams
INSERT INTO grams (gram, block, places) VALUES (?, ?, ?)
ON CONFLICT (gram, block) DO UPDATE SET places = grams.places || excluded.places

-- places_of
SELECT block, places FROM grams WHERE gram = ? AND block >= ? AND block <= ?
