-- The gateway: what people wrote, and what goes out to them. Open work is found by partial indexes, so that the rows
-- of years past cost nothing.

-- One row, while a gateway serves this folder.
CREATE TABLE gateway (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  pid INTEGER NOT NULL,
  pid_start TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  started_at INTEGER NOT NULL
) STRICT;

-- A group without a row has the defaults.
CREATE TABLE group_settings (
  group_id INTEGER PRIMARY KEY REFERENCES groups,
  trigger_mode TEXT NOT NULL DEFAULT 'mention' CHECK (trigger_mode IN ('always', 'mention', 'mention-sticky', 'never')),
  trigger_name TEXT NOT NULL DEFAULT 'Andy',
  greeting TEXT,
  style TEXT
) STRICT;

-- Who is known in a group, beside the owner.
CREATE TABLE members (
  group_id INTEGER NOT NULL REFERENCES groups,
  person_id INTEGER NOT NULL REFERENCES people,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;

-- A chat without a group was seen and belongs to nobody yet.
ALTER TABLE chats ADD COLUMN last_message_at INTEGER;

-- The inbox. `message` is the platform's own id, or the sender's idempotency key: a redelivery finds its row.
-- `overheard`: addressed to nobody, and taken along as context by the group's next turn, which is then its turn.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id INTEGER NOT NULL REFERENCES chats,
  message TEXT NOT NULL,
  person_id INTEGER REFERENCES people,
  -- At the time it came.
  person_kind TEXT NOT NULL CHECK (person_kind IN ('owner', 'member', 'stranger')),
  group_id INTEGER REFERENCES groups,
  state TEXT NOT NULL CHECK (state IN ('received', 'claimed', 'answered', 'declined', 'failed', 'dead', 'overheard')),
  -- Why it was declined, failed or set aside; why it was taken for addressed or not.
  reason TEXT,
  -- How often a turn over it was begun and not ended: by a crash.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Of the turn that took it last.
  turn_id INTEGER REFERENCES turns,
  body TEXT NOT NULL,
  taint INTEGER NOT NULL DEFAULT 0,
  -- By the platform's clock, and by ours.
  sent_at INTEGER,
  received_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (chat_id, message)
) STRICT;
CREATE INDEX messages_waiting ON messages (group_id, id) WHERE state = 'received';
CREATE INDEX messages_claimed ON messages (group_id) WHERE state = 'claimed';
CREATE INDEX messages_overheard ON messages (group_id, id) WHERE state = 'overheard' AND turn_id IS NULL;
CREATE INDEX messages_dead ON messages (id) WHERE state IN ('dead', 'failed');
CREATE INDEX messages_of_turn ON messages (turn_id) WHERE turn_id IS NOT NULL;

-- The outbox. `key` is what a platform is given to know a copy by. A `draft` is an answer that is still being written.
-- `sending` is on disk before the first byte leaves: found after a crash, nobody knows whether it arrived.
CREATE TABLE replies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  chat_id INTEGER NOT NULL REFERENCES chats,
  group_id INTEGER REFERENCES groups,
  turn_id INTEGER REFERENCES turns,
  -- What it answers.
  message_id INTEGER REFERENCES messages,
  kind TEXT NOT NULL CHECK (kind IN ('answer', 'notice')),
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'sending', 'sent', 'unknown', 'failed')),
  reason TEXT,
  -- The platform's id of it; with one, what is to be sent is an edit.
  platform_id TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Sends of which nobody knows whether they arrived.
  unknowns INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX replies_open ON replies (chat_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX replies_drafts ON replies (chat_id) WHERE state = 'draft';
CREATE INDEX replies_failed ON replies (id) WHERE state IN ('failed', 'unknown');
CREATE INDEX replies_of_turn ON replies (turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX replies_of_message ON replies (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX replies_of_chat ON replies (chat_id, id);

-- What was decided in a turn.
CREATE INDEX audit_by_time ON audit (at);
