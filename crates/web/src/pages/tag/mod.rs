//! What is done with one tag: looking where it stood, putting it back there, deleting it.

pub mod delete;
pub mod history;
pub mod restore;

use std::collections::HashMap;

use roadstead_http::Problem;
use roadstead_types::Tag;

/// The tag that the address names; what can be no tag is not there.
pub fn named(path: &HashMap<String, String>) -> Result<Tag, Problem> {
    path.get("tag").map_or("", String::as_str).parse().map_err(|_| Problem::not_found())
}
