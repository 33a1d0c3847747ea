//! Pages of a list: `page` from 1, `page_size`, and links to the neighbours (hub-api, 1.5).

use axum::extract::FromRequestParts;
use http::request::Parts;
use roadstead_http::{App, Origin, Problem};
use serde_json::Value;

const DEFAULT_SIZE: u32 = 10;
/// Clients ask for up to 1024; they get this many and follow `next`.
const MAX_SIZE: u32 = 100;

/// Which page is asked for, and what links to others are made of.
#[derive(Clone, Debug)]
pub struct Page {
    number: u64,
    pub size: u32,
    has_size: bool,
    /// Scheme, host and path as the client used them.
    url: String,
    other_fields: Vec<(String, String)>,
}

impl FromRequestParts<App> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let url = format!("{}{}", Origin::of(parts, app), parts.uri.path());
        Ok(Self::read(url, parts.uri.query().unwrap_or_default()))
    }
}

impl Page {
    fn read(url: String, query: &str) -> Self {
        let (number, size, has_size) = (1, DEFAULT_SIZE, false);
        let mut page = Self { number, size, has_size, url, other_fields: Vec::new() };
        for (key, value) in form_urlencoded::parse(query.as_bytes()).take(64) {
            match key.as_ref() {
                "page" => page.number = value.parse().unwrap_or(1).max(1),
                "page_size" => {
                    page.size = value.parse().unwrap_or(DEFAULT_SIZE).clamp(1, MAX_SIZE);
                    page.has_size = true;
                }
                _ => page.other_fields.push((key.into_owned(), value.into_owned())),
            }
        }
        page
    }

    /// With another size where the client did not say one.
    pub fn of_size(self, size: u32) -> Self {
        let size = if self.has_size { self.size } else { size };
        Self { size, ..self }
    }

    pub fn offset(&self) -> u64 {
        (self.number - 1).saturating_mul(u64::from(self.size))
    }

    /// A field of the query that is not about paging; an empty one counts as absent.
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.other_fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The list as clients expect it, or 404 for a page behind the last.
    pub fn render(&self, total: u64, results: Vec<Value>) -> Result<Value, Problem> {
        if self.number > 1 && self.offset() >= total {
            return Err(Problem::not_found());
        }
        let has_next = self.offset().saturating_add(u64::from(self.size)) < total;
        Ok(serde_json::json!({
            "count": total,
            "next": has_next.then(|| self.link(self.number + 1)),
            "previous": (self.number > 1).then(|| self.link(self.number - 1)),
            "results": results,
        }))
    }

    /// Absolute: clients take the prefix off or follow it as it is.
    fn link(&self, number: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.other_fields);
        query.append_pair("page", &number.to_string());
        query.append_pair("page_size", &self.size.to_string());
        format!("{}?{}", self.url, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> Page {
        Page::read("https://hub.example/v2/access-tokens".to_owned(), query)
    }

    #[test]
    fn pages_link_to_their_neighbours_and_keep_the_rest_of_the_query() {
        let middle = page("page=2&page_size=10&name=a%26b").render(25, Vec::new()).unwrap();

        let base = "https://hub.example/v2/access-tokens?name=a%26b&page=";
        assert_eq!(middle["next"], format!("{base}3&page_size=10"));
        assert_eq!(middle["previous"], format!("{base}1&page_size=10"));
        let last = page("page=3").render(25, Vec::new()).unwrap();
        assert_eq!(last["next"], Value::Null);
        assert!(page("page=4").render(25, Vec::new()).is_err());
        assert!(page("page=1").render(0, Vec::new()).is_ok());
    }

    #[test]
    fn hostile_numbers_are_clamped() {
        assert_eq!(page("page_size=1024").size, 100);
        assert_eq!(page("page_size=0").size, 1);
        assert_eq!(page("page_size=-1&page=NaN").offset(), 0);
        assert!(page(&format!("page={}", u64::MAX)).render(5, Vec::new()).is_err());
    }
}
