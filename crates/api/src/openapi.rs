//! `/api/openapi.json`: Roadstead's own routes, written down from the table that serves them.

use http::Method;
use roadstead_http::{Access, RouteEntry, Routes, Told};
use serde_json::{Map, Value, json};

/// The routes that are told of: Roadstead's own. Docker Hub's are documented by Docker.
pub fn is_own(entry: &RouteEntry) -> bool {
    entry.pattern.starts_with("/api/v1/") && !entry.pattern.ends_with('/')
}

/// The document, in OpenAPI 3.1.
pub fn document(routes: &Routes) -> Value {
    let mut paths = Map::new();
    for entry in routes.entries().iter().filter(|entry| is_own(entry)) {
        let path = paths.entry(entry.pattern).or_insert_with(|| json!({}));
        let told = routes.told().iter().find(|told| speaks_of(told, entry));
        path[entry.method.as_str().to_ascii_lowercase()] = operation(entry, told);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Roadstead",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What Docker Hub's API has no word for. Accounts, organizations, \
                repositories, tags and access tokens are under /v2/ as Docker Hub's clients know them.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer",
                    "description": "A token from POST /v2/auth/token." },
                "basic": { "type": "http", "scheme": "basic",
                    "description": "An account's name, and its password or an access token." },
            },
            "schemas": { "Problem": problem() },
        },
    })
}

fn speaks_of(told: &Told, entry: &RouteEntry) -> bool {
    told.method == entry.method
        && told.pattern.trim_end_matches('/') == entry.pattern.trim_end_matches('/')
}

fn operation(entry: &RouteEntry, told: Option<&Told>) -> Value {
    let mut operation = json!({
        "operationId": operation_id(entry),
        "tags": [chapter(entry.pattern)],
        "summary": told.map_or("", |told| told.summary),
        "parameters": parameters(entry),
        "responses": {
            "204": { "description": "Done, and there is nothing to tell." },
            "2XX": { "description": "Done.", "content": { "application/json": {} } },
            "4XX": refused(),
            "5XX": refused(),
        },
    });
    if matches!(entry.access, Access::Public(_)) {
        operation["security"] = json!([{}, { "bearer": [] }, { "basic": [] }]);
    } else {
        operation["security"] = json!([{ "bearer": [] }, { "basic": [] }]);
    }
    if let Some(schema) = told.and_then(|told| told.body.as_ref()) {
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema } },
        });
    }
    operation
}

/// The first word behind the prefix.
fn chapter(pattern: &str) -> &str {
    pattern.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default()
}

fn operation_id(entry: &RouteEntry) -> String {
    let words = entry.pattern.trim_start_matches("/api/v1/").split('/');
    let words: Vec<_> = words.map(|word| word.trim_matches(['{', '}'])).collect();
    format!("{}-{}", entry.method.as_str().to_ascii_lowercase(), words.join("-"))
}

fn parameters(entry: &RouteEntry) -> Vec<Value> {
    let in_path = entry.pattern.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
        Some(json!({ "name": name, "in": "path", "required": true, "schema": schema }))
    });
    let mut parameters: Vec<_> = in_path.collect();
    if entry.method == Method::GET {
        for (name, most) in [("page", i64::MAX), ("page_size", 100)] {
            let schema = json!({ "type": "integer", "minimum": 1, "maximum": most });
            parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
        }
    }
    parameters
}

fn refused() -> Value {
    json!({
        "description": "One sentence that says the rule and the way on.",
        "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "properties": { "message": { "type": "string" }, "detail": { "type": "string" } },
        "required": ["detail"],
    })
}
