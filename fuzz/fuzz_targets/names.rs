//! Names have one spelling: what parses is written back as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_types::{AccountName, RepositoryName, Tag};

fuzz_target!(|text: &str| {
    if let Ok(name) = text.parse::<AccountName>() {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(tag) = text.parse::<Tag>() {
        assert_eq!(tag.as_str(), text);
    }
    if let Ok(name) = text.parse::<RepositoryName>() {
        assert!(name.as_str() == text || name.short() == text);
        assert!(name.as_str().split('/').all(roadstead_types::names::is_path_component));
        assert_eq!(name.as_str().split('/').count(), 2);
    }
});
