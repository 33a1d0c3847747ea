//! The page that asks before something is done that cannot be undone, or that somebody will feel.

use askama::Template;
use http::StatusCode;

use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "admin/confirm.html")]
pub struct Confirm {
    pub frame: Frame,
    pub title: String,
    /// What will happen.
    pub text: String,
    /// What is typed to show that it is meant.
    pub word: Option<String>,
    /// Where the form goes, what its button says, and where a change of mind leads.
    pub action: String,
    pub button: String,
    pub back: String,
    pub errors: Errors,
}

impl Page for Confirm {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Confirm> {
    let page = |word: Option<&str>, errors| Confirm {
        frame: Frame::sample("/admin/users/alice/delete", Some("keeper")),
        title: "Delete Alice <b>?".to_owned(),
        text: "It is <telemetry> gone.".to_owned(),
        word: word.map(str::to_owned),
        action: "/admin/users/alice/delete".to_owned(),
        button: "Delete".to_owned(),
        back: "/admin/users/alice".to_owned(),
        errors,
    };
    vec![
        page(None, Errors::default()),
        page(Some("alice"), Errors::at("word", "type `alice` to confirm")),
    ]
}
