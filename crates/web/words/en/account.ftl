## Ids begin with: account-, signin-

signin-motto = Your images, safe in harbour.
signin-docker = Pull and push with the Docker client
signin-team = Share private repositories with your team
signin-publisher = See who published every tag
signin-username = Username or email
signin-password = Password
signin-reset = Reset password
signin-terminal = From a terminal:
signin-empty = Type your username and your password.
signin-wrong = That username and password do not match. Check both and try again.
signin-token = Access tokens are for machines. Sign in here with your password.
signin-code-title = Enter your code
signin-code-why = { $name } has a second factor. Open your authenticator, or use a recovery code.
signin-code = Code
signin-code-wrong = This code does not match, or it took too long. Try the next one, or sign in anew.
signin-continue = Continue
signin-anew = Sign in anew
signin-new-here = New here? <a href="{ $href }">Create an account</a>
signin-throttled = { $minutes ->
    [one] Too many tries did not match. Try again in 1 minute.
   *[other] Too many tries did not match. Try again in { $minutes } minutes.
}

signin-up-username = Username

signin-again-title = Confirm that it is you
signin-again-art = Only you change what is yours.
signin-again-why = What you are about to do cannot be undone, or gives access to others. Type your password once more; it counts for { $minutes } minutes.
signin-again-go = Continue

signin-up-title = Create account
signin-up-art = A safe place for your images, and for the people you work with.
signin-up-closed = Nobody can sign up on <code>{ $host }</code> by themselves. Ask its administrator for an account.
signin-up-invite = Invitation code
signin-up-invite-hint = Accounts here are made by invitation. The administrator gives you a code.
signin-up-username-hint = 2 to 30 lowercase letters, digits, - and _. Your images will be named <code>{ $host }/username/…</code>
signin-up-free = { $name } is free
signin-up-email = Email
signin-up-email-hint = We send one link to verify it. Until then you can pull but not push.
signin-up-button = Create account
signin-up-have = Already have an account? <a href="{ $href }">Sign in</a>
signin-up-done = Your account is made. Check your mail: a link was sent to { $email }.

account-nav = Settings
account-nav-profile = Profile
account-nav-email = Email
account-nav-password = Password
account-nav-two-factor = Two-factor sign-in
account-nav-tokens = Access tokens
account-nav-sessions = Sessions
account-nav-plan = Plan and usage
account-nav-end = Delete account

account-actions = Actions
account-cancel = Cancel
account-current-password = Current password
account-type-password = Type your password.
account-code = Code
account-code-hint = Six digits of your authenticator, or a recovery code.

account-profile-lede = What people see at <a href="/{ $name }">your page</a>, and how you read the site.
account-full-name = Full name
account-company = Company
account-location = Location
account-web-page = Web page
account-language = Language
account-language-browser = As the browser asks
account-default-private = Start my new repositories private
account-default-private-hint = For repositories that a push creates, as long as your plan has room
account-profile-save = Save profile
account-profile-saved = Profile saved

account-email-lede = We write to this address when something happens to your account. Nobody else sees it.
account-email-now = Your address
account-email-verified = Verified
account-email-unverified = Not verified
account-email-verify = <strong>Verify your email to push.</strong> We sent a link to { $email }. It works for 24 hours.
account-email-pending = Follow the link that we sent to <strong>{ $email }</strong>. Until then the old address stays.
account-email-again = Send it again
account-email-resent = A link was sent; it works for 24 hours
account-email-change = Change address
account-email-new = New address
account-email-new-hint = We send a link there. Your present address is told, too.
account-email-sent = Follow the link that was sent to { $email }; until then the old address stays

account-password-lede = You sign in with it here and with docker login. On machines use an access token instead.
account-password-change = Change password
account-password-new = New password
account-password-hint = At least 8 characters. A few words in a row are easy to keep in mind and hard to guess.
account-password-forgotten = Everybody who is signed in with the old password is signed out, also docker on your machines. Access tokens go on. Forgotten it? <a href="/account/forgot-password">Reset your password</a>
account-password-changed = Password changed. Everybody else who was signed in is signed out.

account-two-factor-lede = A code from your telephone beside the password. Whoever finds out your password alone cannot sign in then.
account-two-factor-off = Off
account-two-factor-on = On
account-two-factor-since = since { $date }
account-two-factor-set-up = Set up two-factor sign-in
account-two-factor-what = You need an authenticator app on your telephone. Once it is on, everybody who is signed in with the password is signed out, and docker login takes access tokens only.
account-two-factor-scan = Scan this with your authenticator
account-two-factor-scan-how = Open the app, add an account and point the camera here. Nothing changes before you have typed a code.
account-two-factor-picture = QR code with the key for your authenticator
account-two-factor-type = No camera? Type this key:
account-two-factor-copy-key = Copy key
account-two-factor-code-hint = The six digits that the app shows now.
account-two-factor-turn-on = Turn on
account-two-factor-change = Change two-factor sign-in
account-two-factor-change-what = New recovery codes replace the old ones. Turned off, your password alone signs in again.
account-two-factor-turn-off = Turn off
account-two-factor-is-off = Two-factor sign-in is off
account-codes-keep = Keep these recovery codes
account-codes-what = Each signs you in once when your telephone is lost. They are not shown again: print them, or put them into a password manager.
account-codes-copy = Copy codes
account-codes-kept = I have kept them
account-codes-new = New recovery codes
account-codes-left = { $count ->
    [0] No recovery codes are left. Make new ones.
    [one] 1 recovery code is left.
   *[other] { $count } recovery codes are left.
}

account-tokens-lede = Use a token instead of your password with <code>docker login</code>, in scripts and on build machines.
account-tokens-unverified = Verify your address first; then access tokens can be made. <a href="/settings/email">To your address</a>
account-tokens-yours = Your tokens
account-tokens-count = { $count ->
    [one] 1 token
   *[other] { $count } tokens
}
account-tokens-none = No access tokens yet
account-tokens-none-next = Make one for each machine, so that you can revoke it by itself.
account-token-copy = Copy your new token now
account-token-once = This is the only time <strong>{ $label }</strong> is shown. Run a command below and paste it as the password.
account-token-copy-button = Copy token
account-token-docker = Docker
account-token-podman = Podman
account-token-kubernetes = Kubernetes; name the secret in imagePullSecrets
account-token-create = Create a token
account-token-create-button = Create token
account-token-prove = A token gives access to your repositories. Confirm your password to make one.
account-token-prove-go = Confirm and continue
account-token-name = Name
account-token-name-hint = Say where it will be used.
account-token-expires = Expires
account-token-days = In { $count } days ({ $date })
account-token-year = In 1 year ({ $date })
account-token-never = Never
account-token-access = Access
account-scope-public = Public only
account-scope-public-hint = pull what everybody can pull, with your own rate limit
account-scope-read = Read only
account-scope-read-hint = pull
account-scope-write = Read and write
account-scope-write-hint = pull and push
account-scope-admin = Read, write and delete
account-scope-admin-hint = also remove tags and repositories, and change them
account-token-limit = Limit to some repositories
account-token-limited = some repositories
account-token-repositories = Repositories
account-token-repositories-hint = One a line: <code>{ $name }/app</code>, <code>{ $name }/web-*</code> or <code>{ $name }/*</code>. Empty means all.
account-token-all = All that you can reach
account-token-used = Last used
account-token-unused = Never used
account-token-created = Created { $date }
account-token-made = Made
account-token-disabled = Disabled
account-token-expired = Expired
account-token-soon = { $count ->
    [0] { $date }, today
    [one] { $date }, in 1 day
   *[other] { $date }, in { $count } days
}
account-token-rename = Rename token
account-token-changed = { $label } was changed
account-token-disable = Disable token
account-token-disable-what = Nothing signs in with it until it is enabled again.
account-token-enable = Enable token
account-token-enable-what = It works again as before.
account-token-revoke = Revoke
account-token-revoke-title = Revoke { $label }?
account-token-revoke-what = Whatever uses this token is signed out at once. It cannot be brought back.
account-token-revoke-recent = It was used within the last 24 hours.
account-token-revoke-button = Revoke token
account-token-keep = Keep token
account-token-revoked = Token revoked

account-sessions-lede = Every sign-in with your password: browsers, and docker on your machines. End what you do not know, then change your password.
account-sessions-count = { $count ->
    [one] 1 session
   *[other] { $count } sessions
}
account-sessions-end-others = Sign out everywhere else
account-sessions-ended = { $count ->
    [0] There was no other session
    [one] 1 session ended
   *[other] { $count } sessions ended
}
account-session-client = Program
account-session-unnamed = Unnamed
account-session-address = Address
account-session-used = Last used
account-session-since = Signed in
account-session-this = This one
account-session-end = Sign out
account-session-ended = Session ended

account-plan-lede = Your plan is <strong>{ $plan }</strong>. It counts what stands under your own name; each organization has a plan of its own.
account-plan-private = Private repositories
account-plan-of = { $used } of { $most } in use.
account-plan-public-free = Public repositories are not counted.
account-plan-private-full = <strong>All private repositories are in use.</strong> A new one, or a public one made private, is refused. Make one public, delete one, or ask the administrator for another plan.
account-plan-private-unlimited = { $count ->
    [one] 1 in use, without limit.
   *[other] { $count } in use, without limit.
}
account-plan-storage = Storage
account-plan-stored-of = { $used } of { $most } stored. Layers that your repositories share count once.
account-plan-stored = { $used } stored, without limit. Layers that your repositories share count once.
account-plan-storage-full = When it is full, pushes are refused and pulls go on. Delete tags or repositories, and empty the trash.
account-plan-reserved = { $size } more are held by uploads that have begun.
account-plan-pulls = Pulls
account-plan-pulls-of = { $count ->
    [one] 1 pull in { $hours } hours. Further ones are refused until the window is over.
   *[other] { $count } pulls in { $hours } hours. Further ones are refused until the window is over.
}
account-plan-more = Plans are given by the administrator of this hub.

account-end-lede = There is no way back from this.
account-end-title = Delete { $name }?
account-end-what = <ul><li>Your address, profile, access tokens, sessions and stars are deleted at once.</li><li>You leave all organizations and teams. An organization that you own alone needs another owner first.</li><li>Repositories of yours must be deleted or transferred before.</li><li>Nobody ever gets the name <strong>{ $name }</strong> again, you neither.</li></ul>
account-end-type = Type <strong>{ $name }</strong> to confirm
account-end-mistyped = Type the name of your account exactly.
account-end-keep = Keep account
account-end-button = Delete account
account-ended = Your account is deleted

account-verify-title = Verify your address
account-verify-ask = Is <strong>{ $email }</strong> the address of your account <strong>{ $name }</strong>?
account-verify-button = Verify this address
account-verify-not-yours = If this account is not yours, close this page: nothing happens then.
account-verified-title = Your address is verified
account-verified = { $email } is now the verified address of { $name }. You can push.

account-reset-title = Choose a new password
account-reset-whose = For the account <strong>{ $name }</strong>. Everybody who is signed in with the old one is signed out.
account-reset-done-title = Your password is changed
account-reset-done = Everybody who was signed in with the old one is signed out. Sign in anew, also with docker login.

account-forgot-title = Forgot your password?
account-forgot-how = Write down the verified email address of your account. A link for a new password is sent to it.
account-forgot-button = Send the link
account-forgot-back = Back to sign in
account-forgot-sent-title = Look into your mail
account-forgot-sent = If an account has this verified address, a link was sent to it. The link works once, for one hour.

account-link-bad = This link does not work
account-link-taken = This address is taken
account-link-too-often = Not so fast
account-link-not-possible = This is not possible now
account-link-front = To the front page
account-link-email = Ask for a new link
account-link-password = Reset your password

account-invitation-title = Join { $organization }
account-invitation-what = { $inviter } invites you to become a member of the organization <strong>{ $organization }</strong>.
account-invitation-for = The invitation is for <strong>{ $name }</strong>.
account-invitation-join = Join as { $name }
account-invitation-decline = Decline
account-invitation-sign-in = Sign in with the account that shall join.
account-invitation-sign-in-button = Sign in
account-invitation-no-account = No account yet? <a href="/signup">Create one</a>, then open the link in the letter again. It stays good for a week.
account-invitation-joined-title = Welcome
account-invitation-joined = { $name } is now a member of { $organization }.
account-invitation-declined-title = Declined
account-invitation-declined = You are no member of { $organization }, and nobody is told why.
account-invitation-expired = This invitation has expired
