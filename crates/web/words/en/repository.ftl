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
tags-by-version = Version
tags-also = also
tags-and-more = and more
tags-delete = Delete tag
tags-keep = Keep tag
tags-delete-title = Delete tag { $tag }?
tags-delete-what = The name <span class="mono">{ $tag }</span> goes away. It stands at <span class="digest">{ $digest }</span> now.
tags-delete-last = No other tag stands there. The image can still be pulled by its digest.
tags-delete-others = These tags stand at the same digest and stay:
tags-delete-back = Its history is kept, and whoever may push can put it back from there.
tags-deleted = Tag { $tag } was deleted.
tags-moved-meanwhile = The tag moved since this page was opened. Look at where it stands now, and confirm again.
tags-immutable-hint = Whoever administers the repository can change its rules for immutable tags in the settings.
tags-history = History
tags-history-title = History of { $tag }
tags-history-of = History of <span class="mono">{ $tag }</span>
tags-moves = { $count ->
    [one] 1 move
   *[other] { $count } moves
}
tags-show-image = Show image
tags-when = When
tags-who = Who
tags-from = From
tags-to = To
tags-somebody = somebody
tags-made = new
tags-what-changed = What changed
tags-restore = Restore
tags-restore-to = Put { $tag } back to { $digest }
tags-restored = Tag { $tag } stands at { $digest } again.

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
image-all-moves = All
image-also = The same image under other tags:
image-children = Images of this index
image-children-count = { $count ->
    [one] 1 image
   *[other] { $count } images
}
image-no-platform = for no platform
image-attached = Attached to this image
image-attached-hint = Told by their type. The hub keeps them and does not check what they claim.
image-kind = Kind
image-signature = Signature
image-bill = Bill of materials
image-attestation = Attestation
image-artifact = Other
image-secrets = These variables look like secrets. Whoever can pull the image can read them, in every copy of it; exchange them, and give them when the container starts:
image-compare-title = Compare images of { $repository }
image-compare = Compare two images
image-compare-do = Compare
image-compare-hint = Name two tags or digests of this repository to see what differs between them.
image-compare-missing = There is no “{ $name }” here. Name a tag of this repository, or a whole digest.
image-tag-or-digest = Tag or digest
image-from-to = From <span class="mono">{ $from }</span> to <span class="mono">{ $to }</span>
image-same = They have the same layers and the same configuration.
image-shared = { $count ->
    [0] no layer in common
    [one] 1 layer in common, { $size }
   *[other] { $count } layers in common, { $size }
}
image-side = Image
image-layers-only = Layers that only <span class="mono">{ $name }</span> has
image-setting = Setting
image-not-set = not set
image-no-common-platform = These two are for no platform in common, so there is nothing to compare.

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
insights-sizes = Storage by tag
insights-sizes-hint = The newest tags, compressed. Tags that share layers share their storage.
insights-share-of-largest = Share of the largest
