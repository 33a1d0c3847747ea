-- Transactions overlap and commit in any order, so readers of changes go by the transaction that wrote a
-- row; see db/src/search.rs.
ALTER TABLE search_changes
    ADD COLUMN written_in BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);

CREATE INDEX search_changes_written_in ON search_changes (written_in);

-- What every index is made from: one row. Changes before `forgotten` are no longer kept.
CREATE TABLE search_source (
    database_id TEXT COLLATE "C" PRIMARY KEY,
    edition BIGINT NOT NULL,
    forgotten BIGINT NOT NULL
);

INSERT INTO search_source (database_id, edition, forgotten)
VALUES (replace(gen_random_uuid()::text, '-', ''), 1, 0);
