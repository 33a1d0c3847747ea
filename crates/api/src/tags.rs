//! Tags (hub-api, section 6).

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use roadstead_http::{Access, Can, Problem, Routes};
use roadstead_hub::access::{Delete, Pull};
use roadstead_hub::content::{DeleteTagError, ImageView, LayerView, TagOrder, TagQuery, TagView};
use roadstead_types::{Tag, Timestamp};
use serde_json::{Value, json};

use crate::body::{answer, bad_field};
use crate::both;
use crate::number::number;
use crate::page::Page;

macro_rules! family {
    ($routes:expr, $list:literal, $one:literal, $images:literal) => {{
        let routes = both!($routes, GET $list, Access::needs::<Pull>(), list);
        let routes = both!(routes, GET $one, Access::needs::<Pull>(), show);
        let routes = both!(routes, DELETE $one, Access::needs::<Delete>(), delete);
        both!(routes, GET $images, Access::needs::<Pull>(), images)
    }};
}

pub fn routes(routes: Routes) -> Routes {
    let routes = family!(
        routes,
        "/v2/repositories/{namespace}/{repository}/tags",
        "/v2/repositories/{namespace}/{repository}/tags/{tag}",
        "/v2/repositories/{namespace}/{repository}/tags/{tag}/images"
    );
    family!(
        routes,
        "/v2/namespaces/{namespace}/repositories/{repository}/tags",
        "/v2/namespaces/{namespace}/repositories/{repository}/tags/{tag}",
        "/v2/namespaces/{namespace}/repositories/{repository}/tags/{tag}/images"
    )
}

async fn list(Can { repo, .. }: Can<Pull>, page: Page) -> Result<Response, Problem> {
    let (order, is_descending) = order(page.field("ordering"))?;
    let owned = |name: &str| page.field(name).map(str::to_owned);
    let query = TagQuery {
        name_part: owned("name"),
        os: owned("os"),
        architecture: owned("architecture"),
        order,
        is_descending,
        offset: page.offset(),
        limit: page.size,
    };
    let found = repo.list_tag_views(&query).await?;
    let results = found.tags.iter().map(tag_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

/// The sign means the opposite of what it means elsewhere: `last_updated` puts the newest first, and
/// clients rely on it.
fn order(text: Option<&str>) -> Result<(TagOrder, bool), Problem> {
    match text.unwrap_or("last_updated") {
        "last_updated" => Ok((TagOrder::Moved, true)),
        "-last_updated" => Ok((TagOrder::Moved, false)),
        "name" => Ok((TagOrder::Name, true)),
        "-name" => Ok((TagOrder::Name, false)),
        _ => Err(bad_field("ordering", "order by last_updated, -last_updated, name or -name")),
    }
}

async fn show(
    Can { repo, .. }: Can<Pull>,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let tag = tag(&path)?;
    let found = repo.find_tag_view(&tag).await?.ok_or_else(|| no_tag(&tag))?;
    Ok(answer(StatusCode::OK, &tag_json(&found)))
}

async fn images(
    Can { repo, .. }: Can<Pull>,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let tag = tag(&path)?;
    let images = repo.list_images(&tag).await?.ok_or_else(|| no_tag(&tag))?;
    let images = images.iter().map(|(image, layers)| {
        let mut object = image_json(image, true, None);
        object["layers"] = layers.iter().map(layer_json).collect();
        object
    });
    Ok(answer(StatusCode::OK, &images.collect::<Vec<Value>>()))
}

async fn delete(
    Can { repo, .. }: Can<Delete>,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let tag = tag(&path)?;
    repo.delete_tag(&tag, None).await.map_err(|error| match error {
        DeleteTagError::NotFound => no_tag(&tag),
        DeleteTagError::DeletesOff | DeleteTagError::Immutable(_) => {
            Problem::forbidden(error.to_string())
        }
        DeleteTagError::PreconditionFailed => {
            Problem::new(StatusCode::PRECONDITION_FAILED, error.to_string())
        }
        DeleteTagError::Store(error) => error.into(),
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The tag that the path names; what can be no tag is not there.
pub fn tag(path: &HashMap<String, String>) -> Result<Tag, Problem> {
    let text = path.get("tag").map_or("", String::as_str);
    text.parse().map_err(|_| Problem::not_found())
}

fn no_tag(tag: &Tag) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("tag '{tag}' not found"))
}

fn tag_json(tag: &TagView) -> Value {
    let row = &tag.row;
    let status = word(tag.is_active);
    let mover = row.moved_by.map_or(0, |id| number(id, ""));
    let images = tag.images.iter().map(|image| image_json(image, tag.is_active, row.pulled_at));
    json!({
        "id": number(tag.repository, row.name.as_str()),
        "repository": number(tag.repository, ""),
        "name": row.name.as_str(),
        "creator": mover,
        "last_updater": mover,
        "last_updater_username": row.mover.as_ref().map_or("", |name| name.as_str()),
        "last_updated": row.moved_at.to_string(),
        "image_id": null,
        "v2": true,
        "full_size": tag.full_size(),
        "tag_status": status,
        "status": status,
        "tag_last_pulled": time(row.pulled_at),
        "tag_last_pushed": row.moved_at.to_string(),
        "pull_count": row.pulls,
        "media_type": row.media_type,
        "content_type": tag.content_type,
        "digest": row.digest.to_string(),
        "images": images.collect::<Vec<_>>(),
    })
}

fn image_json(image: &ImageView, is_active: bool, pulled_at: Option<Timestamp>) -> Value {
    json!({
        "architecture": image.architecture,
        "features": "",
        "variant": image.variant,
        "digest": image.digest.to_string(),
        "os": image.os,
        "os_features": "",
        "os_version": null,
        "size": image.size,
        "status": word(is_active),
        "last_pulled": time(pulled_at),
        "last_pushed": time(image.pushed_at),
    })
}

fn layer_json(layer: &LayerView) -> Value {
    json!({
        "digest": layer.digest.map(|digest| digest.to_string()),
        "size": layer.size,
        "instruction": layer.instruction,
    })
}

fn word(is_active: bool) -> &'static str {
    if is_active { "active" } else { "inactive" }
}

fn time(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}
