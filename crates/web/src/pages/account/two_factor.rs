//! One's second factor: set up with a picture to scan, recovery codes shown once, and taken off.

use askama::Template;
use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_types::{Secret, Timestamp};
use serde::Deserialize;

use super::{barred, left_out, refused};
use crate::form::Errors;
use crate::frame::{Frame, Viewer};
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::qr;
use crate::session::{self, Begun};
use crate::ui::Markup;

/// What was typed, in whichever form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    current: String,
    code: String,
    /// What an authenticator is being fed with; kept by the page alone until a code has come back.
    secret: String,
    uri: String,
    /// `codes` or `off`.
    what: String,
    mark: String,
}

/// How far it has come.
enum Step {
    Off,
    Begun(Enrolling),
    Codes(Codes),
    On(On),
}

struct On {
    since: Timestamp,
    codes: u64,
}

/// Recovery codes, shown this once.
struct Codes(Vec<Secret>);

impl Codes {
    /// A line each.
    fn text(&self) -> String {
        self.0.iter().map(|code| code.expose().as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// What an authenticator is fed with.
struct Enrolling {
    secret: String,
    uri: String,
}

impl Enrolling {
    fn picture(&self, frame: &Frame) -> Markup {
        qr::picture(&self.uri, &frame.t("account-two-factor-picture"))
    }
}

#[derive(Template)]
#[template(path = "account/two_factor.html")]
pub struct TwoFactorPage {
    frame: Frame,
    step: Step,
    errors: Errors,
}

impl Page for TwoFactorPage {
    const CACHING: Caching = Caching::Never;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(own: Own) -> Response {
    let made = make(&own, Errors::default()).await;
    own.visit.answer(made)
}

/// As it stands.
async fn make(own: &Own, errors: Errors) -> Result<TwoFactorPage, Problem> {
    let found = own.visit.hub.find_second_factor(&own.who).await.map_err(barred)?;
    let on = |since| Step::On(On { since, codes: found.recovery_codes });
    let step = found.since.map_or(Step::Off, on);
    Ok(TwoFactorPage { frame: own.visit.frame.clone(), step, errors })
}

/// Makes the secret for an authenticator.
pub async fn begin(own: Own, Form(typed): Form<Typed>) -> Response {
    let made = match enrol(&own, &typed).await {
        Ok(Ok(enrolling)) => {
            let (frame, step) = (own.visit.frame.clone(), Step::Begun(enrolling));
            Ok(TwoFactorPage { frame, step, errors: Errors::default() })
        }
        Ok(Err(errors)) => make(&own, errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

async fn enrol(own: &Own, typed: &Typed) -> Result<Result<Enrolling, Errors>, Problem> {
    own.check(&typed.mark)?;
    if let Some(errors) = left_out(&own.visit.frame, &typed.current) {
        return Ok(Err(errors));
    }
    let (visit, password) = (&own.visit, Secret::new(typed.current.clone()));
    let host = &visit.frame.host;
    match visit.hub.begin_second_factor(&own.who, &password, host, visit.address).await {
        Ok(begun) => {
            let (secret, uri) = (begun.secret.expose().clone(), begun.uri.expose().clone());
            Ok(Ok(Enrolling { secret, uri }))
        }
        Err(error) => refused(error).map(Err),
    }
}

/// Puts it in force. That ends all sessions; the one of this browser begins anew.
pub async fn confirm(own: Own, Form(typed): Form<Typed>) -> Response {
    match put_in_force(&own, &typed).await {
        Ok(Ok((codes, begun))) => {
            let mark = begun.mark.clone();
            let viewer = own.visit.frame.viewer.clone().map(|viewer| Viewer { mark, ..viewer });
            let frame = Frame { viewer, ..own.visit.frame.clone() };
            let (step, errors) = (Step::Codes(Codes(codes)), Errors::default());
            let mut response = own.visit.answer(Ok(TwoFactorPage { frame, step, errors }));
            begun.attach(&mut response);
            response
        }
        Ok(Err(errors)) => {
            let step = Step::Begun(Enrolling { secret: typed.secret, uri: typed.uri });
            let frame = own.visit.frame.clone();
            own.visit.answer(Ok(TwoFactorPage { frame, step, errors }))
        }
        Err(problem) => own.visit.refuse(&problem),
    }
}

async fn put_in_force(
    own: &Own,
    typed: &Typed,
) -> Result<Result<(Vec<Secret>, Begun), Errors>, Problem> {
    own.check(&typed.mark)?;
    let (visit, code) = (&own.visit, typed.code.trim());
    match visit.hub.confirm_second_factor(&own.who, code, visit.address).await {
        Ok(enrolled) => {
            let begun = session::begin(visit, &enrolled.who).await?;
            Ok(Ok((enrolled.recovery_codes, begun)))
        }
        Err(error) => refused(error).map(Err),
    }
}

/// Other recovery codes, or no second factor any more.
pub async fn change(own: Own, Form(typed): Form<Typed>) -> Response {
    let made = match make_change(&own, &typed).await {
        Ok(Ok(Some(codes))) => {
            let (frame, errors) = (own.visit.frame.clone(), Errors::default());
            Ok(TwoFactorPage { frame, step: Step::Codes(Codes(codes)), errors })
        }
        Ok(Ok(None)) => {
            let said = own.visit.frame.t("account-two-factor-is-off");
            return own.visit.done("/settings/two-factor", &said);
        }
        Ok(Err(errors)) => make(&own, errors).await,
        Err(problem) => Err(problem),
    };
    own.visit.answer(made)
}

/// The new codes, if that was asked for; or what is wrong.
async fn make_change(
    own: &Own,
    typed: &Typed,
) -> Result<Result<Option<Vec<Secret>>, Errors>, Problem> {
    own.check(&typed.mark)?;
    if let Some(errors) = left_out(&own.visit.frame, &typed.current) {
        return Ok(Err(errors));
    }
    let (hub, who, from) = (&own.visit.hub, &own.who, own.visit.address);
    let (password, code) = (Secret::new(typed.current.clone()), typed.code.trim());
    let changed = match typed.what.as_str() {
        "off" => hub.remove_second_factor(who, &password, code, from).await.map(|()| None),
        _ => hub.renew_recovery_codes(who, &password, code, from).await.map(Some),
    };
    changed.map_or_else(|error| refused(error).map(Err), |codes| Ok(Ok(codes)))
}

#[cfg(test)]
pub fn samples() -> Vec<TwoFactorPage> {
    let frame = Frame::sample("/settings/two-factor", Some("alice"));
    let page = |step| TwoFactorPage { frame: frame.clone(), step, errors: Errors::default() };
    let enrolling = Enrolling {
        secret: "GEZDGNBVGY3TQOJQ".to_owned(),
        uri: "otpauth://totp/hub.example:alice?secret=GEZDGNBVGY3TQOJQ".to_owned(),
    };
    vec![
        page(Step::Off),
        page(Step::Begun(enrolling)),
        page(Step::Codes(Codes(vec![Secret::new("abcd-efgh".to_owned())]))),
        page(Step::On(On { since: frame.now, codes: 2 })),
    ]
}
