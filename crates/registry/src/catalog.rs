//! `GET /v2/_catalog`: what the caller may pull. Not in the OCI specification; podman's search and
//! mirrors use it.

use axum::response::Response;
use roadstead_http::Origin;
use roadstead_hub::Caller;
use roadstead_oci::ErrorCode;
use roadstead_types::RepositoryName;
use serde_json::json;

use crate::call::Call;
use crate::challenge::{Ask, unauthorized};
use crate::error::RegistryError;
use crate::page;

pub async fn list(call: Call) -> Result<Response, RegistryError> {
    if matches!(call.caller, Caller::Anonymous) {
        let ask = Ask { scope: Some("registry:catalog:*".to_owned()), error: None };
        let origin = Origin::of(&call.parts, &call.app);
        return Err(unauthorized(
            &call.app,
            &origin,
            &ask,
            ErrorCode::Unauthorized,
            "authentication required",
        ));
    }
    let limit = page::limit(&call)?;
    let after = page::last(&call);
    let (names, has_more) =
        call.app.hub.list_repositories(&call.caller, after.as_deref(), limit).await?;
    let next = names.last().filter(|_| has_more).map(|last| {
        let n = limit.map(|n| format!("&n={n}")).unwrap_or_default();
        format!("/v2/_catalog?last={}{n}", page::encode(last.as_str()))
    });
    let names: Vec<&str> = names.iter().map(RepositoryName::as_str).collect();
    Ok(page::respond("application/json", json!({ "repositories": names }).to_string(), next))
}
