//! Compact JWS with ES256 (RFC 7515, RFC 7518 3.4), as narrow as it can be.
//!
//! The header of a token is hostile input. It may name one of our keys and nothing else: the
//! algorithm is a fact of the key, and members that bring keys or demands along (`jwk`, `jku`,
//! `x5u`, `x5c`, `crit`, anything unknown or doubled) make the token malformed. Written against
//! `aws-lc-rs` itself because general JWT libraries parse those members, parse the key anew for
//! each token, and read the machine's clock.

use aws_lc_rs::rand::SystemRandom;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::TokenError;
use super::keys::{Key, Keys};

/// Longer tokens are refused before anything looks into them.
pub const MAX_TOKEN_BYTES: usize = 8 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    #[serde(default)]
    typ: Option<&'a str>,
}

/// Signs a payload.
pub fn sign(key: &Key, payload: &[u8]) -> Result<String, TokenError> {
    let header = format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{}"}}"#, key.id());
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature =
        key.pair().sign(&SystemRandom::new(), token.as_bytes()).map_err(|_| TokenError::Signing)?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature.as_ref(), &mut token);
    Ok(token)
}

/// The payload of a token that one of our keys signed.
pub fn open(keys: &Keys, token: &str) -> Result<Vec<u8>, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLong);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
    // A dot too many lands in the payload, where base64 refuses it.
    let header = decode(header)?;
    let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| TokenError::Malformed)?;
    if header.alg != "ES256" || header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err(TokenError::Malformed);
    }
    let key = keys.find(header.kid).ok_or(TokenError::UnknownKey)?;
    let signature = decode(signature)?;
    key.public()
        .verify_sig(message.as_bytes(), &signature)
        .map_err(|_| TokenError::BadSignature)?;
    decode(payload)
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)
}
