//! Surface 3: HTML pages. For now the front page and the setup of a new hub.
//!
//! Pages work without script, and the content security policy allows none.

mod home;
mod page;
mod reference;
mod setup;

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use roadstead_http::{Access, Routes};

pub use reference::reference;

/// All routes of this surface.
pub fn routes() -> Routes {
    const FRONT: Access = Access::Public("shows how to begin, and nothing of what is in the hub");
    const SETUP: Access = Access::Public("does something only for the holder of the one-time code");
    const STATIC: Access = Access::Public("a file of the program");
    Routes::new()
        .get("/", FRONT, home::show)
        .get("/setup", SETUP, setup::form)
        .post("/setup", SETUP, setup::submit)
        .get("/setup/", SETUP, setup::form)
        .post("/setup/", SETUP, setup::submit)
        .get("/static/setup.css", STATIC, stylesheet)
}

async fn stylesheet() -> ([(http::HeaderName, &'static str); 2], &'static str) {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=300")];
    (headers, include_str!("../static/setup.css"))
}
