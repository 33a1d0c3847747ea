//! The audit log: of one account as Docker Hub has it (hub-api, section 12), and all of it for
//! administrators.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Administrator, App, Problem, Routes, SignedIn};
use roadstead_hub::audit::{Action, AuditError, AuditEvent, Filter, Group};
use roadstead_types::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::body::{answer, bad_field};
use crate::both;
use crate::page::Page;

/// What clients of this endpoint get when they do not say.
const PAGE_SIZE: u32 = 25;

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, GET "/v2/auditlogs/{account}", Access::SignedIn, of_account);
    let routes = both!(routes, GET "/v2/auditlogs/{account}/actions", Access::SignedIn, actions);
    both!(routes, GET "/api/v1/admin/audit", Access::Administrator, of_hub)
        .tell("The audit log of the whole hub, newest first.")
}

#[derive(Deserialize)]
struct Asked {
    action: Option<String>,
    name: Option<String>,
    actor: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Asked {
    fn filter(self) -> Result<Filter, Problem> {
        let wanted = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Filter {
            action: wanted(self.action).map(known_action).transpose()?,
            actor: wanted(self.actor),
            target: wanted(self.name),
            since: wanted(self.from).map(|text| time("from", &text)).transpose()?,
            until: wanted(self.to).map(|text| time("to", &text)).transpose()?,
            before: None,
        })
    }
}

/// A word that nothing is ever logged under would find nothing, and nobody would know why.
fn known_action(word: String) -> Result<String, Problem> {
    match Action::ALL.iter().any(|action| action.word() == word) {
        true => Ok(word),
        false => {
            let text = "no such action; /v2/auditlogs/{account}/actions lists them all";
            Err(bad_field("action", text))
        }
    }
}

fn time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let rule = "write the time as in 2030-01-31T12:00:00Z";
    Timestamp::parse(text).ok_or_else(|| bad_field(field, rule))
}

async fn of_account(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(account): Path<String>,
    Query(asked): Query<Asked>,
    page: Page,
) -> Result<Response, Problem> {
    let (page, filter) = (page.of_size(PAGE_SIZE), asked.filter()?);
    let found = app.hub.list_audit_log(&who, &account, &filter, page.offset(), page.size).await;
    let logs: Vec<_> = found.map_err(refuse)?.iter().map(|it| log_json(&account, it)).collect();
    Ok(answer(StatusCode::OK, &json!({ "logs": logs })))
}

/// The words are no secret; whose log they are asked for makes no difference.
async fn actions(SignedIn(_): SignedIn, Path(_): Path<String>) -> Response {
    let mut groups = Map::new();
    for group in Group::ALL {
        let of_group = Action::ALL.iter().filter(|action| action.group() == group);
        let actions: Vec<_> = of_group.map(|action| action_json(group, *action)).collect();
        let group_json = json!({ "label": group.label(), "actions": actions });
        groups.insert(group.word().to_owned(), group_json);
    }
    answer(StatusCode::OK, &json!({ "actions": groups }))
}

/// The name without its group: a filter is group, `.` and name.
fn action_json(group: Group, action: Action) -> Value {
    let word = action.word();
    let name = word.strip_prefix(group.word()).and_then(|rest| rest.strip_prefix('.'));
    json!({
        "name": name.unwrap_or(word),
        "description": action.label(),
        "label": action.label(),
    })
}

async fn of_hub(
    State(app): State<App>,
    Administrator(key): Administrator,
    Query(asked): Query<Asked>,
    page: Page,
) -> Result<Response, Problem> {
    let (page, filter) = (page.of_size(PAGE_SIZE), asked.filter()?);
    let found = app.hub.list_whole_audit_log(&key, &filter, page.offset(), page.size).await;
    let (events, total) = found?;
    let rows = events.iter().map(event_json).collect();
    Ok(answer(StatusCode::OK, &page.render(total, rows)?))
}

fn refuse(error: AuditError) -> Problem {
    let text = error.to_string();
    match error {
        AuditError::NoSuchAccount => Problem::not_found(),
        AuditError::NotYours(_) | AuditError::CredentialTooSmall => Problem::forbidden(text),
        AuditError::Store(error) => error.into(),
    }
}

/// An entry as clients of Docker Hub know it: `data` holds texts only.
fn log_json(account: &str, event: &AuditEvent) -> Value {
    let mut data = Map::new();
    for (prefix, value) in [("before_", &event.before), ("", &event.after)] {
        let Some(Value::Object(members)) = value else { continue };
        for (key, value) in members {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            data.insert(format!("{prefix}{key}"), Value::from(text));
        }
    }
    data.insert("credential".to_owned(), Value::from(event.credential.as_str()));
    data.insert("address".to_owned(), Value::from(event.address.as_str()));
    json!({
        "account": account,
        "action": event.action,
        "name": event.target,
        "actor": event.actor,
        "data": data,
        "timestamp": event.at.to_string(),
        "action_description": label(event),
    })
}

fn event_json(event: &AuditEvent) -> Value {
    json!({
        "id": event.id.to_string(),
        "timestamp": event.at.to_string(),
        "action": event.action,
        "outcome": if event.is_denied { "denied" } else { "done" },
        "actor": event.actor,
        "credential": event.credential,
        "address": event.address,
        "name": event.target,
        "before": event.before,
        "after": event.after,
        "action_description": label(event),
    })
}

fn label(event: &AuditEvent) -> &'static str {
    let known = Action::ALL.iter().find(|action| action.word() == event.action);
    known.map_or("", |action| action.label())
}
