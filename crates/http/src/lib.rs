//! Plumbing shared by the surfaces: who is calling, from where, and what every route declares.
//!
//! No route lives here and no decision is made here; decisions are `roadstead_hub::access`.

pub mod administrator;
pub mod app;
pub mod body;
pub mod caller;
pub mod can;
pub mod in_org;
pub mod middleware;
pub mod origin;
pub mod problem;
pub mod rates;
pub mod routes;
pub mod shutdown;

pub use administrator::Administrator;
pub use app::{App, Challenge, Connection};
pub use caller::{Anyone, CallerError, SignedIn, authenticate};
pub use can::Can;
pub use in_org::InOrg;
pub use middleware::{RequestId, RoutePattern};
pub use origin::{ClientAddress, Origin};
pub use problem::Problem;
pub use routes::{Access, RouteEntry, Routes, Told};
pub use shutdown::Shutdown;
