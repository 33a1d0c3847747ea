//! From words to the two bodies of a message.

use askama::Template;

/// Longest subject, in characters.
const MAX_SUBJECT: usize = 150;
/// Longest piece of a stranger's text in a letter, in characters.
const MAX_QUOTED: usize = 100;

/// What a person reads. All of it is plain text; the bodies escape it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    /// Whom it greets: an account name, or nobody.
    pub name: Option<String>,
    pub paragraphs: Vec<String>,
    pub action: Option<Action>,
    /// What to do if the reader did not expect this.
    pub otherwise: String,
}

/// The one thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub label: &'static str,
    pub link: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct TextBody<'a> {
    letter: &'a Letter,
    host: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlBody<'a> {
    letter: &'a Letter,
    host: &'a str,
}

impl Letter {
    /// The subject, in one line.
    pub fn subject(&self) -> String {
        one_line(&self.subject, MAX_SUBJECT)
    }

    /// The body for programs that show text; `host` names the hub.
    pub fn text(&self, host: &str) -> Result<String, askama::Error> {
        TextBody { letter: self, host }.render()
    }

    /// The same for programs that show HTML. It loads nothing from anywhere.
    pub fn html(&self, host: &str) -> Result<String, askama::Error> {
        HtmlBody { letter: self, host }.render()
    }
}

/// Something that somebody else has written, as it may stand in a letter: short, in one line, in quotes.
pub fn quoted(text: &str) -> String {
    format!("“{}”", one_line(text, MAX_QUOTED))
}

/// Without line breaks, control characters, and those that turn the direction of writing around and so
/// make a text look like another.
fn one_line(text: &str, most: usize) -> String {
    let is_kept = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(is_kept).collect();
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_wrote_stays_in_its_line_and_its_quotes() {
        assert_eq!(quoted("ci\r\nBcc: eve@example.org"), "“ci Bcc: eve@example.org”");
        assert_eq!(quoted("a\u{202e}b\u{0}c\u{2028}d"), "“abc d”");
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), MAX_QUOTED + 2);
    }

    #[test]
    fn html_escapes_what_text_shows_as_it_is() {
        let letter = Letter {
            subject: "Hello".to_owned(),
            name: Some("alice".to_owned()),
            paragraphs: vec!["A token named “<img src=x>” was made.".to_owned()],
            action: Some(Action {
                label: "Open",
                link: "https://hub.example/a?code=\"><script>".to_owned(),
            }),
            otherwise: "Ignore <this>.".to_owned(),
        };

        let (text, html) =
            (letter.text("hub.example").unwrap(), letter.html("hub.example").unwrap());

        assert!(text.contains("“<img src=x>”") && text.contains("Ignore <this>."), "{text}");
        for raw in ["<img", "<script>", "<this>", "code=\""] {
            assert!(!html.contains(raw), "{raw}\n{html}");
        }
    }
}
