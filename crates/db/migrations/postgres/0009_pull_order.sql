-- The list of a namespace by pulls is read from one index, so the counts know their namespace.
ALTER TABLE repository_counts ADD COLUMN namespace_id BIGINT;

UPDATE repository_counts SET namespace_id =
    (SELECT r.namespace_id FROM repositories r WHERE r.id = repository_counts.repository_id);

CREATE INDEX repository_counts_listed ON repository_counts (namespace_id, pulls, repository_id);
