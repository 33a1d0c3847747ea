//! Cookies: what the browser keeps for this site and shows with each request. Scripts and other sites' forms get none.

use http::HeaderValue;
use http::header::COOKIE;
use http::request::Parts;

/// The value of a cookie.
pub fn of<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let lines = parts.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Has the browser keep a value for so long; for no time, to forget it.
pub fn set(scheme: &str, name: &str, value: &str, max_age_secs: u32) -> Option<HeaderValue> {
    let secure = if scheme == "https" { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={max_age_secs}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}
