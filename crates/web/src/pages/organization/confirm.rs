//! A page that asks once more: what will happen, and one button that does it.

use askama::Template;
use http::StatusCode;

use super::Head;
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "organization/confirm.html")]
pub struct Confirm {
    pub frame: Frame,
    pub head: Head,
    pub title: String,
    /// What will happen, a paragraph each.
    pub texts: Vec<String>,
    /// Where the form goes, and what it carries along.
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    /// What must be typed before the button does anything.
    pub word: Option<String>,
    pub button: String,
    /// Where the other button leads, and what it says.
    pub back: String,
    pub keep: String,
    pub error: Option<String>,
}

impl Page for Confirm {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        match self.error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Confirm> {
    use roadstead_hub::organizations::Membership;

    use super::Tab;

    let page = |word: Option<&str>, error: Option<&str>| Confirm {
        frame: Frame::sample("/harborworks/settings/delete", Some("alice")),
        head: Head::sample(Tab::Settings, Some(Membership::Owner)),
        title: "Delete harborworks?".to_owned(),
        texts: vec!["Alice <b>".to_owned()],
        action: "/harborworks/settings/delete".to_owned(),
        hidden: vec![("token", "A=<b>".to_owned())],
        word: word.map(str::to_owned),
        button: "Delete organization".to_owned(),
        back: "/harborworks/settings".to_owned(),
        keep: "Keep organization".to_owned(),
        error: error.map(str::to_owned),
    };
    vec![page(Some("harborworks"), None), page(None, Some("Alice <b>"))]
}
