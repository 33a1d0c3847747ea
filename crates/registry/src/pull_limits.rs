//! How pull rate limits are told: Docker Hub's headers, and its 429 (docker-client, "Headers").

use http::{HeaderMap, HeaderValue};
use roadstead_hub::Hub;
use roadstead_hub::rates::PullAllowance;
use roadstead_oci::ErrorCode;

use crate::error::RegistryError;

/// Puts a caller's standing into the headers of an answer.
pub fn tell(headers: &mut HeaderMap, allowance: &PullAllowance) {
    let window = allowance.length.as_secs();
    let lines = [
        ("ratelimit-limit", format!("{};w={window}", allowance.limit)),
        ("ratelimit-remaining", format!("{};w={window}", allowance.remaining())),
        ("docker-ratelimit-source", allowance.source().to_owned()),
    ];
    for (name, value) in lines {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

/// Counts a pull, or refuses it, and tells what is left.
pub fn take(
    hub: &Hub,
    headers: &mut HeaderMap,
    allowance: PullAllowance,
) -> Result<(), RegistryError> {
    let reached = match hub.take_pull(allowance) {
        Ok(left) => {
            tell(headers, &left);
            return Ok(());
        }
        Err(reached) => reached,
    };
    let mut standing = HeaderMap::new();
    tell(&mut standing, &reached.allowance);
    let secs = reached.wait.as_millis().div_ceil(1000).max(1);
    Err(RegistryError::new(ErrorCode::TooManyRequests, reached.to_string())
        .headers(standing)
        .retry_after(u64::try_from(secs).unwrap_or(u64::MAX)))
}
