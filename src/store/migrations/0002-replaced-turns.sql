-- A turn that was asked again: what it said and did stays here, and the model is no longer shown it.
ALTER TABLE turns ADD COLUMN replaced_by INTEGER REFERENCES turns;

-- A summary stands for every entry of its session up to this sequence.
ALTER TABLE entries ADD COLUMN covers INTEGER;
CREATE INDEX entries_summaries ON entries (session_id, sequence) WHERE kind = 'summary';
CREATE INDEX usage_by_time ON usage (at);
