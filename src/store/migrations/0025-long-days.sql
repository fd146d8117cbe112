-- What is asked on every message's way is answered by what counts, however much else the day, or a chat, has had.

-- Of the same columns for those that count: a flood is declined, and was counted with every message of it.
DROP INDEX messages_of_person;
CREATE INDEX messages_taken_of_person ON messages (person_id, received_at) WHERE state NOT IN ('overheard', 'declined');
CREATE INDEX messages_taken_of_chat ON messages (chat_id, id) WHERE state NOT IN ('overheard', 'declined');
CREATE INDEX messages_of_people ON messages (chat_id, id) WHERE is_from_bot = 0;

-- A no whose conversation has ended is told to nobody, and stays.
DROP INDEX approvals_open;
CREATE INDEX approvals_untold ON approvals (session_id, id) WHERE state <> 'done';
CREATE INDEX approvals_allowed ON approvals (group_id, id) WHERE state IN ('allowed', 'running');
