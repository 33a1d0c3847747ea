//! The token protocol from a client's side (distribution `docs/content/spec/auth/token.md`).

use crate::answer::Answer;
use crate::client::Client;

/// What a 401 asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Basic,
    Bearer { scopes: Vec<String> },
}

impl Challenge {
    pub fn of(answer: &Answer) -> Option<Self> {
        let text = answer.maybe_header("www-authenticate")?;
        if text.starts_with("Basic ") {
            return Some(Self::Basic);
        }
        let scope = text.split_once("scope=\"").and_then(|(_, rest)| rest.split_once('"'));
        let scopes = scope.map(|(scope, _)| scope.split(' ').map(str::to_owned).collect());
        text.starts_with("Bearer ").then(|| Self::Bearer { scopes: scopes.unwrap_or_default() })
    }
}

/// GETs a token for these scopes with the caller's own credentials.
pub(crate) async fn fetch(caller: &Client, scopes: &[&str]) -> String {
    let mut fields = vec![("service", "roadstead")];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let answer = caller.get(&format!("/token?{}", query(&fields))).await.is(200);
    answer.json()["token"].as_str().expect("a token answer holds a token").to_owned()
}

/// Fields in the form of a query or an HTML form, everything unusual percent-encoded.
pub(crate) fn query(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
