//! Repositories: make, show, change, hide, delete (hub-api, section 5).

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, Anyone, App, Can, Problem, Routes, SignedIn};
use roadstead_hub::access::{Administer, Allows, Describe, Pull, Repo};
use roadstead_hub::repos::{
    CreateRepositoryError, EditError, RepositoryOrder, RepositoryQuery, Terms, Texts,
};
use roadstead_hub::{Caller, Hub};
use roadstead_types::{AccountName, RepositoryName, Tag};
use serde::Deserialize;
use serde_json::json;

use crate::body::{Incoming, answer, bad_field, bad_fields};
use crate::both;
use crate::page::Page;
use crate::repository_json::{details_json, entry_json};

const LIST: Access = Access::Public("lists only what the caller may pull");

macro_rules! one {
    ($routes:expr, $path:literal) => {{
        let routes = both!($routes, GET $path, Access::needs::<Pull>(), show);
        let routes = both!(routes, PATCH $path, Access::needs::<Describe>(), change);
        both!(routes, DELETE $path, Access::needs::<Administer>(), delete)
    }};
}

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, POST "/v2/repositories", Access::SignedIn, create);
    let routes = both!(routes, POST "/v2/repositories/{namespace}", Access::SignedIn, create_in);
    let routes =
        both!(routes, POST "/v2/namespaces/{namespace}/repositories", Access::SignedIn, create_in);
    let routes = one!(routes, "/v2/repositories/{namespace}/{repository}");
    let routes = one!(routes, "/v2/namespaces/{namespace}/repositories/{repository}");
    let routes = both!(routes, GET "/v2/repositories/{namespace}", LIST, list);
    let routes = both!(routes, GET "/v2/namespaces/{namespace}/repositories", LIST, list);
    let routes = both!(
        routes,
        PATCH "/v2/namespaces/{namespace}/repositories/{repository}/immutabletags",
        Access::needs::<Administer>(),
        set_immutable_tags
    );
    let routes = both!(
        routes,
        POST "/v2/namespaces/{namespace}/repositories/{repository}/immutabletags/verify",
        Access::needs::<Administer>(),
        verify_immutable_tags
    );
    both!(
        routes,
        POST "/v2/repositories/{namespace}/{repository}/privacy",
        Access::needs::<Administer>(),
        set_privacy
    )
}

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    full_description: Option<String>,
    #[serde(default)]
    is_private: Option<bool>,
}

/// What is absent or null stays as it is.
#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    full_description: Option<String>,
    #[serde(default)]
    is_private: Option<bool>,
    #[serde(default)]
    immutable_tags: Option<bool>,
    #[serde(default)]
    immutable_tags_rules: Option<Rules>,
}

impl Change {
    /// What is wanted of the rules: none for `Some(None)`, an empty list for all tags.
    fn immutable_rules(&self) -> Option<Option<Vec<String>>> {
        let rules = self.immutable_tags_rules.as_ref().map(Rules::list);
        match (self.immutable_tags, rules) {
            (Some(false), _) => Some(None),
            (Some(true), rules) => Some(Some(rules.unwrap_or_default())),
            (None, Some(rules)) => Some(Some(rules)),
            (None, None) => None,
        }
    }
}

/// One text with commas is what the Terraform provider sends.
#[derive(Deserialize)]
#[serde(untagged)]
enum Rules {
    Text(String),
    List(Vec<String>),
}

impl Rules {
    fn list(&self) -> Vec<String> {
        match self {
            Self::Text(text) => text
                .split(',')
                .map(str::trim)
                .filter(|rule| !rule.is_empty())
                .map(str::to_owned)
                .collect(),
            Self::List(list) => list.clone(),
        }
    }
}

#[derive(Deserialize)]
struct Verify {
    #[serde(default)]
    regex: String,
}

#[derive(Deserialize)]
struct Privacy {
    #[serde(default)]
    is_private: Option<bool>,
}

async fn create(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    let namespace = form.namespace.clone().unwrap_or_default();
    make(&app.hub, Caller::Identity(who), &namespace, form).await
}

async fn create_in(
    State(app): State<App>,
    SignedIn(who): SignedIn,
    Path(namespace): Path<String>,
    Incoming(form): Incoming<Create>,
) -> Result<Response, Problem> {
    if form.namespace.as_ref().is_some_and(|other| !other.is_empty() && *other != namespace) {
        let text = format!("the path says `{namespace}`; say the same here or nothing");
        return Err(bad_fields([("namespace", text)]));
    }
    make(&app.hub, Caller::Identity(who), &namespace, form).await
}

async fn make(
    hub: &Hub,
    caller: Caller,
    namespace: &str,
    form: Create,
) -> Result<Response, Problem> {
    let Caller::Identity(who) = &caller else { return Err(Problem::unauthorized()) };
    let name = RepositoryName::new(namespace, &form.name)
        .map_err(|error| bad_fields([("name", error.to_string())]))?;
    let description = form.description.as_deref().unwrap_or_default();
    let is_private = form.is_private.unwrap_or(false);
    let full_description = form.full_description.filter(|text| !text.is_empty());
    let texts = Texts { description: None, full_description };
    // Before the repository is made, so that nothing is made when the text is refused.
    texts.check().map_err(refuse_edit)?;
    hub.create_repository(who, &name, description, is_private).await.map_err(refuse_create)?;
    if !texts.is_empty() {
        let repo = hub.open::<Describe>(caller.clone(), &name).await?;
        repo.describe(texts).await.map_err(refuse_edit)?;
    }
    let repo = hub.open::<Pull>(caller.clone(), &name).await?;
    rendered(&repo, StatusCode::CREATED).await
}

async fn show(Can { repo, .. }: Can<Pull>) -> Result<Response, Problem> {
    rendered(&repo, StatusCode::OK).await
}

async fn change(
    State(app): State<App>,
    Can { repo, caller }: Can<Describe>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let now = repo.details().await?.ok_or_else(Problem::not_found)?.record;
    // Clients send what is so already along with what they change.
    let terms = Terms {
        is_private: form.is_private.filter(|wanted| *wanted != now.is_private),
        immutable_tags: form.immutable_rules().filter(|wanted| *wanted != now.immutable_tags),
    };
    let texts = Texts { description: form.description, full_description: form.full_description };
    if !terms.is_empty() {
        let by = app.hub.open::<Administer>(caller.clone(), repo.name()).await?;
        repo.change(texts, terms, &by).await.map_err(refuse_edit)?;
    } else if !texts.is_empty() {
        repo.describe(texts).await.map_err(refuse_edit)?;
    }
    rendered(&repo, StatusCode::OK).await
}

/// `GET`: what the caller may see of a namespace.
async fn list(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Path(namespace): Path<String>,
    page: Page,
) -> Result<Response, Problem> {
    let namespace: AccountName = namespace.parse().map_err(|_| Problem::not_found())?;
    let (order, is_descending) = order(page.field("ordering"))?;
    let query = RepositoryQuery {
        name_part: page.field("name").map(str::to_lowercase),
        order,
        is_descending,
        offset: page.offset(),
        limit: page.size,
    };
    let found = app.hub.list_namespace(&caller, &namespace, &query).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let results = found.repositories.iter().map(entry_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

/// `-` means from the greatest to the least, as Docker Hub documents it for this list.
fn order(text: Option<&str>) -> Result<(RepositoryOrder, bool), Problem> {
    let text = text.unwrap_or("name");
    let (word, is_descending) = match text.strip_prefix('-') {
        Some(word) => (word, true),
        None => (text, false),
    };
    let order = match word {
        "name" => RepositoryOrder::Name,
        "last_updated" => RepositoryOrder::Pushed,
        "pull_count" => RepositoryOrder::Pulls,
        _ => {
            let rule = "order by name, last_updated or pull_count, with `-` for descending";
            return Err(bad_field("ordering", rule));
        }
    };
    Ok((order, is_descending))
}

async fn set_immutable_tags(
    Can { repo, .. }: Can<Administer>,
    Incoming(form): Incoming<Change>,
) -> Result<Response, Problem> {
    let text = "say true or false";
    let rules = form.immutable_rules().ok_or_else(|| bad_field("immutable_tags", text))?;
    repo.set_immutable_tags(rules).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

async fn verify_immutable_tags(
    Can { repo, .. }: Can<Administer>,
    Incoming(form): Incoming<Verify>,
) -> Result<Response, Problem> {
    let tags = repo.list_matching_tags(&form.regex).await.map_err(refuse_edit)?;
    let tags: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    Ok(answer(StatusCode::OK, &json!({ "tags": tags })))
}

async fn set_privacy(
    Can { repo, .. }: Can<Administer>,
    Incoming(form): Incoming<Privacy>,
) -> Result<Response, Problem> {
    let text = "say true or false".to_owned();
    let is_private = form.is_private.ok_or_else(|| bad_fields([("is_private", text)]))?;
    repo.set_private(is_private).await.map_err(refuse_edit)?;
    rendered(&repo, StatusCode::OK).await
}

/// Docker Hub answers 202; clients take any 2xx.
async fn delete(Can { repo, .. }: Can<Administer>) -> Result<Response, Problem> {
    repo.delete().await.map_err(refuse_edit)?;
    Ok(answer(StatusCode::ACCEPTED, &json!({})))
}

pub async fn rendered<R: Allows<Pull>>(
    repo: &Repo<R>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let details = repo.details().await?.ok_or_else(Problem::not_found)?;
    Ok(answer(status, &details_json(&details)))
}

fn refuse_create(error: CreateRepositoryError) -> Problem {
    let text = error.to_string();
    match error {
        CreateRepositoryError::Taken(_) => Problem::new(StatusCode::CONFLICT, text),
        CreateRepositoryError::NotYours { .. } | CreateRepositoryError::NoPrivateSlot(_) => {
            Problem::forbidden(text)
        }
        CreateRepositoryError::DescriptionTooLong { .. } => bad_fields([("description", text)]),
        CreateRepositoryError::Store(error) => error.into(),
    }
}

pub fn refuse_edit(error: EditError) -> Problem {
    let text = error.to_string();
    match error {
        EditError::DescriptionTooLong { .. } => bad_fields([("description", text)]),
        EditError::FullDescriptionTooLong { .. } => bad_fields([("full_description", text)]),
        EditError::NoPrivateSlot(_) => Problem::forbidden(text),
        EditError::Subjects(_) => Problem::new(StatusCode::BAD_REQUEST, text),
        EditError::ImmutableTags(_) => bad_field("immutable_tags_rules", &text),
        EditError::Gone => Problem::not_found(),
        EditError::Store(error) => error.into(),
    }
}
