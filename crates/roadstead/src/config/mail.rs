//! How letters leave: through a mail server, or into files.

use std::net::SocketAddr;
use std::path::Path;

use roadstead_http::Origin;
use roadstead_mail::{MailServer, Sender};

use super::data::read_secret;
use super::merge::Values;

#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Without one, letters are written to files and to the log.
    pub server: Option<MailServer>,
    /// Without one, letters come from `roadstead@` the hub's host.
    pub from: Option<Sender>,
}

pub(super) fn parse(
    values: &mut Values,
    listen: SocketAddr,
    public_url: Option<&Origin>,
) -> MailConfig {
    let from = values.parsed("mail-from", str::parse::<Sender>);
    let server = server(values);
    // A letter whose link leads nowhere is worse than none, and a request's word for it is not taken.
    if server.is_some() && public_url.is_none() && !listen.ip().is_loopback() {
        let why =
            "needs public-url too, because letters hold links that people follow from elsewhere";
        values.refuse("smtp-url", why);
    }
    MailConfig { server, from }
}

fn server(values: &mut Values) -> Option<MailServer> {
    let file = values.text("smtp-password-file");
    // Not `parsed`, whose error would quote the password.
    let text = values.text("smtp-url");
    let mut server = match text.as_deref().map(MailServer::parse) {
        Some(Ok(server)) => server,
        Some(Err(why)) => {
            values.refuse("smtp-url", why);
            return None;
        }
        None => {
            if file.is_some() {
                values.refuse("smtp-password-file", "needs smtp-url too");
            }
            return None;
        }
    };
    if let Some(file) = file {
        match read_secret(Path::new(&file)) {
            Ok(_) if server.user.is_none() => {
                values.refuse("smtp-password-file", "needs a user in smtp-url");
            }
            Ok(password) => server.password = Some(password),
            Err(why) => values.refuse("smtp-password-file", why),
        }
    }
    if server.user.is_some() && server.password.is_none() {
        values.refuse("smtp-url", "names a user; it needs a password, or smtp-password-file");
    }
    Some(server)
}
