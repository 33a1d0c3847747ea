//! Access: who may do what, asked of the running program through every route and with every kind of
//! credential, genuine and forged.

mod administration;
mod api_limit;
mod cast;
mod credentials;
mod forgeries;
mod model;
mod namespaces;
mod organizations;
mod recipes;
mod reference;
mod report;
mod rotation;
mod scene;
mod scopes;
mod stage;
mod sweep;
mod timing;
mod tokens;
mod two_worlds;
