use crate::letter::{Action, Letter};

/// To the verified address of an account whose password was forgotten.
pub fn reset_password(host: &str, name: &str, link: &str) -> Letter {
    Letter {
        subject: format!("Choose a new password on {host}"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "Somebody, probably you, asked for a new password for the account {name} on {host}. The link \
             works once, for one hour."
        )],
        action: Some(Action { label: "Choose a new password", link: link.to_owned() }),
        otherwise: "If you did not ask for it, do nothing: your password stays as it is."
            .to_owned(),
    }
}
