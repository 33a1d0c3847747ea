use crate::letter::Letter;

/// For an administrator who wants to see letters arrive.
pub fn test(host: &str, name: &str) -> Letter {
    Letter {
        subject: format!("A test letter from {host}"),
        name: Some(name.to_owned()),
        paragraphs: vec![format!(
            "The mail settings of {host} work: this letter took the way that links for new passwords and \
             invitations take."
        )],
        action: None,
        otherwise: "Somebody who administers the hub asked for it. There is nothing to do."
            .to_owned(),
    }
}
