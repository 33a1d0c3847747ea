//! `GET /v2/`: is this a registry, and who am I to it.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use roadstead_http::Origin;
use roadstead_hub::Caller;
use roadstead_oci::ErrorCode;

use crate::call::Call;
use crate::challenge::{Ask, unauthorized};
use crate::error::RegistryError;

/// Anybody unknown is asked to sign in; any valid token will do, also one without scopes, because
/// that is what `docker login` brings.
pub async fn ping(call: Call) -> Result<Response, RegistryError> {
    match call.caller {
        Caller::Anonymous => {
            let origin = Origin::of(&call.parts, &call.app);
            Err(unauthorized(
                &call.app,
                &origin,
                &Ask::default(),
                ErrorCode::Unauthorized,
                "authentication required",
            ))
        }
        Caller::Identity(_) | Caller::Token(_) => {
            Ok(([(CONTENT_TYPE, "application/json")], "{}").into_response())
        }
    }
}
