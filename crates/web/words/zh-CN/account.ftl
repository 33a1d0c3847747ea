## Ids begin with: account-, signin-

signin-motto = 您的镜像，安然入港。
signin-docker = 使用 Docker 客户端拉取和推送
signin-team = 与团队共享私有仓库
signin-publisher = 查看每个标签由谁发布
signin-username = 用户名或邮箱
signin-password = 密码
signin-reset = 重置密码
signin-terminal = 在终端中：
signin-empty = 请输入用户名和密码。
signin-wrong = 用户名与密码不匹配。请检查后重试。
signin-token = 访问令牌供机器使用。请在此使用密码登录。
signin-code-title = 输入验证码
signin-code-why = { $name } 启用了双重验证。请打开身份验证器，或使用恢复码。
signin-code = 验证码
signin-code-wrong = 验证码不匹配，或已超时。请尝试下一个验证码，或重新登录。
signin-continue = 继续
signin-anew = 重新登录
signin-new-here = 初次使用？<a href="{ $href }">创建账户</a>
signin-throttled = 错误次数过多。请在 { $minutes } 分钟后重试。

signin-up-username = 用户名

signin-again-title = 请确认是您本人
signin-again-art = 您的内容，只由您更改。
signin-again-why = 您即将进行的操作无法撤销，或会把访问权限交给他人。请再次输入密码，{ $minutes } 分钟内有效。
signin-again-go = 继续

signin-up-title = 创建账户
signin-up-art = 为您的镜像，也为与您协作的人，留一处安稳的港湾。
signin-up-closed = <code>{ $host }</code> 未开放自助注册。请向管理员申请账户。
signin-up-invite = 邀请码
signin-up-invite-hint = 本站仅限受邀注册，邀请码由管理员提供。
signin-up-username-hint = 2 到 30 个小写字母、数字、- 和 _。您的镜像将命名为 <code>{ $host }/用户名/…</code>
signin-up-free = { $name } 可以使用
signin-up-email = 邮箱
signin-up-email-hint = 我们会发送一个验证链接。验证之前您可以拉取，但不能推送。
signin-up-button = 创建账户
signin-up-have = 已有账户？<a href="{ $href }">登录</a>
signin-up-done = 账户已创建。请查收邮件：验证链接已发送至 { $email }。

account-nav = 设置
account-nav-profile = 个人资料
account-nav-email = 邮箱
account-nav-password = 密码
account-nav-two-factor = 双重验证
account-nav-tokens = 访问令牌
account-nav-sessions = 会话
account-nav-plan = 套餐与用量
account-nav-end = 删除账户

account-actions = 操作
account-cancel = 取消
account-current-password = 当前密码
account-type-password = 请输入您的密码。
account-code = 验证码
account-code-hint = 身份验证器显示的六位数字，或一个恢复码。

account-profile-lede = 其他人在<a href="/{ $name }">您的主页</a>上看到的内容，以及您阅读本站的方式。
account-full-name = 姓名
account-company = 公司
account-location = 所在地
account-web-page = 个人网页
account-language = 语言
account-language-browser = 跟随浏览器
account-default-private = 新仓库默认为私有
account-default-private-hint = 适用于由推送自动创建的仓库，前提是套餐仍有名额
account-profile-save = 保存个人资料
account-profile-saved = 个人资料已保存

account-email-lede = 账户有变动时，我们会写信到此地址。其他人看不到它。
account-email-now = 您的地址
account-email-verified = 已验证
account-email-unverified = 未验证
account-email-verify = <strong>验证邮箱后才能推送。</strong>我们已向 { $email } 发送链接，24 小时内有效。
account-email-pending = 请打开我们发送至 <strong>{ $email }</strong> 的链接。在此之前，原地址仍然有效。
account-email-again = 重新发送
account-email-resent = 链接已发送，24 小时内有效
account-email-change = 更改地址
account-email-new = 新地址
account-email-new-hint = 我们会向新地址发送链接，并通知您当前的地址。
account-email-sent = 请打开发送至 { $email } 的链接；在此之前，原地址仍然有效

account-password-lede = 您在本站和 docker login 中使用它登录。在机器上请改用访问令牌。
account-password-change = 更改密码
account-password-new = 新密码
account-password-hint = 至少 8 个字符。几个连在一起的词既好记，又难猜。
account-password-forgotten = 所有用旧密码登录的设备都会退出，包括您机器上的 docker。访问令牌不受影响。忘记密码？<a href="/account/forgot-password">重置密码</a>
account-password-changed = 密码已更改，其他所有登录均已退出。

account-two-factor-lede = 除密码外，还需要手机上的验证码。仅凭密码，别人无法登录。
account-two-factor-off = 未启用
account-two-factor-on = 已启用
account-two-factor-since = 自 { $date } 起
account-two-factor-set-up = 设置双重验证
account-two-factor-what = 您需要在手机上安装身份验证器应用。启用后，所有用密码登录的设备都会退出，docker login 只接受访问令牌。
account-two-factor-scan = 用身份验证器扫描
account-two-factor-scan-how = 打开应用，添加账户，将摄像头对准此处。在您输入验证码之前，不会有任何改变。
account-two-factor-picture = 包含身份验证器密钥的二维码
account-two-factor-type = 没有摄像头？请手动输入此密钥：
account-two-factor-copy-key = 复制密钥
account-two-factor-code-hint = 应用当前显示的六位数字。
account-two-factor-turn-on = 启用
account-two-factor-change = 更改双重验证
account-two-factor-change-what = 新的恢复码会取代旧的。停用后，仅凭密码即可登录。
account-two-factor-turn-off = 停用
account-two-factor-is-off = 双重验证已停用
account-codes-keep = 请保存这些恢复码
account-codes-what = 手机丢失时，每个代码可登录一次。它们不会再次显示：请打印出来，或存入密码管理器。
account-codes-copy = 复制代码
account-codes-kept = 我已保存
account-codes-new = 生成新的恢复码
account-codes-left = { $count ->
    [0] 恢复码已用完，请生成新的。
   *[other] 还剩 { $count } 个恢复码。
}

account-tokens-lede = 在 <code>docker login</code>、脚本和构建机器上，请用令牌代替密码。
account-tokens-unverified = 请先验证您的地址，然后才能创建访问令牌。<a href="/settings/email">前往验证</a>
account-tokens-yours = 您的令牌
account-tokens-count = { $count } 个令牌
account-tokens-none = 还没有访问令牌
account-tokens-none-next = 为每台机器各创建一个，这样可以单独吊销。
account-token-copy = 请立即复制新令牌
account-token-once = <strong>{ $label }</strong> 只显示这一次。运行下面的命令，并将它作为密码粘贴。
account-token-copy-button = 复制令牌
account-token-docker = Docker
account-token-podman = Podman
account-token-kubernetes = Kubernetes；在 imagePullSecrets 中引用此 Secret
account-token-create = 创建令牌
account-token-create-button = 创建令牌
account-token-prove = 令牌可访问您的仓库。请先确认密码。
account-token-prove-go = 确认并继续
account-token-name = 名称
account-token-name-hint = 说明它将用在哪里。
account-token-expires = 有效期
account-token-days = { $count } 天后（{ $date }）
account-token-year = 1 年后（{ $date }）
account-token-never = 永不过期
account-token-access = 权限
account-scope-public = 仅公开内容
account-scope-public-hint = 拉取所有人都能拉取的内容，使用您自己的速率限额
account-scope-read = 只读
account-scope-read-hint = 拉取
account-scope-write = 读写
account-scope-write-hint = 拉取和推送
account-scope-admin = 读、写和删除
account-scope-admin-hint = 还可以删除和更改标签与仓库
account-token-limit = 仅限部分仓库
account-token-limited = 部分仓库
account-token-repositories = 仓库
account-token-repositories-hint = 每行一个：<code>{ $name }/app</code>、<code>{ $name }/web-*</code> 或 <code>{ $name }/*</code>。留空表示全部。
account-token-all = 您能访问的全部仓库
account-token-used = 上次使用
account-token-unused = 从未使用
account-token-created = 创建于 { $date }
account-token-made = 创建
account-token-disabled = 已停用
account-token-expired = 已过期
account-token-soon = { $count ->
    [0] { $date }，今天
   *[other] { $date }，还剩 { $count } 天
}
account-token-rename = 重命名令牌
account-token-changed = { $label } 已更改
account-token-disable = 停用令牌
account-token-disable-what = 重新启用之前，无法用它登录。
account-token-enable = 启用令牌
account-token-enable-what = 它将恢复到之前的状态。
account-token-revoke = 吊销
account-token-revoke-title = 吊销 { $label }？
account-token-revoke-what = 使用此令牌的一切都会立即退出登录。吊销后无法恢复。
account-token-revoke-recent = 它在过去 24 小时内被使用过。
account-token-revoke-button = 吊销令牌
account-token-keep = 保留令牌
account-token-revoked = 令牌已吊销

account-sessions-lede = 用您的密码进行的每一次登录：浏览器，以及您机器上的 docker。结束您不认识的会话，然后更改密码。
account-sessions-count = { $count } 个会话
account-sessions-end-others = 退出其他所有登录
account-sessions-ended = { $count ->
    [0] 没有其他会话
   *[other] 已结束 { $count } 个会话
}
account-session-client = 程序
account-session-unnamed = 未命名
account-session-address = 地址
account-session-used = 上次使用
account-session-since = 登录时间
account-session-this = 当前会话
account-session-end = 退出
account-session-ended = 会话已结束

account-plan-lede = 您的套餐是 <strong>{ $plan }</strong>。它只计算您自己名下的内容；每个组织有各自的套餐。
account-plan-private = 私有仓库
account-plan-of = 已用 { $used } / { $most }。
account-plan-public-free = 公开仓库不计入。
account-plan-private-full = <strong>私有仓库名额已用完。</strong>新建私有仓库或将公开仓库设为私有都会被拒绝。请公开或删除一个，或向管理员申请其他套餐。
account-plan-private-unlimited = 已用 { $count } 个，无限制。
account-plan-storage = 存储
account-plan-stored-of = 已存储 { $used } / { $most }。您的仓库共用的层只计算一次。
account-plan-stored = 已存储 { $used }，无限制。您的仓库共用的层只计算一次。
account-plan-storage-full = 存满后推送会被拒绝，拉取不受影响。请删除标签或仓库，并清空回收站。
account-plan-reserved = 另有 { $size } 被进行中的上传占用。
account-plan-pulls = 拉取
account-plan-pulls-of = 每 { $hours } 小时 { $count } 次拉取。超出后会被拒绝，直到时间窗口结束。
account-plan-more = 套餐由本站的管理员分配。

account-end-lede = 此操作无法撤销。
account-end-title = 删除 { $name }？
account-end-what = <ul><li>您的地址、个人资料、访问令牌、会话和星标会立即删除。</li><li>您将退出所有组织和团队。若您是某个组织唯一的所有者，请先指定另一位所有者。</li><li>请先删除或转移您的仓库。</li><li>名称 <strong>{ $name }</strong> 不会再分配给任何人，包括您自己。</li></ul>
account-end-type = 输入 <strong>{ $name }</strong> 以确认
account-end-mistyped = 请准确输入您的账户名。
account-end-keep = 保留账户
account-end-button = 删除账户
account-ended = 您的账户已删除

account-verify-title = 验证您的地址
account-verify-ask = <strong>{ $email }</strong> 是您的账户 <strong>{ $name }</strong> 的地址吗？
account-verify-button = 验证此地址
account-verify-not-yours = 如果这不是您的账户，请关闭此页面：不会有任何改变。
account-verified-title = 您的地址已验证
account-verified = { $email } 现在是 { $name } 的已验证地址。您可以推送了。

account-reset-title = 设置新密码
account-reset-whose = 账户：<strong>{ $name }</strong>。所有用旧密码登录的设备都会退出。
account-reset-done-title = 您的密码已更改
account-reset-done = 所有用旧密码登录的设备都已退出。请重新登录，docker login 也一样。

account-forgot-title = 忘记密码？
account-forgot-how = 请输入您账户的已验证邮箱地址，我们会向它发送设置新密码的链接。
account-forgot-button = 发送链接
account-forgot-back = 返回登录
account-forgot-sent-title = 请查收邮件
account-forgot-sent = 如果有账户使用此已验证地址，链接已发送。链接一小时内有效，仅可使用一次。

account-link-bad = 此链接无效
account-link-taken = 此地址已被使用
account-link-too-often = 操作过于频繁
account-link-not-possible = 现在无法进行此操作
account-link-front = 返回首页
account-link-email = 获取新链接
account-link-password = 重置密码

account-invitation-title = 加入 { $organization }
account-invitation-what = { $inviter } 邀请您成为组织 <strong>{ $organization }</strong> 的成员。
account-invitation-for = 此邀请仅限 <strong>{ $name }</strong>。
account-invitation-join = 以 { $name } 的身份加入
account-invitation-decline = 拒绝
account-invitation-sign-in = 请用要加入的账户登录。
account-invitation-sign-in-button = 登录
account-invitation-no-account = 还没有账户？<a href="/signup">创建一个</a>，然后再次打开邮件中的链接。链接一周内有效。
account-invitation-joined-title = 欢迎
account-invitation-joined = { $name } 现在是 { $organization } 的成员。
account-invitation-declined-title = 已拒绝
account-invitation-declined = 您未加入 { $organization }，也不会有人得知原因。
account-invitation-expired = 此邀请已过期
