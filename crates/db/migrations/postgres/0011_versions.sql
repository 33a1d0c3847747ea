-- Tags in the order of the versions they name. The program writes the key (types/version); where it is missing, the
-- tag comes from before, or from a node of the release before.
ALTER TABLE tags ADD COLUMN version_key TEXT COLLATE "C";
CREATE INDEX tags_version ON tags (repository_id, version_key, name);
CREATE INDEX tags_without_version ON tags (repository_id, name) WHERE version_key IS NULL;
