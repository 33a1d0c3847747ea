use crate::letter::{Letter, quoted};

/// An access token as its notice describes it.
pub struct NewToken<'a> {
    pub label: &'a str,
    pub scope: &'a str,
    pub made_at: &'a str,
}

/// To the owner of an account in whose name an access token was made.
pub fn token_created(host: &str, name: &str, token: &NewToken<'_>) -> Letter {
    let NewToken { label, scope, made_at } = token;
    Letter {
        subject: format!("New access token on {host}"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "An access token named {} with the scope {scope} was made for the account {name} on {host} \
             at {made_at}.",
            quoted(label)
        )],
        action: None,
        otherwise: "If it was not you, revoke the token and change your password.".to_owned(),
    }
}
