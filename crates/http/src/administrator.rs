//! The extractor that only administrators of the hub pass.

use axum::extract::FromRequestParts;
use http::request::Parts;
use roadstead_hub::accounts::SystemKey;

use crate::app::App;
use crate::caller::SignedIn;
use crate::problem::Problem;

/// Proof that an administrator asks. Everybody else is refused, and the log keeps who tried.
pub struct Administrator(pub SystemKey);

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let SignedIn(who) = SignedIn::from_request_parts(parts, app).await?;
        if let Some(key) = SystemKey::of(&who) {
            return Ok(Self(key));
        }
        let what = format!("{} {}", parts.method, parts.uri.path());
        app.hub.record_denied(&who, &what, None).await;
        Err(Problem::forbidden(match who.is_admin {
            true => "this credential may not administer the hub; sign in with the password",
            false => "only administrators of this hub may do this",
        }))
    }
}
