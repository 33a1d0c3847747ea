//! `GET /v2/<name>/referrers/<digest>`: always an index, also when there is nothing.

use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, HeaderName};
use roadstead_hub::Refusal;
use roadstead_hub::access::Pull;
use roadstead_hub::content::ReferrerPage;
use roadstead_oci::{ErrorCode, media_type};
use roadstead_types::Digest;

use crate::call::Call;
use crate::error::RegistryError;
use crate::page;

pub async fn list(call: Call) -> Result<Response, RegistryError> {
    let subject = call.digest()?;
    // No type has a blank in it: it was a `+` that the client did not escape.
    let filter = call.query_value("artifactType").map(|filter| filter.replace(' ', "+"));
    let filter = filter.filter(|filter| !filter.is_empty());
    let after = after(&call)?;
    let name = call.name()?;
    let found = match call.app.hub.open::<Pull>(call.caller.clone(), &name).await {
        Ok(repository) => repository.list_referrers(&subject, filter.as_deref(), after).await?,
        // Who may fill the name gets an empty list before the first push, never a 404.
        Err(Refusal::Missing) => ReferrerPage { descriptors: Vec::new(), next: None },
        Err(refusal) => return Err(call.refuse(refusal)),
    };
    let next = found.next.map(|next| link(&call, &subject, filter.as_deref(), next));
    let body = format!(
        r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}}"#,
        media_type::OCI_INDEX,
        found.descriptors.join(",")
    );
    let mut response = page::respond(media_type::OCI_INDEX, body, next);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if filter.is_some() {
        headers.insert(
            HeaderName::from_static("oci-filters-applied"),
            HeaderValue::from_static("artifactType"),
        );
    }
    Ok(response)
}

fn after(call: &Call) -> Result<Option<i64>, RegistryError> {
    let Some(text) = call.query_value("after") else { return Ok(None) };
    let parsed = text.parse().map(Some);
    parsed.map_err(|_| {
        RegistryError::new(ErrorCode::PageInvalid, "`after` comes from the Link of the page before")
    })
}

fn link(call: &Call, subject: &Digest, filter: Option<&str>, after: i64) -> String {
    let filter =
        filter.map(|filter| format!("artifactType={}&", page::encode(filter))).unwrap_or_default();
    format!("/v2/{}/referrers/{subject}?{filter}after={after}", call.target.name)
}
