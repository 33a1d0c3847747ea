//! What an operator decides. Every default is safe on one machine.

use std::time::Duration;

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUp {
    Open,
    /// With a one-time code that an administrator hands out.
    Invite,
    Closed,
}

/// Whether an index may name children, and an image layers, that are not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SparseIndexes {
    Refuse,
    Allow,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// The `service` of the token protocol, and the audience of our tokens.
    pub service: String,
    pub sign_up: SignUp,
    /// Whether tags, manifests and blobs can be deleted through `/v2/`.
    pub deletes: bool,
    pub sparse_indexes: SparseIndexes,
    /// Answer blob downloads with a signed URL of the store, valid this long.
    pub redirect_downloads: Option<Duration>,
    /// How long an upload may rest before it is purged.
    pub upload_ttl: Duration,
    /// How long a blob that was pushed, mounted or asked for is safe from collection.
    pub protection: Duration,
    pub token_ttl: Duration,
    /// How many private repositories a namespace may have that was given no plan; `None` is without
    /// limit.
    pub private_repositories: Option<u64>,
    /// Bytes that such a namespace may hold.
    pub storage_bytes: Option<u64>,
    /// How long entries of the audit log are kept.
    pub audit_retention: Duration,
    /// The server that letters go out through; without one they are files in the data directory.
    pub mail_server: Option<String>,
    pub pulls: PullLimits,
    pub limits: Limits,
}

/// How often somebody may pull in a window of time; `None` is without limit.
#[derive(Clone, Debug)]
pub struct PullLimits {
    /// From one address, without an account.
    pub anonymous: Option<u64>,
    /// By one account that was given no plan.
    pub account: Option<u64>,
    pub window: Duration,
}

/// Bounds on what one request may bring.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one blob.
    pub blob_bytes: u64,
    /// Bytes of one manifest; the specification asks for at least 4 MiB (4_194_304).
    pub manifest_bytes: usize,
    /// Descriptors in one manifest: layers or children.
    pub manifest_references: usize,
    /// Referrers of one subject in one repository.
    pub referrers: u64,
    /// Rows of one page of tags, catalog or referrers.
    pub page: u32,
    /// Failed sign-ins of one account, or from one address, in the window.
    pub login_failures: i64,
    pub login_window: Duration,
    /// Sign-ups from one address in the window.
    pub sign_ups: i64,
    pub sign_up_window: Duration,
    /// Password checks that may run at once; each needs 19 MiB of memory.
    pub password_checks: usize,
    /// Upload sessions one account may have open.
    pub uploads_per_account: u64,
    /// Requests to the API a minute, by one account at one address; `None` is without limit.
    pub api_requests: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            service: "roadstead".to_owned(),
            sign_up: SignUp::Closed,
            deletes: true,
            sparse_indexes: SparseIndexes::Refuse,
            redirect_downloads: None,
            upload_ttl: Duration::from_secs(24 * 3600),
            protection: Duration::from_secs(24 * 3600),
            token_ttl: Duration::from_secs(300),
            private_repositories: Some(1),
            storage_bytes: None,
            audit_retention: Duration::from_secs(400 * 24 * 3600),
            mail_server: None,
            pulls: PullLimits {
                anonymous: None,
                account: None,
                window: Duration::from_secs(6 * 3600),
            },
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            blob_bytes: 64 << 30,
            manifest_bytes: 4 << 20,
            manifest_references: 4096,
            referrers: 100_000,
            page: 1000,
            login_failures: 10,
            login_window: Duration::from_secs(900),
            sign_ups: 20,
            sign_up_window: Duration::from_secs(3600),
            password_checks: 4,
            uploads_per_account: 1000,
            api_requests: Some(60_000),
        }
    }
}
