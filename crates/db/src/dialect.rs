//! The few statements that the two engines must spell differently, side by side.

use crate::Engine;

/// Finds a manifest and holds its row against new references too, which a plain update would not.
pub(crate) fn hold_manifest(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2",
        Engine::Postgres => {
            "SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2 FOR UPDATE"
        }
    }
}
