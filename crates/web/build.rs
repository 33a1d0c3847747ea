//! Prepares the files that browsers keep for a year: a name made from the content, and the bytes as
//! they are and compressed.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Each file, its type, and what it is made of, in this order: one request for all that has one type.
const FILES: &[(&str, &str, &[&str])] = &[
    ("site.css", "text/css; charset=utf-8", &["tokens.css", "components.css", "site.css"]),
    ("site.js", "text/javascript; charset=utf-8", &["htmx.js", "site.js"]),
    ("icons.svg", "image/svg+xml", &["icons.svg"]),
    ("logo.svg", "image/svg+xml", &["logo.svg"]),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut table = String::from("pub const FILES: &[Asset] = &[\n");
    for (name, kind, parts) in FILES {
        let bytes = joined(parts)?;
        table += &entry(&out, name, kind, &bytes)?;
    }
    table += "];\n";
    fs::write(out.join("assets.rs"), table)
}

/// A part that does not end its last line must not run into the next one.
fn joined(parts: &[&str]) -> io::Result<Vec<u8>> {
    let read = |part: &&str| fs::read(Path::new("static").join(part));
    let parts: Vec<_> = parts.iter().map(read).collect::<io::Result<_>>()?;
    Ok(parts.join(&b'\n'))
}

/// Writes the file's three forms; a line of the table.
fn entry(out: &Path, name: &str, kind: &str, bytes: &[u8]) -> io::Result<String> {
    let (stem, end) = name.split_once('.').unwrap_or((name, ""));
    let digest = Sha256::digest(bytes);
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    fs::write(out.join(name), bytes)?;
    fs::write(out.join(format!("{name}.gz")), gzip(bytes)?)?;
    fs::write(out.join(format!("{name}.br")), brotli(bytes)?)?;
    let include =
        |end: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}{end}\"))");
    Ok(format!(
        "    Asset {{ name: \"{name}\", path: \"/static/{stem}.{hash}.{end}\", kind: \"{kind}\", \
         plain: {}, gzip: {}, brotli: {} }},\n",
        include(""),
        include(".gz"),
        include(".br"),
    ))
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let quality = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut packed, &quality)?;
    Ok(packed)
}
