//! Announcements, for administrators and for everybody.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::administration::{Announcement, NewAnnouncement};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{refuse, time};
use crate::body::{Incoming, answer, no_content};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    const TOLD: Access = Access::Public("what administrators tell everybody");
    let routes = both!(routes, GET "/api/v1/announcements", TOLD, current)
        .tell("What administrators tell everybody now.");
    let routes = both!(routes, GET "/api/v1/admin/announcements", ADMIN, list)
        .tell("All announcements, also those to come and those that ended lately.");
    let routes = both!(routes, POST "/api/v1/admin/announcements", ADMIN, announce)
        .tell_taking::<Announce>("Announces something: `info`, `warning` or `critical`.");
    both!(routes, DELETE "/api/v1/admin/announcements/{id}", ADMIN, remove)
        .tell("Removes an announcement.")
}

#[derive(Deserialize, JsonSchema)]
struct Announce {
    #[serde(default)]
    text: String,
    /// `info` unless said.
    #[serde(default)]
    level: Option<String>,
    /// As in 2030-01-31T12:00:00Z; at once unless said.
    #[serde(default)]
    starts_at: Option<String>,
    /// Until it is removed unless said.
    #[serde(default)]
    ends_at: Option<String>,
}

async fn current(State(app): State<App>) -> Response {
    listed(&app.hub.current_announcements())
}

async fn list(
    State(app): State<App>,
    Administrator(key): Administrator,
) -> Result<Response, Problem> {
    Ok(listed(&app.hub.list_announcements(&key).await?))
}

async fn announce(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(form): Incoming<Announce>,
) -> Result<Response, Problem> {
    let new = NewAnnouncement {
        text: form.text,
        level: form.level.unwrap_or_else(|| "info".to_owned()),
        starts_at: time("starts_at", form.starts_at.as_deref())?,
        ends_at: time("ends_at", form.ends_at.as_deref())?,
    };
    let made = app.hub.announce(&key, new).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &announcement_json(&made)))
}

async fn remove(
    State(app): State<App>,
    Administrator(key): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    app.hub.remove_announcement(&key, id).await.map_err(refuse)?;
    Ok(no_content())
}

/// They are few, so all are on one page.
fn listed(announcements: &[Announcement]) -> Response {
    let rows: Vec<_> = announcements.iter().map(announcement_json).collect();
    let body = json!({ "count": rows.len(), "next": null, "previous": null, "results": rows });
    answer(StatusCode::OK, &body)
}

/// The id is a text, because it has more digits than a number in JSON can be trusted with.
fn announcement_json(announcement: &Announcement) -> Value {
    json!({
        "id": announcement.id.to_string(),
        "text": announcement.text,
        "level": announcement.level.word(),
        "starts_at": announcement.starts_at.to_string(),
        "ends_at": announcement.ends_at.map(|time| time.to_string()),
    })
}
