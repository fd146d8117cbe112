-- What the owner is told of the state of the program itself: once when something begins, and once when it is over.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- What it is about: `channel:telegram`, `message:17`; and what that is called.
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  -- A sentence of the catalogue with its facts, as JSON.
  said TEXT NOT NULL,
  -- 1: over as it begins, and told for what it was.
  is_passing INTEGER NOT NULL CHECK (is_passing IN (0, 1)),
  since INTEGER NOT NULL,
  ended_at INTEGER,
  -- The replies that tell it, the last one each: that it began, and that it is over. Old replies go.
  begin_reply_id INTEGER REFERENCES replies ON DELETE SET NULL,
  end_reply_id INTEGER REFERENCES replies ON DELETE SET NULL,
  -- 1: nothing more is to be said about it.
  is_settled INTEGER NOT NULL DEFAULT 0 CHECK (is_settled IN (0, 1))
) STRICT;
CREATE INDEX notices_of_subject ON notices (subject, id);
CREATE INDEX notices_unsettled ON notices (id) WHERE is_settled = 0;
CREATE INDEX notices_by_end ON notices (ended_at);
CREATE INDEX notices_of_begin_reply ON notices (begin_reply_id);
CREATE INDEX notices_of_end_reply ON notices (end_reply_id);
