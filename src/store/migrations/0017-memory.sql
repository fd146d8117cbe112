-- What a group's assistant was asked to hold, or found worth it. Who said it, and what he had seen, stays with it.
CREATE TABLE memories (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  text TEXT NOT NULL,
  -- It stands in every prompt of the group; else it is found when it is looked for.
  is_always INTEGER NOT NULL CHECK (is_always IN (0, 1)),
  -- Of the turn in which it was said; none: by the owner's own command.
  turn_id INTEGER REFERENCES turns,
  taint INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- When the owner said that he stands for it, whoever said it first.
  reviewed_at INTEGER
) STRICT;
CREATE INDEX memories_of_group ON memories (group_id, id);

-- How far a group's conversations are in its index of words: one index for each group, made when it is first asked.
CREATE TABLE recall_marks (
  group_id INTEGER PRIMARY KEY REFERENCES groups,
  entry_id INTEGER NOT NULL
) STRICT;
