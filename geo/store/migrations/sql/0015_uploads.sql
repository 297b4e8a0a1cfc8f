-- What the page and the API say of a batch later: whose units it was sent for, and its remarks.
ALTER TABLE import_batch
    ADD COLUMN units TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN rows_doubtful INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN notes JSONB DEFAULT '[]' NOT NULL,
    ADD COLUMN warnings JSONB DEFAULT '[]' NOT NULL;
