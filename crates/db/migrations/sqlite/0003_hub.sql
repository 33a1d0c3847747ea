-- The hub: organizations and teams, collaborators, plans and use, stars, trash, counts, second factors,
-- audit. See docs/design/0002-hub.md.

-- Profile, plan, end of life of an account. `plan` is NULL for the default plan.
ALTER TABLE accounts ADD COLUMN location TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN company TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN profile_url TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN plan TEXT;
ALTER TABLE accounts ADD COLUMN deleted_at INTEGER;

-- A newer address that waits for its link to be followed.
ALTER TABLE accounts ADD COLUMN pending_email TEXT;

ALTER TABLE repositories ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN is_official INTEGER NOT NULL DEFAULT 0;
UPDATE repositories SET is_official = TRUE
WHERE namespace_id IN (SELECT id FROM accounts WHERE kind = 'library');
-- Rules for tags that cannot move, as a JSON list of patterns; NULL where all may move.
ALTER TABLE repositories ADD COLUMN immutable_tags TEXT;
-- Slugs of categories and free topics, as JSON lists.
ALTER TABLE repositories ADD COLUMN categories TEXT NOT NULL DEFAULT '[]';
ALTER TABLE repositories ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';

-- The full description, up to a MiB, in a row of its own: look-ups and pushes must not read and write it.
CREATE TABLE readmes (
    repository_id INTEGER PRIMARY KEY REFERENCES repositories (id),
    updated_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

INSERT INTO readmes (repository_id, updated_at, text)
SELECT id, updated_at, full_description FROM repositories WHERE full_description <> '';

ALTER TABLE repositories DROP COLUMN full_description;

-- What changes with every pull and star, apart from the row that every look-up reads.
CREATE TABLE repository_counts (
    repository_id INTEGER PRIMARY KEY REFERENCES repositories (id),
    stars INTEGER NOT NULL,
    pulls INTEGER NOT NULL,
    pulled_at INTEGER
) STRICT;

INSERT INTO repository_counts (repository_id, stars, pulls) SELECT id, 0, 0 FROM repositories;

CREATE INDEX repository_counts_stars ON repository_counts (stars, pulls);

ALTER TABLE tags ADD COLUMN pulled_at INTEGER;
ALTER TABLE tags ADD COLUMN pull_count INTEGER NOT NULL DEFAULT 0;

-- Members of an organization beyond its owners team. An editor may also make repositories.
CREATE TABLE members (
    organization_id INTEGER NOT NULL REFERENCES accounts (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    is_editor INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_account ON members (account_id, organization_id);

-- Each organization has one team with `is_owners`; its members own the organization.
CREATE TABLE teams (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    organization_id INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    is_owners INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (organization_id, name)
) STRICT;

CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_members_account ON team_members (account_id, team_id);

-- What a team may do with a repository. `level`: 1 read, 2 write, 3 admin.
CREATE TABLE team_grants (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    level INTEGER NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_grants_team ON team_grants (team_id, repository_id);

-- People who may push to and pull from a repository of a user.
CREATE TABLE collaborators (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    level INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX collaborators_account ON collaborators (account_id, repository_id);

-- Open invitations to an organization: by account or by address. Only the hash of the link is kept.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    organization_id INTEGER NOT NULL REFERENCES accounts (id),
    team_id INTEGER REFERENCES teams (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    account_id INTEGER REFERENCES accounts (id),
    email TEXT,
    email_key TEXT,
    inviter_id INTEGER NOT NULL REFERENCES accounts (id),
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX invitations_organization ON invitations (organization_id, id);
CREATE INDEX invitations_account ON invitations (account_id);
CREATE INDEX invitations_email ON invitations (email_key);

CREATE TABLE stars (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    starred_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX stars_account ON stars (account_id, starred_at);

-- Repositories in the trash: the paths they answered to, to be claimed again when they are restored.
CREATE TABLE trash (
    repository_id INTEGER PRIMARY KEY REFERENCES repositories (id),
    namespace_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The former paths besides the current one, as a JSON list.
    old_paths TEXT NOT NULL,
    deleted_by INTEGER REFERENCES accounts (id),
    deleted_at INTEGER NOT NULL,
    purge_at INTEGER NOT NULL
) STRICT;

CREATE INDEX trash_namespace ON trash (namespace_id, deleted_at);
CREATE INDEX trash_purge ON trash (purge_at);

-- Pulls of a day (days since 1970-01-01 UTC). `tag` is empty for pulls by digest.
CREATE TABLE daily_pulls (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    day INTEGER NOT NULL,
    tag TEXT NOT NULL,
    pulls INTEGER NOT NULL,
    PRIMARY KEY (repository_id, day, tag)
) STRICT, WITHOUT ROWID;

-- What a namespace may have. NULL means without limit.
CREATE TABLE plans (
    name TEXT PRIMARY KEY,
    private_repositories INTEGER,
    storage_bytes INTEGER,
    members INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Distinct blobs of a namespace and how many of its repositories link each.
CREATE TABLE namespace_blobs (
    namespace_id INTEGER NOT NULL REFERENCES accounts (id),
    blob_id INTEGER NOT NULL REFERENCES blobs (id),
    links INTEGER NOT NULL,
    PRIMARY KEY (namespace_id, blob_id)
) STRICT, WITHOUT ROWID;

-- Bytes of distinct blobs, and bytes that open uploads have taken beyond them.
CREATE TABLE namespace_use (
    namespace_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    stored_bytes INTEGER NOT NULL,
    reserved_bytes INTEGER NOT NULL
) STRICT;

ALTER TABLE uploads ADD COLUMN reserved_bytes INTEGER NOT NULL DEFAULT 0;

-- What an access token is limited to: patterns of repositories and actions, as JSON lists; NULL for
-- everything its scope says. An organization's token belongs to no person: `account_id` is then the
-- organization, `created_by` the person who made it.
ALTER TABLE access_tokens ADD COLUMN repositories TEXT;
ALTER TABLE access_tokens ADD COLUMN actions TEXT;
ALTER TABLE access_tokens ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE access_tokens ADD COLUMN created_by INTEGER REFERENCES accounts (id);

-- Signed-in sessions of browsers and API clients; only the SHA-256 of the secret is kept.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    secret_hash BLOB NOT NULL UNIQUE,
    credentials_epoch INTEGER NOT NULL,
    client TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_account ON sessions (account_id, last_used_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- The second factor. Not in force until `confirmed_at`. `last_step` keeps a code from counting twice.
CREATE TABLE second_factors (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    secret BLOB NOT NULL,
    last_step INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT;

CREATE TABLE recovery_codes (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    code_hash BLOB NOT NULL,
    PRIMARY KEY (account_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Links in mails: `verify`, `change-email`, `reset-password`, `sign-in` (the step before a second factor).
ALTER TABLE one_time_codes ADD COLUMN account_id INTEGER REFERENCES accounts (id);
ALTER TABLE one_time_codes ADD COLUMN email TEXT;

CREATE INDEX one_time_codes_account ON one_time_codes (account_id);

-- Who did what. Names are kept as they were; `before` and `after` are JSON.
CREATE TABLE audit_events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    actor_id INTEGER REFERENCES accounts (id),
    actor_name TEXT NOT NULL,
    credential TEXT NOT NULL,
    address TEXT NOT NULL,
    namespace_id INTEGER REFERENCES accounts (id),
    repository_id INTEGER REFERENCES repositories (id),
    target TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;

CREATE INDEX audit_events_namespace ON audit_events (namespace_id, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, id);
CREATE INDEX audit_events_at ON audit_events (at);

-- Names nobody may take, besides those the program itself needs.
CREATE TABLE reserved_names (
    name TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Digests that are served and accepted nowhere.
CREATE TABLE blocked_digests (
    digest BLOB PRIMARY KEY,
    reason TEXT NOT NULL,
    blocked_by INTEGER REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    level TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER
) STRICT;

-- Settings an administrator changes while the hub runs.
CREATE TABLE hub_settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- That something which search shows of a repository has changed.
CREATE TABLE search_changes (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL
) STRICT;
