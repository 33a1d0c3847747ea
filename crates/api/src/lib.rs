//! Surface 2: JSON, as clients of Docker Hub's API know it.
//!
//! Parses, calls the hub, renders. A trailing slash never matters, unknown members of a request are
//! ignored, what a caller may not see is 404 (hub-api, section 1).

mod access_tokens;
mod account;
mod admin;
mod agent;
mod audit;
mod body;
mod invitations;
mod members;
mod moves;
mod number;
pub mod openapi;
mod organization_settings;
mod organization_tokens;
mod organizations;
mod page;
mod plans;
mod repositories;
mod repository_json;
mod search;
mod sessions;
mod sharing;
mod sign_in;
mod stars;
mod subjects;
mod tag_history;
mod tags;
mod teams;
mod trash;
mod two_factor;
mod users;
mod v1;

use roadstead_http::Routes;

/// Adds a route under its path with and without a slash at the end: clients use both, and a redirect
/// would turn a POST into a GET.
macro_rules! both {
    ($routes:expr, $method:ident $path:literal, $access:expr, $handler:expr) => {
        $routes.on(http::Method::$method, $path, $access, $handler).on(
            http::Method::$method,
            concat!($path, "/"),
            $access,
            $handler,
        )
    };
}
pub(crate) use both;

/// All routes of this surface.
pub fn routes() -> Routes {
    let routes = sign_in::routes(Routes::new());
    let routes = users::routes(routes);
    let routes = v1::routes(routes);
    let routes = access_tokens::routes(routes);
    let routes = admin::routes(routes);
    let routes = audit::routes(routes);
    let routes = organization_tokens::routes(routes);
    let routes = plans::routes(routes);
    let routes = search::routes(routes);
    let routes = account::routes(routes);
    let routes = two_factor::routes(routes);
    let routes = sessions::routes(routes);
    let routes = repositories::routes(routes);
    let routes = organizations::routes(routes);
    let routes = organization_settings::routes(routes);
    let routes = members::routes(routes);
    let routes = teams::routes(routes);
    let routes = invitations::routes(routes);
    let routes = sharing::routes(routes);
    let routes = subjects::routes(routes);
    let routes = stars::routes(routes);
    let routes = tags::routes(routes);
    let routes = tag_history::routes(routes);
    let routes = moves::routes(routes);
    trash::routes(routes).counted()
}
