## Ids begin with: organization-

organization-badge = 组织
organization-tabs = 组织
organization-tab-repositories = 仓库
organization-tab-people = 成员与团队
organization-tab-activity = 动态
organization-new-repository = 创建仓库
organization-tab-plan = 套餐与用量
organization-tab-tokens = 访问令牌
organization-tab-settings = 设置
organization-head-repositories = { $count ->
    [0] 还没有仓库
   *[other] { $count } 个仓库
}
organization-head-people = { $people } 人，{ $teams } 个团队
organization-head-slots = 私有仓库已用 { $used } / { $most }
organization-head-private = { $count } 个私有仓库
organization-head-joined = 加入于 { $date }

organization-role = 角色
organization-role-member = 成员
organization-role-editor = 编辑者
organization-role-owner = 所有者
organization-role-member-text = 可以看到自己所在的团队，权限与这些团队相同。
organization-role-editor-text = 还可以创建、修改和删除仓库。
organization-role-owner-text = 所有者可以更改一切：成员、团队、令牌、设置、所有仓库，以及其他所有者。
organization-level-none = 无
organization-level-read = 读取
organization-level-write = 写入
organization-level-admin = 管理
organization-sure = 请点击下方按钮继续。目前尚未做任何更改。
organization-type-name = 输入 <code>{ $name }</code> 以确认
organization-cancel = 取消
organization-save = 保存更改
organization-show = 显示
organization-actions = 操作
organization-danger = 危险操作
organization-private = 私有
organization-public = 公开
organization-name-rule = 2 到 30 个小写字母、数字、- 和 _，以字母或数字开头和结尾。

organization-people-title = 成员与团队 · { $name }
organization-members = 成员
organization-members-filter = 筛选成员
organization-members-none = 没有名字包含“{ $text }”的人
organization-members-all = 显示所有人
organization-members-count = { $count } 人
organization-person = 姓名
organization-teams = 团队
organization-since = 加入时间
organization-manage = 管理 { $name }
organization-leave = 退出
organization-leave-title = 退出 { $name }？
organization-leave-text = 您将失去 { $name } 授予您的权限，并退出其所有团队。您推送的内容会保留。
organization-leave-back = 所有者可以再次邀请您。
organization-leave-button = 退出组织
organization-leave-keep = 留下
organization-left = 您已退出 { $name }
organization-back-people = 返回成员与团队

organization-invitations = 邀请
organization-invitations-none = 没有待处理的邀请。可以按用户名或邮箱地址邀请他人。
organization-invitations-more = 共 { $count } 个，显示最新的。
organization-invitations-foot = 邀请在 7 天内有效。多个名字请用逗号分隔。
organization-invite = 邀请
organization-invite-who = 用户名或邮箱
organization-invite-sent = { $count ->
    [1] 邀请已发送
   *[other] 已发送 { $count } 个邀请
}
organization-invite-member = { $name } 已经是成员。可通过该行末尾的按钮更改角色。
organization-invite-unknown = 没有用户“{ $name }”。请检查拼写，或填写邮箱地址。
organization-invite-resent = 邀请已重新发送
organization-invite-withdrawn = 邀请已撤回
organization-invitation-as = 角色：{ $role }
organization-invitation-team = 团队 { $team }
organization-invitation-sent = { $name } 邀请，{ $ago }
organization-invitation-ends = { $date } 到期
organization-invitation-ended = 已于 { $date } 到期
organization-resend = 重新发送
organization-withdraw = 撤回

organization-member-since = { $ago }加入
organization-member-save = 更改角色
organization-member-changed = 已更改 { $name } 的角色
organization-member-choose = 请选择角色。
organization-member-remove = 移除
organization-member-remove-title = 移除 { $name }
organization-member-remove-text = 立即退出组织及其所有团队。仓库和标签会保留。
organization-member-removed = 已移除 { $name }
organization-last-owner = { $name } 是最后一位所有者。请先指定另一位所有者，或删除该组织。

organization-team-create = 创建团队
organization-team-name = 名称
organization-team-description = 描述
organization-team-made = 已创建团队 { $name }
organization-team-saved = 团队已保存
organization-team-people = { $count ->
    [0] 还没有人。
   *[other] { $count } 人。
}
organization-team-members = 团队成员
organization-team-empty = 该团队还没有人
organization-team-empty-text = 按用户名添加成员。其他人会收到加入组织和该团队的邀请。
organization-team-add = 添加成员
organization-team-added = 已添加 { $name }
organization-team-invited = 已邀请 { $name } 加入组织和该团队
organization-team-remove = 移出
organization-team-out = 已将 { $name } 移出团队
organization-team-foot = 移出团队后，他们仍是组织成员。
organization-team-details = 名称与描述
organization-team-delete = 删除团队
organization-team-delete-hint = 团队中的人仍是组织成员，但失去该团队的权限。
organization-team-delete-title = 删除团队 { $name }？
organization-team-delete-text = { $count ->
    [0] 团队中没有人。授予它的权限以及加入它的待处理邀请将被删除。
   *[other] 团队中有 { $count } 人，他们仍是组织成员。授予该团队的权限以及加入它的待处理邀请将被删除。
}
organization-team-keep = 保留团队
organization-team-deleted = 已删除团队 { $name }
organization-teams-none = 您还不在任何团队中。
organization-teams-foot = 成员可以看到自己所在的团队。所有者可以查看和更改所有团队。
organization-owners-text = 管理成员、团队和套餐。
organization-reach-all = 全部可管理
organization-reach-read = { $count } 个可读取
organization-reach-write = { $count } 个可写入
organization-reach-admin = { $count } 个可管理

organization-matrix = 权限
organization-matrix-read = 读取：拉取
organization-matrix-write = 写入：推送
organization-matrix-admin = 管理：全部设置
organization-matrix-none = 还没有可共享的内容
organization-matrix-none-text = 有了仓库和团队之后，此表显示每个团队对每个仓库的权限。
organization-matrix-save = 保存权限
organization-matrix-saved = 权限已保存
organization-matrix-foot = 更改会立即保存。写入权限对自动构建的仓库无效：其标签来自构建。
organization-matrix-count = 您可以看到 { $count } 个仓库
organization-repository = 仓库
organization-cell = { $team } 对 { $repository } 的权限

organization-mine = 组织
organization-mine-text = 以同一个名字共同发布的人
organization-belong = 您所属的组织
organization-mine-none = 您还不属于任何组织
organization-mine-none-text = 在组织中，多人以同一个名字推送，由团队决定谁可以读取、写入和管理。
organization-mine-count = { $count } 个组织
organization-waiting = 给您的邀请
organization-accept = 接受
organization-decline = 拒绝
organization-invitation-accepted = 您现在是 { $name } 的成员
organization-invitation-declined = 已拒绝邀请

organization-create = 创建组织
organization-create-text = 由多人拥有并推送的命名空间。
organization-name = 名称
organization-name-free = { $name } 可以使用
organization-full-name = 显示名称
organization-full-name-text = 显示在名称旁边，例如大家共同从事的工作。
organization-default-private = 新仓库默认为私有
organization-default-private-text = 指推送时创建的仓库。每个都占用套餐中的一个私有名额。
organization-what = 什么是组织
organization-what-owners = 您将成为第一位所有者。所有者可以邀请他人，并授予他们同样的权限。
organization-what-teams = 团队在每个仓库上获得读取、写入或管理权限。
organization-what-name = 名称是每个镜像名称的一部分。以后可以更改；旧名称会为您保留。
organization-made = 已创建组织 { $name }

organization-plan = 套餐“{ $plan }”
organization-plan-text = 组织可以使用的额度和已用的额度。公开仓库不计入。
organization-plan-of = { $used } / { $most }
organization-plan-private = 私有仓库
organization-plan-private-left = 还可以创建 { $count } 个私有仓库。
organization-plan-private-full = 名额已用完。请将某个仓库设为公开、删除某个仓库，或向本站管理员申请其他套餐。
organization-plan-unlimited = 数量不限。
organization-plan-storage = 存储空间
organization-plan-storage-text = 无论这里有多少仓库共享，每个层只计算一次。回收站也计算在内。
organization-plan-storage-full = 在删除部分内容之前，推送会被拒绝。
organization-plan-reserved = 其中未完成的上传占用 { $size }。
organization-plan-invitations = { $count ->
    [0] 没有待处理的邀请。
   *[other] { $count } 个待处理的邀请也占用名额。
}
organization-plan-pulls = 拉取
organization-plan-pulls-most = 每个账户在一个时段内最多拉取 { $count } 次。
organization-plan-pulls-free = 该套餐不限制拉取次数。

organization-profile = 资料
organization-company = 公司
organization-location = 所在地
organization-url = 网页
organization-settings-saved = 设置已保存
organization-rename = 重命名组织
organization-rename-text = 每个仓库都会有新的镜像名称。{ $name }/… 仍可拉取；推送需要使用新名称。其他人无法使用 { $name }。
organization-renamed = 组织现在名为 { $name }
organization-delete = 删除组织
organization-delete-hint = 删除成员、团队和令牌。无法撤销。
organization-delete-repositories = 还有 { $count } 个仓库。<a href="/{ $href }">请先删除或转移它们。</a>
organization-delete-title = 删除 { $name }？
organization-delete-people = { $count ->
    [1] 您是唯一的成员。团队、邀请和访问令牌会立即删除。
   *[other] { $count } 人将失去在此的权限。团队、邀请和访问令牌会立即删除。
}
organization-delete-name = 名称 { $name } 会保留：任何人都无法使用，旧的镜像名称因此不会指向别处。此操作无法撤销。
organization-delete-type = 请输入 { $name } 以删除。
organization-delete-keep = 保留组织
organization-deleted = 已删除组织 { $name }

organization-tokens-text = 供以 { $name } 身份推送和拉取的机器使用。令牌不属于任何个人，有人离开后仍然有效。
organization-tokens-count = { $count } / 100
organization-tokens-none = 还没有访问令牌
organization-tokens-none-text = 为构建机器或集群创建令牌，只授予所需的权限。
organization-token-create = 创建令牌
organization-token-label = 名称
organization-token-label-text = 说明将在哪里使用。
organization-token-note = 备注
organization-token-places = 仓库
organization-token-places-text = 每行一个：<code>{ $name }/app</code>，全部用 <code>{ $name }/*</code>，或部分名称如 <code>{ $name }/web-*</code>。
organization-token-access = 权限
organization-token-pull = 只读
organization-token-pull-text = 拉取
organization-token-push = 读写
organization-token-push-text = 拉取和推送
organization-token-delete = 读取、写入和删除
organization-token-delete-text = 还可以删除标签
organization-token-admin = 全部
organization-token-admin-text = 还可以更改描述、可见性和设置
organization-token-used = 上次使用
organization-token-unused = 从未使用
organization-token-ends = 到期
organization-token-over = 已过期
organization-token-never = 永不
organization-token-month = 30 天后（{ $date }）
organization-token-quarter = 90 天后（{ $date }）
organization-token-year = 1 年后（{ $date }）
organization-token-made = 创建于 { $date }
organization-token-made-by = { $name } 创建于 { $date }
organization-token-resting = 已停用
organization-token-disable = 停用
organization-token-enable = 启用
organization-token-off = 令牌已停用
organization-token-on = 令牌已启用
organization-token-copy = 请立即复制新令牌
organization-token-copy-button = 复制令牌
organization-token-once = { $name } 只显示这一次。运行下面的命令，并将其作为密码粘贴。
organization-revoke = 吊销
organization-token-revoke = 吊销令牌
organization-token-revoke-title = 吊销 { $name }？
organization-token-revoke-used = 上次使用于 { $date }。使用它登录的程序会立即失效。此操作无法撤销。
organization-token-revoke-unused = 该令牌从未使用。此操作无法撤销。
organization-token-keep = 保留令牌
organization-token-revoked = 令牌已吊销
