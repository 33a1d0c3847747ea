//! The messages the hub sends, one a file.

mod address_change_notice;
mod confirm_new_address;
mod organization_invitation;
mod password_changed;
mod reset_password;
mod second_factor;
mod test;
mod token_created;
mod verify_address;

pub use address_change_notice::{address_change_asked, address_changed};
pub use confirm_new_address::confirm_new_address;
pub use organization_invitation::organization_invitation;
pub use password_changed::password_changed;
pub use reset_password::reset_password;
pub use second_factor::{second_factor_off, second_factor_on};
pub use test::test;
pub use token_created::{NewToken, token_created};
pub use verify_address::verify_address;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Letter;

    const LINK: &str = "https://hub.example/account/verify?code=rsd_otc_0123";

    fn all() -> Vec<Letter> {
        let token = NewToken {
            label: "ci & <deploy>\r\nBcc: eve@example.org",
            scope: "repo:write",
            made_at: "2026-11-21T15:00:00Z",
        };
        vec![
            verify_address("hub.example", "alice", LINK),
            confirm_new_address("hub.example", "alice", LINK),
            address_change_asked("hub.example", "alice", "new@example.org"),
            address_changed("hub.example", "alice", "new@example.org"),
            reset_password("hub.example", "alice", LINK),
            password_changed("hub.example", "alice"),
            organization_invitation("hub.example", "bob", "harbour", LINK),
            token_created("hub.example", "alice", &token),
            second_factor_on("hub.example", "alice"),
            second_factor_off("hub.example", "alice"),
            test("hub.example", "alice"),
        ]
    }

    #[test]
    fn the_messages_read_like_this() {
        let read = |letter: &Letter| {
            format!("Subject: {}\n\n{}", letter.subject(), letter.text("hub.example").unwrap())
        };
        let texts: Vec<String> = all().iter().map(read).collect();

        insta::assert_snapshot!(texts.join("\n==========\n\n"));
    }

    #[test]
    fn every_message_names_the_hub_fits_a_line_and_says_the_same_in_html() {
        for letter in all() {
            let (subject, html) = (letter.subject(), letter.html("hub.example").unwrap());
            assert!(subject.contains("hub.example") && subject.len() < 100, "{subject}");
            assert!(html.matches("<p style").count() >= letter.paragraphs.len() + 2);
            assert_eq!(html.contains(LINK), letter.action.is_some(), "{html}");
            assert!(!html.contains("http://") && !html.contains("src="), "{html}");
        }
    }
}
