-- What a change of instructions takes away and adds, as the owner is shown it.
ALTER TABLE approvals ADD COLUMN diff TEXT;
