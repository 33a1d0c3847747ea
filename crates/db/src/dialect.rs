//! The few statements that the two engines must spell differently, side by side.

use crate::Engine;
use crate::jobs::job_columns;

/// Finds a manifest and holds its row against new references too, which a plain update would not.
pub(crate) fn hold_manifest(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2",
        Engine::Postgres => {
            "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2 FOR UPDATE"
        }
    }
}

/// Finds a repository's namespace and holds its row also against new rows that refer to it, so that it
/// neither moves nor gets another link.
pub(crate) fn hold_repository(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT namespace_id FROM repositories WHERE id = $1",
        Engine::Postgres => "SELECT namespace_id FROM repositories WHERE id = $1 FOR UPDATE",
    }
}

/// Finds a blob's size and holds its row against new links.
pub(crate) fn hold_blob(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT size_bytes FROM blobs WHERE id = $1",
        Engine::Postgres => "SELECT size_bytes FROM blobs WHERE id = $1 FOR UPDATE",
    }
}

/// Takes leases. On PostgreSQL several workers choose at once, so each passes over the rows that another
/// is taking; SQLite has one writer at a time. The list stands by itself, lest it be made anew, and
/// differently, for each row.
pub(crate) fn claim_jobs(engine: Engine) -> &'static str {
    macro_rules! claim {
        ($lock:literal) => {
            concat!(
                "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE kind = $1 AND dead_at IS NULL \
                 AND run_at <= $3 AND (worker IS NULL OR worker_until <= $3) \
                 ORDER BY run_at, id LIMIT $5 ",
                $lock,
                ") UPDATE jobs SET worker = $2, worker_until = $4, attempts = attempts + 1, \
                 unique_key = NULL WHERE id IN (SELECT id FROM due) RETURNING ",
                job_columns!()
            )
        };
    }
    match engine {
        Engine::Sqlite => claim!(""),
        Engine::Postgres => claim!("FOR UPDATE SKIP LOCKED"),
    }
}

/// Finds a live account and holds its row against everybody who would hold or change it too.
pub(crate) fn hold_account(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT id FROM accounts WHERE id = $1 AND deleted_at IS NULL",
        Engine::Postgres => {
            "SELECT id FROM accounts WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE"
        }
    }
}

/// Finds a live organization and holds its row against everybody who would hold it too.
pub(crate) fn hold_organization(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT id FROM accounts WHERE id = $1 AND kind = 'organization' AND deleted_at IS NULL"
        }
        Engine::Postgres => {
            "SELECT id FROM accounts WHERE id = $1 AND kind = 'organization' AND deleted_at IS NULL \
             FOR NO KEY UPDATE"
        }
    }
}

/// See `db::search`: the position of whoever has seen everything that is committed now.
pub(crate) fn settled_search_changes(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT COALESCE(MAX(id), 0) + 1 FROM search_changes",
        Engine::Postgres => "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    }
}

pub(crate) fn search_changes_since(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT id, repository_id FROM search_changes WHERE id >= $1 LIMIT $2",
        Engine::Postgres => {
            "SELECT id, repository_id FROM search_changes WHERE written_in >= $1 LIMIT $2"
        }
    }
}

/// Moves the mark behind the changes that are not among the last `$1`.
pub(crate) fn forget_search_changes(engine: Engine) -> &'static str {
    macro_rules! forget {
        ($position:literal) => {
            concat!(
                "UPDATE search_source SET forgotten = f.position FROM (SELECT MAX(",
                $position,
                ") + 1 AS position FROM search_changes \
                 WHERE id <= (SELECT MAX(id) FROM search_changes) - $1) f \
                 WHERE f.position > forgotten"
            )
        };
    }
    match engine {
        Engine::Sqlite => forget!("id"),
        Engine::Postgres => forget!("written_in"),
    }
}
