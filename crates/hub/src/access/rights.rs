//! Rights on a repository, as types: a method that needs `Push` cannot be called on `Repo<Pull>`.

use roadstead_types::Actions;

/// One right. Sealed: a new right is written here or nowhere.
pub trait Right: sealed::Sealed + Send + Sync + 'static {
    /// What a token must grant for it.
    const ACTIONS: Actions;
    /// How the right is called in messages and in the route table.
    const NAME: &'static str;
}

/// `A: Allows<B>` reads: whoever holds `A` may also do `B`.
pub trait Allows<B: Right>: Right {}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $actions:expr => [$($weaker:ident),*];)*) => {
        mod sealed {
            pub trait Sealed {}
            $(impl Sealed for super::$name {})*
        }
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Right for $name {
                const ACTIONS: Actions = $actions;
                const NAME: &'static str = $word;
            }

            impl Allows<$name> for $name {}
            $(impl Allows<$weaker> for $name {})*
        )*
    };
}

rights! {
    Pull = "pull", Actions::PULL => [];
    Push = "push", Actions::PUSH => [Pull];
    /// Remove tags, manifests and links to blobs.
    Delete = "delete", Actions::DELETE => [Pull];
    /// Short and full description, topics, categories.
    Describe = "describe", Actions::DESCRIBE => [Pull];
    /// Visibility, rules, teams' rights, the trash. Never reached through a registry token.
    Administer = "administer", Actions::ADMINISTER => [Pull];
    /// Rename, transfer, collaborators.
    Own = "own", Actions::OWN => [Administer, Pull];
}
