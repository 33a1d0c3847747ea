//! Pages that say what is not possible: not there, not allowed, too often, broken.

use std::borrow::Cow;

use askama::Template;
use http::StatusCode;
use roadstead_http::Problem;

use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "failure.html")]
pub struct Failure {
    frame: Frame,
    status: StatusCode,
    title: Cow<'static, str>,
    text: Cow<'static, str>,
}

impl Page for Failure {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Failure {
    pub fn of(frame: Frame, problem: &Problem) -> Self {
        let said = problem.body["message"].as_str().unwrap_or_default();
        let (title, text) = match problem.status {
            StatusCode::NOT_FOUND => (frame.t("error-missing"), frame.t("error-missing-why")),
            StatusCode::UNAUTHORIZED => (frame.t("error-signed-out"), Cow::Owned(sentence(said))),
            StatusCode::FORBIDDEN => (frame.t("error-forbidden"), Cow::Owned(sentence(said))),
            StatusCode::TOO_MANY_REQUESTS => {
                (frame.t("error-too-often"), Cow::Owned(sentence(said)))
            }
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                (frame.t("error-refused"), Cow::Owned(sentence(said)))
            }
            _ => (frame.t("error-broken"), Cow::Owned(sentence(said))),
        };
        // What was asked for is not repeated, so that hidden and missing look alike to the letter.
        let frame = Frame { path: String::new(), ..frame };
        Self { frame, status: problem.status, title, text }
    }
}

/// What the program says, as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

#[cfg(test)]
pub fn samples() -> Vec<Failure> {
    let frame = || Frame::sample("/nobody/nothing", None);
    vec![
        Failure::of(frame(), &Problem::not_found()),
        Failure::of(frame(), &Problem::unauthorized()),
        Failure::of(frame(), &Problem::forbidden("you need admin on this repository")),
        Failure::of(frame(), &Problem::new(StatusCode::TOO_MANY_REQUESTS, "wait a moment")),
        Failure::of(frame(), &Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "")),
    ]
}
