//! Why the index could not do something.

use tantivy::TantivyError;

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// There is none yet, or it is not of this program and database. It is to be built anew.
    #[error("the search index must be built: {0}")]
    Outdated(String),
    /// Its files cannot be read or written. It is to be built anew, where there is room.
    #[error("the search index cannot be used: {0}")]
    Broken(#[from] TantivyError),
    #[error("the folder of the search index cannot be used: {0}")]
    Folder(#[from] std::io::Error),
}
