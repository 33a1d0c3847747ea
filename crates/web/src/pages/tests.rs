//! All pages with all their samples, as the program would send them.

use askama::Template;

use super::account::{
    again, email, end, password, plan, profile, sessions, signup, token, tokens, two_factor,
};
use super::{
    admin, compare, docs, home, image, insights, manage, namespace, organization, repository,
    search, signin, tag, tags,
};
use crate::{failure, invitation, links};

fn rendered() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    macro_rules! add {
        ($name:literal, $samples:expr) => {
            for page in $samples {
                all.push(($name, page.render().unwrap()));
            }
        };
    }
    add!("admin announcements", admin::announcements::samples());
    add!("admin audit", admin::audit::samples());
    add!("admin confirm", admin::confirm::samples());
    add!("admin health", admin::health::samples());
    add!("admin jobs", admin::jobs::samples());
    add!("admin mail", admin::mail::samples());
    add!("admin newcomer", admin::newcomer::samples());
    add!("admin official", admin::official::samples());
    add!("admin people", admin::people::samples());
    add!("admin person", admin::person::samples());
    add!("admin plan", admin::plans::form_samples());
    add!("admin plans", admin::plans::samples());
    add!("admin reserved", admin::reserved::samples());
    add!("admin settings", admin::settings::samples());
    add!("admin storage", admin::storage::samples());
    add!("admin takedowns", admin::takedowns::samples());
    add!("again", again::samples());
    add!("email", email::samples());
    add!("end", end::samples());
    add!("password", password::samples());
    add!("plan", plan::samples());
    add!("profile", profile::samples());
    add!("sessions", sessions::samples());
    add!("signup", signup::samples());
    add!("token", token::samples());
    add!("tokens", tokens::samples());
    add!("two_factor", two_factor::samples());
    add!("verify", links::samples::verify());
    add!("reset", links::samples::reset());
    add!("forgot", links::samples::forgot());
    add!("end of a link", links::samples::end());
    add!("invitation", invitation::samples());
    add!("compare", compare::samples());
    add!("docs", docs::samples());
    add!("failure", failure::samples());
    add!("home", home::samples());
    add!("image", image::samples());
    add!("insights", insights::samples());
    add!("manage/activity", manage::activity::samples());
    add!("manage/create", manage::create::samples());
    add!("manage/dashboard", manage::dashboard::samples());
    add!("manage/edit", manage::edit::samples());
    add!("manage/permissions", manage::permissions::samples());
    add!("manage/settings", manage::settings::samples());
    add!("manage/stars", manage::stars::samples());
    add!("manage/trash", manage::trash::samples());
    add!("namespace", namespace::samples());
    add!("organization activity", organization::activity::samples());
    add!("organization confirm", organization::confirm::samples());
    add!("organization create", organization::create::samples());
    add!("organization member", organization::member::samples());
    add!("organization mine", organization::mine::samples());
    add!("organization new team", organization::team::new_samples());
    add!("organization people", organization::people::samples());
    add!("organization plan", organization::plan::samples());
    add!("organization settings", organization::settings::samples());
    add!("organization team", organization::team::samples());
    add!("organization tokens", organization::tokens::samples());
    add!("repository", repository::samples());
    add!("search", search::samples());
    add!("signin", signin::samples());
    add!("tag delete", tag::delete::samples());
    add!("tag history", tag::history::samples());
    add!("tags", tags::samples());
    all
}

/// The policy lets no style or script in a page run: one that is there is a part that does not work.
#[test]
fn pages_hold_no_style_and_no_script_of_their_own() {
    for (name, html) in rendered() {
        for word in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
            assert!(!html.contains(word), "{name} has {word}");
        }
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, html.matches("<script src=\"/static/").count(), "{name}");
    }
}

/// Names and texts in the samples try to be HTML.
#[test]
fn what_people_wrote_is_text() {
    for (name, html) in rendered() {
        for word in ["<telemetry>", "Alice <b>", "alert(1)</script>", "A=<b>"] {
            assert!(!html.contains(word), "{name} lets {word} through");
        }
    }
}

#[test]
fn every_page_has_one_title_one_heading_and_its_files() {
    for (name, html) in rendered() {
        let count = |word: &str| html.matches(word).count();
        assert_eq!((count("<title>"), count("<main")), (1, 1), "{name}");
        let in_readme = if html.contains("id=\"readme-") { 1 } else { 0 };
        assert_eq!(count("<h1") - in_readme, 1, "{name}");
        assert!(!html.contains("href=\"\"") && !html.contains("src=\"\""), "{name} lacks a file");
        assert!(html.contains("lang=\"en\""), "{name}");
    }
}
