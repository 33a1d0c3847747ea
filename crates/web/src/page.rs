//! From a template to an answer that browsers handle with care.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Everything comes from this hub, no script or style stands in a page, and forms go nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Not at all: it holds what only this person may see, or a secret.
    Never,
    /// By this browser, which asks again each time: pages that show other things to other people.
    Ask,
}

/// A page of the site.
pub trait Page: Template {
    const CACHING: Caching;

    fn status(&self) -> StatusCode {
        StatusCode::OK
    }

    /// The region that htmx wants instead of the page, where there is one.
    fn region(&self) -> Option<askama::Result<String>> {
        None
    }
}

/// The whole page, or its region.
pub fn answer<P: Page>(page: &P, is_partial: bool) -> Response {
    let region = if is_partial { page.region() } else { None };
    let html = region.unwrap_or_else(|| page.render());
    let cache = match P::CACHING {
        Caching::Never => "no-store",
        Caching::Ask => "private, no-cache",
    };
    let mut response = dressed(page.status(), html, cache);
    let policy = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(REFERRER_POLICY, policy);
    response
}

/// A page that is never kept, and whose address, which may hold a code, is told to nobody.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    dressed(status, page.render(), "no-store")
}

fn dressed(status: StatusCode, html: askama::Result<String>, cache: &'static str) -> Response {
    let mut response = match html {
        Ok(html) => (status, Html(html)).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    let mut put = |name: HeaderName, value| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    put(CONTENT_SECURITY_POLICY, POLICY);
    put(CACHE_CONTROL, cache);
    put(VARY, "cookie, accept-language, hx-request");
    put(REFERRER_POLICY, "no-referrer");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    response
}
