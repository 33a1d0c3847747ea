//! What commands print: a table for people, tabs between fields for pipes, or JSON for programs.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use console::measure_text_width;
use roadstead_client::List;
use roadstead_types::Size;
use serde::Serialize;
use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// How a client's command shows what it found.
#[derive(Args, Clone, Copy)]
pub struct Show {
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print names or ids only
    #[arg(short, long)]
    quiet: bool,
}

impl Show {
    pub fn is_quiet(self) -> bool {
        self.quiet
    }

    /// A list: JSON as it came; first cells; a table on a terminal; else a line of fields each.
    pub fn list(self, list: &List, head: &[&str], cells: impl Fn(&Value) -> Vec<String>) {
        if self.format == Format::Json {
            println!("{}", json(&list.items));
            return;
        }
        let rows: Vec<Vec<String>> = list.items.iter().map(|item| clean(cells(item))).collect();
        if self.quiet {
            rows.iter().for_each(|row| println!("{}", row.first().map_or("", String::as_str)));
        } else if std::io::stdout().is_terminal() {
            println!("{}", table(head, &rows));
            let shown = rows.len() as u64;
            if list.total > shown {
                eprintln!("{shown} of {} shown; `--limit` shows more", list.total);
            }
        } else {
            rows.iter().for_each(|row| println!("{}", row.join("\t")));
        }
    }

    /// One thing: JSON as it came, its name, or what `text` makes of it.
    pub fn one(self, value: &Value, name: &str, text: impl FnOnce(&Value) -> String) {
        match self.format {
            Format::Json => println!("{}", json(value)),
            Format::Text if self.quiet => println!("{name}"),
            Format::Text => println!("{}", text(value)),
        }
    }
}

/// What others wrote must neither move the cursor nor look like two cells.
fn clean(cells: Vec<String>) -> Vec<String> {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    cells.into_iter().map(|cell| cell.chars().map(plain).collect()).collect()
}

/// Lines of a name and its value, for one thing on a terminal.
pub fn fields(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or_default() + 1;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line = |(name, value): &(&str, String)| {
        let value: String = value.chars().map(plain).collect();
        let head = format!("{name}:");
        format!("{head:<width$} {value}").trim_end().to_owned()
    };
    pairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A member of an answer as a cell: nothing for null.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// A time of the API as people read it: to the minute, in UTC.
pub fn time(value: &Value) -> String {
    match value.as_str() {
        Some(text) if text.len() >= 16 && text.is_ascii() => text[..16].replace('T', " "),
        _ => "never".to_owned(),
    }
}

/// Cut to so many columns, with a sign that something is missing.
pub fn cut(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "…").into_owned()
}

/// Prints `value` as JSON, or what `text` makes of it.
pub fn print<T: Serialize>(format: Format, value: &T, text: impl FnOnce(&T) -> String) {
    match format {
        Format::Text => println!("{}", text(value)),
        Format::Json => println!("{}", json(value)),
    }
}

pub fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain records have string keys and finite numbers")
}

/// Columns as wide as their widest cell; the last one is not filled up.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|cell| measure_text_width(cell)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(measure_text_width(cell));
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (cell, width) in cells.zip(&widths) {
            // Filled up by columns: some characters are two wide.
            text += &console::pad_str(cell, *width, console::Alignment::Left, None);
            text += "  ";
        }
        text.trim_end().to_owned()
    };
    let mut lines = vec![line(&mut head.iter().copied())];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines.join("\n")
}

/// `1536` as `1.5 KiB`.
pub fn size(bytes: u64) -> String {
    Size(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["alice".into(), "yes".into()], vec!["a".into(), "no".into()]];

        assert_eq!(table(&["NAME", "ADMIN"], &rows), "NAME   ADMIN\nalice  yes\na      no");
    }
}
