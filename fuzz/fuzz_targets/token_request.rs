//! The token request: form, scopes, and what they ask for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadstead_oci::scope::{MAX_SCOPES, Scope, parse_list};

fuzz_target!(|body: &[u8]| {
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let scopes = fields.iter().filter(|(key, _)| key == "scope").map(|(_, value)| value.as_str());
    let Ok(scopes) = parse_list(scopes) else { return };
    assert!(scopes.len() <= MAX_SCOPES);
    for scope in scopes {
        if let Scope::Repository { name, .. } = scope {
            assert!(!name.is_empty());
        }
    }
});
