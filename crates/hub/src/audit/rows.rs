//! Entries of the log as rows of a file, the same from the command line and from the browser.

use serde_json::Value;

use super::AuditEvent;

/// What an entry is told with, in a file and in a line.
pub const COLUMNS: [&str; 10] = [
    "time",
    "action",
    "outcome",
    "actor",
    "credential",
    "address",
    "target",
    "before",
    "after",
    "id",
];

pub fn cells(event: &AuditEvent) -> [String; 10] {
    let json = |value: &Option<Value>| value.as_ref().map_or_else(String::new, Value::to_string);
    [
        event.at.to_string(),
        event.action.clone(),
        if event.is_denied { "denied" } else { "done" }.to_owned(),
        event.actor.clone(),
        event.credential.clone(),
        event.address.clone(),
        event.target.clone(),
        json(&event.before),
        json(&event.after),
        event.id.to_string(),
    ]
}

/// A line of a CSV file, without its end.
pub fn csv_line(event: &AuditEvent) -> String {
    cells(event).map(|cell| csv_cell(&cell)).join(",")
}

/// RFC 4180. A cell that a spreadsheet would take for a formula is made plain text.
fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        let quoted = "\"a,\"\"b\"\"\"";

        assert_eq!(csv_cell("a,\"b\""), quoted);
        assert_eq!(csv_cell("a\",\"b"), "\"a\"\",\"\"b\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("plain"), "plain");
    }
}
