//! Pages that say what is not possible: not there, not allowed, too often, broken.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use roadstead_http::Problem;

use crate::frame::Frame;
use crate::page::{self, Caching, Page};

type Text = Cow<'static, str>;

#[derive(Template)]
#[template(path = "failure.html")]
pub struct Failure {
    frame: Frame,
    status: StatusCode,
    title: Text,
    text: Text,
    /// When to try again.
    wait: Option<Text>,
}

impl Page for Failure {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// The page that says why not, and when to ask again where that helps.
pub fn answer(frame: Frame, problem: &Problem) -> Response {
    let mut response = page::answer(&Failure::of(frame, problem), false);
    if let Some(secs) = problem.retry_after_secs {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    response
}

impl Failure {
    pub fn of(frame: Frame, problem: &Problem) -> Self {
        let said = problem.body["message"].as_str().unwrap_or_default();
        let (title, text) = told(&frame, problem.status, said);
        let wait = problem.retry_after_secs.map(|secs| wait(&frame, secs));
        // What was asked for is not repeated, so that hidden and missing look alike to the letter.
        let frame = Frame { path: String::new(), here: String::new(), ..frame };
        Self { frame, status: problem.status, title, text, wait }
    }

    /// What the log has more about, under the request's name.
    fn is_logged(&self) -> bool {
        self.status.is_server_error()
    }
}

/// The heading, and what to do. Rules that refuse something say themselves what they are.
fn told(frame: &Frame, status: StatusCode, said: &str) -> (Text, Text) {
    match status {
        StatusCode::NOT_FOUND => (frame.t("error-missing"), frame.t("error-missing-why")),
        StatusCode::UNAUTHORIZED => (frame.t("error-signed-out"), frame.t("error-signed-out-why")),
        StatusCode::FORBIDDEN => (frame.t("error-forbidden"), sentence(said)),
        StatusCode::TOO_MANY_REQUESTS => {
            (frame.t("error-too-often"), frame.t("error-too-often-why"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => (frame.t("error-refused"), frame.t("error-too-long")),
        StatusCode::SERVICE_UNAVAILABLE => (frame.t("error-broken"), frame.t("error-busy")),
        StatusCode::INSUFFICIENT_STORAGE => (frame.t("error-broken"), frame.t("error-full")),
        _ if status.is_server_error() => (frame.t("error-broken"), frame.t("error-broken-why")),
        _ => (frame.t("error-refused"), sentence(said)),
    }
}

fn wait(frame: &Frame, secs: u64) -> Text {
    match secs {
        0..=90 => frame.t1("error-wait-seconds", "count", secs),
        _ => frame.t1("error-wait-minutes", "count", secs.div_ceil(60)),
    }
}

/// What the program says, as a sentence of its own.
pub fn sentence(text: &str) -> Text {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return Text::default() };
    let end = if text.ends_with(['.', '!', '?', '。']) { "" } else { "." };
    Text::Owned(format!("{}{}{end}", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
pub fn samples() -> Vec<Failure> {
    let frame = || Frame::sample("/nobody/nothing", None);
    vec![
        Failure::of(frame(), &Problem::not_found()),
        Failure::of(frame(), &Problem::unauthorized()),
        Failure::of(frame(), &Problem::forbidden("you need admin on this repository")),
        Failure::of(frame(), &Problem::new(StatusCode::TOO_MANY_REQUESTS, "").retry_after(200)),
        Failure::of(frame(), &Problem::new(StatusCode::SERVICE_UNAVAILABLE, "").retry_after(5)),
        Failure::of(frame(), &Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "")),
    ]
}
