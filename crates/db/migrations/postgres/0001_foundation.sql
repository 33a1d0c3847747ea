-- Accounts: users, organizations and `library`. Rows are never removed, so names stay reserved.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT,
    email_key TEXT COLLATE "C" UNIQUE,
    email_verified_at BIGINT,
    password_hash TEXT,
    password_changed_at BIGINT,
    credentials_epoch BIGINT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    default_private BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

-- Every name an account has or had; the current one is in `accounts`.
CREATE TABLE account_names (
    name TEXT COLLATE "C" PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL
);

CREATE INDEX account_names_account ON account_names (account_id);

CREATE TABLE repositories (
    id BIGINT PRIMARY KEY,
    namespace_id BIGINT NOT NULL REFERENCES accounts (id),
    path TEXT COLLATE "C" NOT NULL,
    is_private BOOLEAN NOT NULL,
    is_automated BOOLEAN NOT NULL,
    description TEXT NOT NULL,
    full_description TEXT NOT NULL,
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    pushed_at BIGINT,
    pushed_by BIGINT REFERENCES accounts (id),
    deleted_at BIGINT
);

CREATE INDEX repositories_namespace ON repositories (namespace_id, path);

-- Every path a repository answers to. One row a path; after a rename the old path stays.
CREATE TABLE repository_paths (
    path TEXT COLLATE "C" PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    is_current BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX repository_paths_repository ON repository_paths (repository_id);

-- Bytes in the store, shared by all repositories. `digest` is one byte for the algorithm, then the hash.
CREATE TABLE blobs (
    id BIGINT PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    size_bytes BIGINT NOT NULL,
    locator TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    protected_until BIGINT NOT NULL
);

CREATE INDEX blobs_locator ON blobs (locator);
CREATE INDEX blobs_review ON blobs (protected_until);

-- The permission to read a blob through a repository.
CREATE TABLE repository_blobs (
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (repository_id, blob_id)
);

CREATE INDEX repository_blobs_blob ON repository_blobs (blob_id);

CREATE TABLE manifests (
    id BIGINT PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    digest BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    artifact_type TEXT,
    subject BYTEA,
    -- The descriptor shown in the referrers list, as JSON; only where there is a subject.
    referrer TEXT,
    size_bytes BIGINT NOT NULL,
    pushed_at BIGINT NOT NULL,
    pushed_by BIGINT REFERENCES accounts (id),
    -- Last, because SQLite would have to read past it to what comes after.
    body BYTEA NOT NULL,
    UNIQUE (repository_id, digest)
);

CREATE INDEX manifests_subject ON manifests (repository_id, subject, id);

-- What a manifest points at: config, layer, child, subject.
CREATE TABLE manifest_references (
    manifest_id BIGINT NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    kind TEXT NOT NULL,
    digest BYTEA NOT NULL,
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    -- Platform of a child, as `os/architecture[/variant]`.
    platform TEXT,
    PRIMARY KEY (manifest_id, position)
);

CREATE INDEX manifest_references_digest ON manifest_references (repository_id, digest);

CREATE TABLE tags (
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    name TEXT COLLATE "C" NOT NULL,
    manifest_id BIGINT NOT NULL REFERENCES manifests (id),
    moved_at BIGINT NOT NULL,
    moved_by BIGINT REFERENCES accounts (id),
    PRIMARY KEY (repository_id, name)
);

CREATE INDEX tags_manifest ON tags (manifest_id);

-- Every move of every tag: made (no from), moved, removed (no to).
CREATE TABLE tag_moves (
    id BIGINT PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    tag TEXT COLLATE "C" NOT NULL,
    from_digest BYTEA,
    to_digest BYTEA,
    -- Counts the moves of this tag, so that they have one order on all nodes.
    position BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    moved_by BIGINT REFERENCES accounts (id),
    UNIQUE (repository_id, tag, position)
);

-- Upload sessions. `writer` holds a lease while a request appends.
CREATE TABLE uploads (
    id TEXT COLLATE "C" PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repositories (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    offset_bytes BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    staged BYTEA NOT NULL,
    writer TEXT,
    writer_until BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX uploads_repository ON uploads (repository_id);
CREATE INDEX uploads_account ON uploads (account_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

-- Personal access tokens; only the SHA-256 of the secret is kept.
CREATE TABLE access_tokens (
    id BIGINT PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    secret_hash BYTEA NOT NULL UNIQUE,
    label TEXT NOT NULL,
    scope TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    creator_address TEXT NOT NULL,
    creator_agent TEXT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    last_used_address TEXT
);

CREATE INDEX access_tokens_account ON access_tokens (account_id, id);

-- What `docker login` keeps in place of a password. Void once the account's epoch has moved on or
-- its access token is gone.
CREATE TABLE refresh_tokens (
    secret_hash BYTEA PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    access_token_id BIGINT REFERENCES access_tokens (id) ON DELETE CASCADE,
    credentials_epoch BIGINT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);

CREATE INDEX refresh_tokens_account ON refresh_tokens (account_id);
CREATE INDEX refresh_tokens_access_token ON refresh_tokens (access_token_id);

-- Failed sign-ins per account and per address, in a window that starts with the first failure.
CREATE TABLE login_failures (
    key TEXT COLLATE "C" PRIMARY KEY,
    failures BIGINT NOT NULL,
    window_ends_at BIGINT NOT NULL
);

CREATE INDEX login_failures_window ON login_failures (window_ends_at);

-- One-time links: `setup` makes the first administrator, `invite` an account while sign-up is by invitation.
CREATE TABLE one_time_codes (
    secret_hash BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX one_time_codes_expiry ON one_time_codes (expires_at);
