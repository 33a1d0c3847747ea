//! Surface 4: what jobs do. Like the other surfaces it decides nothing; rules are `roadstead_hub`.

mod letters;

pub use letters::LetterWork;
