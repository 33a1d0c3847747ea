//! The scale-bar of private repositories: a block for each that the plan allows, filled for each in use.

use crate::frame::Frame;
use crate::ui::{self, Markup};

/// More than so many blocks are said, not drawn.
const MOST_DRAWN: u64 = 40;

/// Nothing where the plan allows any number, or none.
pub fn slots(frame: &Frame, used: u64, most: Option<u64>) -> Markup {
    let Some(most) = most.filter(|most| (1..=MOST_DRAWN).contains(most)) else {
        return Markup::default();
    };
    let label = ui::escaped(&frame.t("ui-slots"));
    let text = ui::escaped(&frame.t2("ui-slots-used", "used", used, "most", most));
    let on = if used >= most {
        r#"<span class="on full"></span>"#
    } else {
        r#"<span class="on"></span>"#
    };
    let blocks: String =
        (0..most).map(|slot| if slot < used { on } else { "<span></span>" }).collect();
    Markup::trusted(format!(
        r#"<div class="slots" role="meter" aria-label="{label}" aria-valuemin="0" aria-valuemax="{most}" aria-valuenow="{}" aria-valuetext="{text}">{blocks}</div>"#,
        used.min(most)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_block_for_each_and_a_full_bar_looks_full() {
        let frame = Frame::sample("/", None);
        let blocks = |used, most| {
            let html = slots(&frame, used, most).to_string();
            let count = |word: &str| html.matches(word).count();
            (count("<span"), count("class=\"on\""), count("on full"))
        };

        assert_eq!(blocks(2, Some(5)), (5, 2, 0));
        assert_eq!(blocks(9, Some(5)), (5, 0, 5));
        assert_eq!(blocks(9, Some(1000)), (0, 0, 0));
        assert_eq!((blocks(1, Some(0)), blocks(1, None)), ((0, 0, 0), (0, 0, 0)));
    }
}
