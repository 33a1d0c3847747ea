//! Settings of organizations that Docker Desktop enforces on Docker Hub (hub-api, section 8). This hub
//! has nothing to enforce them with, so it says that they are off and refuses to pretend otherwise.

use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, InOrg, Problem, Routes};
use roadstead_hub::access::Owner;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::body::{Incoming, answer, bad_request};
use crate::both;

pub fn routes(routes: Routes) -> Routes {
    const OWNS: Access = Access::of::<Owner>();
    let routes = both!(routes, GET "/v2/orgs/{org}/settings", OWNS, show_images);
    let routes = both!(routes, PUT "/v2/orgs/{org}/settings", OWNS, set_images);
    let routes = both!(
        routes, GET "/v2/orgs/{org}/settings/registry-access-management", OWNS, show_registries
    );
    both!(
        routes, PUT "/v2/orgs/{org}/settings/registry-access-management", OWNS, set_registries
    )
}

#[derive(Deserialize)]
struct Images {
    restricted_images: Switch,
}

#[derive(Deserialize)]
struct Switch {
    enabled: bool,
}

async fn show_images(_: InOrg<Owner>) -> Response {
    answer(StatusCode::OK, &images())
}

async fn set_images(
    _: InOrg<Owner>,
    Incoming(form): Incoming<Images>,
) -> Result<Response, Problem> {
    needs_off(&form.restricted_images)?;
    Ok(answer(StatusCode::OK, &images()))
}

async fn show_registries(_: InOrg<Owner>) -> Response {
    answer(StatusCode::OK, &registries())
}

async fn set_registries(
    _: InOrg<Owner>,
    Incoming(form): Incoming<Switch>,
) -> Result<Response, Problem> {
    needs_off(&form)?;
    Ok(answer(StatusCode::OK, &registries()))
}

fn needs_off(switch: &Switch) -> Result<(), Problem> {
    match switch.enabled {
        false => Ok(()),
        true => Err(bad_request(
            "this setting restricts what Docker Desktop pulls from docker.io; this hub cannot enforce it, so it stays off",
        )),
    }
}

fn images() -> Value {
    json!({
        "restricted_images": {
            "enabled": false,
            "allow_official_images": true,
            "allow_verified_publishers": true,
        },
    })
}

fn registries() -> Value {
    json!({
        "enabled": false,
        "standard_registries": [{ "id": "DockerHub", "allowed": true }],
        "custom_registries": [],
    })
}
