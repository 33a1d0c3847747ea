//! A repository's full description: GitHub's Markdown, made harmless.
//!
//! comrak makes HTML of it, ammonia takes away whatever could run, track or imitate the page. The policy of the pages
//! lets nothing load from other hosts: their pictures come through this hub, or not at all.

use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use comrak::{Options, markdown_to_html};

use roadstead_hub::Hub;

use crate::pages::picture;
use crate::ui::Markup;

/// The headings of a text get anchors that no part of the page has.
const ANCHORS: &str = "readme-";

/// Without pictures of other hosts.
pub fn render(text: &str) -> Markup {
    cleaned(text, |_| None)
}

/// With the pictures of other hosts, each under the address where this hub shows it.
pub fn render_with_pictures(hub: Hub, text: &str) -> Markup {
    cleaned(text, move |url| picture::address(&hub, url))
}

/// `shown` says where the picture of another host is on this one, if anywhere.
fn cleaned(text: &str, shown: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Markup {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.header_id_prefix = Some(ANCHORS.to_owned());
    options.extension.header_id_prefix_in_href = true;
    // What HTML stands in it is judged by the sanitiser, which knows more than comrak's filter.
    options.render.r#unsafe = true;
    Markup::trusted(sanitiser(shown).clean(&markdown_to_html(text, &options)).to_string())
}

fn sanitiser(shown: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Builder<'static> {
    let mut builder = Builder::default();
    for heading in ["h1", "h2", "h3", "h4", "h5", "h6"] {
        builder.add_tag_attributes(heading, ["id"]);
    }
    builder
        .add_tags(["input", "section"])
        .add_tag_attributes("input", ["checked"])
        .add_tag_attribute_values("input", "type", ["checkbox"])
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("input", "aria-label", "Task")
        .add_tag_attributes("a", ["id", "aria-label"])
        .add_tag_attributes("li", ["id"])
        .add_tag_attributes("pre", ["tabindex"])
        .set_tag_attribute_value("pre", "tabindex", "0")
        .allowed_classes(classes())
        .id_prefix(None)
        .rm_tags(["map", "area"])
        .rm_tag_attributes("img", ["srcset"])
        .set_tag_attribute_value("img", "loading", "lazy")
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("img", "src") if is_of_this_hub(value) => Some(value.into()),
            ("img", "src") => shown(value).map(Into::into),
            (_, "id") => is_of_the_text(value).then(|| value.into()),
            _ => Some(value.into()),
        })
        .url_relative(UrlRelative::PassThrough)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("nofollow ugc noopener"));
    builder
}

/// Classes that comrak writes; all others could borrow the looks of the page.
fn classes() -> HashMap<&'static str, HashSet<&'static str>> {
    let alerts = ["note", "tip", "important", "warning", "caution"];
    let alert = ["markdown-alert", "markdown-alert-title"].into_iter();
    let kinds = alerts.into_iter().map(|kind| match kind {
        "note" => "markdown-alert-note",
        "tip" => "markdown-alert-tip",
        "important" => "markdown-alert-important",
        "warning" => "markdown-alert-warning",
        _ => "markdown-alert-caution",
    });
    let title = HashSet::from(["markdown-alert-title"]);
    HashMap::from([("div", alert.chain(kinds).collect()), ("p", title)])
}

/// An anchor that comrak wrote, of a heading or a footnote; others could be taken for parts of the page.
fn is_of_the_text(id: &str) -> bool {
    [ANCHORS, "fn-", "fnref-"].iter().any(|prefix| id.starts_with(prefix))
}

/// A path of this hub. Whatever names a host goes to others.
fn is_of_this_hub(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && !url.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::{cleaned, render};

    #[test]
    fn pictures_of_other_hosts_come_through_this_one() {
        let text = "![a](https://a.example/a.png) ![b](/static/b.png) <img src='http://c.example/?x=1&y' width=9>\n\n\
                    ![d](//d.example/d) ![e](data:image/png;base64,xx) ![f](javascript:alert(1))";
        let html = cleaned(text, |url| {
            url.starts_with("http").then(|| format!("/image-proxy/{}", url.len()))
        });
        let html = html.to_string();

        assert_eq!(html.matches("src=\"/image-proxy/23\"").count(), 2, "{html}");
        assert!(
            html.contains("src=\"/static/b.png\"") && html.contains("loading=\"lazy\""),
            "{html}"
        );
        assert_eq!(html.matches(" src=").count(), 3, "{html}");
        assert_eq!(render("![a](https://a.example/a.png)").to_string().matches(" src=").count(), 0);
    }

    #[test]
    fn githubs_markdown_is_understood() {
        let text = "# Tidewatch\n\n| a | b |\n|---|---|\n| 1 | ~~2~~ |\n\n- [x] done\n\n> [!NOTE]\n> mind\n\nhttps://tide.example\n";
        let html = render(text).to_string();

        for part in [
            "<h1 id=\"readme-tidewatch\"",
            "href=\"#readme-tidewatch\"",
            "<table>",
            "<del>2</del>",
            "type=\"checkbox\"",
            "markdown-alert-note",
            "href=\"https://tide.example\"",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn nothing_in_a_text_runs_tracks_or_poses_as_the_page() {
        let corpus = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<img src='https://spy.example/pixel.gif'>",
            "![x](//spy.example/pixel.gif)",
            "[x](javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<a href='vbscript:x'>x</a>",
            "<form action=/signout method=post><button>x</button></form>",
            "<style>body{display:none}</style>",
            "<div class='topbar' id='toasts' style='position:fixed'>x</div>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "<iframe src=/settings></iframe>",
            "<base href=//evil.example>",
            "<meta http-equiv=refresh content='0;url=//evil.example'>",
            "<details ontoggle=alert(1) open>x</details>",
            "<input type=password name=x>",
            "<h2 id='toasts'>x</h2>",
            "<a href='/x' target=_blank hx-get='/settings' data-copy='rm -rf'>x</a>",
        ];
        let forbidden = [
            "<script",
            "onerror",
            "spy.example\"",
            "javascript:",
            "data:",
            "vbscript:",
            "<form",
            "<button",
            "<style",
            "style=",
            "topbar",
            "id=\"toasts",
            "<svg",
            "<iframe",
            "<base",
            "<meta",
            "ontoggle",
            "password",
            "hx-get",
            "data-copy",
            "target=",
        ];
        for text in corpus {
            let html = render(text).to_string();
            for word in forbidden {
                assert!(!html.contains(word), "{word} survives in {html} of {text}");
            }
        }
    }

    #[test]
    fn links_give_no_credit() {
        let html = render("[x](https://elsewhere.example)").to_string();

        assert!(html.contains("rel=\"nofollow ugc noopener\""), "{html}");
    }
}
