//! Repositories themselves: making, showing, describing, hiding, moving, deleting.

mod archive;
mod create;
mod details;
mod edit;
mod list;
mod moves;
mod stars;
mod subjects;
mod trash;

pub use create::CreateRepositoryError;
pub(crate) use create::ensure_library;
pub use details::{Granted, RepositoryDetails};
pub use edit::{EditError, Terms, Texts};
pub use list::{RepositoryOrder, RepositoryPage, RepositoryQuery, WorkFilter, WorkOrder};
pub use moves::{FormerName, MoveError};
pub use roadstead_db::repos::RepositoryRecord;
pub use stars::Stargazer;
pub use subjects::{CATEGORIES, Category, SubjectError, Subjects};
pub use trash::{TRASH_DAYS, Trash, TrashError, TrashedRepository};
