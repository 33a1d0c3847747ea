//! `/v1/users/`: sign-up and sign-in of the first Docker clients (hub-api, section 13).

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::{Access, App, ClientAddress, Problem, Routes, SignedIn};

use crate::body::{Incoming, answer};
use crate::both;
use crate::users::{SIGN_UP, SignUpForm, refuse};

pub fn routes(routes: Routes) -> Routes {
    let routes = both!(routes, POST "/v1/users", SIGN_UP, sign_up);
    both!(routes, GET "/v1/users", Access::SignedIn, sign_in)
}

async fn sign_up(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Incoming(form): Incoming<SignUpForm>,
) -> Result<Response, Problem> {
    app.hub.sign_up(form.into(), address).await.map_err(refuse)?;
    Ok(answer(StatusCode::CREATED, &"User Created"))
}

/// The check that old clients make with Basic credentials.
async fn sign_in(SignedIn(_): SignedIn) -> Response {
    answer(StatusCode::OK, &"OK")
}
