## Ids begin with: frame-, ui-

frame-skip = Skip to content
frame-explore = Explore

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
