//! What can go wrong on this side, told so that a person knows what to do.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Neither an answer nor a refusal.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable { host: String, cause: String },
    /// An answer broke off. Going on where it stopped may help.
    #[error("the connection to {host} broke: {cause}")]
    Broken { host: String, cause: String },
    /// Not allowed, or not without signing in.
    #[error("{text}")]
    Denied { text: String, signed_in: bool },
    #[error("{0}")]
    NotFound(String),
    /// Any other refusal.
    #[error("{text}")]
    Refused { status: u16, text: String },
    /// Bytes are not what their digest says, or a document is not what it should be.
    #[error("{0}")]
    Corrupt(String),
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    /// Asked for something that cannot be.
    #[error("{0}")]
    Invalid(String),
    /// A credential helper, or docker's configuration.
    #[error("{0}")]
    Credentials(String),
}

impl ClientError {
    /// Whether the same request may well succeed in a moment.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Broken { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500..=599),
            _ => false,
        }
    }

    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::File { path: path.to_owned(), error }
    }

    /// Tells the innermost cause of a failed request, which is what a person can act on.
    pub(crate) fn broken(host: &str, error: &reqwest::Error) -> Self {
        let cause = innermost(error);
        let host = host.to_owned();
        match error.is_connect() {
            true => Self::Unreachable { host, cause },
            false => Self::Broken { host, cause },
        }
    }
}

fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
