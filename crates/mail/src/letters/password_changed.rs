use crate::letter::Letter;

/// After a password was changed, by whatever way.
pub fn password_changed(host: &str, name: &str) -> Letter {
    Letter {
        subject: format!("Your password on {host} was changed"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "The password of the account {name} on {host} was changed, and everybody who was signed in \
             with the old one is signed out. Access tokens still work."
        )],
        action: None,
        otherwise: format!(
            "If it was not you, use “Forgot password” on {host} at once, and look through your access \
             tokens."
        ),
    }
}
