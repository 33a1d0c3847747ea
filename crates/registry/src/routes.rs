//! The route table of the protocol, and the dispatcher that works from it.

use std::future::Future;
use std::pin::Pin;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, HeaderName};
use http::{HeaderValue, Method};
use roadstead_http::{Access, App, RouteEntry, RoutePattern, Routes, authenticate};
use roadstead_hub::access::{Delete, Pull, Push};
use roadstead_oci::ErrorCode;

use crate::call::{Call, refuse_credentials};
use crate::error::RegistryError;
use crate::{base, blobs, catalog, manifests, referrers, tags, token, uploads};
use roadstead_oci::path::{Kind, Target};

type Answer = Result<Response, RegistryError>;
type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Answer> + Send>>;

/// One route: nothing is answered under `/v2/` that does not stand here.
struct Route {
    method: Method,
    kind: Kind,
    pattern: &'static str,
    access: Access,
    handler: Handler,
}

macro_rules! table {
    ($($method:ident $kind:ident $pattern:literal, $access:expr => $handler:path;)*) => {
        &[$(Route {
            method: Method::$method,
            kind: Kind::$kind,
            pattern: $pattern,
            access: $access,
            handler: |call| Box::pin($handler(call)),
        }),*]
    };
}

const CATALOG: Access = Access::Public("lists only what the caller may pull");
const BASE: Access = Access::Public("tells only that this is a registry, and asks to sign in");

static TABLE: &[Route] = table! {
    GET Base "/v2/", BASE => base::ping;
    HEAD Base "/v2/", BASE => base::ping;
    GET Catalog "/v2/_catalog", CATALOG => catalog::list;
    HEAD Catalog "/v2/_catalog", CATALOG => catalog::list;
    GET Tags "/v2/{repository}/tags/list", Access::needs::<Pull>() => tags::list;
    HEAD Tags "/v2/{repository}/tags/list", Access::needs::<Pull>() => tags::list;
    GET Manifest "/v2/{repository}/manifests/{reference}", Access::needs::<Pull>() => manifests::get;
    HEAD Manifest "/v2/{repository}/manifests/{reference}", Access::needs::<Pull>() => manifests::get;
    PUT Manifest "/v2/{repository}/manifests/{reference}", Access::needs::<Push>() => manifests::put;
    DELETE Manifest "/v2/{repository}/manifests/{reference}", Access::needs::<Delete>() => manifests::delete;
    GET Blob "/v2/{repository}/blobs/{digest}", Access::needs::<Pull>() => blobs::get;
    HEAD Blob "/v2/{repository}/blobs/{digest}", Access::needs::<Pull>() => blobs::get;
    DELETE Blob "/v2/{repository}/blobs/{digest}", Access::needs::<Delete>() => blobs::delete;
    POST Uploads "/v2/{repository}/blobs/uploads/", Access::needs::<Push>() => uploads::post;
    GET Upload "/v2/{repository}/blobs/uploads/{upload}", Access::needs::<Push>() => uploads::get;
    PATCH Upload "/v2/{repository}/blobs/uploads/{upload}", Access::needs::<Push>() => uploads::patch;
    PUT Upload "/v2/{repository}/blobs/uploads/{upload}", Access::needs::<Push>() => uploads::put;
    DELETE Upload "/v2/{repository}/blobs/uploads/{upload}", Access::needs::<Push>() => uploads::delete;
    GET Referrers "/v2/{repository}/referrers/{digest}", Access::needs::<Pull>() => referrers::list;
    HEAD Referrers "/v2/{repository}/referrers/{digest}", Access::needs::<Pull>() => referrers::list;
};

/// All routes of this surface.
pub fn routes() -> Routes {
    const TOKEN: Access = Access::Public("issues tokens that grant no more than the caller has");
    let entries = || {
        TABLE.iter().map(|route| RouteEntry {
            method: route.method.clone(),
            pattern: route.pattern,
            access: route.access,
        })
    };
    Routes::new()
        .nest_dispatcher("/v2", std::iter::empty(), dispatch)
        .nest_dispatcher("/v2/", std::iter::empty(), dispatch)
        .nest_dispatcher("/v2/{*rest}", entries(), dispatch)
        .get("/token", TOKEN, token::get)
        .post("/token", TOKEN, token::post)
}

async fn dispatch(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (pattern, answer) = match Target::parse(parts.uri.path()) {
        None => ("/v2/other", Err(no_such_path())),
        Some(target) => match find(&parts.method, target.kind) {
            Err(allowed) => ("/v2/other", Err(wrong_method(&allowed))),
            Ok(route) => (route.pattern, run(route, app, target, parts, body).await),
        },
    };
    let mut response = answer.unwrap_or_else(IntoResponse::into_response);
    response.extensions_mut().insert(RoutePattern(pattern));
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("docker-distribution-api-version"),
        HeaderValue::from_static("registry/2.0"),
    );
    headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn run(
    route: &Route,
    app: App,
    target: Target,
    parts: http::request::Parts,
    body: axum::body::Body,
) -> Answer {
    let caller = authenticate(&parts, &app)
        .await
        .map_err(|error| refuse_credentials(&app, &parts, error))?;
    (route.handler)(Call::new(app, caller, target, parts, body)).await
}

/// The route, or the methods that there are.
fn find(method: &Method, kind: Kind) -> Result<&'static Route, String> {
    let of_kind = || TABLE.iter().filter(move |route| route.kind == kind);
    of_kind()
        .find(|route| route.method == *method)
        .ok_or_else(|| of_kind().map(|route| route.method.as_str()).collect::<Vec<_>>().join(", "))
}

fn no_such_path() -> RegistryError {
    RegistryError::new(ErrorCode::NameUnknown, "this is no path of the registry protocol")
}

fn wrong_method(allowed: &str) -> RegistryError {
    RegistryError::new(ErrorCode::Unsupported, format!("this path takes {allowed}"))
        .header(ALLOW, allowed)
}
