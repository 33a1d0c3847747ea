//! `Accept`: any number of lines of anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_oci::{Accept, media_type};

fuzz_target!(|text: &str| {
    let accept = Accept::from_lines(text.lines());
    for media_type in [media_type::OCI_INDEX, media_type::DOCKER_MANIFEST] {
        assert!(!(accept.allows(media_type) && accept.wants_one_image_of(media_type)));
    }
});
