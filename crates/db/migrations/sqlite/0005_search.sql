-- SQLite has one writer, so changes are committed in the order of their ids. `written_in` tells the order
-- where transactions overlap, which they do not here.
ALTER TABLE search_changes ADD COLUMN written_in INTEGER NOT NULL DEFAULT 0;

CREATE INDEX search_changes_written_in ON search_changes (written_in);

-- What every index is made from: one row. Changes before `forgotten` are no longer kept.
CREATE TABLE search_source (
    database_id TEXT PRIMARY KEY,
    edition INTEGER NOT NULL,
    forgotten INTEGER NOT NULL
) STRICT;

INSERT INTO search_source (database_id, edition, forgotten)
VALUES (lower(hex(randomblob(16))), 1, 0);
