//! The flag of a namespace, drawn from a hash of its name (the design's `pennants.json`).

use crate::ui::Markup;

const PAIRS: [(&str, &str); 10] = [
    ("#1d4368", "#a9d9cd"),
    ("#1f7a6e", "#eef3ee"),
    ("#c9583f", "#f6e3c0"),
    ("#2c5f8a", "#f2efe2"),
    ("#d9a441", "#17344f"),
    ("#17344f", "#d9a441"),
    ("#6aa9b8", "#12304d"),
    ("#8a3b45", "#f1dcd0"),
    ("#3f7f5a", "#f4e7bf"),
    ("#e8ddc4", "#1f7a6e"),
];

/// Shapes in a square of 40, `{c}` for the second colour.
const SHAPES: [&str; 12] = [
    r#"<path fill="{c}" d="M20 0h20v40H20z"/>"#,
    r#"<path fill="{c}" d="M0 13h40v14H0z"/>"#,
    r#"<path fill="{c}" d="M40 0v40H0z"/>"#,
    r#"<path stroke="{c}" stroke-width="9" d="M-2-2l44 44M42-2-2 42"/>"#,
    r#"<path fill="{c}" d="M15 0h10v15h15v10H25v15H15V25H0V15h15z"/>"#,
    r#"<path fill="{c}" d="M11 11h18v18H11z"/>"#,
    r#"<path fill="{c}" d="M0 0h20v20H0zM20 20h20v20H20z"/>"#,
    r#"<circle cx="20" cy="20" r="10.5" fill="{c}"/>"#,
    r#"<path fill="{c}" d="M0 0l22 20L0 40z"/>"#,
    r#"<path fill="{c}" d="M8 0h8v40H8zM24 0h8v40h-8z"/>"#,
    r#"<path fill="{c}" d="M20 4l16 16-16 16L4 20z"/>"#,
    r#"<path fill="{c}" d="M0 20c5-6 8-6 13.3 0s8.3 6 13.3 0 8.3-6 13.4 0v20H0z"/>"#,
];

/// `class` is `flag` and what the place asks for: `flag lg`, `flag sm round`.
pub fn pennant(name: &str, class: &str) -> Markup {
    let (pair, shape) = choose(name);
    let (ground, colour) = PAIRS[pair];
    let shape = SHAPES[shape].replace("{c}", colour);
    Markup::trusted(format!(
        r#"<svg class="{class}" viewBox="0 0 40 40" aria-hidden="true"><path fill="{ground}" d="M0 0h40v40H0z"/>{shape}</svg>"#
    ))
}

fn choose(name: &str) -> (usize, usize) {
    let hash = fnv1a(&name.to_lowercase());
    ((hash >> 3) as usize % PAIRS.len(), (hash >> 11) as usize % SHAPES.len())
}

fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::choose;

    /// The three that the design gives.
    #[test]
    fn flags_are_those_of_the_design() {
        assert_eq!(["alice", "harborworks", "alder"].map(choose), [(4, 10), (1, 2), (1, 11)]);
    }
}
