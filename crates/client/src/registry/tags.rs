//! The tags of a repository.

use reqwest::StatusCode;
use reqwest::header::LINK;
use roadstead_types::Tag;
use serde::Deserialize;

use super::Repository;
use crate::ClientError;
use crate::http::document;

/// Pages followed; a registry that links in a circle is not followed for ever.
const MAX_PAGES: usize = 10_000;

#[derive(Deserialize)]
struct Page {
    tags: Option<Vec<String>>,
}

impl Repository {
    /// All tags, page after page.
    pub async fn tags(&self) -> Result<Vec<Tag>, ClientError> {
        let mut tags = Vec::new();
        let mut url = self.url("tags/list?n=1000");
        for _ in 0..MAX_PAGES {
            let answer = self.send(&[], |http| http.get(&url)).await?;
            if answer.status() != StatusCode::OK {
                return Err(self.refused(answer).await);
            }
            let next = answer.headers().get(LINK).and_then(|link| next(link.to_str().ok()?));
            let next = next.map(|next| answer.url().join(&next));
            let page: Page = serde_json::from_slice(&document(self.host(), answer).await?)
                .map_err(|error| {
                    ClientError::Corrupt(format!("{}: no list of tags: {error}", self.host()))
                })?;
            tags.extend(page.tags.unwrap_or_default().iter().filter_map(|tag| tag.parse().ok()));
            match next {
                Some(Ok(next)) if next.as_str().starts_with(&self.registry.base) => {
                    url = next.into();
                }
                _ => return Ok(tags),
            }
        }
        Err(ClientError::Corrupt(format!("{}: the list of tags has no end", self.host())))
    }
}

/// The target of `<..>; rel="next"`.
fn next(link: &str) -> Option<String> {
    let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    rest.contains("next").then(|| target.to_owned())
}
