//! One entry of `auths`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roadstead_types::Secret;
use serde_json::{Map, Value, json};

use super::{Login, LoginSecret};
use crate::Host;

/// The entry under this key, or under an older spelling of the same host.
pub fn find<'a>(entries: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let wanted: Option<Host> = key.parse().ok();
    let same = |other: &str| wanted.is_some() && other.parse::<Host>().ok() == wanted;
    entries
        .get(key)
        .or_else(|| entries.iter().find(|(other, _)| same(other)).map(|(_, value)| value))
}

/// The login in an entry; an entry without one only says that a helper has it.
pub fn read(entry: &Value) -> Option<Login> {
    let text = |name: &str| entry[name].as_str().filter(|text| !text.is_empty());
    let decoded = text("auth").and_then(decode);
    let (user, password) = decoded.unwrap_or_else(|| {
        let plain = |name: &str| text(name).unwrap_or_default().to_owned();
        (plain("username"), plain("password"))
    });
    let secret = match text("identitytoken") {
        Some(token) => LoginSecret::IdentityToken(Secret::new(token.to_owned())),
        None if password.is_empty() => return None,
        None => LoginSecret::Password(Secret::new(password)),
    };
    Some(Login { user, secret })
}

fn decode(auth: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(auth).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    // Some writers pad the password with NULs.
    Some((user.to_owned(), password.trim_end_matches('\0').to_owned()))
}

/// As docker writes it: with an identity token nothing stands behind the colon.
pub fn write(login: &Login) -> Value {
    let auth = |secret: &str| STANDARD.encode(format!("{}:{secret}", login.user));
    match &login.secret {
        LoginSecret::Password(password) => json!({"auth": auth(password.expose())}),
        LoginSecret::IdentityToken(token) => {
            json!({"auth": auth(""), "identitytoken": token.expose()})
        }
    }
}
