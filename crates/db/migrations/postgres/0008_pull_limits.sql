-- Pull rate limits: how much a plan allows, and what was pulled of it. Rows whose window is over are purged.
ALTER TABLE plans ADD COLUMN pulls BIGINT;

CREATE TABLE pull_windows (
    key TEXT COLLATE "C" PRIMARY KEY,
    pulls BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX pull_windows_ends_at ON pull_windows (ends_at);
