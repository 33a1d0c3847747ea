//! The pages, each a struct, a template, what browsers may keep of it, and samples for the tests.

pub mod account;
pub mod admin;
pub mod badge;
mod chart;
pub mod compare;
pub mod docs;
pub mod feed;
mod head;
pub mod home;
pub mod image;
pub mod insights;
pub mod language;
pub mod manage;
pub mod namespace;
pub mod organization;
pub mod picture;
pub mod redirects;
pub mod repository;
pub mod search;
pub mod signin;
pub mod star;
pub mod tag;
pub mod tags;

#[cfg(test)]
mod tests;
