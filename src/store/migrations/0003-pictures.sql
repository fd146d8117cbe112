-- By the SHA-256 of their bytes, and one that comes twice is kept once: entries and the journal hold only that.
CREATE TABLE pictures (
  hash TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
