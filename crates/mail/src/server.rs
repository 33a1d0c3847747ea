//! The mail server as one URL: `smtps://user:password@host`, `smtp://host:587?tls=required`.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use roadstead_types::Secret;
use url::{Host, Url};

/// RFC 8314, 3.3.
const SUBMISSIONS_PORT: u16 = 465;
/// RFC 6409, 3.1.
const SUBMISSION_PORT: u16 = 587;

const SHAPE: &str =
    "write `smtps://user:password@host:465` or `smtp://user:password@host:587?tls=required`";

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// By STARTTLS, or nothing is sent.
    Required,
    /// By STARTTLS where the server offers it.
    Opportunistic,
    Off,
}

/// Where letters are handed in.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<Secret>,
}

impl MailServer {
    /// Reads the URL. The errors never quote it, because a password may stand in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|_| SHAPE)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SHAPE.to_owned());
        }
        let (host, is_local) = host(&url).ok_or(SHAPE)?;
        let tls = tls(&url, is_local)?;
        let default = if tls == Tls::Implicit { SUBMISSIONS_PORT } else { SUBMISSION_PORT };
        let decoded = |text: &str| {
            percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| SHAPE.to_owned())
        };
        let user = (!url.username().is_empty()).then(|| decoded(url.username())).transpose()?;
        let password = url.password().map(decoded).transpose()?.map(Secret::new);
        let in_clear = matches!(tls, Tls::Opportunistic | Tls::Off) && !is_local;
        if user.is_some() && in_clear {
            return Err(
                "a user and password would cross the network in the clear; use `smtps://` \
                        or `tls=required`"
                    .to_owned(),
            );
        }
        if user.is_none() && password.is_some() {
            return Err("a password needs a user".to_owned());
        }
        Ok(Self { host, port: url.port().unwrap_or(default), tls, user, password })
    }
}

fn host(url: &Url) -> Option<(String, bool)> {
    match url.host()? {
        // In a scheme that the URL standard does not know, addresses are not told from names.
        Host::Domain(name) if name.parse::<IpAddr>().is_err() => {
            let is_name = !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
            is_name.then(|| (name.to_ascii_lowercase(), name.eq_ignore_ascii_case("localhost")))
        }
        Host::Domain(address) => {
            let is_local = address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
            Some((address.to_owned(), is_local))
        }
        Host::Ipv4(address) => Some((address.to_string(), address.is_loopback())),
        Host::Ipv6(address) => Some((address.to_string(), address.is_loopback())),
    }
}

fn tls(url: &Url, is_local: bool) -> Result<Tls, String> {
    let mut asked = None;
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "tls" => asked = Some(value.into_owned()),
            _ => return Err("the one option of the URL is `tls`".to_owned()),
        }
    }
    match (url.scheme(), asked.as_deref()) {
        ("smtps", None) => Ok(Tls::Implicit),
        ("smtps", Some(_)) => {
            Err("`smtps` is encrypted from the start; leave `tls` out".to_owned())
        }
        ("smtp", Some("required")) => Ok(Tls::Required),
        ("smtp", Some("opportunistic")) => Ok(Tls::Opportunistic),
        ("smtp", Some("off")) => Ok(Tls::Off),
        ("smtp", Some(_)) => Err("`tls` is one of required, opportunistic, off".to_owned()),
        // A relay on this machine often has a certificate that nobody vouches for, or none.
        ("smtp", None) if is_local => Ok(Tls::Off),
        ("smtp", None) => Ok(Tls::Required),
        _ => Err(SHAPE.to_owned()),
    }
}

impl fmt::Display for MailServer {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls == Tls::Implicit { "smtps" } else { "smtp" };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({self}, {:?})", self.tls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_tells_host_port_encryption_and_credentials() {
        let server =
            MailServer::parse("smtps://hub%40example.org:p%40ss%2Fw@Mail.Example.org").unwrap();
        assert_eq!((server.host.as_str(), server.port), ("mail.example.org", 465));
        assert_eq!(server.user.as_deref(), Some("hub@example.org"));
        assert_eq!(server.password.as_ref().unwrap().expose(), "p@ss/w");
        assert_eq!(format!("{server} {server:?}").matches("ss/w").count(), 0);

        let read = |text: &str| {
            let server = MailServer::parse(text).unwrap();
            (server.tls, server.to_string())
        };
        assert_eq!(read("smtp://mx.example"), (Tls::Required, "smtp://mx.example:587".into()));
        assert_eq!(
            read("smtp://mx.example:25?tls=opportunistic"),
            (Tls::Opportunistic, "smtp://mx.example:25".into())
        );
        assert_eq!(read("smtp://localhost:25"), (Tls::Off, "smtp://localhost:25".into()));
        assert_eq!(read("smtp://127.0.0.1:25/"), (Tls::Off, "smtp://127.0.0.1:25".into()));
        assert_eq!(
            read("smtps://[2001:db8::1]"),
            (Tls::Implicit, "smtps://[2001:db8::1]:465".into())
        );
    }

    #[test]
    fn a_url_that_is_unclear_or_gives_a_password_away_is_refused_without_being_quoted() {
        for bad in [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp:mail.example",
            "smtp://a b",
            "smtp://mail.example/inbox",
            "smtp://mail.example?tls=maybe",
            "smtp://mail.example?verify=no",
            "smtps://mail.example?tls=required",
            "smtp://hub:hush@mail.example?tls=opportunistic",
            "smtp://hub:hush@mail.example?tls=off",
            "smtp://:hush@mail.example",
        ] {
            let why = MailServer::parse(bad).unwrap_err();
            assert!(!why.contains("hush"), "{why}");
        }
        assert!(MailServer::parse("smtp://hub:hush@localhost:25").is_ok());
    }
}
