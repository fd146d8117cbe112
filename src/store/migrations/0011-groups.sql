-- Groups that are renamed and removed, and replies that are more than words.

-- A removed group keeps its rows, and with them its uid; its name is free again.
ALTER TABLE groups ADD COLUMN removed_at INTEGER;

-- A group's folder on its way to another place: written with the change that it belongs to, gone when the folder is there.
CREATE TABLE folder_moves (
  group_id INTEGER PRIMARY KEY REFERENCES groups,
  source TEXT NOT NULL,
  destination TEXT NOT NULL
) STRICT;

-- What a reply is besides its text: a question with options, a file, a reaction, an edit of another. JSON.
ALTER TABLE replies ADD COLUMN extras TEXT;
-- Until when what is written in the chat may be the answer to it; the chat's last question only.
ALTER TABLE replies ADD COLUMN question_until INTEGER;
CREATE INDEX replies_extras ON replies (id) WHERE extras IS NOT NULL;
CREATE INDEX replies_questions ON replies (chat_id) WHERE question_until IS NOT NULL;
