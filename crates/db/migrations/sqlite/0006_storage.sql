-- Bytes of a namespace are counted from here on. See docs/design/0002-hub.md, "Plans and use".

-- Whose room an upload has reserved; NULL while it has reserved none.
ALTER TABLE uploads ADD COLUMN namespace_id INTEGER REFERENCES accounts (id);

CREATE INDEX uploads_namespace ON uploads (namespace_id);
CREATE INDEX namespace_blobs_blob ON namespace_blobs (blob_id, namespace_id);

UPDATE uploads SET reserved_bytes = offset_bytes,
    namespace_id = (SELECT r.namespace_id FROM repositories r WHERE r.id = uploads.repository_id);

INSERT INTO namespace_blobs (namespace_id, blob_id, links)
SELECT r.namespace_id, l.blob_id, COUNT(*) FROM repository_blobs l
JOIN repositories r ON r.id = l.repository_id GROUP BY r.namespace_id, l.blob_id;

INSERT INTO namespace_use (namespace_id, stored_bytes, reserved_bytes)
SELECT a.id,
    COALESCE((SELECT SUM(b.size_bytes) FROM namespace_blobs n JOIN blobs b ON b.id = n.blob_id
        WHERE n.namespace_id = a.id), 0)
    + COALESCE((SELECT SUM(m.size_bytes) FROM repositories r JOIN manifests m ON m.repository_id = r.id
        WHERE r.namespace_id = a.id), 0),
    COALESCE((SELECT SUM(u.reserved_bytes) FROM uploads u WHERE u.namespace_id = a.id), 0)
FROM accounts a WHERE EXISTS (SELECT 1 FROM repositories r WHERE r.namespace_id = a.id);
