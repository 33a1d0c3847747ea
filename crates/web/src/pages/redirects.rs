//! Addresses that other hubs used, and that are still in bookmarks and READMEs (product 90).

use axum::extract::Path;
use axum::response::Redirect;

use crate::ui;

/// `/r/{namespace}/{repository}/..`: the page of a repository.
pub async fn repository(Path((namespace, repository)): Path<(String, String)>) -> Redirect {
    to(&[&namespace, &repository], "")
}

/// `/r/{namespace}/{repository}/tags/`.
pub async fn tags(Path((namespace, repository)): Path<(String, String)>) -> Redirect {
    to(&[&namespace, &repository], "/tags")
}

/// `/u/{name}/`: the page of a person.
pub async fn person(Path(name): Path<String>) -> Redirect {
    to(&[&name], "")
}

/// `/plans/`, `/builds/`: what the guide has to say instead.
pub async fn guide() -> Redirect {
    Redirect::permanent("/docs")
}

fn to(parts: &[&str], end: &str) -> Redirect {
    // Coded anew, so that no part can be a host or a header.
    let path: String = parts.iter().map(|part| format!("/{}", coded(part))).collect();
    Redirect::permanent(&format!("{path}{end}"))
}

fn coded(part: &str) -> String {
    let pair = ui::query(&[("x", part)]);
    pair.strip_prefix("x=").unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::to;

    #[test]
    fn no_part_leads_elsewhere() {
        let place = |parts: &[&str]| {
            let response = to(parts, "").into_response();
            response.headers()["location"].to_str().unwrap().to_owned()
        };

        assert_eq!(place(&["alice", "web"]), "/alice/web");
        assert_eq!(place(&["/evil.example", "x"]), "/%2Fevil.example/x");
    }
}
