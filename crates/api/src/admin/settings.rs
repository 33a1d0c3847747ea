//! Settings that are changed while the hub runs.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes};
use roadstead_hub::administration::SettingView;
use serde_json::{Map, Value, json};

use super::refuse;
use crate::body::{Incoming, answer};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    const ADMIN: Access = Access::Administrator;
    let routes = both!(routes, GET "/api/v1/admin/settings", ADMIN, show)
        .tell("Settings that are changed while the hub runs, with what each is by default.");
    both!(routes, PATCH "/api/v1/admin/settings", ADMIN, change).tell_taking::<Changes>(
        "Changes settings by name, on all nodes within two seconds; null leaves one to the configuration again.",
    )
}

/// `sign_up`, `default_visibility`, `announcements`.
type Changes = BTreeMap<String, Option<String>>;

async fn show(State(app): State<App>, Administrator(key): Administrator) -> Response {
    answer(StatusCode::OK, &settings_json(&app.hub.hub_settings(&key)))
}

async fn change(
    State(app): State<App>,
    Administrator(key): Administrator,
    Incoming(changes): Incoming<Changes>,
) -> Result<Response, Problem> {
    let views = app.hub.decide_settings(&key, &changes).await.map_err(refuse)?;
    Ok(answer(StatusCode::OK, &settings_json(&views)))
}

fn settings_json(views: &[SettingView]) -> Value {
    let row = |view: &SettingView| {
        let object = json!({
            "value": view.value,
            "default": view.default,
            "is_decided": view.is_decided,
            "values": view.setting.values(),
        });
        (view.setting.word().to_owned(), object)
    };
    Value::Object(views.iter().map(row).collect::<Map<_, _>>())
}
