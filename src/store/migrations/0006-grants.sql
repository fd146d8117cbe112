-- What a secret may be used for: by which group, where, and how it is sent. The value stands in none of these rows.
CREATE TABLE grants (
  group_id INTEGER NOT NULL REFERENCES groups,
  -- The first part of its path inside: http://…/<name>/…
  name TEXT NOT NULL,
  secret TEXT NOT NULL,
  base TEXT NOT NULL,
  -- JSON: methods, paths and placement.
  terms TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, name)
) STRICT, WITHOUT ROWID;
