-- Why somebody changed a record, beside who and when: it moves into the history with its version.
ALTER TABLE incident ADD COLUMN updated_reason TEXT;
ALTER TABLE outreach_event ADD COLUMN updated_reason TEXT;
ALTER TABLE network ADD COLUMN updated_reason TEXT;
