//! What a server answered, with assertions that tell the whole story when they fail.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Fails unless the status is `expected`.
    #[track_caller]
    pub fn is(self, expected: u16) -> Self {
        assert!(self.status == expected, "expected {expected}, but {}", self.story());
        self
    }

    /// Fails unless the first error in the body has this OCI code.
    #[track_caller]
    pub fn code(self, expected: &str) -> Self {
        let code = self.error_code();
        assert!(code == expected, "expected code {expected}, but {}", self.story());
        self
    }

    /// Fails unless the body, taken as text, holds `part`.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(self.text().contains(part), "expected the words `{part}`, but {}", self.story());
        self
    }

    /// The code of the first error in the body; empty when there is none.
    pub fn error_code(&self) -> String {
        self.error("code")
    }

    /// The message of the first error in the body; empty when there is none.
    pub fn error_message(&self) -> String {
        self.error("message")
    }

    fn error(&self, field: &str) -> String {
        let value: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        value["errors"][0][field].as_str().unwrap_or_default().to_owned()
    }

    /// A header's value; fails when it is missing.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        match self.maybe_header(name) {
            Some(value) => value,
            None => panic!("expected a header `{name}`, but {}", self.story()),
        }
    }

    /// All values of a header, joined by a comma.
    pub fn maybe_header(&self, name: &str) -> Option<String> {
        let values: Vec<_> =
            self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("expected JSON ({error}), but {}", self.story()),
        }
    }

    /// Status, headers and body without what differs every time; each text of `same` becomes one
    /// word. Two answers with one face tell a caller the same.
    pub fn face(&self, same: &[&str]) -> String {
        const FRESH: [&str; 4] = ["date", "x-request-id", "location", "docker-upload-uuid"];
        let headers = self.headers.iter().filter(|(name, _)| !FRESH.contains(&name.as_str()));
        let mut lines: Vec<_> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
        lines.sort();
        let face = format!("{}\n{}\n\n{}", self.status, lines.join("\n"), self.text());
        same.iter().fold(face, |face, part| face.replace(part, "SAME"))
    }

    /// The request, the answer, and the beginning of the body, for messages.
    pub fn story(&self) -> String {
        let text: String = self.text().chars().take(2000).collect();
        format!("{} was answered {} {:#?}\n{text}", self.request, self.status, self.headers)
    }
}
