//! Files of the program that browsers keep: named by their content, so that they never change.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS,
};

/// A file, as it is and compressed.
pub struct Asset {
    name: &'static str,
    path: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

mod table {
    use super::Asset;

    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// Where a file is found. A name that is none shows in every test that renders a page.
pub fn path(name: &str) -> &'static str {
    table::FILES.iter().find(|asset| asset.name == name).map_or("", |asset| asset.path)
}

/// `GET /static/{file}`.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let wanted = table::FILES.iter().find(|asset| asset.path.ends_with(&format!("/{file}")));
    let Some(asset) = wanted else { return StatusCode::NOT_FOUND.into_response() };
    let (encoding, bytes) = asset.best(&headers);
    let year = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut response = ([(CACHE_CONTROL, year)], bytes).into_response();
    let mut put = |name: HeaderName, value| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    put(CONTENT_TYPE, asset.kind);
    put(VARY, "accept-encoding");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(encoding) = encoding {
        put(CONTENT_ENCODING, encoding);
    }
    response
}

impl Asset {
    fn best(&self, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        let taken = |name: &str| {
            let lines =
                headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
            let mut codings = lines.flat_map(|line| line.split(','));
            codings.any(|coding| {
                coding.trim().split(';').next() == Some(name) && !coding.ends_with("q=0")
            })
        };
        if taken("br") {
            (Some("br"), self.brotli)
        } else if taken("gzip") {
            (Some("gzip"), self.gzip)
        } else {
            (None, self.plain)
        }
    }
}
