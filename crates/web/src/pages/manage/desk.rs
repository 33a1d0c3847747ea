//! The head of the pages that are one's own: repositories, stars, trash.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    Repositories,
    Starred,
    Trash,
}

impl Desk {
    pub fn is_at(self, tab: &str) -> bool {
        matches!(
            (self, tab),
            (Self::Repositories, "repositories")
                | (Self::Starred, "starred")
                | (Self::Trash, "trash")
        )
    }
}
