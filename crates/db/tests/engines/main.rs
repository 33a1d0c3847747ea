//! Every query, on SQLite and on PostgreSQL.

mod fixture;

mod accounts;
mod addresses;
mod audit;
mod batch;
mod blobs;
mod contract;
mod coverage;
mod invitations;
mod jobs;
mod listing;
mod lookups;
mod manifests;
mod organizations;
mod plans;
mod repair;
mod repos;
mod roles;
mod schema;
mod search;
mod stars;
mod tags;
mod teams;
mod throttle;
mod tokens;
mod uploads;
