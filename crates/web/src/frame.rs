//! What stands around every page, and who looks at it.

use std::borrow::Borrow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::USER_AGENT;
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};
use roadstead_http::caller::api_caller;
use roadstead_http::{App, ClientAddress, Origin, Problem, RequestId};
use roadstead_hub::access::Identity;
use roadstead_hub::accounts::SystemKey;
use roadstead_hub::administration::Announcement;
use roadstead_hub::settings::SignUp;
use roadstead_hub::{Caller, Hub};
use roadstead_types::Timestamp;

use crate::bar;
use crate::cookie;
use crate::failure;
use crate::markdown;
use crate::notice;
use crate::page::{self, Page, VERSION};
use crate::pages::signin::SignInPage;
use crate::session;
use crate::ui::{self, Markup};
use crate::words::Language;

/// The top bar, the footer and the colours.
#[derive(Clone, Debug)]
pub struct Frame {
    pub version: &'static str,
    /// Host and port as they stand in image names.
    pub host: String,
    pub scheme: &'static str,
    pub now: Timestamp,
    /// `light` or `dark` where the person chose, nothing where the system decides.
    pub theme: Option<&'static str>,
    pub language: Language,
    pub viewer: Option<Viewer>,
    /// People make their own accounts here.
    pub may_sign_up: bool,
    /// What was just done, said once.
    pub notice: Option<String>,
    /// What administrators tell everybody.
    pub announcements: Vec<Announcement>,
    /// The page without its parameters, to mark where one is.
    pub path: String,
    /// The page with its parameters, to come back to.
    pub here: String,
    /// What the log calls this request by.
    pub request: String,
}

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub name: String,
    /// What the forms of a browser's session carry; empty for who sends credentials with each request.
    pub mark: String,
    /// Whether the pages of administration are there.
    pub is_admin: bool,
}

/// One visit of a page: who comes, from where, and whether only a part of the page is wanted.
#[derive(Clone)]
pub struct Visit {
    pub frame: Frame,
    pub caller: Caller,
    pub hub: Hub,
    /// Where the request came from, and what sent it.
    pub address: IpAddr,
    pub agent: String,
    /// htmx asks for the region that changes and nothing else.
    pub is_partial: bool,
    /// Pictures of other hosts are fetched and shown.
    pub has_pictures: bool,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let frame = Frame::of(parts, app);
        if session::is_from_elsewhere(parts, &frame) {
            let problem = Problem::forbidden(frame.t("error-elsewhere"));
            return Err(failure::answer(frame, &problem));
        }
        match known(parts, app).await {
            Ok((caller, mark)) => Ok(Self {
                frame: Frame { viewer: viewer(&caller, mark), ..frame },
                caller,
                hub: app.hub.clone(),
                address: ClientAddress::of(parts, app).0,
                agent: header(parts, &USER_AGENT).to_owned(),
                is_partial: parts.headers.contains_key("hx-request")
                    && !parts.headers.contains_key("hx-boosted"),
                has_pictures: app.pictures.is_some(),
            }),
            Err(problem) => Err(failure::answer(frame, &problem)),
        }
    }
}

fn header<'a>(parts: &'a Parts, name: &HeaderName) -> &'a str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Who keeps a session, and the mark of its forms; else who the request's own credentials name.
async fn known(parts: &Parts, app: &App) -> Result<(Caller, String), Problem> {
    if let Some(secret) = session::secret(parts) {
        let address = ClientAddress::of(parts, app).0;
        if let Some(who) = app.hub.resolve_session(&secret, address).await? {
            return Ok((Caller::Identity(who), session::mark(&secret)));
        }
    }
    Ok((api_caller(parts, app).await?, String::new()))
}

fn viewer(caller: &Caller, mark: String) -> Option<Viewer> {
    match caller {
        Caller::Identity(who) => Some(Viewer {
            name: who.name.to_string(),
            mark,
            is_admin: SystemKey::of(who).is_some(),
        }),
        Caller::Anonymous | Caller::Token(_) => None,
    }
}

impl Visit {
    /// Whoever is signed in, and sends a form of this site's own.
    pub fn sender(&self, mark: &str) -> Result<Option<&Arc<Identity>>, Problem> {
        let Caller::Identity(who) = &self.caller else { return Ok(None) };
        let expected = self.frame.viewer.as_ref().map_or("", |viewer| viewer.mark.as_str());
        if expected.is_empty() || session::is_marked(expected, mark) {
            return Ok(Some(who));
        }
        Err(Problem::forbidden(self.frame.t("error-earlier")))
    }

    /// The page, or the one that says why there is none.
    pub fn answer<P: Page>(self, made: Result<P, Problem>) -> Response {
        let scheme = self.frame.scheme;
        let was_told = self.frame.notice.is_some() && !self.is_partial;
        let mut response = match made {
            Ok(made) => page::answer(&made, self.is_partial),
            Err(problem) => self.refuse(&problem),
        };
        if was_told {
            notice::forget(&mut response, scheme);
        }
        response
    }

    /// What somebody wrote in Markdown, harmless.
    pub fn markdown(&self, text: &str) -> Markup {
        if self.has_pictures {
            markdown::render_with_pictures(self.hub.clone(), text)
        } else {
            markdown::render(text)
        }
    }

    /// The page that says why not; to who has to sign in first, the one to do that on.
    pub fn refuse(self, problem: &Problem) -> Response {
        if problem.status == StatusCode::UNAUTHORIZED && self.frame.viewer.is_none() {
            return page::answer(&SignInPage::first(&self), false);
        }
        failure::answer(self.frame, problem)
    }

    /// On to another page, after a form did what it was sent for; that page says so once.
    pub fn done(&self, there: &str, said: &str) -> Response {
        let mut response = Redirect::to(there).into_response();
        notice::keep(&mut response, self.frame.scheme, said);
        response
    }
}

impl Frame {
    pub fn of(parts: &Parts, app: &App) -> Self {
        let origin = Origin::of(parts, app);
        Self {
            version: VERSION,
            scheme: origin.scheme,
            host: origin.authority,
            now: app.hub.now(),
            theme: theme(parts),
            language: Language::of(parts),
            viewer: None,
            may_sign_up: app.hub.sign_up_policy() != SignUp::Closed,
            notice: notice::of(parts),
            announcements: bar::announcements(parts, &app.hub),
            path: parts.uri.path().to_owned(),
            here: here(parts),
            request: parts
                .extensions
                .get::<RequestId>()
                .map_or_else(String::new, |id| id.0.clone()),
        }
    }

    /// The name in examples of commands.
    pub fn username(&self) -> &str {
        self.viewer.as_ref().map_or("USERNAME", |viewer| viewer.name.as_str())
    }

    /// What stands in forms, so that they are known as this site's own.
    pub fn mark(&self) -> &str {
        self.viewer.as_ref().map_or("", |viewer| viewer.mark.as_str())
    }

    /// A command and the button that copies it.
    pub fn command(&self, text: &str) -> Markup {
        ui::command(self, "cmd", text)
    }

    /// The same, smaller.
    pub fn small_command(&self, text: &str) -> Markup {
        ui::command(self, "cmd sm", text)
    }

    /// How long ago that was, with the exact time behind it.
    pub fn ago(&self, time: impl Borrow<Timestamp>) -> Markup {
        ui::ago(self, *time.borrow())
    }

    /// `4 Mar 2025`.
    pub fn date(&self, time: impl Borrow<Timestamp>) -> String {
        ui::date(self, *time.borrow())
    }

    /// Where to sign in, and come back here.
    pub fn sign_in(&self) -> String {
        match self.path.as_str() {
            "" | "/" | "/signin" | "/signin/code" => "/signin".to_owned(),
            path => format!("/signin?{}", ui::query(&[("next", path)])),
        }
    }

    pub fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// For a place in a menu that stands for all the pages below it.
    pub fn is_under(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The page itself searches: a second field for it would confuse.
    pub fn has_search(&self) -> bool {
        !matches!(self.path.as_str(), "/" | "/explore" | "/search")
    }
}

impl FromRequestParts<App> for Frame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, app))
    }
}

/// What answers a form may have no page of its own.
fn here(parts: &Parts) -> String {
    let asked = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
    asked.map_or_else(String::new, ToString::to_string)
}

fn theme(parts: &Parts) -> Option<&'static str> {
    match cookie::of(parts, "theme")? {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

#[cfg(test)]
impl Frame {
    /// For samples: as a visitor, or as `alice`.
    pub fn sample(path: &str, viewer: Option<&str>) -> Self {
        Self {
            version: VERSION,
            host: "hub.example".to_owned(),
            scheme: "https",
            now: Timestamp::parse("2026-11-20T13:16:00Z").unwrap(),
            theme: None,
            language: Language::English,
            notice: None,
            may_sign_up: true,
            announcements: Vec::new(),
            viewer: viewer.map(|name| Viewer {
                name: name.to_owned(),
                mark: "0a1b".to_owned(),
                is_admin: name == "keeper",
            }),
            path: path.to_owned(),
            here: path.to_owned(),
            request: "5f0c2a".to_owned(),
        }
    }
}
