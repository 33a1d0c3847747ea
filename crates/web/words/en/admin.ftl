## Ids begin with: admin-

admin-title = Site administration
admin-nav = Administration
admin-nav-health = Health
admin-nav-users = People
admin-nav-orgs = Organizations
admin-nav-plans = Plans
admin-nav-official = Official images
admin-nav-storage = Storage
admin-nav-jobs = Jobs
admin-nav-mail = Mail
admin-nav-announcements = Announcements
admin-nav-takedowns = Take-downs
admin-nav-reserved = Reserved names
admin-nav-settings = Settings
admin-nav-audit = Audit log

admin-account = Account
admin-actions = Actions
admin-administrator = Administrator
admin-by = by { $name }
admin-copy-digest = Copy digest
admin-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
admin-digest = Digest
admin-edit = Edit
admin-email = E-mail
admin-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
admin-look-again = Look again
admin-manage = Manage
admin-name = Name
admin-never = never
admin-of = { $used } of { $most }
admin-password = Password
admin-people = People
admin-plan = Plan
admin-private = Private repositories
admin-private-badge = Private
admin-reason = Reason
admin-repositories = Repositories
admin-save = Save changes
admin-show = Show
admin-shown = Showing { $shown } of { $count }.
admin-since = Since
admin-status = Status
admin-status-active = Active
admin-status-disabled = Disabled
admin-status-unverified = Not verified
admin-storage = Storage
admin-unlimited = no limit

admin-health-title = Health
admin-health-all-well = All well
admin-health-warnings = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
}
admin-health-well = Working
admin-health-warning = Warning
admin-health-orgs = { $count ->
    [one] 1 organization
   *[other] { $count } organizations
}
admin-health-private = { $count } private
admin-health-blobs = { $count ->
    [one] in 1 blob
   *[other] in { $count } blobs
}
admin-health-given-up = { $count } given up
admin-health-waiting = { $count } waiting
admin-health-database = Database
admin-health-store = Blob store
admin-health-index = Search index
admin-health-version = Version
admin-health-answers = Answers
admin-health-silent = Does not answer as it should; the log says why
admin-health-index-built = Is being built; searching works again in a moment
admin-health-no-mail = No mail server is set: letters are written to files

admin-users-title = People
admin-users-new = Add a person
admin-orgs-title = Organizations
admin-orgs-none = People make organizations themselves; those they make are listed here.
admin-accounts = Accounts
admin-accounts-find = Find an account
admin-accounts-placeholder = Name or e-mail
admin-accounts-only = Which accounts
admin-accounts-all = All
admin-accounts-administrators = Administrators
admin-accounts-unverified = Not verified
admin-accounts-disabled = Disabled
admin-accounts-any-plan = Any plan
admin-accounts-none = No account matches
admin-accounts-show-all = Show all accounts

admin-newcomer-name-hint = 2 to 30 lower-case letters, digits, _ and -. Images of this person begin with it.
admin-newcomer-email-hint = You vouch for it: it counts as verified.
admin-newcomer-password-hint = Leave it empty, and a link to choose one is sent to the address.
admin-newcomer-admin = Administrator of this hub
admin-newcomer-admin-hint = May do everything that is on these pages, and push official images.
admin-newcomer-create = Make the account
admin-newcomer-made = The account { $name } was made.
admin-newcomer-written = The account { $name } was made, and a link to choose a password is on its way.

admin-person-facts = About the account
admin-person-public = Public page
admin-person-seen = Last active
admin-person-members = Members
admin-person-teams = Teams
admin-person-tokens = Access tokens
admin-person-plan = Plan of this account
admin-person-plan-hint = What the account has already stays, even beyond a smaller plan.
admin-person-plan-give = Give this plan
admin-person-rename = Rename
admin-person-new-name = New name
admin-person-rename-hint = Images are pulled by the old name too, but no longer pushed. Nobody else ever gets the old name.
admin-person-acts = What you can do
admin-renamed = The account is called { $name } now.
admin-plan-given = { $name } has the plan { $plan } now.

admin-act-question = { $act }: { $name }
admin-act-done = { $act }: done for { $name }.
admin-act-verify = Verify e-mail
admin-act-verify-text = You vouch for the address. Until then the account can only read.
admin-act-sign-out = Sign out everywhere
admin-act-sign-out-text = Ends every browser session and every docker login made with the password. Access tokens stay.
admin-act-new-password = Send a reset link
admin-act-new-password-text = The password stops working at once, everything signed in with it ends, and a link to choose a new one goes to the verified address.
admin-act-remove-two-factor = Remove the second factor
admin-act-remove-two-factor-text = For somebody who lost it. Make sure that it is really they who ask: the password alone signs in then.
admin-act-promote = Make administrator
admin-act-promote-text = May then do everything that is on these pages, also to you.
admin-act-dismiss = Dismiss as administrator
admin-act-dismiss-text = Keeps the account and loses these pages. The last administrator stays.
admin-act-disable = Disable
admin-act-disable-text = Signs the account out and lets it in no more. Repositories stay, and public ones can be pulled.
admin-act-disable-org-text = Nobody works in the organization and its access tokens are void. Public images can be pulled.
admin-act-enable = Enable
admin-act-enable-text = Lets the account in again, as it was.
admin-act-delete = Delete
admin-act-delete-text = Removes the account and everything that is known of the person. It must have no repositories and be nobody’s last owner. Its name is never given to anybody else. This cannot be undone.
admin-act-delete-org-text = Removes the organization, its teams and tokens. It must have no repositories. Its name is never given to anybody else. This cannot be undone.
admin-confirm-type = Type <code>{ $word }</code> to confirm
admin-confirm-wrong = type { $word } to show that you mean it
admin-confirm-back = Cancel

admin-plans-title = Plans
admin-plans-text = A plan says how much a person or an organization may have.
admin-plans-new = Add a plan
admin-plans-edit-title = Plan { $name }
admin-plans-default = Default
admin-plans-default-hint = The plan <strong>default</strong> is for everybody who was given no other. The configuration of the hub sets it: <a href="/admin/settings">what it says now</a>.
admin-plans-members = Members of an organization
admin-plans-pulls = Pulls in a window
admin-plans-pulls-hint = Counts only where the hub limits pulls.
admin-plans-empty-hint = What is left empty has no limit. What accounts have already stays, even beyond it.
admin-plans-accounts = People and organizations
admin-plans-with = accounts with the plan { $name }
admin-plans-name-hint = 1 to 30 lower-case letters, digits and -.
admin-plans-taken = there is a plan { $name } already; edit it, or choose another name
admin-plans-bad-number = write a whole number, or nothing for no limit
admin-plans-bad-size = write a size such as 200 GB, or nothing for no limit
admin-plans-saved = The plan { $name } was saved.
admin-plans-delete = Delete plan
admin-plans-delete-title = Delete the plan { $name }
admin-plans-delete-text = Works while nobody has it: give its accounts another plan first.
admin-plans-deleted = The plan { $name } was deleted.

admin-official-title = Official images
admin-official-text = Official images stand at the top, without a namespace. Administrators push them, and teams that they are handed to.
admin-official-new = New official image
admin-official-hint = Will be pulled as <code>{ $host }/name</code>.
admin-official-create = Make it
admin-official-hand = Hand to a team
admin-official-image = Official image
admin-official-organization = Organization
admin-official-team = Team
admin-official-hand-hint = The team may then push to it and describe it.
admin-official-count = { $count ->
    [one] 1 official image
   *[other] { $count } official images
}
admin-official-find = Find an official image
admin-official-none = No official image yet
admin-official-none-text = Make the first one above, then push to it.
admin-official-unfound = No official image has this in its name
admin-official-all = Show all official images
admin-official-by-administrators = Maintained by administrators
admin-official-maintained = Maintained by <a href="/{ $organization }">{ $organization }</a>/{ $team }
admin-official-take-back = Take back
admin-official-made = The official image { $name } was made.
admin-official-handed = { $name } was handed to the team { $team }.
admin-official-taken = { $name } was taken back from the team { $team }.

admin-storage-stored = Stored
admin-storage-charged = Charged to namespaces
admin-storage-shared = { $size } saved by sharing layers
admin-storage-uploads = Uploads in flight
admin-storage-reserved = { $size } reserved
admin-storage-trash = In the trash
admin-storage-trash-text = repositories that can be restored
admin-storage-fullest = Who holds most
admin-storage-held = Holds
admin-storage-share = Share
admin-storage-none = Nothing was pushed yet
admin-storage-kept = How long things are kept
admin-storage-upload-rest = An upload may rest
admin-storage-protection = A pushed blob is safe
admin-storage-check = Check and recount
admin-storage-check-text = Reads all bytes beside the working hub and tells what is wrong. Run it where the hub runs:
admin-storage-recount-text = Counts anew what every namespace holds, and lists where the books differ:

admin-jobs-title = Jobs
admin-jobs-text = Work that follows from changes, such as letters. What fails is tried again, and in the end given up and listed here for 30 days.
admin-jobs-given-up = Given up ({ $count })
admin-jobs-waiting = Waiting ({ $count })
admin-jobs-none = No job was given up
admin-jobs-none-waiting = No job waits
admin-jobs-none-text = There is nothing to do.
admin-jobs-state-given-up = Given up
admin-jobs-state-running = Running
admin-jobs-state-waiting = Waiting
admin-jobs-attempts = attempt { $count } of { $most }
admin-jobs-next = next at { $time }
admin-jobs-retry = Try again
admin-jobs-cancel = Cancel
admin-jobs-forget = Forget
admin-jobs-retried = The job begins anew.
admin-jobs-deleted = The job is gone.
admin-jobs-moved-on = The job has moved on meanwhile: look at the list.

admin-mail-title = Mail
admin-mail-server = Letters go out through <code>{ $server }</code>
admin-mail-outbox = No mail server is set: letters are written to the log and to the folder <code>outbox</code> of the data directory. Set <code>smtp-url</code> in the configuration to send them.
admin-mail-test = Test letter
admin-mail-test-text = Sends a letter to the address of your account, the way all letters go.
admin-mail-send = Send a test letter
admin-mail-ordered = The letter was ordered.
admin-mail-sent = The mail server took the letter. Look into your mailbox.
admin-mail-written = The letter was written to a file in the outbox.
admin-mail-on-its-way = The letter is on its way.
admin-mail-delayed = The letter could not be sent yet:
admin-mail-next = It is tried again at { $time }.
admin-mail-given-up = The letter will not be sent:

admin-announcements-title = Announcements
admin-announcements-new = New announcement
admin-announcements-text = Text
admin-announcements-hint = One line that everybody sees above every page until they put it away.
admin-announcements-level = Level
admin-announcements-info = Information
admin-announcements-warning = Warning
admin-announcements-critical = Critical
admin-announcements-for = Shown for
admin-announcements-until = Until it is removed
admin-announcements-announce = Announce
admin-announcements-all = All announcements
admin-announcements-none = Nothing is announced
admin-announcements-none-text = Tell people above, for instance before you update the hub.
admin-announcements-now = Shown
admin-announcements-over = Not shown
admin-announcements-ends = ends { $time }
admin-announcements-remove = Remove
admin-announcements-made = It is announced.
admin-announcements-gone = The announcement is gone.

admin-takedowns-title = Take-downs
admin-takedowns-text = Content that is taken down is neither served nor accepted, in any repository of this hub.
admin-takedowns-new = Take content down
admin-takedowns-digest-hint = Of a manifest or a layer. The tags of a repository show them.
admin-takedowns-reason-hint = Shown to whoever asks for the content.
admin-takedowns-block = Take down
admin-takedowns-count = { $count ->
    [one] 1 digest is taken down
   *[other] { $count } digests are taken down
}
admin-takedowns-none = Nothing is taken down
admin-takedowns-none-text = Everything that was pushed is served to whoever may pull it.
admin-takedowns-lift = Allow again
admin-takedowns-made = The content is taken down.
admin-takedowns-lifted = The content is served again.

admin-reserved-title = Reserved names
admin-reserved-text = Nobody can sign up, make an organization or rename with these. You can still make an account of such a name.
admin-reserved-new = Reserve a name
admin-reserved-hint = With <code>*</code> at its end, all names that begin so. Who has one already keeps it.
admin-reserved-reserve = Reserve
admin-reserved-count = { $count ->
    [one] 1 reserved name
   *[other] { $count } reserved names
}
admin-reserved-none = No name is reserved
admin-reserved-none-text = Names that the program itself needs are never given out.
admin-reserved-release = Release
admin-reserved-made = { $name } is reserved.
admin-reserved-gone = { $name } can be taken again.

admin-settings-title = Settings
admin-settings-now = While the hub runs
admin-settings-configured = As configured: { $value }
admin-settings-sign-up = Who may make an account
admin-settings-sign-up-hint = You can always make accounts yourself.
admin-settings-visibility = New namespaces begin
admin-settings-visibility-hint = How repositories begin that the first push makes, for accounts made from now on.
admin-settings-announcements = Announcements
admin-settings-announcements-hint = Whether they are shown above the pages.
admin-settings-open = Everybody
admin-settings-invite = Whoever has an invitation
admin-settings-closed = Nobody
admin-settings-public = Public
admin-settings-private = Private
admin-settings-on = Shown
admin-settings-off = Hidden
admin-settings-saved = The settings are in force, on other nodes within a second.
admin-settings-configuration = From the configuration
admin-settings-configuration-text = These change with the configuration file, the environment or the command line, and a restart.
admin-settings-limit = Limit
admin-settings-value = Value
admin-settings-option = Option
admin-settings-default-private = Private repositories of the default plan
admin-settings-default-storage = Storage of the default plan
admin-settings-pulls-account = Pulls by an account in a window
admin-settings-pulls-anonymous = Pulls without an account in a window
admin-settings-api = API requests a minute
admin-settings-blob = Size of a layer
admin-settings-manifest = Size of a manifest
admin-settings-audit = Audit log kept for

admin-audit-title = Audit log
admin-audit-entries = Entries
admin-audit-actor = Who
admin-audit-target = On what
admin-audit-action = Action
admin-audit-any = Any
admin-audit-from = From
admin-audit-to = To
admin-audit-what = What happened
admin-audit-changed = Changed to
admin-audit-before = before: { $value }
admin-audit-when = When
admin-audit-denied = Denied
admin-audit-none = Nothing matches
admin-audit-all = Show the whole log
admin-audit-csv = Download as CSV

admin-setup-word = Setup
admin-setup-title = Set up this hub
admin-setup-text = Make the first account. It administers the hub and owns the official images. This link works once.
admin-setup-account = Administrator
admin-setup-username = Username
admin-setup-username-hint = 2 to 30 lower-case letters, digits, <code>_</code> and <code>-</code>. Your images will be named <code>{ $host }/username/…</code>
admin-setup-password-hint = At least 8 characters. You sign in with it here and with <code>docker login</code>.
admin-setup-open-hint = Anybody who reaches the hub can sign up.
admin-setup-invite-hint = You hand out codes that work once.
admin-setup-closed-hint = You make the accounts.
admin-setup-configured = As configured
admin-setup-configured-hint = Change these with <code>public-url</code> and <code>smtp-url</code> in the configuration, and a restart.
admin-setup-address = People reach it at
admin-setup-create = Create administrator
admin-setup-ready = The hub is ready
admin-setup-done = The account <strong>{ $name }</strong> administers this hub.
admin-setup-push = Push your first image
admin-setup-login = Sign in from a machine with Docker:
admin-setup-tag = Then give an image a name on this hub, and push it:
admin-setup-next = What comes next
admin-setup-next-people = <a href="/admin/users/new">Make accounts for others</a>
admin-setup-next-settings = <a href="/admin/settings">Look through the settings</a> and the <a href="/admin/plans">plans</a>
admin-setup-next-mail = Set a mail server, and <a href="/admin/mail">send a test letter</a>
admin-setup-next-docs = <a href="/docs">Read the guide</a>
admin-setup-sign-in = Sign in
admin-setup-is-done = This hub is set up
admin-setup-is-done-text = There is an administrator already, so setup links no longer work.
admin-setup-is-done-hint = Whoever runs the hub can make accounts with <code>roadstead admin user create</code>.
admin-setup-bad = This setup link does not work
admin-setup-bad-text = It is incomplete, was used, or is older than a day. Restart the hub: it prints a new link while there is no administrator.
