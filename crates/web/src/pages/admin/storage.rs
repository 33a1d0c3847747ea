//! What the hub stores, and who holds most of it.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::administration::{Census, NamespaceUse};

use super::Desk;
use crate::frame::Frame;
use crate::page::{Caching, Page};

/// Namespaces that are named.
const NAMED: u32 = 10;

#[derive(Template)]
#[template(path = "admin/storage.html")]
pub struct Storage {
    frame: Frame,
    census: Census,
    fullest: Vec<NamespaceUse>,
    /// Hours that an upload may rest, and that a blob is safe after a push.
    upload_hours: u64,
    protection_hours: u64,
}

impl Page for Storage {
    const CACHING: Caching = Caching::Ask;
}

impl Storage {
    /// What namespaces are charged beyond what is stored: bytes that several of them share.
    fn shared(&self) -> u64 {
        self.census.charged_bytes.saturating_sub(self.census.blob_bytes)
    }

    /// Of the fullest one's bytes, in hundredths.
    fn share(&self, of: &NamespaceUse) -> u64 {
        let most = self.fullest.first().map_or(1, |it| it.stored_bytes).max(1);
        of.stored_bytes.saturating_mul(100) / most
    }
}

pub async fn show(desk: Desk) -> Response {
    let made = make(&desk).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk) -> Result<Storage, Problem> {
    let settings = desk.hub().settings();
    Ok(Storage {
        frame: desk.frame().clone(),
        census: desk.hub().census(&desk.key).await?,
        fullest: desk.hub().fullest_namespaces(&desk.key, NAMED).await?,
        upload_hours: settings.upload_ttl.as_secs() / 3600,
        protection_hours: settings.protection.as_secs() / 3600,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Storage> {
    let holder =
        |name: &str, stored_bytes| NamespaceUse { name: name.parse().unwrap(), stored_bytes };
    let page = |census, fullest| Storage {
        frame: Frame::sample("/admin/storage", Some("keeper")),
        census,
        fullest,
        upload_hours: 24,
        protection_hours: 24,
    };
    let census =
        Census { blobs: 1204, blob_bytes: 1 << 40, charged_bytes: 2 << 40, ..Census::default() };
    let fullest = vec![holder("harborworks", 61_800_000_000), holder("alice", 4_200_000_000)];
    vec![page(census, fullest), page(Census::default(), Vec::new())]
}
