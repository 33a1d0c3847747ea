use crate::letter::{Action, Letter};

/// To the address that somebody signed up with.
pub fn verify_address(host: &str, name: &str, link: &str) -> Letter {
    Letter {
        subject: format!("Verify your e-mail address on {host}"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "This address was given for the account {name} on {host}. Verify it to push images, and to \
             be able to get back in if you forget your password. The link works for 24 hours."
        )],
        action: Some(Action { label: "Verify this address", link: link.to_owned() }),
        otherwise: "If you did not make this account, do nothing: without you it stays unverified."
            .to_owned(),
    }
}
