-- Work that follows from a change, written down with it. A row is there until its work is done;
-- one that was given up stays, with `dead_at` set, until somebody has looked at it.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    -- While a job waits, another of its kind with the same key is the same job.
    unique_key TEXT,
    payload TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    worker TEXT,
    worker_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    dead_at INTEGER
) STRICT;

CREATE UNIQUE INDEX jobs_key ON jobs (kind, unique_key);
CREATE INDEX jobs_due ON jobs (kind, dead_at, run_at);
CREATE INDEX jobs_dead ON jobs (dead_at, id);
