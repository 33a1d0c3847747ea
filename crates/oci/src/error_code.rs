//! The error codes of the distribution specification ("Error Codes"), with those that distribution
//! added and that docker prints well.

/// One code: its word, its status, and the text docker shows when there is no better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    BlobUnknown,
    BlobUploadInvalid,
    BlobUploadUnknown,
    Denied,
    DigestInvalid,
    ManifestBlobUnknown,
    ManifestInvalid,
    ManifestTooLarge,
    ManifestUnknown,
    NameInvalid,
    NameUnknown,
    PageInvalid,
    PreconditionFailed,
    RangeInvalid,
    SizeInvalid,
    TagInvalid,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unsupported,
    UriTooLong,
    Full,
    Internal,
}

impl ErrorCode {
    /// The word on the wire. Some of ours share a registered word, because docker prints the text
    /// of an unregistered one as `unknown: ...`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BlobUnknown => "BLOB_UNKNOWN",
            Self::BlobUploadInvalid => "BLOB_UPLOAD_INVALID",
            Self::BlobUploadUnknown => "BLOB_UPLOAD_UNKNOWN",
            Self::Denied => "DENIED",
            Self::DigestInvalid => "DIGEST_INVALID",
            Self::ManifestBlobUnknown => "MANIFEST_BLOB_UNKNOWN",
            Self::ManifestInvalid | Self::ManifestTooLarge | Self::PreconditionFailed => {
                "MANIFEST_INVALID"
            }
            Self::ManifestUnknown => "MANIFEST_UNKNOWN",
            Self::NameInvalid => "NAME_INVALID",
            Self::NameUnknown => "NAME_UNKNOWN",
            Self::PageInvalid => "PAGINATION_NUMBER_INVALID",
            Self::RangeInvalid => "RANGE_INVALID",
            Self::SizeInvalid => "SIZE_INVALID",
            Self::TagInvalid | Self::UriTooLong => "TAG_INVALID",
            Self::TooManyRequests => "TOOMANYREQUESTS",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Unavailable | Self::Full => "UNAVAILABLE",
            Self::Unsupported => "UNSUPPORTED",
            Self::Internal => "UNKNOWN",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::BlobUploadInvalid
            | Self::DigestInvalid
            | Self::ManifestBlobUnknown
            | Self::ManifestInvalid
            | Self::NameInvalid
            | Self::PageInvalid
            | Self::SizeInvalid
            | Self::TagInvalid => 400,
            Self::Unauthorized => 401,
            Self::Denied => 403,
            Self::BlobUnknown
            | Self::BlobUploadUnknown
            | Self::ManifestUnknown
            | Self::NameUnknown => 404,
            Self::Unsupported => 405,
            Self::PreconditionFailed => 412,
            Self::ManifestTooLarge => 413,
            Self::UriTooLong => 414,
            Self::RangeInvalid => 416,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Full => 507,
        }
    }
}
