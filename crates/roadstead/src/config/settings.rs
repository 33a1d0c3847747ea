//! The one list of settings. A setting's name is its option (`--listen`), its variable
//! (`ROADSTEAD_LISTEN`) and its key in the file (`listen`), so that learning one is learning all.

/// Which commands take a setting as an option. In the file and the environment all are known to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Where the data lie: `serve`, `admin` and `check` take it.
    Data,
    /// Only `serve` takes it.
    Serve,
}

/// How a setting is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    One,
    /// May be given several times, or with commas.
    Many,
    /// `on` or `off`; as an option, the name alone means `on`.
    Switch,
    /// Never an option, because a command line is visible to every user of the machine.
    Hidden,
}

#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub value: &'static str,
    pub group: Group,
    pub shape: Shape,
    /// What holds without the setting, in words for the help and the reference.
    pub default: &'static str,
    pub help: &'static str,
}

impl Setting {
    /// The environment variable: `ROADSTEAD_` and the name in capitals.
    pub fn variable(&self) -> String {
        format!("ROADSTEAD_{}", self.name.replace('-', "_").to_ascii_uppercase())
    }
}

/// The setting of this name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

const fn data(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, value, group: Group::Data, shape: Shape::One, default, help }
}

const fn serve(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, value, group: Group::Serve, shape: Shape::One, default, help }
}

impl Setting {
    const fn shaped(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
}

pub const SETTINGS: &[Setting] = &[
    data("data-dir", "DIR", "./data", "Folder for everything the server keeps on this machine"),
    data(
        "database",
        "URL",
        "a SQLite file in the data folder",
        "Database: `postgres://user@host/name` or `sqlite:PATH`",
    ),
    data(
        "database-password-file",
        "FILE",
        "the password in the URL, if any",
        "File that holds the password of the PostgreSQL user",
    ),
    data(
        "storage",
        "URL",
        "the folder `blobs` in the data folder",
        "Where image bytes lie: a folder, or `s3://bucket/prefix`",
    ),
    data("s3-endpoint", "URL", "Amazon's endpoint of the region", "Endpoint of the S3 service"),
    data("s3-region", "NAME", "`AWS_REGION`, else us-east-1", "Region of the bucket"),
    data("s3-path-style", "on|off", "off", "Address the bucket in the path, not in the host name")
        .shaped(Shape::Switch),
    data("s3-allow-http", "on|off", "off", "Talk to an S3 endpoint that is not on this machine without TLS")
        .shaped(Shape::Switch),
    data("s3-access-key-id", "KEY", "`AWS_ACCESS_KEY_ID`", "Access key of the bucket")
        .shaped(Shape::Hidden),
    data("s3-secret-access-key", "SECRET", "`AWS_SECRET_ACCESS_KEY`", "Secret key of the bucket")
        .shaped(Shape::Hidden),
    data("s3-secret-access-key-file", "FILE", "none", "File that holds the secret key of the bucket"),
    serve(
        "listen",
        "ADDR",
        "127.0.0.1:5000",
        "Address and port to listen on; `0.0.0.0:5000` for all networks",
    ),
    serve(
        "public-url",
        "URL",
        "what each request tells",
        "The URL people use, when a proxy stands in front",
    ),
    serve("tls-cert", "FILE", "none: plain HTTP", "Certificate chain (PEM); read again when it changes"),
    serve("tls-key", "FILE", "none", "Private key of the certificate (PEM)"),
    serve(
        "trusted-proxy",
        "CIDR",
        "none",
        "Proxies whose X-Forwarded-For, -Proto and -Host are believed",
    )
    .shaped(Shape::Many),
    serve(
        "sign-up",
        "open|invite|closed",
        "open when only this machine can reach the server, else closed",
        "Who may make an account",
    ),
    serve(
        "smtp-url",
        "URL",
        "none: letters are written to the log and to the folder `outbox`",
        "Mail server: `smtps://user:password@host:465` or `smtp://host:587?tls=required`",
    ),
    serve(
        "smtp-password-file",
        "FILE",
        "the password in the URL, if any",
        "File that holds the password of the mail server's user",
    ),
    serve(
        "mail-from",
        "ADDRESS",
        "roadstead@ and the hub's host",
        "Whom letters come from: `hub@example.com` or `Our Hub <hub@example.com>`",
    ),
    serve("deletes", "on|off", "on", "Whether clients may delete tags, manifests and blobs")
        .shaped(Shape::Switch),
    serve(
        "sparse-indexes",
        "refuse|allow",
        "refuse",
        "Whether an image index may name manifests that are not here",
    ),
    serve("challenge", "bearer|basic", "bearer", "How registry clients are asked to sign in"),
    serve(
        "redirect-downloads",
        "DURATION|off",
        "off",
        "Send downloads to the S3 store with a signed URL that is valid this long",
    ),
    serve(
        "token-key",
        "FILE",
        "a key made on the first start, in the data folder",
        "Key that signs registry tokens (PEM, P-256); the first signs, the others are still accepted",
    )
    .shaped(Shape::Many),
    serve(
        "secret-key",
        "FILE",
        "a key made on the first start, in the data folder",
        "Key that seals the secrets of second factors in the database (32 random bytes in base64)",
    ),
    serve(
        "egress-allow",
        "CIDR",
        "none: public addresses alone",
        "Private networks that requests to addresses which people wrote down may go to",
    )
    .shaped(Shape::Many),
    serve("image-proxy", "on|off", "on", "Whether pictures of other hosts in READMEs are fetched and shown")
        .shaped(Shape::Switch),
    serve("metrics-listen", "ADDR", "none", "Address of a listener of its own for /metrics"),
    serve(
        "metrics-token-file",
        "FILE",
        "none",
        "File with the bearer token that opens /metrics on the main listener",
    ),
    serve("log", "LEVEL", "info", "What is logged: error, warn, info, debug, or a filter such as `info,roadstead_hub=debug`"),
    serve("log-format", "text|json", "text", "How the log is written"),
    serve("upload-ttl", "DURATION", "24h", "How long an unfinished upload is kept"),
    serve(
        "private-repositories",
        "COUNT|unlimited",
        "1",
        "How many private repositories a namespace may have that was given no plan",
    ),
    serve(
        "namespace-storage",
        "SIZE|unlimited",
        "unlimited",
        "How many bytes a namespace may hold that was given no plan",
    ),
    serve(
        "pull-limit-anonymous",
        "COUNT|unlimited",
        "unlimited",
        "How many images may be pulled from one address without an account in a window",
    ),
    serve(
        "pull-limit-account",
        "COUNT|unlimited",
        "unlimited",
        "How many images an account without a plan may pull in a window",
    ),
    serve("pull-limit-window", "DURATION", "6h", "The window in which pulls are counted"),
    serve(
        "api-limit",
        "COUNT|unlimited",
        "60000",
        "How many requests to the API an account may send from an address in a minute",
    ),
    serve("audit-retention", "DURATION", "400d", "How long entries of the audit log are kept"),
    serve("max-blob-size", "SIZE", "64 GiB", "Largest layer that is accepted"),
    serve("max-manifest-size", "SIZE", "4 MiB", "Largest manifest that is accepted"),
    serve(
        "shutdown-timeout",
        "DURATION",
        "25s",
        "How long a shutdown waits for requests in flight",
    ),
];
