## Ids begin with: repository-, tags-, image-, insights-

repository-sections = Repository
repository-overview = Overview
repository-tags = Tags
repository-insights = Insights
repository-star = Star
repository-starred = Starred
repository-about = About this repository
repository-describe = There is no description yet. Write one from a file:
repository-push-first = Nothing was pushed yet either. Give an image its name here, and push it:
repository-no-description = No description yet.
repository-pull = Pull
repository-size = { $size } compressed
repository-size-for = { $size } compressed for { $platform }
repository-other-programs = With other programs
repository-nothing-to-pull = There is no tag to pull yet.
repository-last-days = Last 30 days
repository-details = Details
repository-owner = Owner
repository-owner-hub = This hub
repository-total-pulls = Total pulls
repository-stars = Stars
repository-storage = Storage
repository-created = Created
repository-last-pulled = Last pulled
repository-recent-tags = Recent tags
repository-all-tags = All { $count }<span class="sr"> tags</span>
repository-topics = Topics

tags-title = Tags of { $repository }
tags-count = { $count ->
    [0] No tags yet
    [one] 1 tag
   *[other] { $count } tags
}
tags-filter = Filter tags
tags-sort = Sort tags
tags-newest = Newest first
tags-none-found = No tag has “{ $text }” in its name
tags-show-all = Show all tags
tags-push-first = Push the first one
tags-nothing = Nothing was pushed yet
tags-tag = Tag
tags-digest = Digest
tags-platforms = Platforms
tags-size = Size
tags-pushed = Pushed
tags-last-pushed = Last pushed
tags-actions = Actions
tags-more = { $count } more
tags-mover = by <a href="/{ $name }">{ $name }</a>
tags-copy-digest = Copy digest of { $tag }
tags-copy-pull = Copy pull
tags-copy-pull-of = Copy pull command for { $tag }
tags-showing = Showing { $shown } of { $total }. Sizes are compressed.

image-of-tag = Image <span class="mono">{ $tag }</span>
image-platform = Platform
image-layers = Layers and history
image-layers-size = { $count ->
    [one] 1 layer, { $size } compressed
   *[other] { $count } layers, { $size } compressed
}
image-no-layers = The layers of this image are not on this hub.
image-layer-share = Share of largest layer
image-no-files = no files
image-configuration = Configuration
image-created = Created
image-entrypoint = Entrypoint
image-command = Command
image-user = User
image-working-folder = Working folder
image-ports = Ports
image-volumes = Volumes
image-variables = Variables
image-labels = Labels
image-pull = Pull this image
image-pin = Pin the digest to get exactly these bytes:
image-moves = Where this tag stood
image-tag-deleted = Deleted

insights-title = Insights of { $repository }
insights-per-day = Pulls per day
insights-sum = { $count ->
    [one] 1 pull
   *[other] { $count } pulls
} in { $days } days
insights-drawn = Pulls per day over the last { $days } days, from { $first } to { $last }
insights-most = Most in a day: { $count }
insights-today = Today: { $count }
insights-table = As a table
insights-day = Day (UTC)
insights-pulls = Pulls
insights-by-tag = Pulls by tag
insights-nothing = Nothing was pulled in these days.
insights-share = Share
insights-share-of = Share of the most pulled
insights-by-digest = By digest
