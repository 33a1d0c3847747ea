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
