//! Plain HTTP matters: finding the scheme, reading answers within bounds, reading refusals.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

use crate::{ClientError, Host};

/// Documents larger than this are no manifests, lists or errors.
const MAX_DOCUMENT: usize = 16 << 20;
const CONNECT: Duration = Duration::from_secs(15);
/// A transfer may take hours, but not without a byte for so long.
const SILENCE: Duration = Duration::from_secs(60);

/// How to connect.
#[derive(Clone, Debug)]
pub struct Transport {
    pub(crate) client: Client,
    plain_http: bool,
}

impl Transport {
    /// `plain_http` allows HTTP without TLS everywhere; on loopback it is allowed anyway.
    pub fn new(plain_http: bool) -> Result<Self, ClientError> {
        let client = Client::builder()
            .user_agent(concat!("roadstead/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()
            .map_err(|error| ClientError::broken("this machine's network", &error))?;
        Ok(Self { client, plain_http })
    }

    /// Finds out under which base URL `path` answers: TLS first, as docker does it.
    pub(crate) async fn find(
        &self,
        host: &Host,
        address: &str,
        path: &str,
    ) -> Result<(String, Response), ClientError> {
        let secure = format!("https://{address}");
        let refused = match self.probe(&secure, address, path).await {
            Ok(answer) => return Ok((secure, answer)),
            Err(error) => error,
        };
        if !self.plain_http && !host.is_loopback() {
            return Err(refused);
        }
        let plain = format!("http://{address}");
        let answer = self.probe(&plain, address, path).await?;
        Ok((plain, answer))
    }

    async fn probe(&self, base: &str, host: &str, path: &str) -> Result<Response, ClientError> {
        let sent = self.client.get(format!("{base}{path}")).send().await;
        sent.map_err(|error| ClientError::broken(host, &error))
    }
}

/// Reads an answer to its end, as far as a document may be long.
pub async fn document(host: &str, mut answer: Response) -> Result<Bytes, ClientError> {
    let mut bytes = BytesMut::new();
    while let Some(piece) =
        answer.chunk().await.map_err(|error| ClientError::broken(host, &error))?
    {
        if bytes.len() + piece.len() > MAX_DOCUMENT {
            return Err(ClientError::Corrupt(format!("{host} sent an answer over 16 MiB")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

/// The refusal behind an answer that is no success.
pub async fn refusal(host: &str, answer: Response, signed_in: bool) -> ClientError {
    let status = answer.status();
    let body = document(host, answer).await.unwrap_or_default();
    let text = reason(&body).unwrap_or_else(|| match status {
        StatusCode::NOT_FOUND => format!("{host} knows nothing of that"),
        _ => format!("{host} answered {status}"),
    });
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ClientError::Denied { text, signed_in },
        StatusCode::NOT_FOUND => ClientError::NotFound(text),
        _ => ClientError::Refused { status: status.as_u16(), text },
    }
}

/// The words in a body: a registry's (`errors[0].message`), a token service's (`details`), a hub's
/// (`message`, `detail`, or a list for each field).
fn reason(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let texts = [
        &value["errors"][0]["message"],
        &value["details"],
        &value["message"],
        &value["detail"],
        &value["text"],
    ];
    if let Some(text) = texts.iter().find_map(|text| text.as_str()).filter(|t| !t.is_empty()) {
        return Some(one_line(text));
    }
    let fields = value.as_object()?;
    let told = fields.iter().filter_map(|(field, texts)| {
        texts[0].as_str().map(|text| format!("{field}: {}", one_line(text)))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// What a stranger's server says must not move the cursor.
fn one_line(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(clean).take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn the_reason_is_found_in_every_form_of_error() {
        for (body, text) in [
            (r#"{"errors":[{"code":"DENIED","message":"no\u001b[2J"}]}"#, "no [2J"),
            (r#"{"details":"incorrect"}"#, "incorrect"),
            (r#"{"message":"m","detail":"d"}"#, "m"),
            (r#"{"name":["too short"],"email":["taken"]}"#, "email: taken; name: too short"),
        ] {
            assert_eq!(reason(body.as_bytes()).as_deref(), Some(text));
        }
        assert_eq!(reason(b"<html>"), None);
        assert_eq!(reason(b"{}"), None);
    }
}
