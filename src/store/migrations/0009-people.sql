-- Who becomes known, and how.

-- A code is kept as its hash, and counts once.
CREATE TABLE pairing_codes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL,
  makes TEXT NOT NULL CHECK (makes IN ('owner', 'member')),
  -- Of which group a member.
  group_id INTEGER REFERENCES groups ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- `void`: it was posted where others read it.
  outcome TEXT CHECK (outcome IN ('used', 'void')),
  person_id INTEGER REFERENCES people,
  CHECK ((makes = 'member') = (group_id IS NOT NULL))
) STRICT;
CREATE INDEX pairing_codes_live ON pairing_codes (expires_at) WHERE ended_at IS NULL;

-- A name on an allow list belongs to the first who wrote under it, whoever has it later.
CREATE TABLE allowed_names (
  channel TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people,
  since INTEGER NOT NULL,
  PRIMARY KEY (channel, account, name)
) STRICT, WITHOUT ROWID;

-- Codes that were none, in a row, and when the last of them came.
ALTER TABLE people ADD COLUMN wrong_codes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN wrong_at INTEGER;
-- When a stranger was last told what to do, and the owner of him.
ALTER TABLE people ADD COLUMN noticed_at INTEGER;
ALTER TABLE people ADD COLUMN told_at INTEGER;
-- Known as the owner by the installation's own token, and not by being somebody.
ALTER TABLE people ADD COLUMN holds_token INTEGER NOT NULL DEFAULT 0 CHECK (holds_token IN (0, 1));
UPDATE people SET holds_token = 1 WHERE channel = 'http' AND sender = 'owner';
CREATE INDEX people_told ON people (told_at) WHERE told_at IS NOT NULL;

ALTER TABLE chats ADD COLUMN noticed_at INTEGER;
-- Of a private one: who is there beside the assistant.
ALTER TABLE chats ADD COLUMN person_id INTEGER REFERENCES people;
CREATE INDEX chats_of_person ON chats (person_id) WHERE person_id IS NOT NULL;
UPDATE chats SET person_id = (SELECT person_id FROM messages WHERE chat_id = chats.id ORDER BY id DESC LIMIT 1)
  WHERE is_private = 1;

-- Made by itself, for this person alone.
ALTER TABLE groups ADD COLUMN person_id INTEGER REFERENCES people;
CREATE INDEX groups_of_person ON groups (person_id, created_at) WHERE person_id IS NOT NULL;
