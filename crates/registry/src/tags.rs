//! `GET /v2/<name>/tags/list`.

use axum::response::Response;
use roadstead_hub::access::Pull;
use roadstead_types::Tag;
use serde_json::json;

use crate::call::Call;
use crate::error::RegistryError;
use crate::page;

pub async fn list(call: Call) -> Result<Response, RegistryError> {
    let limit = page::limit(&call)?;
    let repository = call.open::<Pull>().await?;
    let found = repository.list_tags(page::last(&call).as_deref(), limit).await?;
    let next = found.tags.last().filter(|_| found.has_more).map(|last| link(&call, last, limit));
    let tags: Vec<&str> = found.tags.iter().map(Tag::as_str).collect();
    let body = json!({ "name": call.target.name, "tags": tags }).to_string();
    Ok(page::respond("application/json", body, next))
}

fn link(call: &Call, last: &Tag, limit: Option<u32>) -> String {
    let n = limit.map(|n| format!("&n={n}")).unwrap_or_default();
    format!("/v2/{}/tags/list?last={}{n}", call.target.name, page::encode(last.as_str()))
}
