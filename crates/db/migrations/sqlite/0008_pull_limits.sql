-- Pull rate limits: how much a plan allows, and what was pulled of it. Rows whose window is over are purged.
ALTER TABLE plans ADD COLUMN pulls INTEGER;

CREATE TABLE pull_windows (
    key TEXT PRIMARY KEY,
    pulls INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX pull_windows_ends_at ON pull_windows (ends_at);
