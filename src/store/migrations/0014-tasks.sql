-- Work for later. `next_at` is the next occurrence that nobody has claimed; a claim makes its run and moves it on, in one
-- transaction.
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id INTEGER NOT NULL REFERENCES groups,
  -- Where the result goes; without one, the chat of the group that was last active.
  chat_id INTEGER REFERENCES chats,
  purpose TEXT NOT NULL DEFAULT 'task' CHECK (purpose IN ('task', 'heartbeat')),
  name TEXT NOT NULL,
  prompt TEXT NOT NULL,
  -- Runs in the sandbox first, and says whether the model is to be asked.
  script TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('cron', 'interval', 'once')),
  -- The expression, the milliseconds, or the instant.
  rule TEXT NOT NULL,
  -- Of an interval: where its grid begins.
  anchor INTEGER NOT NULL,
  -- Without one the group's, or this machine's.
  zone TEXT,
  context TEXT NOT NULL CHECK (context IN ('group', 'isolated')),
  missed TEXT NOT NULL CHECK (missed IN ('skip', 'once', 'all')),
  -- Of `all`: how many at most.
  most_missed INTEGER NOT NULL,
  overlap TEXT NOT NULL CHECK (overlap IN ('forbid', 'queue', 'allow')),
  is_delivered INTEGER NOT NULL CHECK (is_delivered IN (0, 1)),
  may_make_tasks INTEGER NOT NULL CHECK (may_make_tasks IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'done', 'cancelled')),
  -- Why it was paused.
  reason TEXT,
  next_at INTEGER,
  -- Of the last occurrence that was claimed: none before it ever is again, whatever the clock says.
  last_due_at INTEGER,
  -- In a row.
  failures INTEGER NOT NULL DEFAULT 0,
  -- The person whose rights it has; none: the owner at the terminal.
  creator_kind TEXT NOT NULL CHECK (creator_kind IN ('owner', 'member')),
  creator_id INTEGER REFERENCES people,
  is_made_by_agent INTEGER NOT NULL CHECK (is_made_by_agent IN (0, 1)),
  taint INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_due ON tasks (next_at) WHERE state = 'active' AND next_at IS NOT NULL;
CREATE INDEX tasks_of_group ON tasks (group_id);
CREATE UNIQUE INDEX tasks_heartbeat ON tasks (group_id) WHERE purpose = 'heartbeat';

-- One row for each occurrence that was claimed, and for each time that somebody ran the task by hand.
CREATE TABLE task_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES tasks,
  group_id INTEGER NOT NULL REFERENCES groups,
  due_at INTEGER NOT NULL,
  is_manual INTEGER NOT NULL CHECK (is_manual IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'quiet', 'failed', 'skipped', 'stopped')),
  -- Occurrences that were due before and did not run.
  missed INTEGER NOT NULL DEFAULT 0,
  -- How often it was begun and not ended: by a crash.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Of a reminder that failed: not before.
  retry_at INTEGER NOT NULL DEFAULT 0,
  turn_id INTEGER REFERENCES turns,
  claimed_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  result TEXT,
  reason TEXT,
  UNIQUE (task_id, due_at, is_manual)
) STRICT;
CREATE INDEX task_runs_waiting ON task_runs (group_id, retry_at) WHERE state = 'waiting';
CREATE INDEX task_runs_running ON task_runs (group_id) WHERE state = 'running';
CREATE INDEX task_runs_of_task ON task_runs (task_id, id);

-- What clock the people of a group go by; without one, this machine's.
ALTER TABLE group_settings ADD COLUMN zone TEXT;
-- A session that a run made for itself: no person is offered it.
ALTER TABLE sessions ADD COLUMN task_id INTEGER REFERENCES tasks;
