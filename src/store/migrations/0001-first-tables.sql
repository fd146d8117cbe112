-- Times are UTC epoch milliseconds. Taint is a set of bits that only adds up. Bodies are JSON.

CREATE TABLE migrations (
  name TEXT PRIMARY KEY,
  applied_at INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: an id, and with it the uid of a group's files, is never given out twice.
CREATE TABLE groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
    CHECK (length(name) <= 64 AND name GLOB '[A-Za-z0-9]*' AND name NOT GLOB '*[^A-Za-z0-9_-]*'),
  uid INTEGER NOT NULL UNIQUE GENERATED ALWAYS AS (200000 + id) STORED,
  title TEXT,
  created_at INTEGER NOT NULL,
  taint INTEGER NOT NULL DEFAULT 0
) STRICT;
-- A name is a folder, and some file systems take "Main" and "main" for one.
CREATE UNIQUE INDEX groups_folder ON groups (lower(name));

CREATE TABLE chats (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  chat TEXT NOT NULL,
  group_id INTEGER REFERENCES groups,
  title TEXT,
  is_private INTEGER NOT NULL CHECK (is_private IN (0, 1)),
  created_at INTEGER NOT NULL,
  UNIQUE (channel, account, chat)
) STRICT;
CREATE INDEX chats_of_group ON chats (group_id);

CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  sender TEXT NOT NULL,
  is_owner INTEGER NOT NULL CHECK (is_owner IN (0, 1)),
  display_name TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (channel, account, sender)
) STRICT;

-- The prefix is the system prompt as it was first sent: the same bytes again, so that the provider's cache hits.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  name TEXT,
  is_current INTEGER NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),
  prefix TEXT,
  prefix_hash TEXT,
  created_at INTEGER NOT NULL,
  taint INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX sessions_current ON sessions (group_id) WHERE is_current = 1;
CREATE UNIQUE INDEX sessions_named ON sessions (group_id, name);

CREATE TABLE turns (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  session_id INTEGER NOT NULL REFERENCES sessions,
  state TEXT NOT NULL DEFAULT 'running'
    CHECK (state IN ('running', 'done', 'limit', 'aborted', 'error', 'interrupted')),
  epoch INTEGER NOT NULL,
  model TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  text TEXT,
  reason TEXT,
  taint INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX turns_running ON turns (group_id) WHERE state = 'running';
CREATE INDEX turns_of_session ON turns (session_id);

CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions,
  sequence INTEGER NOT NULL,
  turn_id INTEGER REFERENCES turns,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'assistant', 'tool', 'summary', 'notice')),
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  taint INTEGER NOT NULL DEFAULT 0,
  UNIQUE (session_id, sequence)
) STRICT;

CREATE TABLE journal (
  turn_id INTEGER NOT NULL REFERENCES turns,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (turn_id, sequence)
) STRICT;

-- The row stays when nobody holds the lease: an epoch never comes again.
CREATE TABLE leases (
  group_id INTEGER PRIMARY KEY REFERENCES groups,
  epoch INTEGER NOT NULL,
  pid INTEGER,
  pid_start TEXT,
  boot_id TEXT,
  taken_at INTEGER
) STRICT;

CREATE TABLE usage (
  id INTEGER PRIMARY KEY,
  turn_id INTEGER NOT NULL REFERENCES turns,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_of_turn ON usage (turn_id);

CREATE TABLE shared_folders (
  group_id INTEGER NOT NULL REFERENCES groups,
  path TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('none', 'read', 'write')),
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, path)
) STRICT;

-- AUTOINCREMENT remembers the last id given out, so that rows cut from the end are missed too.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_via TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_group TEXT,
  behalf TEXT,
  object_group TEXT,
  object TEXT NOT NULL,
  action TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('allow', 'ask', 'deny')),
  rule TEXT NOT NULL,
  reason TEXT,
  taint INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;

INSERT INTO groups (name, title, created_at) VALUES ('main', 'main', CAST(unixepoch('subsec') * 1000 AS INTEGER));
