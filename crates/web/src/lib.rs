//! Surface 3: HTML pages. For now the front page, the setup of a new hub, and the
//! pages behind links in letters.
//!
//! Pages work without script, and the content security policy allows none.

mod home;
mod invitation;
mod links;
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
    const LINK: Access = Access::Public("does something only for the holder of a link in a letter");
    const ASK: Access = Access::Public("says the same whether or not the address has an account");
    const STATIC: Access = Access::Public("a file of the program");
    Routes::new()
        .get("/", FRONT, home::show)
        .get("/setup", SETUP, setup::form)
        .post("/setup", SETUP, setup::submit)
        .get("/setup/", SETUP, setup::form)
        .post("/setup/", SETUP, setup::submit)
        .get("/account/verify", LINK, links::verify_form)
        .post("/account/verify", LINK, links::verify)
        .get("/account/reset-password", LINK, links::reset_form)
        .post("/account/reset-password", LINK, links::reset)
        .get("/account/forgot-password", ASK, links::forgot_form)
        .post("/account/forgot-password", ASK, links::forgot)
        .get("/account/invitation/{uuid}", LINK, invitation::form)
        .post("/account/invitation/{uuid}", LINK, invitation::reply)
        .get("/static/setup.css", STATIC, stylesheet)
}

async fn stylesheet() -> ([(http::HeaderName, &'static str); 2], &'static str) {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=300")];
    (headers, include_str!("../static/setup.css"))
}
