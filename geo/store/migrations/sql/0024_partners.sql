SET LOCAL lock_timeout = '10s';

ALTER TABLE outreach_event ADD COLUMN partners TEXT[] DEFAULT '{}' NOT NULL;
