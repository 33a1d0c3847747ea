//! Templates say nothing of their own: what people read in them comes from the catalogue.

use std::fs;
use std::path::{Path, PathBuf};

/// Attributes that are read, or read aloud.
const READ: [&str; 5] = ["aria-label", "title", "placeholder", "alt", "data-label"];
/// Names and units, which are the same in every language.
const NAMES: [&str; 3] = ["Roadstead", "README", "GB"];

fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, found);
        } else if path.extension().is_some_and(|end| end == "html") {
            found.push(path);
        }
    }
}

/// The text without the spans from `open` to `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, span)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = span.split_once(close).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// What a template itself has people read: no code, no pictures.
fn said(template: &str) -> Vec<String> {
    let spans = [
        ("{#", "#}"),
        ("{%", "%}"),
        ("{{", "}}"),
        ("<svg", "</svg>"),
        ("<code", "</code>"),
        (" class=\"", "\""),
    ];
    let html =
        spans.iter().fold(template.to_owned(), |text, (open, close)| without(&text, open, close));
    let mut said = vec![without(&html, "<", ">")];
    for name in READ {
        let attribute = format!(" {name}=\"");
        let values = html.split(&attribute).skip(1);
        let values = values.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
        said.extend(values.filter(|value| !is_example(value)));
    }
    said
}

/// `https://hub.example`, `build-server`: what one would type, not read.
fn is_example(text: &str) -> bool {
    let text = text.trim();
    !text.contains(' ') && text.contains(|letter: char| !letter.is_alphabetic())
}

fn words(text: &str) -> Vec<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphabetic());
    words.filter(|word| word.len() > 1 && !NAMES.contains(word)).collect()
}

#[test]
fn no_template_says_anything_of_its_own() {
    let mut files = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut files);
    assert!(files.len() > 10, "templates are looked for in the wrong place");
    for file in files {
        let template = fs::read_to_string(&file).unwrap();
        for text in said(&template) {
            let words = words(&text);
            assert!(words.is_empty(), "{}: not from the catalogue: {words:?}", file.display());
        }
    }
}

#[test]
fn a_forgotten_text_is_found() {
    let told = said(
        r#"<p title="{{ t }} stars">{{ "x y" }} <code>docker</code> Hello<br placeholder="ci-1"></p>"#,
    );

    let told: Vec<_> = told.iter().flat_map(|text| words(text)).collect();
    assert_eq!(told, ["Hello", "stars"]);
}
