//! The order of tags that name versions: `2.4.10` comes after `2.4.9`, and `2.4.0-rc1` before `2.4.0`.

use crate::names::Tag;

/// What a number begins with, by how many digits it has; no version has more. Nothing else in a key is a capital:
/// numbers come before words, as Semantic Versioning wants it.
const LENGTHS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A text whose byte order is the order of versions. What names no version comes before all that do, and
/// counts its numbers as numbers too: `build-9`, `build-10`.
pub fn order_key(tag: &Tag) -> String {
    let text = tag.as_str();
    let mut key = String::with_capacity(text.len() + 8);
    match parts(text) {
        Some((numbers, rest)) => {
            key.push('1');
            numbers.split('.').for_each(|number| push_number(&mut key, number));
            // A release comes after what leads to it, and before the next number.
            key.push(if rest.is_empty() { '1' } else { '0' });
            push_natural(&mut key, rest);
        }
        None => {
            key.push('0');
            push_natural(&mut key, text);
        }
    }
    key
}

/// `v2.4.1-alpine` as `2.4.1` and `-alpine`; nothing for what is no version.
fn parts(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    // `9b1f4e` is a commit; `3.13.0a2` is a version as Python writes it.
    let is_version = rest.is_empty() || rest.starts_with(['-', '_']) || numbers.contains('.');
    is_version.then_some((numbers.trim_end_matches('.'), rest))
}

/// Letters as they are and numbers by their size.
fn push_natural(key: &mut String, text: &str) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            push_number(key, &rest[..digits]);
            rest = &rest[digits..];
        } else {
            key.push(first.to_ascii_lowercase());
            rest = &rest[first.len_utf8()..];
        }
    }
}

/// How many digits it has and then these, so that texts compare as the numbers do.
fn push_number(key: &mut String, digits: &str) {
    let digits = digits.trim_start_matches('0');
    let length = digits.len().min(LENGTHS.len() - 1);
    key.push(char::from(LENGTHS[length]));
    key.push_str(digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(tags: &[&str]) -> Vec<String> {
        let mut tags: Vec<Tag> = tags.iter().map(|tag| tag.parse().unwrap()).collect();
        tags.sort_by_key(|tag| (order_key(tag), tag.clone()));
        tags.iter().map(ToString::to_string).collect()
    }

    fn stays(tags: &[&str]) {
        let mut mixed = tags.to_vec();
        mixed.reverse();
        assert_eq!(sorted(&mixed), tags);
    }

    #[test]
    fn versions_are_ordered_as_semantic_versioning_says() {
        stays(&[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.9.0",
            "1.10.0",
            "2.0.0",
        ]);
    }

    #[test]
    fn tags_of_images_are_ordered_as_people_read_them() {
        stays(&[
            "build-9",
            "build-10",
            "edge",
            "latest",
            "v1.2",
            "2.4-alpine",
            "2.4",
            "2.4.0",
            "2.4.9",
            "v2.4.10-alpine3.9",
            "v2.4.10-alpine3.18",
            "2.4.10",
            "3.13.0a2",
            "3.13.0rc1",
            "3.13.0",
            "20261120",
        ]);
        let commit = order_key(&"9b1f4e07".parse().unwrap());
        assert!(commit < order_key(&"0.1".parse().unwrap()), "a commit is no version");
    }

    #[test]
    fn any_tag_has_a_key_of_bounded_length() {
        let digits = "9".repeat(Tag::MAX);
        let dots = "1.".repeat(Tag::MAX / 2);
        for text in [digits.as_str(), dots.as_str(), "0", "1.", "1..2", "v", "v1", "_", "000"] {
            let key = order_key(&text.parse().unwrap());
            assert!(key.len() <= 3 * Tag::MAX && key.is_ascii(), "{text} {key}");
        }
    }
}
