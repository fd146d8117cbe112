-- What a group has of the owner's folders for good. Whether it may be mounted is decided anew each time.
CREATE TABLE group_mounts (
  group_id INTEGER NOT NULL REFERENCES groups,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  can_write INTEGER NOT NULL CHECK (can_write IN (0, 1)),
  added_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, name)
) STRICT;

-- Folders that a process lends to a group for writing just now; its death ends that.
CREATE TABLE lent_folders (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  group_id INTEGER NOT NULL REFERENCES groups,
  pid INTEGER NOT NULL,
  pid_start TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  lent_at INTEGER NOT NULL
) STRICT;

-- Where the computed one belongs to a user's namespaces; chosen before the group's first file.
ALTER TABLE groups ADD COLUMN other_uid INTEGER;
CREATE UNIQUE INDEX groups_other_uid ON groups (other_uid);
