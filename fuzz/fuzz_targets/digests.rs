//! A digest that parses is written back as it was read, and survives the database form.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_types::Digest;

fuzz_target!(|data: &[u8]| {
    if let Some(digest) = Digest::from_bytes(data) {
        assert_eq!(digest.to_bytes(), data);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
        assert_eq!(Digest::from_bytes(&digest.to_bytes()), Some(digest));
    }
});
