//! Paths below `/v2/`: a name that comes out holds no escape and no way up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_oci::path::Target;
use roadstead_types::RepositoryName;

fuzz_target!(|path: &str| {
    let Some(target) = Target::parse(path) else { return };
    if let Ok(name) = target.name.parse::<RepositoryName>() {
        assert!(!name.as_str().contains("..") && !name.as_str().contains('%'));
    }
    assert!(!target.reference.contains(['/', '\\', '\0']));
});
