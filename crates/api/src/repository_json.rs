//! The repository objects (hub-api, 5.1).

use roadstead_hub::repos::{Category, Granted, RepositoryDetails, RepositoryRecord};
use roadstead_types::{Actions, Role};
use serde_json::{Value, json};

/// An entry of a list.
pub fn entry_json(record: &RepositoryRecord) -> Value {
    let time = |time: Option<roadstead_types::Timestamp>| time.map(|time| time.to_string());
    json!({
        "user": record.path.namespace(),
        "namespace": record.path.namespace(),
        "name": record.path.name(),
        "repository_type": "image",
        "status": 1,
        "status_description": "active",
        "description": record.description,
        "is_private": record.is_private,
        "is_automated": record.is_automated,
        "is_official": record.is_official,
        "is_archived": record.is_archived,
        "is_migrated": false,
        "star_count": record.stars,
        "pull_count": record.pulls,
        "last_updated": time(record.pushed_at),
        "last_modified": record.updated_at.to_string(),
        "last_pulled": time(record.pulled_at),
        "date_registered": record.created_at.to_string(),
        // Clients want the member and read nothing in it; to fill it, every tag would have to be looked at.
        "media_types": [],
        "content_types": ["image"],
        "categories": categories(record),
        "topics": record.topics,
        "immutable_tags_settings": immutable_tags(record),
    })
}

/// The detail object: the entry, and what only one at a time is looked up for.
pub fn details_json(details: &RepositoryDetails) -> Value {
    let RepositoryDetails { record, particulars, granted } = details;
    let may = |actions: Actions| granted.actions.contains(actions);
    let mut object = entry_json(record);
    let more = json!({
        "full_description": particulars.readme,
        "collaborator_count": particulars.collaborators,
        "storage_size": particulars.stored_bytes,
        "has_starred": particulars.is_starred,
        "can_edit": may(Actions::ADMINISTER),
        "affiliation": affiliation(granted, record),
        "hub_user": null,
        "permissions": {
            "read": true,
            "write": may(Actions::PUSH),
            "admin": may(Actions::ADMINISTER),
        },
        "source": null,
    });
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// What the caller is to the repository, in Docker Hub's words.
fn affiliation(granted: &Granted, record: &RepositoryRecord) -> Option<&'static str> {
    match granted.role? {
        Role::Owner => Some("owner"),
        Role::Read | Role::Write | Role::Admin if record.in_organization() => Some("member"),
        Role::Read | Role::Write | Role::Admin => Some("collaborator"),
    }
}

fn categories(record: &RepositoryRecord) -> Vec<Value> {
    let known = record.categories.iter().filter_map(|slug| Category::find(slug));
    known.map(|category| json!({ "name": category.name, "slug": category.slug })).collect()
}

/// Enabled without rules means all tags.
fn immutable_tags(record: &RepositoryRecord) -> Value {
    json!({
        "enabled": record.immutable_tags.is_some(),
        "rules": record.immutable_tags.as_deref().unwrap_or_default(),
    })
}
