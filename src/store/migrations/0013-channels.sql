-- What a channel made of a reply's text when it was written: entities, say. Opaque to all others.
ALTER TABLE replies ADD COLUMN format TEXT;

-- What a channel has to remember across restarts.
CREATE TABLE channel_memory (
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (channel, account, name)
) STRICT, WITHOUT ROWID;
