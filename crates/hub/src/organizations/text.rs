//! What people write about themselves, organizations and teams, and how much of it.

/// Characters of a line in a profile, and of a team's description.
const LINE: usize = 255;
const URL: usize = 2000;

/// Why a text was not taken.
#[derive(Debug)]
pub(crate) struct Unfit {
    pub field: &'static str,
    pub text: String,
}

impl From<Unfit> for super::OrganizationError {
    fn from(Unfit { field, text }: Unfit) -> Self {
        Self::Field { field, text }
    }
}

/// One line of text.
pub(super) fn line(field: &'static str, text: &str) -> Result<String, Unfit> {
    bounded(field, text, LINE)
}

/// The address of a web page, or nothing.
pub(super) fn url(field: &'static str, text: &str) -> Result<String, Unfit> {
    let text = bounded(field, text, URL)?;
    if text.is_empty() || text.starts_with("https://") || text.starts_with("http://") {
        return Ok(text);
    }
    let text = "write the address of the page with `https://` in front".to_owned();
    Err(Unfit { field, text })
}

fn bounded(field: &'static str, text: &str, most: usize) -> Result<String, Unfit> {
    let text = text.trim();
    if text.chars().count() > most {
        let text = format!("at most {most} characters are allowed here");
        return Err(Unfit { field, text });
    }
    if text.chars().any(char::is_control) {
        let text = "write it in one line".to_owned();
        return Err(Unfit { field, text });
    }
    Ok(text.to_owned())
}

/// A stranger's text as it may stand in a message.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}
