-- What a sandbox reaches without anybody there, and what it never does.

-- `listed`: a proxy, which lets out to the group's hosts and asks about others. `none`: no network, whatever is listed.
ALTER TABLE groups ADD COLUMN network TEXT NOT NULL DEFAULT 'listed' CHECK (network IN ('listed', 'none'));

-- What the owner allowed the runs of one task. It holds for the plan that he saw: `plan` is a hash over that.
CREATE TABLE task_grants (
  task_id INTEGER NOT NULL REFERENCES tasks,
  kind TEXT NOT NULL CHECK (kind IN ('host', 'chat', 'search', 'files')),
  -- Of a host: as `groups egress allow` takes it. Of a chat: its number. Of the others: empty.
  value TEXT NOT NULL,
  plan TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (task_id, kind, value)
) STRICT, WITHOUT ROWID;
