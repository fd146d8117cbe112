-- What stood in a group's folders before something changed them. The contents lie in the group's own folder on disk.

CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  -- Before the first writing call of this turn; none: before an undo.
  turn_id INTEGER REFERENCES turns,
  -- What that undo put back. Stays when the snapshot itself is gone.
  restored_id INTEGER,
  at INTEGER NOT NULL,
  -- SHA-256 of the list of files; none when it could not be made.
  manifest TEXT,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  copied_bytes INTEGER NOT NULL,
  -- For a person: what of it is not kept, and why.
  problem TEXT,
  -- Until the next snapshot, once that is there.
  changed INTEGER,
  created INTEGER,
  removed INTEGER
) STRICT;
CREATE INDEX snapshots_of_group ON snapshots (group_id, id);

-- A content is needed by the snapshots up to the last one that lists it; without one, by the newest.
CREATE TABLE snapshot_contents (
  group_id INTEGER NOT NULL REFERENCES groups,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  last_snapshot INTEGER,
  PRIMARY KEY (group_id, hash)
) STRICT, WITHOUT ROWID;
