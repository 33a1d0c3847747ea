## Ids begin with: manage-

manage-pages = Pages
manage-show = Show
manage-permissions = Permissions
manage-settings = Settings

manage-activity = Activity
manage-activity-kind = Kind of change
manage-activity-all = All changes
manage-activity-actor = Username
manage-activity-what = What
manage-activity-target = On
manage-activity-who = Who
manage-activity-when = When
manage-activity-denied = Denied
manage-activity-none = Nothing has happened yet
manage-activity-none-hint = Pushes, changes of settings and of who has access are listed here.
manage-activity-none-match = No change matches
manage-activity-show-all = Show all changes
manage-activity-newest = Newest
manage-activity-older = Older

manage-did-org-create = Organization created
manage-did-org-update = Organization profile changed
manage-did-org-rename = Organization renamed
manage-did-org-delete = Organization deleted
manage-did-org-member-invite = Somebody invited
manage-did-org-invite-resend = Invitation sent again
manage-did-org-invite-cancel = Invitation withdrawn
manage-did-org-invite-accept = Invitation accepted
manage-did-org-invite-decline = Invitation declined
manage-did-org-member-role = Role of a member changed
manage-did-org-member-remove = Member removed
manage-did-team-create = Team created
manage-did-team-update = Team changed
manage-did-team-delete = Team deleted
manage-did-team-member-add = Member added to a team
manage-did-team-member-remove = Member removed from a team
manage-did-org-token-create = Organization token created
manage-did-org-token-update = Organization token changed
manage-did-org-token-delete = Organization token revoked
manage-did-repo-create = Repository created
manage-did-repo-update = Description or settings changed
manage-did-repo-privacy = Visibility changed
manage-did-repo-categories = Categories or topics changed
manage-did-repo-immutable-tags = Immutable tags changed
manage-did-repo-rename = Repository renamed
manage-did-repo-transfer = Repository transferred
manage-did-repo-archive = Repository archived or brought back
manage-did-repo-delete = Repository deleted
manage-did-repo-restore = Repository restored from the trash
manage-did-repo-purge = Repository deleted for good
manage-did-repo-grant = Rights of a team changed
manage-did-repo-revoke = Rights of a team taken away
manage-did-collaborator-add = Collaborator added
manage-did-collaborator-remove = Collaborator removed
manage-did-tag-push = Tag pushed
manage-did-tag-delete = Tag deleted
manage-did-tag-restore = Tag moved back
manage-did-manifest-delete = Manifest deleted
manage-did-account-create = Account created
manage-did-account-update = Profile changed
manage-did-account-verify = E-mail address verified
manage-did-account-email = E-mail address changed
manage-did-account-password = Password changed
manage-did-account-admin = Administrator made or dismissed
manage-did-account-disable = Account disabled
manage-did-account-enable = Account enabled
manage-did-account-rename = Account renamed
manage-did-account-delete = Account deleted
manage-did-account-plan = Plan changed
manage-did-token-create = Access token created
manage-did-token-update = Access token changed
manage-did-token-delete = Access token revoked
manage-did-second-factor-on = Second factor switched on
manage-did-second-factor-off = Second factor switched off
manage-did-recovery-codes = New recovery codes made
manage-did-session-revoke = Session ended by hand
manage-did-hub-settings = Settings of the hub changed
manage-did-plan-change = Plan made, changed or removed
manage-did-name-reserve = Name reserved or released
manage-did-digest-block = Digest taken down
manage-did-digest-unblock = Digest allowed again
manage-did-announce = Announcement made or removed
manage-did-official-maintainer = Official repository handed to a team
manage-did-job-retry = Failed job started again
manage-did-job-delete = Job forgotten or cancelled
manage-did-access-denied = Administrative act denied


## Lists of one's own
manage-yours = Your repositories
manage-yours-lede = Everything you own or can push to
manage-repositories = Repositories
manage-starred = Starred
manage-trash = Trash
manage-create = Create repository
manage-account = Account
manage-filter = Filter repositories
manage-namespace = Namespace
manage-namespaces-all = All namespaces
manage-visibility = Visibility
manage-visibility-both = Public and private
manage-public = Public
manage-private = Private
manage-sort = Sort repositories
manage-sort-pushed = Last pushed
manage-sort-name = Name
manage-sort-stars = Stars
manage-sort-pulls = Pulls
manage-stars = { "" } stars
manage-pulls = { "" } pulls
manage-pushed = Pushed { $ago }
manage-never-pushed = Nothing pushed yet
manage-showing = { $count ->
    [one] Showing the only one
   *[other] Showing { $shown } of { $count }
}
manage-none = You have no repositories yet
manage-none-hint = Create one here, or push an image and it will be created for you.
manage-none-match = No repository matches
manage-show-all = Show all repositories
manage-starred-none = You have not starred anything yet
manage-starred-none-hint = Give a star to a repository on its page, and you find it here again.
manage-starred-explore = Explore repositories
manage-organizations = Organizations
manage-owner = Owner
manage-editor = Editor
manage-member = Member
manage-invited = <strong>{ $inviter }</strong> invites you to the organization <strong>{ $organization }</strong>.
manage-invited-answer = Answer

## What the plan leaves
manage-slots-title = Private repositories
manage-slots-used = <strong>{ $used }</strong> of { $most }
manage-slots-free = { $count ->
    [one] 1 slot free on the plan { $plan }.
   *[other] { $count } slots free on the plan { $plan }.
}
manage-slots-full = All slots of the plan { $plan } are in use: make a repository public, delete one, or ask an administrator for a bigger plan.
manage-slots-unlimited = The plan { $plan } has no limit.
manage-slots-public = Public repositories are not counted.
manage-storage = Storage
manage-storage-of = { $used } of { $most }

## The trash
manage-trash-of = Trash of { $namespace }
manage-trash-none = The trash is empty
manage-trash-none-hint = A deleted repository waits here for { $days } days and can be restored with all its tags.
manage-trash-deleted = Deleted { $ago }.
manage-trash-deleted-by = Deleted { $ago } by { $name }.
manage-trash-until = Removed for good on { $date }.
manage-trash-as = Restore as
manage-trash-restore = Restore repository
manage-trash-restored = { $name } restored
manage-trash-purge = Delete for good
manage-trash-purge-hint = All tags and settings go at once. This cannot be undone.
manage-trash-purged = { $name } deleted for good

## Making a repository
manage-new-lede = A repository holds every tag of one image.
manage-name = Name
manage-rule-length = 2 to 255 characters
manage-rule-letters = Lowercase letters and numbers, with <code>-</code>, <code>_</code> or <code>.</code> between them
manage-rule-free = Not used in { $namespace } yet
manage-description = Short description
manage-description-hint = One line for search results and docker search.
manage-public-hint = Anyone can find and pull it. Only people with Write can push.
manage-private-hint = Only people you choose can see it.
manage-private-free = { $count ->
    [one] Uses the last free slot in { $namespace }.
   *[other] Uses 1 of { $count } free slots in { $namespace }.
}
manage-private-full = All private slots of { $namespace } on the plan { $plan } are in use. Make a repository public, delete one, or ask an administrator for a bigger plan.
manage-new-choose-visibility = Choose who can see it.
manage-new-done = { $name } created
manage-new-next = What happens next
manage-new-push = Then push a tag
manage-new-latest = Leave out the tag and Docker uses <code>latest</code>.
manage-new-secrets = <strong>Keep secrets out of images.</strong> Keys and passwords in a layer can be read by anyone who can pull it, private or not.
manage-cancel = Cancel
manage-save = Save
manage-saved = Changes saved
manage-choose = Choose what to do, then send the form again.
manage-more = and { $count } more

## Texts
manage-edit = Description and README
manage-edit-markdown = Markdown, at most 1 MiB
manage-edit-preview = Preview
manage-edit-nothing = Nothing to show yet.
manage-edit-categories = Categories, at most 3
manage-edit-topics = Topics
manage-edit-topics-hint = Up to 20 words with commas between them: lowercase letters, numbers and hyphens.

## Who may do what
manage-collaborators = Collaborators
manage-username = Username
manage-person-add = Add person
manage-person-added = { $name } can push and pull now
manage-person-removed = { $name } removed
manage-person-remove = Remove { $name }
manage-person-owner = Owns this repository
manage-person-since = Added { $ago }
manage-person-unverified = Not verified
manage-person-limited = Read only until the email is verified
manage-person-none = Nobody else has been let in. A collaborator can push and pull, and cannot add others.
manage-teams = Teams
manage-team = Team
manage-role = Role
manage-team-add = Add team
manage-team-choose = Choose a team.
manage-team-set = Role of { $team } saved
manage-team-removed = Team removed
manage-team-role = Role for team { $team }
manage-team-remove = Remove team { $team }
manage-team-owners = Owners
manage-team-owners-hint = Owners of { $organization }, always Admin
manage-team-official = Official images are handed to teams by the administrators of this hub.
manage-team-none = Every team that you can see has a role here.
manage-roles = What each role allows
manage-role-read = Read
manage-role-write = Write
manage-role-admin = Admin
manage-role-read-hint = View, search and pull.
manage-role-write-hint = Everything in Read, and push tags. Not on automated repositories.
manage-role-admin-hint = Everything in Write, and edit the description, people, visibility; delete the repository.
manage-roles-hint = A person gets the highest role from any team or direct grant. Collaborators cannot add others.
manage-roles-unverified = People without a verified email are limited to Read.

## Settings
manage-general = General
manage-general-edit = Edit texts
manage-general-edit-hint = What people read in search results and on the page of the repository.
manage-keep = Keep as it is
manage-type = Type <code>{ $name }</code> to confirm
manage-type-name = Type { $name } to confirm.
manage-rename = Rename
manage-rename-hint = The old name keeps pulling and redirects here. Pushes need the new one.
manage-rename-ask = Rename { $name }?
manage-rename-to = New name
manage-renamed = Renamed to { $name }
manage-former = Former names
manage-former-hint = These still lead to this repository. Give one up, and it leads nowhere and can be taken.
manage-former-release = Give up
manage-released = { $name } given up
manage-immutable = Immutable tags
manage-immutable-hint = An immutable tag can be pushed once. It can be neither moved nor deleted after that.
manage-immutable-none = None
manage-immutable-none-hint = Every tag can be pushed again.
manage-immutable-all = All
manage-immutable-all-hint = No tag can be pushed twice.
manage-immutable-patterns = Patterns
manage-immutable-patterns-hint = Tags that match one of the patterns below.
manage-immutable-rules = Patterns, one a line
manage-immutable-rules-hint = Regular expressions that match the whole tag, for example <code>v[0-9.]+</code>.
manage-immutable-check = Check patterns
manage-immutable-empty = Write at least one pattern, or choose None or All.
manage-immutable-matches = { $count ->
    [one] 1 tag of today matches:
   *[other] { $count } tags of today match:
}
manage-immutable-matches-none = No tag of today matches.
manage-danger = Danger zone
manage-make-private = Make private
manage-make-private-ask = Make { $name } private?
manage-make-private-hint = Stars are kept. Pulls by people without access stop at once.
manage-make-public = Make public
manage-make-public-ask = Make { $name } public?
manage-make-public-hint = Anyone can find it and pull every tag, also those that were pushed before.
manage-made-private = { $name } is private now
manage-made-public = { $name } is public now
manage-transfer = Transfer
manage-transfer-hint = Moves it to another namespace. Pulls by the old name go on; collaborators and roles of teams end, and tokens for it are void.
manage-transfer-nowhere = You can make repositories in no other namespace.
manage-transfer-ask = Transfer { $name }?
manage-transfer-to = New namespace
manage-transferred = Transferred to { $name }
manage-archive = Archive
manage-archive-hint = Makes it read only: everybody pulls as before, and nobody pushes or edits.
manage-archive-ask = Archive { $name }?
manage-archived = { $name } is archived now
manage-unarchive = Bring back
manage-unarchive-hint = People with Write can push again.
manage-unarchive-ask = Bring { $name } back?
manage-unarchived = { $name } takes pushes again
manage-delete = Delete repository
manage-delete-hint = Anyone pulling it gets an error. It waits in the trash for { $days } days and can be restored from there.
manage-delete-ask = Delete { $name }?
manage-delete-tags = { $count ->
    [0] It has no tags.
    [one] 1 tag goes with it.
   *[other] { $count } tags go with it.
}
manage-deleted = { $name } is in the trash

# The top bar
manage-create-menu = Create
manage-repository = Repository
manage-own-page = Your page

# Categories
manage-category-api-management = API management
manage-category-content-management-system = Content management system
manage-category-data-science = Data science
manage-category-databases-and-storage = Databases & storage
manage-category-developer-tools = Developer tools
manage-category-integration-and-delivery = Integration & delivery
manage-category-internet-of-things = Internet of things
manage-category-languages-and-frameworks = Languages & frameworks
manage-category-machine-learning-and-ai = Machine learning & AI
manage-category-message-queues = Message queues
manage-category-monitoring-and-observability = Monitoring & observability
manage-category-networking = Networking
manage-category-operating-systems = Operating systems
manage-category-security = Security
manage-category-web-analytics = Web analytics
manage-category-web-servers = Web servers

# Who has not verified an address
manage-unverified = <strong>Verify your email address first.</strong> Until then you can look and pull, and nothing else. <a href="/settings/email">Open email settings</a>
