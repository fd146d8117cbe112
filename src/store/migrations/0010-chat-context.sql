-- What is a command and no question to the model; `unknown` where there is none of that name.
ALTER TABLE messages ADD COLUMN command TEXT;

-- Until when what a person says in a chat is meant for the assistant, whom it has called before.
CREATE TABLE addressing (
  chat_id INTEGER NOT NULL REFERENCES chats,
  person_id INTEGER NOT NULL REFERENCES people,
  until INTEGER NOT NULL,
  PRIMARY KEY (chat_id, person_id)
) STRICT, WITHOUT ROWID;

-- The model of the group's chats; without one the configuration says.
ALTER TABLE group_settings ADD COLUMN model TEXT;
