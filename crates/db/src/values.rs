//! How the vocabulary of the product is written into columns and read back.

use roadstead_types::time::Timestamp;
use roadstead_types::{
    AccessTokenId, AccountId, AccountName, AnnouncementId, AuditEventId, BlobId, CredentialScope,
    Digest, Id, InvitationId, JobId, ManifestId, RepositoryId, RepositoryName, Role, SessionId,
    Tag, TagMoveId, TeamId, UploadId,
};

use crate::sql::{Bind, Cell};

/// Columns that hold the value itself.
macro_rules! plain {
    ($($type:ty),+) => {$(
        impl Bind for $type {
            type Native = Self;
            fn native(self) -> Self {
                self
            }
        }

        impl Cell for $type {
            type Native = Self;
            fn read(value: Self) -> Option<Self> {
                Some(value)
            }
        }
    )+};
}

plain!(i64, bool, String, Vec<u8>, Option<i64>, Option<String>, Option<Vec<u8>>);

/// Values with a form of their own in the database, and `NULL` beside it.
macro_rules! converted {
    ($($type:ty as $native:ty: |$value:ident| $write:expr, |$column:ident| $read:expr;)+) => {$(
        impl Bind for $type {
            type Native = $native;
            fn native(self) -> $native {
                let $value = self;
                $write
            }
        }

        impl Bind for Option<$type> {
            type Native = Option<$native>;
            fn native(self) -> Option<$native> {
                self.map(Bind::native)
            }
        }

        impl Cell for $type {
            type Native = $native;
            fn read($column: $native) -> Option<Self> {
                $read
            }
        }

        impl Cell for Option<$type> {
            type Native = Option<$native>;
            fn read(column: Option<$native>) -> Option<Self> {
                match column {
                    None => Some(None),
                    Some(value) => Cell::read(value).map(Some),
                }
            }
        }
    )+};
}

converted! {
    AccountId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    RepositoryId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    BlobId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    ManifestId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    TagMoveId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    AccessTokenId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    TeamId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    InvitationId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    SessionId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    AnnouncementId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    AuditEventId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    Role as i64: |role| role.level(), |level| Self::from_level(level);
    JobId as i64: |id| id.raw(), |raw| Some(Self::from_raw(raw));
    Timestamp as i64: |time| time.unix_us(), |us| Some(Self::from_unix_us(us));
    // Sizes are bounded by what was received; a column holds 63 bits of them.
    u64 as i64: |size| i64::try_from(size).unwrap_or(i64::MAX), |size| size.try_into().ok();
    AccountName as String: |name| name.to_string(), |text| text.parse().ok();
    RepositoryName as String: |name| name.to_string(), |text| text.parse().ok();
    Tag as String: |tag| tag.to_string(), |text| text.parse().ok();
    CredentialScope as String: |scope| scope.word().to_owned(), |text| text.parse().ok();
    UploadId as String: |id| id.to_string(), |text| Self::parse(&text);
    Digest as Vec<u8>: |digest| digest.to_bytes(), |bytes| Self::from_bytes(&bytes);
    // Short lists that are read and written whole.
    Vec<String> as String: |list| serde_json::Value::from(list).to_string(),
        |text| serde_json::from_str(&text).ok();
    [u8; 32] as Vec<u8>: |hash| hash.to_vec(), |bytes| bytes.try_into().ok();
}

impl<T: Bind + Clone> Bind for &T {
    type Native = T::Native;
    fn native(self) -> T::Native {
        self.clone().native()
    }
}

impl<T: Bind<Native = String> + Clone> Bind for Option<&T> {
    type Native = Option<String>;
    fn native(self) -> Option<String> {
        self.map(Bind::native)
    }
}

impl Bind for &str {
    type Native = String;
    fn native(self) -> String {
        self.to_owned()
    }
}

impl Bind for Option<&str> {
    type Native = Option<String>;
    fn native(self) -> Option<String> {
        self.map(ToOwned::to_owned)
    }
}

impl Bind for &[u8] {
    type Native = Vec<u8>;
    fn native(self) -> Vec<u8> {
        self.to_vec()
    }
}

/// Columns that hold one word of a fixed set.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word kept in the database.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl crate::sql::Bind for $type {
            type Native = String;
            fn native(self) -> String {
                self.word().to_owned()
            }
        }

        impl crate::sql::Cell for $type {
            type Native = String;
            fn read(word: String) -> Option<Self> {
                match word.as_str() {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl crate::sql::Cell for Option<$type> {
            type Native = Option<String>;
            fn read(word: Option<String>) -> Option<Self> {
                match word {
                    None => Some(None),
                    Some(word) => crate::sql::Cell::read(word).map(Some),
                }
            }
        }
    };
}
pub(crate) use words;
