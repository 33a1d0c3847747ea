//! A text as a picture that telephones read.

use std::fmt::Write as _;

use qrcode::{Color, QrCode};

use crate::ui::{self, Markup};

/// Light modules around the picture, as the standard asks for.
const MARGIN: usize = 4;

/// Always dark on light, whatever the page's colours are: readers expect that. Nothing for a text that is too
/// long for any picture.
pub fn picture(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::new(text) else { return Markup::default() };
    let (width, label) = (code.width() + 2 * MARGIN, ui::escaped(label));
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(code.width()).enumerate() {
        for (column, _) in modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", column + MARGIN, row + MARGIN);
        }
    }
    Markup::trusted(format!(
        r##"<svg class="qr" viewBox="0 0 {width} {width}" role="img" aria-label="{label}"><path fill="#fff" d="M0 0h{width}v{width}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_corners_and_its_margin() {
        let html = picture("otpauth://totp/hub:alice?secret=A", "<b>").to_string();

        assert!(html.contains("M4 4h1v1h-1z") && !html.contains("M3 "), "{html}");
        assert!(!html.contains("<b>"), "{html}");
        assert!(picture(&"x".repeat(5000), "").is_empty());
    }
}
