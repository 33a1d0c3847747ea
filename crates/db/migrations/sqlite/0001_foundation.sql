-- Accounts: users, organizations and `library`. Rows are never removed, so names stay reserved.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT,
    email_key TEXT UNIQUE,
    email_verified_at INTEGER,
    password_hash TEXT,
    password_changed_at INTEGER,
    credentials_epoch INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    default_private INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

-- Every name an account has or had; the current one is in `accounts`.
CREATE TABLE account_names (
    name TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_names_account ON account_names (account_id);

CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    namespace_id INTEGER NOT NULL REFERENCES accounts (id),
    path TEXT NOT NULL,
    is_private INTEGER NOT NULL,
    is_automated INTEGER NOT NULL,
    description TEXT NOT NULL,
    full_description TEXT NOT NULL,
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    pushed_at INTEGER,
    pushed_by INTEGER REFERENCES accounts (id),
    deleted_at INTEGER
) STRICT;

CREATE INDEX repositories_namespace ON repositories (namespace_id, path);

-- Every path a repository answers to. One row a path; after a rename the old path stays.
CREATE TABLE repository_paths (
    path TEXT PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    is_current INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX repository_paths_repository ON repository_paths (repository_id);

-- Bytes in the store, shared by all repositories. `digest` is one byte for the algorithm, then the hash.
CREATE TABLE blobs (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    size_bytes INTEGER NOT NULL,
    locator TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    protected_until INTEGER NOT NULL
) STRICT;

CREATE INDEX blobs_locator ON blobs (locator);
CREATE INDEX blobs_review ON blobs (protected_until);

-- The permission to read a blob through a repository.
CREATE TABLE repository_blobs (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    blob_id INTEGER NOT NULL REFERENCES blobs (id),
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, blob_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX repository_blobs_blob ON repository_blobs (blob_id);

CREATE TABLE manifests (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    digest BLOB NOT NULL,
    media_type TEXT NOT NULL,
    artifact_type TEXT,
    subject BLOB,
    -- The descriptor shown in the referrers list, as JSON; only where there is a subject.
    referrer TEXT,
    size_bytes INTEGER NOT NULL,
    pushed_at INTEGER NOT NULL,
    pushed_by INTEGER REFERENCES accounts (id),
    -- Last, because SQLite would have to read past it to what comes after.
    body BLOB NOT NULL,
    UNIQUE (repository_id, digest)
) STRICT;

CREATE INDEX manifests_subject ON manifests (repository_id, subject, id);

-- What a manifest points at: config, layer, child, subject.
CREATE TABLE manifest_references (
    manifest_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    -- Platform of a child, as `os/architecture[/variant]`.
    platform TEXT,
    PRIMARY KEY (manifest_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX manifest_references_digest ON manifest_references (repository_id, digest);

CREATE TABLE tags (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    name TEXT NOT NULL,
    manifest_id INTEGER NOT NULL REFERENCES manifests (id),
    moved_at INTEGER NOT NULL,
    moved_by INTEGER REFERENCES accounts (id),
    PRIMARY KEY (repository_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_manifest ON tags (manifest_id);

-- Every move of every tag: made (no from), moved, removed (no to).
CREATE TABLE tag_moves (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    tag TEXT NOT NULL,
    from_digest BLOB,
    to_digest BLOB,
    -- Counts the moves of this tag, so that they have one order on all nodes.
    position INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    moved_by INTEGER REFERENCES accounts (id),
    UNIQUE (repository_id, tag, position)
) STRICT;

-- Upload sessions. `writer` holds a lease while a request appends.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    offset_bytes INTEGER NOT NULL,
    hash BLOB NOT NULL,
    staged BLOB NOT NULL,
    writer TEXT,
    writer_until INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX uploads_repository ON uploads (repository_id);
CREATE INDEX uploads_account ON uploads (account_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

-- Personal access tokens; only the SHA-256 of the secret is kept.
CREATE TABLE access_tokens (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    secret_hash BLOB NOT NULL UNIQUE,
    label TEXT NOT NULL,
    scope TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    creator_address TEXT NOT NULL,
    creator_agent TEXT NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    last_used_address TEXT
) STRICT;

CREATE INDEX access_tokens_account ON access_tokens (account_id, id);

-- What `docker login` keeps in place of a password. Void once the account's epoch has moved on or
-- its access token is gone.
CREATE TABLE refresh_tokens (
    secret_hash BLOB PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    access_token_id INTEGER REFERENCES access_tokens (id) ON DELETE CASCADE,
    credentials_epoch INTEGER NOT NULL,
    client TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_account ON refresh_tokens (account_id);
CREATE INDEX refresh_tokens_access_token ON refresh_tokens (access_token_id);

-- Failed sign-ins per account and per address, in a window that starts with the first failure.
CREATE TABLE login_failures (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    window_ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX login_failures_window ON login_failures (window_ends_at);

-- One-time links: `setup` makes the first administrator, `invite` an account while sign-up is by invitation.
CREATE TABLE one_time_codes (
    secret_hash BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX one_time_codes_expiry ON one_time_codes (expires_at);
