## Ids begin with: repository-, tags-, image-, insights-

repository-sections = 仓库
repository-overview = 概览
repository-tags = 标签
repository-insights = 统计
repository-star = 加星标
repository-starred = 已加星标
repository-about = 关于此仓库
repository-describe = 还没有描述。可以用一个文件来编写：
repository-push-first = 也还没有推送过任何内容。请为镜像取一个此处的名称，然后推送：
repository-no-description = 还没有描述。
repository-pull = 拉取
repository-size = 压缩后 { $size }
repository-size-for = 压缩后 { $size }（{ $platform }）
repository-other-programs = 使用其他程序
repository-nothing-to-pull = 还没有可拉取的标签。
repository-last-days = 最近 30 天
repository-details = 详细信息
repository-owner = 所有者
repository-owner-hub = 本站
repository-total-pulls = 拉取总数
repository-stars = 星标
repository-storage = 存储空间
repository-created = 创建时间
repository-last-pulled = 最近拉取
repository-recent-tags = 最近的标签
repository-all-tags = 全部 { $count }<span class="sr"> 个标签</span>
repository-topics = 主题

tags-title = { $repository } 的标签
tags-count = { $count ->
    [0] 还没有标签
   *[other] { $count } 个标签
}
tags-filter = 筛选标签
tags-sort = 标签排序
tags-newest = 最新的在前
tags-none-found = 没有名称包含“{ $text }”的标签
tags-show-all = 显示所有标签
tags-push-first = 推送第一个标签
tags-nothing = 还没有推送过任何内容
tags-tag = 标签
tags-digest = 摘要
tags-platforms = 平台
tags-size = 大小
tags-pushed = 推送时间
tags-last-pushed = 最近推送
tags-actions = 操作
tags-more = 另外 { $count } 个
tags-mover = 操作者 <a href="/{ $name }">{ $name }</a>
tags-copy-digest = 复制 { $tag } 的摘要
tags-copy-pull = 复制拉取命令
tags-copy-pull-of = 复制 { $tag } 的拉取命令
tags-showing = 显示 { $shown } 个，共 { $total } 个。大小为压缩后的大小。

image-of-tag = 镜像 <span class="mono">{ $tag }</span>
image-platform = 平台
image-layers = 层与构建历史
image-layers-size = { $count } 层，压缩后 { $size }
image-no-layers = 此镜像的层不在本站。
image-layer-share = 相对最大层的比例
image-no-files = 无文件
image-configuration = 配置
image-created = 创建时间
image-entrypoint = 入口点
image-command = 命令
image-user = 用户
image-working-folder = 工作目录
image-ports = 端口
image-volumes = 卷
image-variables = 环境变量
image-labels = 元数据标签
image-pull = 拉取此镜像
image-pin = 指定摘要，以获取完全相同的内容：
image-moves = 此标签的历史
image-tag-deleted = 已删除

insights-title = { $repository } 的统计
insights-per-day = 每日拉取次数
insights-sum = { $days } 天内 { $count } 次拉取
insights-drawn = 最近 { $days } 天的每日拉取次数，从 { $first } 到 { $last }
insights-most = 单日最多：{ $count }
insights-today = 今天：{ $count }
insights-table = 以表格显示
insights-day = 日期（UTC）
insights-pulls = 拉取次数
insights-by-tag = 按标签统计的拉取次数
insights-nothing = 这些天没有人拉取。
insights-share = 比例
insights-share-of = 相对拉取最多者的比例
insights-by-digest = 按摘要
