-- What a group's sandbox may reach outside. No row: nothing, and no network at all.
CREATE TABLE egress_rules (
  group_id INTEGER NOT NULL REFERENCES groups,
  -- A host, or *.domain for all below it.
  host TEXT NOT NULL,
  -- 0: the usual ones, 443 and 80.
  port INTEGER NOT NULL,
  -- JSON list of path prefixes below which reading says nothing to anyone.
  read_only TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, host, port)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_of_egress ON audit (object_group, id) WHERE action = 'egress.connect';
