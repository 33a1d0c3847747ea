//! The scope grammar of the token protocol: what a client says it will do.
//!
//! `type[(class)]:name:action[,action]`, several joined by spaces (distribution, "Token Scope
//! Documentation"). A name may hold a colon, because a client may put `host:port/` in front of it,
//! so a scope is split at its first and its last colon. A scope nobody understands is ignored, as
//! the protocol asks; only a list too long to be honest is an error.

use roadstead_types::{Actions, RepositoryName};

/// More scopes than any client sends in one request: containerd merges a handful.
pub const MAX_SCOPES: usize = 100;
/// Bytes of all scopes of one request.
pub const MAX_SCOPE_BYTES: usize = 32 << 10;
/// A name of the widest grammar with a host and a port in front.
const MAX_NAME_BYTES: usize = 512;

/// One resource and what shall be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Repository {
        name: String,
        actions: Actions,
    },
    /// `registry:catalog:*`: list the repositories the caller may see.
    Catalog,
    /// `registry:catalog:search`, which `docker search` sends.
    Search,
}

/// The list is not something to look into further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeListError {
    #[error("at most {MAX_SCOPES} scopes can be asked for at once")]
    TooMany,
    #[error("the scopes of one request may be {MAX_SCOPE_BYTES} bytes long")]
    TooLong,
}

/// Reads the `scope` parameters of a request: each may hold several scopes. Actions on the same
/// name are joined, because containerd sends them apart.
pub fn parse_list<'a>(
    parameters: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Scope>, ScopeListError> {
    let mut scopes = Vec::new();
    let (mut bytes, mut count) = (0, 0);
    for parameter in parameters {
        bytes += parameter.len();
        if bytes > MAX_SCOPE_BYTES {
            return Err(ScopeListError::TooLong);
        }
        for text in parameter.split_ascii_whitespace() {
            count += 1;
            if count > MAX_SCOPES {
                return Err(ScopeListError::TooMany);
            }
            if let Some(scope) = parse(text) {
                merge(&mut scopes, scope);
            }
        }
    }
    Ok(scopes)
}

fn merge(scopes: &mut Vec<Scope>, scope: Scope) {
    if let Scope::Repository { name, actions } = &scope {
        for known in scopes.iter_mut() {
            if let Scope::Repository { name: other, actions: held } = known
                && other == name
            {
                *held = held.union(*actions);
                return;
            }
        }
    }
    if !scopes.contains(&scope) {
        scopes.push(scope);
    }
}

/// Reads one scope; `None` when it asks for nothing this hub knows.
fn parse(text: &str) -> Option<Scope> {
    let (kind, rest) = text.split_once(':')?;
    let (name, actions) = rest.rsplit_once(':')?;
    match resource_type(kind)? {
        "repository" => repository(name, actions),
        "registry" if name == "catalog" => actions.split(',').find_map(|action| match action {
            "*" => Some(Scope::Catalog),
            "search" => Some(Scope::Search),
            _ => None,
        }),
        _ => None,
    }
}

/// The type without its class: `repository(plugin)` equals `repository`.
fn resource_type(text: &str) -> Option<&str> {
    let Some((kind, class)) = text.split_once('(') else { return Some(text) };
    let class = class.strip_suffix(')')?;
    let known =
        !class.is_empty() && class.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    known.then_some(kind)
}

fn repository(name: &str, actions: &str) -> Option<Scope> {
    let in_grammar = |b: u8| b.is_ascii_alphanumeric() || b"._-/:[]".contains(&b);
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.bytes().all(in_grammar) {
        return None;
    }
    let actions = actions.split(',').map(Actions::from_word).fold(Actions::NONE, Actions::union);
    (!actions.is_empty()).then(|| Scope::Repository { name: name.to_owned(), actions })
}

/// The repository a scope's name means, if it can be one of ours. `docker trust` and mirrors put
/// the host in front; the first part is a host exactly if it could not be a namespace: it has a
/// dot or a colon, or is `localhost` (the rule of every client for references).
pub fn repository_of(name: &str) -> Option<RepositoryName> {
    let path = match name.split_once('/') {
        Some((host, rest)) if is_host(host) => rest,
        _ => name,
    };
    path.parse().ok()
}

fn is_host(part: &str) -> bool {
    let starts_like_one = part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    starts_like_one && (part.contains(['.', ':']) || part == "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Option<String> {
        let scopes = parse_list([text]).unwrap();
        assert!(scopes.len() <= 1, "{scopes:?}");
        scopes.into_iter().next().map(|scope| match scope {
            Scope::Repository { name, actions } => format!("{name} {actions}"),
            Scope::Catalog => "catalog".into(),
            Scope::Search => "search".into(),
        })
    }

    #[test]
    fn the_scopes_real_clients_send_are_understood() {
        for (text, want) in [
            ("repository:alice/two:pull", "alice/two pull"),
            ("repository:alice/two:push,pull", "alice/two pull,push"),
            ("repository:ubuntu:pull", "ubuntu pull"),
            ("repository:alice/two:*", "alice/two pull,push,delete"),
            ("repository:127.0.0.1:7001/alice/two:pull", "127.0.0.1:7001/alice/two pull"),
            ("repository(plugin):alice/two:pull", "alice/two pull"),
            ("registry:catalog:*", "catalog"),
            ("registry:catalog:search", "search"),
            ("repository:a/b:pull repository:a/b:pull,push", "a/b pull,push"),
            ("repository:alice/two:pull,fly,pull", "alice/two pull"),
        ] {
            assert_eq!(one(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_nobody_understands_asks_for_nothing() {
        for text in [
            "",
            ":",
            "::",
            "repository",
            "repository:alice/two",
            "repository::pull",
            "repository:alice/two:",
            "repository:alice/two:PULL",
            "Repository:alice/two:pull",
            "repository():alice/two:pull",
            "repository(plugin:alice/two:pull",
            "repo:a/b:pull",
            "registry:other:*",
            "registry:catalog:pull",
            "repository:al ice:fly",
            "repository:alice/t%20wo:pull",
            "repository:älice/two:pull",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    #[test]
    fn a_list_too_long_to_be_honest_is_refused() {
        let many = "repository:a/b:pull ".repeat(MAX_SCOPES + 1);
        let long = "a".repeat(MAX_SCOPE_BYTES + 1);

        assert_eq!(parse_list([many.as_str()]), Err(ScopeListError::TooMany));
        assert_eq!(parse_list([long.as_str()]), Err(ScopeListError::TooLong));
        assert_eq!(parse_list(["repository:a/b:pull"; MAX_SCOPES]).unwrap().len(), 1);
    }

    #[test]
    fn a_host_in_front_of_a_name_is_not_part_of_it() {
        let name = |text: &str| repository_of(text).map(|name| name.to_string());

        assert_eq!(name("127.0.0.1:7001/alice/two").as_deref(), Some("alice/two"));
        assert_eq!(name("hub.example/ubuntu").as_deref(), Some("library/ubuntu"));
        assert_eq!(name("localhost/alice/two").as_deref(), Some("alice/two"));
        assert_eq!(name("ubuntu").as_deref(), Some("library/ubuntu"));
        assert_eq!(name("alice/a/b"), None);
        assert_eq!(name("../alice"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic_or_invent_an_action(text in "\\PC{0,200}") {
            for scope in parse_list([text.as_str()]).unwrap_or_default() {
                if let Scope::Repository { name, actions } = scope {
                    prop_assert!(text.contains(&name));
                    for word in actions.words() {
                        prop_assert!(text.contains(word) || text.contains('*'));
                    }
                }
            }
        }

        #[test]
        fn exactly_the_known_actions_of_a_scope_are_kept(
            words in proptest::collection::vec("pull|push|delete|PULL|admin|x\\*", 1..8)
        ) {
            let text = format!("repository:h.io:5000/alice/two:{}", words.join(","));
            let want = words.iter().map(|w| Actions::from_word(w)).fold(Actions::NONE, Actions::union);
            let got = match parse_list([text.as_str()]).unwrap().as_slice() {
                [Scope::Repository { actions, .. }] => *actions,
                _ => Actions::NONE,
            };
            prop_assert_eq!(got, want);
        }
    }
}
