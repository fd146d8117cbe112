-- What waits for the owner's yes, what he allowed for good, and how freely each group works.

ALTER TABLE groups ADD COLUMN level TEXT NOT NULL DEFAULT 'careful' CHECK (level IN ('locked', 'careful', 'trusted'));

-- AUTOINCREMENT: the number that a person was shown never means another request.
CREATE TABLE approvals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  session_id INTEGER NOT NULL REFERENCES sessions,
  -- In which it was asked for.
  turn_id INTEGER REFERENCES turns,
  -- A call of a tool, a host that is not listed, or a connection to one that is.
  kind TEXT NOT NULL CHECK (kind IN ('call', 'host', 'connection')),
  -- `running`: a turn has taken it, to carry it out. `done`: the model was told what came of it.
  state TEXT NOT NULL DEFAULT 'pending'
    CHECK (state IN ('pending', 'allowed', 'denied', 'expired', 'running', 'done')),
  -- For whom it is asked, and the chats that wait for it, each with the message that it answers. JSON.
  actor TEXT NOT NULL,
  chats TEXT NOT NULL,
  action TEXT NOT NULL,
  object_group TEXT NOT NULL,
  title TEXT NOT NULL,
  -- Of a call: what would run, as it would run. Of the others: the place, in the arguments.
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  -- The bytes that would leave, as they were then.
  outgoing BLOB,
  -- What "always" would allow, JSON; without it there is no "always".
  bound TEXT,
  -- Over all that the yes is for.
  hash TEXT NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- The model's own, beside the call.
  words TEXT NOT NULL,
  taint INTEGER NOT NULL,
  -- What has to be typed behind /approve; there is one once the card was shown for it.
  code TEXT,
  answer TEXT CHECK (answer IN ('once', 'always', 'no')),
  decided_by TEXT,
  decided_at INTEGER,
  -- The turn that carries it out or tells of it, and when its call took the yes: it does so once.
  carried_by INTEGER REFERENCES turns,
  used_at INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX approvals_open ON approvals (group_id, id) WHERE state <> 'done';
CREATE INDEX approvals_by_time ON approvals (group_id, created_at);

-- What the owner allowed a group for good: an action with exactly these arguments.
CREATE TABLE permissions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  action TEXT NOT NULL,
  object_group TEXT NOT NULL,
  tool TEXT NOT NULL,
  bound TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (group_id, action, object_group, tool, bound)
) STRICT;

-- A card: the buttons below it, and what they answer.
ALTER TABLE replies ADD COLUMN approval_id INTEGER REFERENCES approvals;
ALTER TABLE replies ADD COLUMN buttons TEXT;
CREATE INDEX replies_of_approval ON replies (approval_id) WHERE approval_id IS NOT NULL;
