-- Work that follows from a change, written down with it. A row is there until its work is done;
-- one that was given up stays, with `dead_at` set, until somebody has looked at it.
CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- While a job waits, another of its kind with the same key is the same job.
    unique_key TEXT COLLATE "C",
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    worker TEXT COLLATE "C",
    worker_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    dead_at BIGINT
);

CREATE UNIQUE INDEX jobs_key ON jobs (kind, unique_key);
CREATE INDEX jobs_due ON jobs (kind, dead_at, run_at);
CREATE INDEX jobs_dead ON jobs (dead_at, id);
