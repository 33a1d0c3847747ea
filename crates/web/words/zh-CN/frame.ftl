## Ids begin with: frame-, ui-

frame-skip = 跳到正文
frame-explore = 探索
frame-announcements = 公告
frame-administration = 站点管理
frame-announcement-dismiss = 关闭此公告

ui-ago-now = 刚刚
ui-ago-minutes = { $count } 分钟前
ui-ago-hours = { $count } 小时前
ui-ago-yesterday = 昨天
ui-ago-days = { $count } 天前
ui-ago-weeks = { $count } 周前
ui-ago-months = { $count } 个月前
ui-ago-years = { $count } 年前
ui-date = { $year } 年 { $month } 月 { $day } 日

frame-main = 主导航
frame-theme = 切换浅色和深色主题
frame-search = 搜索镜像
frame-search-site = 站内
frame-running = Roadstead { $version }，运行于 <code>{ $host }</code>
frame-docs = 文档
frame-api = API
frame-sign-in = 登录
frame-sign-out = 退出登录
frame-account-menu = { $name } 的账户菜单
frame-signed-in = 已登录为 <strong>{ $name }</strong>
frame-own-repositories = 我的仓库
frame-organizations = 组织

ui-search = 搜索
ui-show = 显示
ui-copied = 已复制
ui-copy-command = 复制命令
ui-by-name = 名称
ui-by-updated = 最近更新
ui-pages = 分页
ui-page = 第 { $number } 页
ui-previous = 上一页
ui-next = 下一页
ui-updated = { $ago }更新
ui-publisher = 发布者 <a href="/{ $name }">{ $name }</a>
ui-pulls = { $count } 次拉取
ui-pulls-word = { $count ->
   *[other] 次拉取
}
ui-stars = { $count } 个星标
ui-stars-word = { $count ->
   *[other] 个星标
}
ui-repositories = { $count } 个仓库
ui-official = 官方
ui-official-why = 官方镜像，由本站维护并审核
ui-public = 公开
ui-public-why = 任何人都可以查看和拉取
ui-private = 私有
ui-private-why = 只有获得权限的人才能看到此仓库
ui-automated = 自动构建
ui-automated-why = 由本站从源代码构建
ui-archived = 已归档
ui-archived-why = 只读：任何人都不能推送

ui-slots = 已用私有仓库
ui-slots-used = 已用 { $used } / { $most }
