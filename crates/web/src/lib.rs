//! Surface 3: HTML pages, for people with a browser.
//!
//! Pages work without script, and the content security policy allows none but the program's own files.

mod activity;
mod assets;
mod bar;
mod card;
mod cookie;
mod failure;
mod form;
mod frame;
mod invitation;
mod links;
mod long_form;
mod markdown;
mod notice;
mod own;
mod page;
mod pager;
mod pages;
mod pennant;
mod qr;
mod reference;
mod scale;
mod seen;
mod session;
mod setup;
mod slots;
mod ui;
mod words;

use roadstead_http::{Access, Routes};
use roadstead_hub::access::{Administer, Delete, Describe, Member, Own, Owner, Pull, Push};

use pages::account::{
    again, email, end, password, plan, profile, sessions, signup, token, tokens, two_factor,
};

pub use frame::Visit;
pub use reference::reference;

/// All routes of this surface.
pub fn routes() -> Routes {
    small()
        .merge(letters())
        .merge(signing_in())
        .merge(account())
        .merge(visitors())
        .merge(repositories())
        .merge(desk())
        .merge(managing())
        .merge(organizations())
        .merge(organization())
        .merge(pages::admin::routes())
}

/// Files and addresses of old.
fn small() -> Routes {
    const FILE: Access = Access::Public("a file of the program");
    const MARKED: Access = Access::Public("fetches only what a page of this hub named and marked");
    const OLD: Access = Access::Public("leads to the address of today, whatever is there");
    Routes::new()
        .get("/static/{file}", FILE, assets::serve)
        .get("/image-proxy/{marked}", MARKED, pages::picture::show)
        .get("/r/{namespace}/{repository}", OLD, pages::redirects::repository)
        .get("/r/{namespace}/{repository}/", OLD, pages::redirects::repository)
        .get("/r/{namespace}/{repository}/tags", OLD, pages::redirects::tags)
        .get("/r/{namespace}/{repository}/tags/", OLD, pages::redirects::tags)
        .get("/u/{username}", OLD, pages::redirects::person)
        .get("/u/{username}/", OLD, pages::redirects::person)
        .get("/plans/", OLD, pages::redirects::guide)
        .get("/builds/", OLD, pages::redirects::guide)
}

/// The setup, and the pages behind links in letters.
fn letters() -> Routes {
    const SETUP: Access = Access::Public("does something only for the holder of the one-time code");
    const LINK: Access = Access::Public("does something only for the holder of a link in a letter");
    const ASK: Access = Access::Public("says the same whether or not the address has an account");
    Routes::new()
        .get("/setup", SETUP, setup::form)
        .post("/setup", SETUP, setup::submit)
        .get("/setup/", SETUP, setup::form)
        .post("/setup/", SETUP, setup::submit)
        .get("/account/verify", LINK, links::verify_form)
        .post("/account/verify", LINK, links::verify)
        .get("/account/reset-password", LINK, links::reset_form)
        .post("/account/reset-password", LINK, links::reset)
        .get("/account/forgot-password", ASK, links::forgot_form)
        .post("/account/forgot-password", ASK, links::forgot)
        .get("/account/invitation/{uuid}", LINK, invitation::form)
        .post("/account/invitation/{uuid}", LINK, invitation::reply)
}

fn signing_in() -> Routes {
    const PROOF: Access = Access::Public("proves a credential; failures are limited and alike");
    const MAKE: Access = Access::Public("makes an account as far as the operator's setting allows");
    const NAMES: Access = Access::Public("names of accounts are no secret");
    const OWN: Access = Access::Public("ends the session that the cookie names, and no other");
    Routes::new()
        .get("/signin", PROOF, pages::signin::form)
        .post("/signin", PROOF, pages::signin::submit)
        .post("/signin/code", PROOF, pages::signin::submit_code)
        .get("/signin/again", Access::SignedIn, again::show)
        .post("/signin/again", Access::SignedIn, again::submit)
        .post("/signout", OWN, pages::signin::leave)
        .get("/signup", MAKE, signup::show)
        .get("/signup/rules", NAMES, signup::rules)
        .post("/signup", MAKE, signup::submit)
}

/// One's own account.
fn account() -> Routes {
    const OWN: Access = Access::SignedIn;
    Routes::new()
        .get("/settings", OWN, profile::first)
        .get("/settings/profile", OWN, profile::show)
        .post("/settings/profile", OWN, profile::submit)
        .get("/settings/email", OWN, email::show)
        .post("/settings/email", OWN, email::submit)
        .post("/settings/email/verification", OWN, email::resend)
        .get("/settings/password", OWN, password::show)
        .post("/settings/password", OWN, password::submit)
        .get("/settings/two-factor", OWN, two_factor::show)
        .post("/settings/two-factor", OWN, two_factor::begin)
        .post("/settings/two-factor/confirm", OWN, two_factor::confirm)
        .post("/settings/two-factor/change", OWN, two_factor::change)
        .get("/settings/tokens", OWN, tokens::show)
        .post("/settings/tokens", OWN, tokens::submit)
        .get("/settings/tokens/{uuid}", OWN, token::show)
        .post("/settings/tokens/{uuid}", OWN, token::submit)
        .post("/settings/tokens/{uuid}/revoke", OWN, token::revoke)
        .get("/settings/sessions", OWN, sessions::show)
        .post("/settings/sessions/others", OWN, sessions::end_others)
        .post("/settings/sessions/{session}/end", OWN, sessions::end)
        .get("/settings/plan", OWN, plan::show)
        .get("/settings/account", OWN, end::show)
        .post("/settings/account", OWN, end::submit)
}

/// What everybody may look at.
fn visitors() -> Routes {
    const FOUND: Access = Access::Public("finds what is public, and more only for whom it is");
    const GUIDE: Access = Access::Public("tells how to use the hub, and nothing of what is in it");
    const CHOICE: Access = Access::Public("sets what the browser itself shows with each request");
    const PERSON: Access = Access::Public("lists only what the caller may pull");
    Routes::new()
        .get("/", FOUND, pages::home::show)
        .get("/explore", FOUND, pages::home::show)
        .get("/search", FOUND, pages::search::show)
        .get("/docs", GUIDE, pages::docs::show)
        .post("/language", CHOICE, pages::language::choose)
        .get("/{namespace}", PERSON, pages::namespace::show)
}

/// Pages of a repository, for whoever may pull it. Official images stand under `_` in place of a namespace.
fn repositories() -> Routes {
    const SEEN: Access = Access::needs::<Pull>();
    Routes::new()
        .get("/{namespace}/{repository}", SEEN, pages::repository::show)
        .get("/{namespace}/{repository}/overview", SEEN, pages::repository::show)
        .get("/{namespace}/{repository}/tags", SEEN, pages::tags::show)
        .get("/{namespace}/{repository}/tags.atom", SEEN, pages::feed::show)
        .get("/{namespace}/{repository}/tags/{tag}", SEEN, pages::image::show)
        .get("/{namespace}/{repository}/tags/{tag}/history", SEEN, pages::tag::history::show)
        .get("/{namespace}/{repository}/compare", SEEN, pages::compare::show)
        .get("/{namespace}/{repository}/insights", SEEN, pages::insights::show)
        .post("/{namespace}/{repository}/star", SEEN, pages::star::submit)
        .get("/badge/{namespace}/{repository}/{badge}", SEEN, pages::badge::show)
        .merge(tags())
}

/// What those who push do with a tag.
fn tags() -> Routes {
    const DELETE: Access = Access::needs::<Delete>();
    Routes::new()
        .get("/{namespace}/{repository}/tags/{tag}/delete", DELETE, pages::tag::delete::form)
        .post("/{namespace}/{repository}/tags/{tag}/delete", DELETE, pages::tag::delete::submit)
        .post(
            "/{namespace}/{repository}/tags/{tag}/restore",
            Access::needs::<Push>(),
            pages::tag::restore::submit,
        )
}

/// What one owns, and making more of it.
fn desk() -> Routes {
    use pages::manage::{create, dashboard, stars, trash};
    const OWN: Access = Access::SignedIn;
    Routes::new()
        .get("/repositories", OWN, dashboard::show)
        .get("/repositories/trash", OWN, trash::show)
        .post("/repositories/trash", OWN, trash::submit)
        .get("/stars", OWN, stars::show)
        .get("/new", OWN, create::form)
        .post("/new", OWN, create::submit)
        .get("/new/rules", OWN, create::rules)
}

/// Pages of a repository for those who look after it.
fn managing() -> Routes {
    use pages::manage::{activity, edit, permissions, settings};
    const DESCRIBED: Access = Access::needs::<Describe>();
    const ADMINISTERED: Access = Access::needs::<Administer>();
    const OWNED: Access = Access::needs::<Own>();
    Routes::new()
        .get("/{namespace}/{repository}/edit", DESCRIBED, edit::form)
        .post("/{namespace}/{repository}/edit", DESCRIBED, edit::submit)
        .get("/{namespace}/{repository}/activity", ADMINISTERED, activity::show)
        .get("/{namespace}/{repository}/permissions", ADMINISTERED, permissions::show)
        .post("/{namespace}/{repository}/permissions/teams", ADMINISTERED, permissions::submit_team)
        .post(
            "/{namespace}/{repository}/permissions/collaborators",
            OWNED,
            permissions::submit_person,
        )
        .get("/{namespace}/{repository}/settings", ADMINISTERED, settings::show)
        .post("/{namespace}/{repository}/settings/visibility", ADMINISTERED, settings::visibility)
        .post("/{namespace}/{repository}/settings/immutable", ADMINISTERED, settings::immutable)
        .post("/{namespace}/{repository}/settings/archive", ADMINISTERED, settings::archive)
        .post("/{namespace}/{repository}/settings/delete", ADMINISTERED, settings::delete)
        .post("/{namespace}/{repository}/settings/rename", OWNED, settings::rename)
        .post("/{namespace}/{repository}/settings/transfer", OWNED, settings::transfer)
        .post("/{namespace}/{repository}/settings/former-names", OWNED, settings::release)
}

/// The organizations of whoever is signed in.
fn organizations() -> Routes {
    use pages::organization::{create, mine};
    const SIGNED_IN: Access = Access::SignedIn;
    Routes::new()
        .get("/organizations", SIGNED_IN, mine::show)
        .post("/organizations/invitations", SIGNED_IN, mine::reply)
        .get("/organizations/new", SIGNED_IN, create::form)
        .post("/organizations/new", SIGNED_IN, create::submit)
}

/// Pages of an organization, for its people. Where a person has a repository of that name, it is shown.
fn organization() -> Routes {
    use pages::organization::{activity, leave, member, people, plan, settings, team, tokens};
    const MEMBER: Access = Access::of::<Member>();
    const OWNER: Access = Access::of::<Owner>();
    Routes::new()
        .get("/{namespace}/people", MEMBER, people::show)
        .post("/{namespace}/people/invite", OWNER, people::invite)
        .post("/{namespace}/people/invitations", OWNER, people::change_invitation)
        .post("/{namespace}/people/permissions", OWNER, people::change_grants)
        .get("/{namespace}/people/leave", MEMBER, leave::form)
        .post("/{namespace}/people/leave", MEMBER, leave::submit)
        .get("/{namespace}/people/members/{member}", OWNER, member::form)
        .post("/{namespace}/people/members/{member}", OWNER, member::submit)
        .get("/{namespace}/people/new-team", OWNER, team::new_form)
        .post("/{namespace}/people/new-team", OWNER, team::create)
        .get("/{namespace}/people/teams/{team}", MEMBER, team::show)
        .post("/{namespace}/people/teams/{team}", OWNER, team::submit)
        .get("/{namespace}/people/teams/{team}/delete", OWNER, team::delete_form)
        .post("/{namespace}/people/teams/{team}/delete", OWNER, team::delete)
        .get("/{namespace}/activity", OWNER, activity::show)
        .get("/{namespace}/plan", OWNER, plan::show)
        .get("/{namespace}/settings", OWNER, settings::form)
        .post("/{namespace}/settings", OWNER, settings::submit)
        .post("/{namespace}/settings/rename", OWNER, settings::rename)
        .get("/{namespace}/settings/delete", OWNER, settings::delete_form)
        .post("/{namespace}/settings/delete", OWNER, settings::delete)
        // Only who signed in with the password manages tokens, whatever else a credential may do.
        .get("/{namespace}/tokens", Access::SignedIn, tokens::show)
        .post("/{namespace}/tokens", Access::SignedIn, tokens::submit)
        .get("/{namespace}/tokens/revoke", Access::SignedIn, tokens::revoke_form)
        .post("/{namespace}/tokens/revoke", Access::SignedIn, tokens::revoke)
}
