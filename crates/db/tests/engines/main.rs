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
mod moves;
mod organizations;
mod plans;
mod pulls;
mod recount;
mod repair;
mod repos;
mod roles;
mod schema;
mod search;
mod second_factors;
mod sessions;
mod stars;
mod storage;
mod tag_list;
mod tags;
mod teams;
mod throttle;
mod tokens;
mod trash;
mod uploads;
