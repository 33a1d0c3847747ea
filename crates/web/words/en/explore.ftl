## Ids begin with: explore-, search-, namespace-, docs-

explore-title = Explore images
explore-hero = Find an image you can trust, and keep your own close to hand.
explore-lede = Search public images, see who published them, then pull with the tools you already use.
explore-repositories = <b>{ $count }</b>{ $count ->
    [one] repository
   *[other] repositories
}
explore-officials = <b>{ $count }</b>{ $count ->
    [one] official image
   *[other] official images
}
explore-no-administrator = This hub has no administrator yet
explore-set-up = The program printed a setup link when it started; open that link. Or make the administrator on the command line:
explore-official = Official images
explore-official-why = Maintained and reviewed by this hub. Good places to build from.
explore-all-officials = All { $count }<span class="sr"> official images</span>
explore-popular = Most pulled
explore-more-popular = See more<span class="sr"> popular images</span>
explore-more-updated = See more<span class="sr"> recently updated images</span>
explore-share = Share your own
explore-step-sign-in = 1. Sign in
explore-step-sign-in-why = Your username becomes your namespace.
explore-step-tag = 2. Tag an image
explore-step-tag-why = Put the hub and your name in front.
explore-step-push = 3. Push
explore-step-push-why = No tag means <code>latest</code>.

search-label = Search by name, publisher or description
search-filters = Filters
search-trust = Trust
search-automated = Automated build
search-yours = Yours
search-private = Private repositories only
search-platform = Platform
search-architecture = Architecture
search-any-architecture = Any architecture
search-terminal = From a terminal
search-terminal-how = The same search with the Docker client:
search-results = Results
search-nothing = Nothing matches
search-nothing-for = Nothing matches { $text }
search-filtered = { $count ->
    [one] 1 filter is on.
   *[other] { $count } filters are on.
} <a href="{ $href }">Clear filters</a> to see everything that matches.
search-try = Try fewer or shorter words, or the name of a publisher.
search-found = <strong class="num">{ $count }</strong> { $count ->
    [one] repository
   *[other] repositories
}
search-found-for = <strong class="num">{ $count }</strong> { $count ->
    [one] repository matches
   *[other] repositories match
} <strong>{ $text }</strong>
search-sort = Sort by
search-sort-best = Best match
search-sort-stars = Stars
search-sort-pulls = Pulls

namespace-organization = Organization
namespace-joined = Joined { $date }
namespace-repositories = Repositories
namespace-filter = Filter repositories
namespace-sort = Sort repositories
namespace-none-found = No repository has “{ $text }” in its name
namespace-show-all = Show all repositories
namespace-push-first = Push your first image
namespace-push-makes = A push to a new name makes the repository.
namespace-nothing = No public repositories
namespace-nothing-shared = { $name } has not shared anything that you may see.

docs-title = How to use this hub
docs-lede = Pull, push, share. Every command here is ready to copy.
docs-here = On this page
docs-nav-pull = Pull
docs-nav-push = Push
docs-nav-share = Share
docs-nav-machines = Machines
docs-insecure = This hub is reached without TLS. Docker accepts that for <code>localhost</code> only; for other names add <code>"insecure-registries": ["{ $host }"]</code> to its <code>daemon.json</code>, or put a TLS proxy in front.
docs-pull = Pull an image
docs-pull-how = Public images need no account. The name is the hub, the publisher and the image; official images have no publisher.
docs-pull-others = Podman, Skopeo, containerd, crane and Kubernetes pull in the same way.
docs-sign-in-how = With your username, and your password or better an access token:
docs-sign-up = No account yet? <code>roadstead login</code> makes one where this hub lets people sign up.
docs-push = Push your own
docs-push-how = Everything below your username is yours. A push to a new name makes the repository.
docs-push-readme = Then tell people what it is, in Markdown:
docs-share = Share with others
docs-share-how = Repositories are public unless made private. A private one is seen by its people only; to everybody else it does not exist.
docs-share-teams = In an organization, teams get Read, Write or Admin on each repository:
docs-search-private = Signed in, your private repositories are found, too.
docs-machines = Machines and scripts
docs-machines-how = Give each machine an access token of its own, limited to what it needs:
docs-kubernetes = For Kubernetes:
docs-api = Programs for Docker Hub's API work with <code>{ $scheme }://{ $host }</code> in place of its address. All routes are in the <a href="/api/docs">API reference</a>.
docs-api-title = The API of this hub
docs-api-how = Send a token from <code>POST /v2/auth/token</code> as <code>Authorization: Bearer</code>, or a name and an access token with Basic. Lists come in pages: <code>?page=2&amp;page_size=50</code>. For programs: <a href="/api/openapi.json">openapi.json</a>.
docs-api-hub = Accounts, organizations, repositories, tags and access tokens are under <code>/v2/</code>, as clients of Docker Hub know them.
docs-api-open = open
docs-api-optional = , may be left out
