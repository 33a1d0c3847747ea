//! The cookie of a browser's session, and the mark that proves a form came from this site's own page.

use axum::response::Response;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderValue, Method};
use roadstead_hub::StoreError;
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::SessionKind;
use roadstead_types::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::cookie;
use crate::frame::{Frame, Visit};
use crate::words::Language;

const COOKIE: &str = "session";
/// As long as the hub keeps a session that is not used.
const MAX_AGE_SECS: u32 = 30 * 24 * 3600;

/// The secret of the session that the request brings.
pub fn secret(parts: &Parts) -> Option<Secret> {
    cookie::of(parts, COOKIE)
        .filter(|value| !value.is_empty())
        .map(|value| Secret::new(value.to_owned()))
}

/// A session that has just begun.
pub struct Begun {
    cookies: Vec<HeaderValue>,
    /// What the forms of its pages carry.
    pub mark: String,
}

/// Opens a session for whoever has just proved the password, in the language of their account.
pub async fn begin(visit: &Visit, who: &Identity) -> Result<Begun, StoreError> {
    let (_, secret) = visit.hub.open_session(who, &visit.agent, SessionKind::Browser).await?;
    let language = visit.hub.find_language(who).await?;
    let language = language.as_deref().and_then(Language::parse);
    let language = language.and_then(|language| Language::keep(visit.frame.scheme, Some(language)));
    let cookies = keep(&visit.frame, &secret).into_iter().chain(language).collect();
    Ok(Begun { cookies, mark: mark(&secret) })
}

impl Begun {
    /// Has the browser keep it.
    pub fn attach(self, response: &mut Response) {
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// Has the browser keep the secret, out of reach of scripts and of other sites' requests that change something.
fn keep(frame: &Frame, secret: &Secret) -> Option<HeaderValue> {
    cookie::set(frame.scheme, COOKIE, secret.expose(), MAX_AGE_SECS)
}

/// Has the browser forget it.
pub fn forget(frame: &Frame, response: &mut Response) {
    if let Some(cookie) = cookie::set(frame.scheme, COOKIE, "", 0) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// What stands in every form of a signed-in page: only who can read the session's pages can know it.
pub fn mark(secret: &Secret) -> String {
    let hash = Sha256::new().chain_update(b"form").chain_update(secret.expose()).finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

pub fn is_marked(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// Whether a browser says that another site sends the request. What changes something is then refused, signed
/// in or not: also signing somebody in is an attack.
pub fn is_from_elsewhere(parts: &Parts, frame: &Frame) -> bool {
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return false;
    }
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin != format!("{}://{}", frame.scheme, frame.host),
        // No browser sends a form without either.
        (None, None) => false,
    }
}

/// Where to go after signing in: a page of this hub, whatever the address said.
pub fn next(asked: &str) -> &str {
    let is_path = asked.starts_with('/') && !asked.starts_with("//");
    let is_plain = asked.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain && asked.len() <= 1024 { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(next("/alice/web?x=1"), "/alice/web?x=1");
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "javascript:x",
        ] {
            assert_eq!(next(bad), "/", "{bad}");
        }
    }

    #[test]
    fn a_mark_is_of_one_session() {
        let (one, other) = (mark(&Secret::new("a".to_owned())), mark(&Secret::new("b".to_owned())));

        assert!(is_marked(&one, &one) && !is_marked(&one, &other) && !is_marked(&one, ""));
    }
}
