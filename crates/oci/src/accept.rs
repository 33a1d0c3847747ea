//! What a client accepts, from any number of `Accept` lines.
//!
//! docker 20.10 to 28 sends six lines in random order, containerd one line that ends in `*/*`.
//! Quality values are ignored: what is stored is what is sent (distribution-spec,
//! content-negotiation.md is a page to be written).

use crate::media_type::{self, Shape};

/// The joined `Accept` lines of a request.
#[derive(Clone, Debug, Default)]
pub struct Accept {
    everything: bool,
    schema_2: bool,
    listed: bool,
    types: Vec<String>,
}

impl Accept {
    /// Reads all lines; at most 64 types are looked at.
    pub fn from_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut accept = Self { everything: true, ..Self::default() };
        for item in lines.flat_map(|line| line.split(',')).take(64) {
            let media_type = media_type::without_parameters(item);
            match media_type {
                "" => continue,
                "*/*" | "application/*" => return Self { everything: true, ..Self::default() },
                media_type::DOCKER_MANIFEST => accept.schema_2 = true,
                media_type::DOCKER_LIST | media_type::OCI_INDEX => accept.listed = true,
                _ => {}
            }
            accept.everything = false;
            accept.types.push(media_type.to_owned());
        }
        accept
    }

    /// Whether a manifest stored as `media_type` can be sent as it is.
    pub fn allows(&self, media_type: &str) -> bool {
        self.everything || self.types.iter().any(|accepted| accepted == media_type)
    }

    /// Whether this is a client from before image lists, which asks by tag for one image: it gets
    /// the linux/amd64 child of an index instead of nothing.
    pub fn wants_one_image_of(&self, media_type: &str) -> bool {
        !self.allows(media_type)
            && self.schema_2
            && !self.listed
            && media_type::shape(media_type) == Some(Shape::Index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_counts_and_order_does_not() {
        let lines = ["application/json", media_type::OCI_INDEX, media_type::DOCKER_MANIFEST];
        let accept = Accept::from_lines(lines.into_iter());

        assert!(accept.allows(media_type::OCI_INDEX));
        assert!(!accept.allows(media_type::OCI_MANIFEST));
        assert!(!accept.wants_one_image_of(media_type::DOCKER_LIST));
        assert!(Accept::from_lines(std::iter::empty()).allows("x/y"));
        assert!(Accept::from_lines(["a/b;q=0.1, */*"].into_iter()).allows("x/y"));
    }

    #[test]
    fn only_clients_without_lists_get_one_image() {
        let old = Accept::from_lines([media_type::DOCKER_MANIFEST].into_iter());

        assert!(old.wants_one_image_of(media_type::DOCKER_LIST));
        assert!(!old.wants_one_image_of(media_type::OCI_MANIFEST));
    }
}
