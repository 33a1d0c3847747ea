//! The few statements that the two engines must spell differently, side by side.

use crate::Engine;

/// Reads where a tag points and holds its row. SQLite's write transactions exclude each other anyway.
pub(crate) fn hold_tag(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SELECT manifest_id FROM tags WHERE repository_id = $1 AND name = $2",
        Engine::Postgres => {
            "SELECT manifest_id FROM tags WHERE repository_id = $1 AND name = $2 FOR UPDATE"
        }
    }
}
