//! `/docs`: the short guide, with this hub's own name in every command.

use askama::Template;
use axum::response::Response;

use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "docs.html")]
pub struct Docs {
    frame: Frame,
}

impl Page for Docs {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(visit: Visit) -> Response {
    let page = Docs { frame: visit.frame.clone() };
    visit.answer(Ok(page))
}

impl Docs {
    /// What Docker calls `localhost` needs no TLS; everything else does.
    fn needs_insecure(&self) -> bool {
        let host = self.frame.host.split(':').next().unwrap_or_default();
        self.frame.scheme == "http" && host != "localhost" && !host.starts_with("127.")
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Docs> {
    let mut plain = Frame::sample("/docs", None);
    plain.scheme = "http";
    vec![Docs { frame: Frame::sample("/docs", Some("alice")) }, Docs { frame: plain }]
}
