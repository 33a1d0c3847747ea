//! The way out: from a letter and an envelope to a message on its way.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use roadstead_types::{JobId, Timestamp};

use crate::letter::Letter;
use crate::server::MailServer;
use crate::{outbox, smtp};

/// Whom letters come from: `hub@example.com` or `Our Hub <hub@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// What is used when nobody has said anything else.
    pub fn of_host(host: &str) -> Self {
        let address = Address::new("roadstead", host)
            .or_else(|_| Address::new("roadstead", "localhost"))
            .expect("`roadstead@localhost` is an address");
        Self(Mailbox::new(Some("Roadstead".to_owned()), address))
    }

    fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rule = || "write `hub@example.com` or `Our Hub <hub@example.com>`".to_owned();
        if text.chars().any(char::is_control) {
            return Err(rule());
        }
        text.parse().map(Self).map_err(|_| rule())
    }
}

/// What stands on a letter beside its words.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    pub to: &'a str,
    /// The job that sends it: a letter sent twice has one id, by which mail programs show it once.
    pub id: JobId,
    pub written_at: Timestamp,
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Worth another try.
    #[error("{0}")]
    NotNow(String),
    /// The server will never take it.
    #[error("{0}")]
    Refused(String),
}

/// Sends letters. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: Sender,
    /// The hub's name in subjects and signatures.
    host: String,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(smtp::Transport),
    Outbox(PathBuf),
}

impl Mailer {
    /// Through a mail server, which need not be there yet.
    pub fn smtp(server: &MailServer, from: Sender, host: &str) -> Result<Self, String> {
        let transport = smtp::transport(server, from.domain())?;
        Ok(Self { from, host: host.to_owned(), way: Way::Smtp(transport) })
    }

    /// Into files, and the log.
    pub fn outbox(folder: &Path, from: Sender, host: &str) -> Self {
        Self { from, host: host.to_owned(), way: Way::Outbox(folder.to_owned()) }
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    /// One try at sending a letter.
    pub async fn deliver(
        &self,
        envelope: Envelope<'_>,
        letter: &Letter,
    ) -> Result<(), DeliveryError> {
        let message = self.message(envelope, letter)?;
        match &self.way {
            Way::Smtp(transport) => smtp::send(transport, message).await,
            Way::Outbox(folder) => write_down(folder, envelope, letter, &message).await,
        }
    }

    fn message(&self, envelope: Envelope<'_>, letter: &Letter) -> Result<Message, DeliveryError> {
        let refused = |what: &str| DeliveryError::Refused(format!("the letter {what}"));
        let to: Address = envelope.to.parse().map_err(|_| refused("has no usable address"))?;
        let text = letter.text(&self.host).map_err(|_| refused("cannot be put into text"))?;
        let html = letter.html(&self.host).map_err(|_| refused("cannot be put into HTML"))?;
        Message::builder()
            .from(self.from.0.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject())
            .date(system_time(envelope.written_at))
            .message_id(Some(format!("<{}@{}>", envelope.id, self.from.domain())))
            // RFC 3834, 5: nobody's holiday notice is wanted.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|_| refused("cannot be put together"))
    }
}

fn system_time(time: Timestamp) -> SystemTime {
    let us = u64::try_from(time.unix_us()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_micros(us)
}

async fn write_down(
    folder: &Path,
    envelope: Envelope<'_>,
    letter: &Letter,
    message: &Message,
) -> Result<(), DeliveryError> {
    let name = format!("{}-{}", envelope.written_at.unix_us(), envelope.id);
    let written = outbox::write(folder, &name, &message.formatted()).await;
    let path = written.map_err(|error| {
        DeliveryError::NotNow(format!("`{}` cannot be written: {error}", folder.display()))
    })?;
    // The one place where a link is logged: without a mail server there is no other way to it.
    let link = letter.action.as_ref().map_or("", |action| action.link.as_str());
    let (file, to, subject) = (path.display(), envelope.to, letter.subject());
    tracing::info!(%file, to, subject, link, "no mail server is set; a letter was written to a file");
    Ok(())
}

#[cfg(test)]
mod tests {
    use roadstead_types::Id;

    use super::*;
    use crate::letters;

    fn envelope(to: &str) -> Envelope<'_> {
        Envelope {
            to,
            id: JobId::from_raw(42),
            written_at: Timestamp::from_unix_us(1_800_000_000_000_000),
        }
    }

    #[test]
    fn no_text_reaches_beyond_its_header() {
        let folder = Path::new("/nonexistent");
        let mailer =
            Mailer::outbox(folder, "Hub <hub@hub.example>".parse().unwrap(), "hub.example");
        let mut letter = letters::password_changed("hub.example", "alice");
        letter.subject = "Hello\r\nBcc: eve@example.org\r\n\r\nbody".to_owned();

        let message = mailer.message(envelope("alice@example.org"), &letter).unwrap();
        let bytes = String::from_utf8(message.formatted()).unwrap();
        let (headers, _) = bytes.split_once("\r\n\r\n").unwrap();

        assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
        assert!(headers.contains("Message-ID: <42@hub.example>"), "{headers}");
        assert!(headers.contains("Date: Fri, 15 Jan 2027 08:00:00 +0000"), "{headers}");
        assert!(headers.contains("Auto-Submitted: auto-generated"), "{headers}");
        assert_eq!(message.envelope().to().len(), 1);
        for bad in ["alice@example.org\r\nRCPT TO:<eve@x.y>", "a@b, c@d", "<a@b.io>", ""] {
            let refused = mailer.message(envelope(bad), &letter);
            assert!(matches!(refused, Err(DeliveryError::Refused(_))), "{bad:?}");
        }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        assert!("hub@example.com".parse::<Sender>().is_ok());
        assert!("Our Hub <hub@example.com>".parse::<Sender>().is_ok());
        assert!("hub".parse::<Sender>().is_err());
        assert!("Hub\r\nBcc: x@y.z <hub@example.com>".parse::<Sender>().is_err());
        assert_eq!(Sender::of_host("hub.example").domain(), "hub.example");
        assert_eq!(Sender::of_host("no host").domain(), "localhost");
    }

    #[tokio::test]
    async fn without_a_server_a_letter_is_a_file_and_sent_twice_it_is_one_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("outbox");
        let mailer = Mailer::outbox(&folder, Sender::of_host("localhost"), "localhost:5000");
        let letter = letters::verify_address("localhost:5000", "alice", "http://localhost:5000/x");

        for _ in 0..2 {
            mailer.deliver(envelope("alice@example.org"), &letter).await.unwrap();
        }

        let files: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("http://localhost:5000/x") && text.contains("text/html"), "{text}");
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(&files[0]).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }
}
