//! The route table: no route without a declared access, and a list of all routes that the sweep
//! test walks.

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use http::Method;
use roadstead_hub::access::{OrgRight, Right};
use schemars::{JsonSchema, Schema};

use crate::app::App;
use crate::rates::limit_requests;

/// What a caller must have to use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A right on the repository that the path names.
    Right(&'static str),
    /// A place in the organization that the path names.
    Place(&'static str),
    /// Any account.
    SignedIn,
    /// An administrator of the hub.
    Administrator,
    /// Everybody, and why that is harmless.
    Public(&'static str),
}

impl Access {
    pub const fn needs<R: Right>() -> Self {
        Self::Right(R::NAME)
    }

    pub const fn of<R: OrgRight>() -> Self {
        Self::Place(R::NAME)
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteEntry {
    pub method: Method,
    /// The path, with `{parameters}`.
    pub pattern: &'static str,
    pub access: Access,
}

/// What people and programs are told of a route.
#[derive(Clone, Debug)]
pub struct Told {
    pub method: Method,
    pub pattern: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// The JSON schema of the body it takes.
    pub body: Option<Schema>,
}

/// Routes of one surface, the table that declares them, and what is told of them.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    /// Those whose requests count against the API's rate limit.
    counted: Router<App>,
    entries: Vec<RouteEntry>,
    told: Vec<Told>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one route.
    #[must_use]
    pub fn on<H, T>(
        mut self,
        method: Method,
        pattern: &'static str,
        access: Access,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter =
            method.clone().try_into().expect("only methods that axum knows are registered");
        self.router = self.router.route(pattern, MethodRouter::new().on(filter, handler));
        self.entries.push(RouteEntry { method, pattern, access });
        self
    }

    #[must_use]
    pub fn get<H, T>(self, pattern: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on(Method::GET, pattern, access, handler)
    }

    #[must_use]
    pub fn post<H, T>(self, pattern: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on(Method::POST, pattern, access, handler)
    }

    #[must_use]
    pub fn patch<H, T>(self, pattern: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on(Method::PATCH, pattern, access, handler)
    }

    #[must_use]
    pub fn delete<H, T>(self, pattern: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on(Method::DELETE, pattern, access, handler)
    }

    /// Says what the route added last does.
    #[must_use]
    pub fn tell(mut self, summary: &'static str) -> Self {
        if let Some(RouteEntry { method, pattern, .. }) = self.entries.last().cloned() {
            self.told.push(Told { method, pattern, summary, body: None });
        }
        self
    }

    /// Says what the route added last does, and that it takes a `T` as JSON.
    #[must_use]
    pub fn tell_taking<T: JsonSchema>(self, summary: &'static str) -> Self {
        let mut routes = self.tell(summary);
        if let Some(told) = routes.told.last_mut() {
            told.body = Some(schemars::schema_for!(T));
        }
        routes
    }

    /// Adds a dispatcher of its own for everything below `pattern`, with the table it works from.
    #[must_use]
    pub fn nest_dispatcher<H, T>(
        mut self,
        pattern: &'static str,
        entries: impl IntoIterator<Item = RouteEntry>,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.router = self.router.route(pattern, axum::routing::any(handler));
        self.entries.extend(entries);
        self
    }

    /// Joins the routes of two surfaces.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.counted = self.counted.merge(other.counted);
        self.entries.extend(other.entries);
        self.told.extend(other.told);
        self
    }

    pub fn entries(&self) -> &[RouteEntry] {
        &self.entries
    }

    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// Puts the routes so far under the API's rate limit.
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.counted = self.counted.merge(std::mem::take(&mut self.router));
        self
    }

    pub fn into_router(self, app: &App) -> Router<App> {
        let counting = axum::middleware::from_fn_with_state(app.clone(), limit_requests);
        self.router.merge(self.counted.route_layer(counting))
    }
}
