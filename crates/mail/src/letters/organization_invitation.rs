use crate::letter::{Action, Letter};

/// To somebody who is invited to an organization, with or without an account.
pub fn organization_invitation(
    host: &str,
    inviter: &str,
    organization: &str,
    link: &str,
) -> Letter {
    Letter {
        subject: format!("{inviter} invites you to {organization} on {host}"),
        name: None,
        paragraphs: vec![format!(
            "{inviter} invites you to become a member of the organization {organization} on {host}. \
             You can accept or decline. It takes an account here, yours or one that you make before."
        )],
        action: Some(Action { label: "See the invitation", link: link.to_owned() }),
        otherwise: format!("If you do not know {inviter}, do nothing: the invitation expires."),
    }
}
