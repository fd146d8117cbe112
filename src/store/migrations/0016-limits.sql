-- What limits, budgets and the filter of outgoing texts look at.

-- Whose words a link may come from; how much the owner and others wrote lately.
CREATE INDEX messages_of_owner ON messages (group_id, id) WHERE person_kind = 'owner';
CREATE INDEX messages_of_person ON messages (person_id, received_at);
CREATE INDEX messages_of_chat ON messages (chat_id, id);

-- Written by a program, as its platform says.
ALTER TABLE messages ADD COLUMN is_from_bot INTEGER NOT NULL DEFAULT 0 CHECK (is_from_bot IN (0, 1));

-- How many turns a group had.
CREATE INDEX turns_of_group ON turns (group_id, started_at);

-- The end of the audit log as the owner was last shown it: one row.
CREATE TABLE audit_shown (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  audit_id INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
