## Ids begin with: frame-, ui-

frame-skip = Skip to content
frame-explore = Explore
frame-announcements = Announcements
frame-administration = Site administration
frame-announcement-dismiss = Put this announcement away

ui-ago-now = just now
ui-ago-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
ui-ago-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
ui-ago-yesterday = yesterday
ui-ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
ui-ago-weeks = { $count ->
    [one] 1 week ago
   *[other] { $count } weeks ago
}
ui-ago-months = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
}
ui-ago-years = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
}
ui-date = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }

frame-main = Main
frame-theme = Switch between light and dark theme
frame-search = Search images
frame-search-site = Site
frame-running = Roadstead { $version } on <code>{ $host }</code>
frame-docs = Documentation
frame-api = API
frame-sign-in = Sign in
frame-sign-out = Sign out
frame-account-menu = Account menu for { $name }
frame-signed-in = Signed in as <strong>{ $name }</strong>
frame-own-repositories = Your repositories
frame-organizations = Organizations

ui-search = Search
ui-show = Show
ui-copied = Copied
ui-copy-command = Copy command
ui-by-name = Name
ui-by-updated = Recently updated
ui-pages = Pages
ui-page = Page { $number }
ui-previous = Previous
ui-next = Next
ui-updated = Updated { $ago }
ui-publisher = by <a href="/{ $name }">{ $name }</a>
ui-pulls = { $count } { $count ->
    [one] pull
   *[other] pulls
}
ui-pulls-word = { $count ->
    [one] pull
   *[other] pulls
}
ui-stars = { $count } { $count ->
    [one] star
   *[other] stars
}
ui-stars-word = { $count ->
    [one] star
   *[other] stars
}
ui-repositories = { $count } { $count ->
    [one] repository
   *[other] repositories
}
ui-official = Official
ui-official-why = Official image, maintained and reviewed by this hub
ui-public = Public
ui-public-why = Anyone can view and pull
ui-private = Private
ui-private-why = Only people with access can see this repository
ui-automated = Automated
ui-automated-why = Built from source by this hub
ui-archived = Archived
ui-archived-why = Read only: nobody can push to it

ui-slots = Private repositories used
ui-slots-used = { $used } of { $most } used
