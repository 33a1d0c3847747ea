//! Access: who may do what, asked of the running program through every route and with every kind of
//! credential, genuine and forged.

mod credentials;
mod forgeries;
mod namespaces;
mod organizations;
mod recipes;
mod reference;
mod rotation;
mod scopes;
mod stage;
mod sweep;
mod timing;
mod tokens;
mod two_worlds;
