//! Organizations as their people use them: over the API, and with the clients that push and pull.

mod desk;

mod invitations;
mod life;
mod members;
mod plans;
mod races;
mod sharing;
mod teams;
