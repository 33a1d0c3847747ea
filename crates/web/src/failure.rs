//! Pages that say what is not possible: not there, not allowed, too often, broken.

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
    title: &'static str,
    text: String,
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
            StatusCode::NOT_FOUND => (
                "Nothing is moored here",
                "This page or repository does not exist, or it is private and you do not have access. \
                 If you expected to see it, check the name or sign in with another account."
                    .to_owned(),
            ),
            StatusCode::UNAUTHORIZED => ("Sign in first", sentence(said)),
            StatusCode::FORBIDDEN => ("This is not yours to change", sentence(said)),
            StatusCode::TOO_MANY_REQUESTS => ("Too many requests", sentence(said)),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                ("This does not work as asked", sentence(said))
            }
            _ => ("Something went wrong here", sentence(said)),
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
