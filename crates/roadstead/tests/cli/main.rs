//! The commands of a client, run as the finished program against a running hub, beside the clients
//! people have.

mod desk;
mod hub;
mod life;
mod login;
mod people;
mod relay;
mod resume;
mod terminal;
mod transfer;
