//! `/api/docs`: the API as a page, from the same document that programs read.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use crate::frame::Frame;
use crate::page::render;

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference {
    frame: Frame,
    /// Routes by the first word of their path.
    chapters: BTreeMap<String, Vec<Line>>,
}

struct Line {
    method: String,
    path: String,
    summary: String,
    is_open: bool,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    is_required: bool,
}

/// The page of an OpenAPI document.
pub fn reference(document: &Value, frame: Frame) -> Response {
    let mut chapters: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let chapter = text(&operation["tags"][0]);
            chapters.entry(chapter).or_default().push(line(path, method, operation));
        }
    }
    render(StatusCode::OK, &Reference { frame, chapters })
}

fn line(path: &str, method: &str, operation: &Value) -> Line {
    Line {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        is_open: operation["security"][0].as_object().is_some_and(serde_json::Map::is_empty),
        fields: fields(&operation["requestBody"]["content"]["application/json"]["schema"]),
    }
}

fn fields(schema: &Value) -> Vec<Field> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| Field {
            name: name.clone(),
            kind: kind(&property["type"]),
            is_required: required.iter().any(|it| it == name),
        })
        .collect()
}

/// `string`, or `string or null`.
fn kind(types: &Value) -> String {
    match types.as_array() {
        Some(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        None => text(types),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
