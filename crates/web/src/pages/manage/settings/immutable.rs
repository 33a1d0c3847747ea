//! Tags that cannot move: none, all, or those that patterns match, and which of today's tags those are.

use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::access::{Administer, Repo};
use roadstead_types::Tag;
use serde::Deserialize;

use super::{Refused, Settings, address, make};
use crate::form::Errors;
use crate::pages::manage::refuse_edit;
use crate::seen::Seen;

/// Tags that are named of those that match.
const NAMED: usize = 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// `none`, `all`, or `patterns`.
    immutable: String,
    /// One a line.
    rules: String,
    /// `save`, or `check`: say what would match and change nothing.
    what: String,
    mark: String,
}

/// The rules as the form shows them.
#[derive(Clone, Debug)]
pub struct Rules {
    pub mode: String,
    pub text: String,
    pub matching: Option<Matching>,
}

/// Tags of today that the typed patterns match.
#[derive(Clone, Debug)]
pub struct Matching {
    pub named: Vec<String>,
    pub more: usize,
}

impl Matching {
    pub fn count(&self) -> usize {
        self.named.len() + self.more
    }
}

impl From<Option<&Vec<String>>> for Rules {
    fn from(stored: Option<&Vec<String>>) -> Self {
        let (mode, text) = match stored {
            None => ("none", String::new()),
            Some(rules) if rules.is_empty() => ("all", String::new()),
            Some(rules) => ("patterns", rules.join("\n")),
        };
        Self { mode: mode.to_owned(), text, matching: None }
    }
}

pub async fn submit(seen: Seen<Administer>, Form(sent): Form<Sent>) -> Response {
    let done = match sent.what.as_str() {
        "check" => check(&seen, &sent).await,
        _ => save(&seen, &sent).await,
    };
    match done {
        Ok(answer) | Err(Refused::Answer(answer)) => answer,
        Err(Refused::Problem(problem)) => seen.visit.refuse(&problem),
        Err(Refused::Form(errors)) => {
            // To have something checked is no mistake.
            let errors = match sent.what.as_str() {
                "check" => errors.with_status(StatusCode::OK),
                _ => errors,
            };
            let page = typed(&seen, &sent, None).await;
            seen.visit.answer(page.map(|page| Settings { errors, ..page }))
        }
    }
}

async fn save(
    Seen { repo, visit, .. }: &Seen<Administer>,
    sent: &Sent,
) -> Result<Response, Refused> {
    visit.sender(&sent.mark)?;
    let patterns = patterns(&sent.rules);
    let rules = match sent.immutable.as_str() {
        "none" => None,
        "all" => Some(Vec::new()),
        "patterns" if patterns.is_empty() => {
            return Err(Errors::at("rules", visit.frame.t("manage-immutable-empty")).into());
        }
        "patterns" => Some(patterns),
        _ => return Err(Errors::at("rules", visit.frame.t("manage-choose")).into()),
    };
    repo.set_immutable_tags(rules).await.map_err(|error| refuse_edit("rules", error))?;
    Ok(visit.done(&address(repo.name(), None), &visit.frame.t("manage-saved")))
}

async fn check(seen: &Seen<Administer>, sent: &Sent) -> Result<Response, Refused> {
    let matching = matching(&seen.repo, &patterns(&sent.rules)).await?;
    let page = typed(seen, sent, Some(matching)).await;
    Ok(seen.visit.clone().answer(page))
}

/// The page with what was typed.
async fn typed(
    seen: &Seen<Administer>,
    sent: &Sent,
    matching: Option<Matching>,
) -> Result<Settings, Problem> {
    let (mode, text) = (sent.immutable.clone(), sent.rules.clone());
    let page = make(&seen.visit, &seen.repo).await?;
    Ok(Settings { rules: Rules { mode, text, matching }, ..page })
}

async fn matching(repo: &Repo<Administer>, patterns: &[String]) -> Result<Matching, Refused> {
    let mut tags: Vec<Tag> = Vec::new();
    for pattern in patterns {
        let found = repo.list_matching_tags(pattern).await;
        tags.extend(found.map_err(|error| refuse_edit("rules", error))?);
    }
    tags.sort();
    tags.dedup();
    let more = tags.len().saturating_sub(NAMED);
    Ok(Matching { named: tags.iter().take(NAMED).map(ToString::to_string).collect(), more })
}

fn patterns(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
impl Rules {
    pub fn sample() -> Self {
        let matching = Matching { named: vec!["2.4".to_owned()], more: 3 };
        let text = r"\d+\.\d+</textarea><b>".to_owned();
        Self { mode: "patterns".to_owned(), text, matching: Some(matching) }
    }
}
