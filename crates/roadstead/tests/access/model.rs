//! Who may do what, said once more and in its own words: the sweep holds the program to this, not to
//! what the program answered yesterday.

/// What somebody is given in a namespace; a greater one includes the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    None,
    Read,
    Write,
    Admin,
    /// Of an organization: as admin, and makes repositories.
    Editor,
    Owner,
}

impl Role {
    fn rights(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Read => &["pull"],
            Self::Write => &["pull", "push"],
            Self::Admin | Self::Editor => &["pull", "push", "delete", "describe", "administer"],
            Self::Owner => &["pull", "push", "delete", "describe", "administer", "own"],
        }
    }
}

/// How far a credential reaches, whatever its holder was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    Whole,
    To(&'static [&'static str]),
    /// Everything, on the hidden repository alone.
    ToHidden,
}

impl Cap {
    fn lets(self, right: &str, state: State) -> bool {
        match self {
            Self::Whole => true,
            Self::To(rights) => rights.contains(&right),
            Self::ToHidden => state == State::Hidden,
        }
    }
}

/// What somebody is within the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Outside,
    Member,
    Owner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Nobody,
    /// Shows a credential that is good.
    Somebody,
    /// Shows one that ended: a disabled account, an expired or a revoked token.
    Ended,
    /// An administrator of the hub.
    Administrator,
}

/// How a repository stands. A renamed one is hidden and asked for by the name it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Public,
    Hidden,
    Missing,
    Trashed,
    Renamed,
}

impl State {
    pub const ALL: [Self; 5] =
        [Self::Public, Self::Hidden, Self::Missing, Self::Trashed, Self::Renamed];
}

/// How the request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    Api,
    /// The registry, with the credential on the request.
    Basic,
    /// The registry, with a token that was asked for everything.
    Bearer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As far as the content, which may then be at fault.
    In,
    SignIn,
    Forbidden,
    Missing,
}

impl Verdict {
    pub const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::SignIn => "401",
            Self::Forbidden => "403",
            Self::Missing => "404",
        }
    }
}

/// Everything the model knows of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub kind: Kind,
    pub cap: Cap,
    /// On the repositories of Alice, and on those of her organization.
    pub alice: Role,
    pub acme: Role,
    pub place: Place,
}

impl Facts {
    fn role(&self, namespace: &str) -> Role {
        if namespace == "alice" { self.alice } else { self.acme }
    }

    /// Whether `right` is held on what stands there, its being public aside.
    fn holds(&self, right: &str, namespace: &str, state: State) -> bool {
        self.role(namespace).rights().contains(&right) && self.cap.lets(right, state)
    }

    /// What is public is everybody's to pull.
    pub fn sees(&self, namespace: &str, state: State) -> bool {
        match state {
            State::Public => true,
            State::Hidden | State::Renamed => self.holds("pull", namespace, state),
            State::Missing | State::Trashed => false,
        }
    }

    fn makes_repositories(&self, namespace: &str) -> bool {
        self.role(namespace) >= Role::Editor
    }
}

/// What becomes of a request that needs `right` on a repository.
pub fn on_repository(
    who: &Facts,
    right: &str,
    namespace: &str,
    state: State,
    door: Door,
) -> Verdict {
    if who.kind == Kind::Ended {
        return Verdict::SignIn;
    }
    let sees = who.sees(namespace, state);
    let is_there = !matches!(state, State::Missing | State::Trashed);
    let is_held = who.holds(right, namespace, state) || right == "pull" && sees;
    match (is_there, right) {
        // An old name pulls and does nothing else.
        (true, "pull") if is_held => Verdict::In,
        (true, _) if is_held && state == State::Renamed => Verdict::Forbidden,
        (true, _) if is_held => Verdict::In,
        // A push makes what it pushes to; whoever could make it is told that it is not there yet.
        (false, _) if is_held && door != Door::Api && who.makes_repositories(namespace) => {
            if right == "push" { Verdict::In } else { Verdict::Missing }
        }
        _ => refusal(who, right, door, sees),
    }
}

/// What one may not see is missing. The registry protocol has its own words for it, the same for hidden
/// and missing: 401 to nobody, and to a token where another could help; else 403.
fn refusal(who: &Facts, right: &str, door: Door, sees: bool) -> Verdict {
    match door {
        Door::Api if !sees => Verdict::Missing,
        Door::Bearer if right == "pull" => Verdict::SignIn,
        Door::Bearer => Verdict::Forbidden,
        Door::Api | Door::Basic if who.kind == Kind::Nobody => Verdict::SignIn,
        Door::Api | Door::Basic => Verdict::Forbidden,
    }
}

/// What becomes of a request that needs a place in the organization. That it exists is no secret.
pub fn in_organization(who: &Facts, needed: &str) -> Verdict {
    let reach = match who.cap {
        Cap::Whole => Place::Owner,
        Cap::To([]) => Place::Outside,
        Cap::To(_) | Cap::ToHidden => Place::Member,
    };
    let needed = if needed == "owner" { Place::Owner } else { Place::Member };
    match who.kind {
        Kind::Nobody | Kind::Ended => Verdict::SignIn,
        _ if who.place.min(reach) >= needed => Verdict::In,
        _ => Verdict::Forbidden,
    }
}

/// What becomes of a request that administers the hub.
pub fn on_hub(who: &Facts) -> Verdict {
    match who.kind {
        Kind::Administrator => Verdict::In,
        Kind::Nobody | Kind::Ended => Verdict::SignIn,
        Kind::Somebody => Verdict::Forbidden,
    }
}

/// The same of its pages: to all but administrators there are none.
pub fn on_desk(who: &Facts) -> Verdict {
    match on_hub(who) {
        Verdict::In => Verdict::In,
        _ => Verdict::Missing,
    }
}
