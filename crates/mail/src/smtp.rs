//! Handing letters to a mail server.

use std::error::Error as _;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as SmtpTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::mailer::DeliveryError;
use crate::server::{MailServer, Tls};

/// Longest wait for a connection. How long the rest may take is for whoever calls to say.
const CONNECT_WAIT: Duration = Duration::from_secs(30);
/// What a server answers that does not take our credentials, or wants some (RFC 4954, 6). Not the
/// letter's fault, and right again once the setting is.
const CREDENTIALS_REFUSED: [&str; 4] = ["530", "534", "535", "538"];

pub(crate) type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Makes the transport; nothing is connected yet. `hello` is the name that this machine gives itself.
pub(crate) fn transport(server: &MailServer, hello: &str) -> Result<Transport, String> {
    let parameters = || {
        let built = TlsParameters::new(server.host.clone());
        built.map_err(|error| format!("TLS to {server} cannot be set up: {error}"))
    };
    let tls = match server.tls {
        Tls::Implicit => SmtpTls::Wrapper(parameters()?),
        Tls::Required => SmtpTls::Required(parameters()?),
        Tls::Opportunistic => SmtpTls::Opportunistic(parameters()?),
        Tls::Off => SmtpTls::None,
    };
    let mut builder = Transport::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::Domain(hello.to_owned()))
        .timeout(Some(CONNECT_WAIT));
    if let (Some(user), Some(password)) = (&server.user, &server.password) {
        let credentials = Credentials::new(user.clone(), password.expose().clone());
        builder = builder.credentials(credentials);
    }
    Ok(builder.build())
}

pub(crate) async fn send(transport: &Transport, message: Message) -> Result<(), DeliveryError> {
    match transport.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(sorted(&error)),
    }
}

fn sorted(error: &SmtpError) -> DeliveryError {
    let text = without_addresses(&chain(error));
    let code = error.status().map(|code| code.to_string());
    let is_ours = code.as_deref().is_some_and(|code| CREDENTIALS_REFUSED.contains(&code));
    match error.is_permanent() && !is_ours {
        true => DeliveryError::Refused(text),
        false => DeliveryError::NotNow(text),
    }
}

/// The error and its causes; the outermost often says only "network error".
fn chain(error: &SmtpError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    text
}

/// Servers like to repeat the recipient, who has no place in a log.
fn without_addresses(text: &str) -> String {
    let hidden = |word: &str| if word.contains('@') { "(address)" } else { word }.to_owned();
    text.split_whitespace().map(hidden).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_does_not_name_the_recipient() {
        let said = "permanent error (550): 5.1.1 <bob@example.org>: no such user";

        assert_eq!(without_addresses(said), "permanent error (550): 5.1.1 (address) no such user");
    }
}
