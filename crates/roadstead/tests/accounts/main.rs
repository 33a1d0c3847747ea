//! People and their credentials as clients meet them, through HTTP against the real program.
//!
//! Ground rules: distribution's token specification (GET and OAuth2), Docker Hub's API as its
//! clients use it.

mod access_tokens;
mod addresses;
mod end_of_life;
mod forgotten_password;
mod guessing;
mod invitation_letters;
mod limited_tokens;
mod post_office;
mod profiles;
mod repositories;
mod search;
mod sessions;
mod setup;
mod sign_up;
mod token_service;
mod two_factor;
mod verification;
