//! Repositories themselves: making, describing, hiding, deleting.

mod create;
mod edit;

pub use create::CreateRepositoryError;
pub(crate) use create::ensure_library;
pub use edit::{EditError, RepositoryDetails, Texts};
