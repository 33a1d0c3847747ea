//! Search as Docker and Docker Hub's clients ask for it (hub-api, sections 7 and 13).

use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use roadstead_http::caller::{api_caller, authenticate};
use roadstead_http::{Access, App, Problem, Routes};
use roadstead_hub::Caller;
use roadstead_hub::search::{RepositoryRecord, SearchError, SearchPage, SearchQuery, Sort};
use roadstead_types::Timestamp;
use serde_json::{Value, json};

use crate::body::{answer, bad_field, bad_request};
use crate::both;
use crate::page::Page;
use crate::repository_json::entry_json;

const HARMLESS: Access = Access::Public("finds what is public, and more only for whom it is");

/// `docker search --limit`: this many unless told, at most [`MAX_RESULTS`].
const DEFAULT_RESULTS: u32 = 25;
const MAX_RESULTS: u32 = 100;

pub fn routes(routes: Routes) -> Routes {
    let harmless = Access::Public("says that the index of docker search is here");
    let routes = both!(routes, GET "/v1/_ping", harmless, ping);
    let routes = both!(routes, GET "/v1/search", HARMLESS, docker_search);
    let routes = both!(routes, GET "/v2/search/repositories", HARMLESS, repositories);
    let routes = both!(routes, GET "/api/search/v3/catalog/search", HARMLESS, catalog);
    let routes = both!(routes, GET "/api/search/v4", HARMLESS, catalog);
    both!(routes, GET "/api/v1/search", HARMLESS, ours).tell(
        "Find repositories: `q`; `official`, `automated`, `private` (true or false), `owner`, \
         `architectures` (comma list), `updated_since` (a time); `sort` is best, stars, pulls or updated.",
    )
}

/// The fields of a query string; a client's other fields do no harm.
struct Fields(Vec<(String, String)>);

impl FromRequestParts<App> for Fields {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).take(64);
        Ok(Self(pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect()))
    }
}

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.text(name)? {
            "1" | "true" | "True" => Some(true),
            "0" | "false" | "False" => Some(false),
            _ => None,
        }
    }

    fn strict_flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        match (self.text(name), self.flag(name)) {
            (Some(_), None) => Err(bad_field(name, "say true or false")),
            (_, flag) => Ok(flag),
        }
    }

    fn list(&self, name: &str) -> Vec<String> {
        let parts = self.text(name).unwrap_or_default().split(',');
        parts.map(str::trim).filter(|part| !part.is_empty()).take(16).map(str::to_owned).collect()
    }
}

/// Whoever searches. Docker sends the credentials it keeps for the host: a password, or a registry token
/// that it got for them.
struct Searcher(Caller);

impl FromRequestParts<App> for Searcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match authenticate(parts, app).await {
            Ok(caller) => Ok(Self(caller)),
            Err(_) => Ok(Self(api_caller(parts, app).await?)),
        }
    }
}

async fn ping() -> Response {
    let mut response = answer(StatusCode::OK, &true);
    for (name, value) in
        [("x-docker-registry-version", "0.9.1"), ("x-docker-registry-standalone", "true")]
    {
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// `docker search HOST/TERM`: by stars, because older clients sort so themselves.
async fn docker_search(
    State(app): State<App>,
    Searcher(caller): Searcher,
    fields: Fields,
) -> Result<Response, Problem> {
    let size = fields.number("n").unwrap_or(DEFAULT_RESULTS.into());
    let size = size.clamp(1, MAX_RESULTS.into());
    let number = fields.number("page").unwrap_or(1).max(1);
    let text = fields.text("q").unwrap_or_default().to_owned();
    let query = SearchQuery {
        text: text.clone(),
        sort: Sort::Stars,
        offset: (number - 1).saturating_mul(size),
        limit: u32::try_from(size).unwrap_or(MAX_RESULTS),
        ..SearchQuery::default()
    };
    let found = app.hub.search(&caller, &query).await.map_err(refuse)?;
    let results: Vec<_> = found.repositories.iter().map(docker_json).collect();
    let body = json!({
        "query": text,
        "num_results": found.total,
        "num_pages": found.total.div_ceil(size),
        "page": number,
        "page_size": size,
        "results": results,
    });
    Ok(answer(StatusCode::OK, &body))
}

fn docker_json(repository: &RepositoryRecord) -> Value {
    json!({
        "name": repository.path.short(),
        "description": repository.description,
        "star_count": repository.stars,
        "is_official": repository.is_official,
        "is_automated": repository.is_automated,
        // The older name of the same.
        "is_trusted": repository.is_automated,
    })
}

async fn repositories(
    State(app): State<App>,
    Searcher(caller): Searcher,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let query = SearchQuery {
        text: fields.text("query").unwrap_or_default().to_owned(),
        official: fields.flag("is_official"),
        automated: fields.flag("is_automated"),
        sort: match fields.text("ordering").unwrap_or_default().trim_start_matches('-') {
            "pull_count" => Sort::Pulls,
            "star_count" => Sort::Stars,
            "last_updated" => Sort::Updated,
            _ => Sort::BestMatch,
        },
        offset: page.offset(),
        limit: page.size,
        ..SearchQuery::default()
    };
    let found = app.hub.search(&caller, &query).await.map_err(refuse)?;
    let results = found.repositories.iter().map(repository_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

fn repository_json(repository: &RepositoryRecord) -> Value {
    json!({
        "repo_name": repository.path.short(),
        "short_description": repository.description,
        "star_count": repository.stars,
        "pull_count": repository.pulls,
        "repo_owner": "",
        "is_automated": repository.is_automated,
        "is_official": repository.is_official,
    })
}

/// Every filter there is; a value that means nothing is refused rather than passed over.
async fn ours(
    State(app): State<App>,
    Searcher(caller): Searcher,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let query = SearchQuery {
        text: fields.text("q").unwrap_or_default().to_owned(),
        official: fields.strict_flag("official")?,
        automated: fields.strict_flag("automated")?,
        private: fields.strict_flag("private")?,
        owner: fields.text("owner").map(str::to_owned),
        architectures: fields.list("architectures"),
        updated_since: fields.text("updated_since").map(parse_time).transpose()?,
        sort: match fields.text("sort").unwrap_or("best") {
            "best" => Sort::BestMatch,
            "stars" => Sort::Stars,
            "pulls" => Sort::Pulls,
            "updated" => Sort::Updated,
            _ => return Err(bad_field("sort", "sort by best, stars, pulls or updated")),
        },
        offset: page.offset(),
        limit: page.size,
    };
    let found = app.hub.search(&caller, &query).await.map_err(refuse)?;
    let results = found.repositories.iter().map(entry_json).collect();
    Ok(answer(StatusCode::OK, &page.render(found.total, results)?))
}

fn parse_time(text: &str) -> Result<Timestamp, Problem> {
    let problem = || bad_field("updated_since", "write a time as 2026-01-31T12:00:00Z");
    Timestamp::parse(text).ok_or_else(problem)
}

async fn catalog(
    State(app): State<App>,
    Searcher(caller): Searcher,
    fields: Fields,
) -> Result<Response, Problem> {
    let size = fields.number("size").unwrap_or(DEFAULT_RESULTS.into());
    let official = fields
        .flag("official")
        .or(fields.list("badges").contains(&"official".to_owned()).then_some(true));
    let query = SearchQuery {
        text: fields.text("query").unwrap_or_default().to_owned(),
        official: official.or((fields.text("source") == Some("store")).then_some(true)),
        architectures: fields.list("architectures"),
        sort: match fields.text("sort") {
            Some("pull_count") => Sort::Pulls,
            Some("updated_at") => Sort::Updated,
            _ => Sort::BestMatch,
        },
        offset: fields.number("from").unwrap_or(0),
        limit: u32::try_from(size).unwrap_or(MAX_RESULTS).clamp(1, MAX_RESULTS),
        ..SearchQuery::default()
    };
    let SearchPage { repositories, total } =
        app.hub.search(&caller, &query).await.map_err(refuse)?;
    let results: Vec<_> = repositories.iter().map(catalog_json).collect();
    Ok(answer(StatusCode::OK, &json!({ "total": total, "results": results })))
}

fn catalog_json(repository: &RepositoryRecord) -> Value {
    let (name, namespace) = (repository.path.short(), repository.path.namespace());
    let categories: Vec<_> =
        repository.categories.iter().map(|slug| json!({ "slug": slug, "name": slug })).collect();
    json!({
        "id": name,
        "name": name,
        "slug": name,
        "type": "image",
        "publisher": { "id": namespace, "name": namespace },
        "created_at": repository.created_at.to_string(),
        "updated_at": repository.updated_at.to_string(),
        "short_description": repository.description,
        "badge": if repository.is_official { "official" } else { "none" },
        "star_count": repository.stars,
        "pull_count": rounded(repository.pulls),
        "source": if repository.is_official { "library" } else { "community" },
        // The index filters by them and does not keep them for showing; clients take none as unknown.
        "operating_systems": [],
        "architectures": [],
        "logo_url": null,
        "categories": categories,
        "extension_reviewed": false,
        "archived": repository.is_archived,
    })
}

/// `10K+`: the largest 1, 5, 10, 50, 100, 500 of its unit that was reached.
fn rounded(count: u64) -> String {
    for (unit, letter) in [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")] {
        if count >= unit {
            let steps = [500, 100, 50, 10, 5, 1];
            let step = steps.into_iter().find(|step| count / unit >= *step).unwrap_or(1);
            return format!("{step}{letter}+");
        }
    }
    count.to_string()
}

pub fn refuse(error: SearchError) -> Problem {
    match error {
        SearchError::Query(error) => bad_request(error.to_string()),
        SearchError::NotReady => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).retry_after(5)
        }
        SearchError::Store(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn pulls_are_told_in_round_numbers() {
        let told = [0, 999, 1000, 5400, 12_345, 999_999, 7_000_000_000].map(rounded);

        assert_eq!(told, ["0", "999", "1K+", "5K+", "10K+", "500K+", "5B+"]);
    }
}
