-- Lists of repositories and tags come from an index, and so does their count.
DROP INDEX repositories_namespace;
CREATE INDEX repositories_listed ON repositories (namespace_id, path, deleted_at, is_private);
CREATE INDEX repositories_pushed ON repositories (namespace_id, pushed_at, deleted_at, is_private);
CREATE INDEX tags_moved ON tags (repository_id, moved_at);
