## Ids begin with: organization-

organization-badge = Organization
organization-tabs = Organization
organization-tab-repositories = Repositories
organization-tab-people = People and teams
organization-tab-activity = Activity
organization-new-repository = Create repository
organization-tab-plan = Plan and usage
organization-tab-tokens = Access tokens
organization-tab-settings = Settings
organization-head-repositories = { $count ->
    [0] No repositories yet
    [one] 1 repository
   *[other] { $count } repositories
}
organization-head-people = { $people ->
    [one] 1 person
   *[other] { $people } people
} in { $teams ->
    [one] 1 team
   *[other] { $teams } teams
}
organization-head-slots = { $used } of { $most } private repositories used
organization-head-private = { $count ->
    [one] 1 private repository
   *[other] { $count } private repositories
}
organization-head-joined = Joined { $date }

organization-role = Role
organization-role-member = Member
organization-role-editor = Editor
organization-role-owner = Owner
organization-role-member-text = Sees the teams they belong to and does what those may do.
organization-role-editor-text = Also creates, changes and deletes repositories.
organization-role-owner-text = An owner changes everything: people, teams, tokens, settings, every repository, and who else is an owner.
organization-level-none = None
organization-level-read = Read
organization-level-write = Write
organization-level-admin = Admin
organization-sure = Press the button below to go on. Nothing was changed yet.
organization-type-name = Type <code>{ $name }</code> to confirm
organization-cancel = Cancel
organization-save = Save changes
organization-show = Show
organization-actions = Actions
organization-danger = Danger zone
organization-private = private
organization-public = public
organization-name-rule = 2 to 30 lowercase letters, numbers, - and _, beginning and ending with a letter or number.

organization-people-title = People and teams · { $name }
organization-members = Members
organization-members-filter = Filter people
organization-members-none = Nobody has “{ $text }” in their name
organization-members-all = Show all people
organization-members-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
organization-person = Person
organization-teams = Teams
organization-since = Member since
organization-manage = Manage { $name }
organization-leave = Leave
organization-leave-title = Leave { $name }?
organization-leave-text = You lose the rights that { $name } gives you, and leave all its teams. What you pushed stays.
organization-leave-back = An owner can invite you again.
organization-leave-button = Leave organization
organization-leave-keep = Stay
organization-left = You left { $name }
organization-back-people = Back to people and teams

organization-invitations = Invitations
organization-invitations-none = No open invitations. Invite people by username or by email address.
organization-invitations-more = The newest of { $count } are shown.
organization-invitations-foot = An invitation works for 7 days. Separate several names with commas.
organization-invite = Invite
organization-invite-who = Username or email
organization-invite-sent = { $count ->
    [one] Invitation sent
   *[other] { $count } invitations sent
}
organization-invite-member = { $name } is a member already. Change the role with the button at the end of the row.
organization-invite-unknown = There is no user “{ $name }”. Check the spelling, or write an email address.
organization-invite-resent = Invitation sent again
organization-invite-withdrawn = Invitation withdrawn
organization-invitation-as = As { $role }
organization-invitation-team = team { $team }
organization-invitation-sent = invited by { $name }, { $ago }
organization-invitation-ends = ends { $date }
organization-invitation-ended = ended { $date }
organization-resend = Send again
organization-withdraw = Withdraw

organization-member-since = Member since { $ago }
organization-member-save = Change role
organization-member-changed = The role of { $name } was changed
organization-member-choose = Choose a role.
organization-member-remove = Remove
organization-member-remove-title = Remove { $name }
organization-member-remove-text = Leaves the organization and all its teams at once. Repositories and tags stay.
organization-member-removed = { $name } was removed
organization-last-owner = { $name } is the last owner. Make somebody else an owner first, or delete the organization.

organization-team-create = Create team
organization-team-name = Name
organization-team-description = Description
organization-team-made = Team { $name } created
organization-team-saved = Team saved
organization-team-people = { $count ->
    [0] Nobody yet.
    [one] 1 person.
   *[other] { $count } people.
}
organization-team-members = People in this team
organization-team-empty = Nobody is in this team yet
organization-team-empty-text = Add members by username. Anybody else gets an invitation to the organization and this team.
organization-team-add = Add person
organization-team-added = { $name } was added
organization-team-invited = { $name } was invited to the organization and this team
organization-team-remove = Remove
organization-team-out = { $name } was taken out of the team
organization-team-foot = Taken out of a team, people stay members of the organization.
organization-team-details = Name and description
organization-team-delete = Delete team
organization-team-delete-hint = Its people stay members, and lose what this team may do.
organization-team-delete-title = Delete team { $name }?
organization-team-delete-text = { $count ->
    [0] Nobody is in it. The rights it was given, and open invitations to it, are removed.
    [one] 1 person is in it and stays a member of the organization. The rights the team was given, and open invitations to it, are removed.
   *[other] { $count } people are in it and stay members of the organization. The rights the team was given, and open invitations to it, are removed.
}
organization-team-keep = Keep team
organization-team-deleted = Team { $name } deleted
organization-teams-none = You are in no team here yet.
organization-teams-foot = Members see the teams they belong to. Owners see and change all of them.
organization-owners-text = Manage members, teams and plans.
organization-reach-all = Admin on all
organization-reach-read = Read on { $count }
organization-reach-write = Write on { $count }
organization-reach-admin = Admin on { $count }

organization-matrix = Permissions
organization-matrix-read = Read: pull
organization-matrix-write = Write: push
organization-matrix-admin = Admin: manage
organization-matrix-none = Nothing to share yet
organization-matrix-none-text = Once there are repositories and teams, this table says what each team may do with each repository.
organization-matrix-save = Save permissions
organization-matrix-saved = Permissions saved
organization-matrix-foot = Changes save at once. Write has no effect on automated repositories: their tags come from builds.
organization-matrix-count = { $count ->
    [one] 1 repository you can see
   *[other] { $count } repositories you can see
}
organization-repository = Repository
organization-cell = { $team } on { $repository }

organization-mine = Organizations
organization-mine-text = People who publish together, under one name
organization-belong = You belong to
organization-mine-none = You belong to no organization yet
organization-mine-none-text = In an organization several people push under one name, and teams decide who may read, write and administer.
organization-mine-count = { $count ->
    [one] 1 organization
   *[other] { $count } organizations
}
organization-waiting = Invitations to you
organization-accept = Accept
organization-decline = Decline
organization-invitation-accepted = You are now a member of { $name }
organization-invitation-declined = Invitation declined

organization-create = Create organization
organization-create-text = A namespace that several people own and push to.
organization-name = Name
organization-name-free = { $name } is free
organization-full-name = Display name
organization-full-name-text = Shown beside the name, for example what you do together.
organization-default-private = New repositories start private
organization-default-private-text = Those that a push creates. Each uses a private slot of the plan.
organization-what = What an organization is
organization-what-owners = You become its first owner. Owners invite people and give others the same right.
organization-what-teams = Teams get Read, Write or Admin on each repository.
organization-what-name = The name is part of every image name. It can be changed later; the old one stays reserved for you.
organization-made = Organization { $name } created

organization-plan = Plan “{ $plan }”
organization-plan-text = What the organization may have, and what it has. Public repositories are not counted.
organization-plan-of = { $used } of { $most }
organization-plan-private = Private repositories
organization-plan-private-left = { $count ->
    [one] 1 private repository more is possible.
   *[other] { $count } private repositories more are possible.
}
organization-plan-private-full = All are used. Make one public, delete one, or ask the administrator of this hub for another plan.
organization-plan-unlimited = As many as you want.
organization-plan-storage = Storage
organization-plan-storage-text = Each layer counts once, however many repositories here share it. The trash counts too.
organization-plan-storage-full = Pushes are refused until something is deleted.
organization-plan-reserved = Uploads that are not finished hold { $size } of it.
organization-plan-invitations = { $count ->
    [0] No open invitations.
    [one] 1 open invitation holds a place too.
   *[other] { $count } open invitations hold a place too.
}
organization-plan-pulls = Pulls
organization-plan-pulls-most = Up to { $count } pulls in a window, for each account.
organization-plan-pulls-free = Pulls are not limited by this plan.

organization-profile = Profile
organization-company = Company
organization-location = Location
organization-url = Web page
organization-settings-saved = Settings saved
organization-rename = Rename organization
organization-rename-text = Every repository gets a new image name. Pulls of { $name }/… keep working; pushes need the new name. Nobody else can take { $name }.
organization-renamed = The organization is now called { $name }
organization-delete = Delete organization
organization-delete-hint = Removes people, teams and tokens. Cannot be undone.
organization-delete-repositories = { $count ->
    [one] There is still 1 repository. <a href="/{ $href }">Delete or transfer it first.</a>
   *[other] There are still { $count } repositories. <a href="/{ $href }">Delete or transfer them first.</a>
}
organization-delete-title = Delete { $name }?
organization-delete-people = { $count ->
    [one] You are its only member. Teams, invitations and access tokens are removed at once.
   *[other] { $count } people lose what they may do here. Teams, invitations and access tokens are removed at once.
}
organization-delete-name = The name { $name } stays reserved: nobody can take it, so that old image names lead nowhere else. This cannot be undone.
organization-delete-type = Type { $name } to delete it.
organization-delete-keep = Keep organization
organization-deleted = Organization { $name } deleted

organization-tokens-text = For machines that push and pull as { $name }. They belong to no person, and keep working when somebody leaves.
organization-tokens-count = { $count } of 100
organization-tokens-none = No access tokens yet
organization-tokens-none-text = Create one for a build machine or a cluster, and give it no more than it needs.
organization-token-create = Create a token
organization-token-label = Name
organization-token-label-text = Say where it will be used.
organization-token-note = Note
organization-token-places = Repositories
organization-token-places-text = One a line: <code>{ $name }/app</code>, all with <code>{ $name }/*</code>, or a part such as <code>{ $name }/web-*</code>.
organization-token-access = Access
organization-token-pull = Read only
organization-token-pull-text = pull
organization-token-push = Read and write
organization-token-push-text = pull and push
organization-token-delete = Read, write and delete
organization-token-delete-text = also remove tags
organization-token-admin = Everything
organization-token-admin-text = also descriptions, visibility and settings
organization-token-used = Last used
organization-token-unused = Never used
organization-token-ends = Expires
organization-token-over = Expired
organization-token-never = Never
organization-token-month = In 30 days ({ $date })
organization-token-quarter = In 90 days ({ $date })
organization-token-year = In 1 year ({ $date })
organization-token-made = Created { $date }
organization-token-made-by = Created { $date } by { $name }
organization-token-resting = Switched off
organization-token-disable = Switch off
organization-token-enable = Switch on
organization-token-off = The token was switched off
organization-token-on = The token was switched on
organization-token-copy = Copy your new token now
organization-token-copy-button = Copy token
organization-token-once = This is the only time { $name } is shown. Run the command below and paste it as the password.
organization-revoke = Revoke
organization-token-revoke = Revoke token
organization-token-revoke-title = Revoke { $name }?
organization-token-revoke-used = Last used { $date }. What signs in with it stops at once. This cannot be undone.
organization-token-revoke-unused = It was never used. This cannot be undone.
organization-token-keep = Keep token
organization-token-revoked = The token was revoked
