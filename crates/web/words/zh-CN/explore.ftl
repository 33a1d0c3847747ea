## Ids begin with: explore-, search-, namespace-, docs-

explore-title = 探索镜像
explore-hero = 找到值得信赖的镜像，也把自己的镜像放在手边。
explore-lede = 搜索公开镜像，查看由谁发布，然后用您熟悉的工具拉取。
explore-repositories = <b>{ $count }</b>个仓库
explore-officials = <b>{ $count }</b>个官方镜像
explore-no-administrator = 本站还没有管理员
explore-set-up = 程序启动时输出了一个设置链接，请打开该链接；也可以在命令行中创建管理员：
explore-official = 官方镜像
explore-official-why = 由本站维护并审核，适合作为构建的基础。
explore-all-officials = 全部 { $count }<span class="sr"> 个官方镜像</span>
explore-popular = 拉取最多
explore-more-popular = 查看更多<span class="sr">热门镜像</span>
explore-more-updated = 查看更多<span class="sr">最近更新的镜像</span>
explore-share = 分享您的镜像
explore-step-sign-in = 1. 登录
explore-step-sign-in-why = 您的用户名就是您的命名空间。
explore-step-tag = 2. 为镜像打标签
explore-step-tag-why = 在前面加上本站地址和您的用户名。
explore-step-push = 3. 推送
explore-step-push-why = 不写标签即为 <code>latest</code>。

search-label = 按名称、发布者或描述搜索
search-filters = 筛选条件
search-trust = 可信度
search-automated = 自动构建
search-yours = 我的
search-private = 仅私有仓库
search-platform = 平台
search-architecture = 架构
search-any-architecture = 任意架构
search-terminal = 在终端中
search-terminal-how = 用 Docker 客户端进行同样的搜索：
search-results = 搜索结果
search-nothing = 没有匹配的结果
search-nothing-for = 没有与 { $text } 匹配的结果
search-filtered = 已启用 { $count } 个筛选条件。<a href="{ $href }">清除筛选条件</a>以查看所有匹配的结果。
search-try = 请尝试更少或更短的词，或发布者的名称。
search-found = <strong class="num">{ $count }</strong> 个仓库
search-found-for = <strong class="num">{ $count }</strong> 个仓库匹配 <strong>{ $text }</strong>
search-sort = 排序方式
search-sort-best = 最佳匹配
search-sort-stars = 星标
search-sort-pulls = 拉取次数

namespace-organization = 组织
namespace-joined = 加入于 { $date }
namespace-repositories = 仓库
namespace-filter = 筛选仓库
namespace-sort = 仓库排序
namespace-none-found = 没有名称包含“{ $text }”的仓库
namespace-show-all = 显示所有仓库
namespace-push-first = 推送您的第一个镜像
namespace-push-makes = 向新名称推送即会创建仓库。
namespace-nothing = 没有公开仓库
namespace-nothing-shared = { $name } 没有分享您可以查看的内容。

docs-title = 如何使用本站
docs-lede = 拉取、推送、分享。这里的每条命令都可以直接复制。
docs-here = 本页内容
docs-nav-pull = 拉取
docs-nav-push = 推送
docs-nav-share = 分享
docs-nav-machines = 机器
docs-insecure = 本站未使用 TLS。Docker 仅对 <code>localhost</code> 接受这种方式；对于其他名称，请在其 <code>daemon.json</code> 中加入 <code>"insecure-registries": ["{ $host }"]</code>，或在前面放置 TLS 代理。
docs-pull = 拉取镜像
docs-pull-how = 公开镜像无需账户。名称由本站地址、发布者和镜像名组成；官方镜像没有发布者部分。
docs-pull-others = Podman、Skopeo、containerd、crane 和 Kubernetes 的拉取方式相同。
docs-sign-in-how = 使用您的用户名，以及密码或（更好的）访问令牌：
docs-sign-up = 还没有账户？如果本站开放注册，<code>roadstead login</code> 可以创建一个。
docs-push = 推送您的镜像
docs-push-how = 您的用户名之下的一切都属于您。向新名称推送即会创建仓库。
docs-push-readme = 然后用 Markdown 告诉大家它是什么：
docs-share = 与他人共享
docs-share-how = 仓库默认公开，除非设为私有。私有仓库只有相关成员能看到；对其他人来说它并不存在。
docs-share-teams = 在组织中，团队可以获得每个仓库的读取、写入或管理权限：
docs-search-private = 登录后，也会搜索到您的私有仓库。
docs-machines = 机器与脚本
docs-machines-how = 为每台机器创建单独的访问令牌，只授予它所需的权限：
docs-kubernetes = 用于 Kubernetes：
docs-api = 使用 Docker Hub API 的程序，把地址换成 <code>{ $scheme }://{ $host }</code> 即可使用。所有路由见 <a href="/api/docs">API 参考</a>。
docs-api-title = 本站的 API
docs-api-how = 将 <code>POST /v2/auth/token</code> 返回的令牌放入 <code>Authorization: Bearer</code>，或使用 Basic 方式发送用户名和访问令牌。列表分页返回：<code>?page=2&amp;page_size=50</code>。供程序使用：<a href="/api/openapi.json">openapi.json</a>。
docs-api-hub = 账户、组织、仓库、标签和访问令牌位于 <code>/v2/</code> 之下，与 Docker Hub 的客户端所熟悉的一致。
docs-api-open = 开放
docs-api-optional = ，可省略
