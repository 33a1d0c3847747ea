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
tags-by-version = 按版本
tags-also = 另有
tags-and-more = 等
tags-delete = 删除标签
tags-keep = 保留标签
tags-delete-title = 要删除标签 { $tag } 吗？
tags-delete-what = 名称 <span class="mono">{ $tag }</span> 将被移除。它现在指向 <span class="digest">{ $digest }</span>。
tags-delete-last = 没有其他标签指向它。仍可按摘要拉取此镜像。
tags-delete-others = 以下标签指向同一摘要，将予以保留：
tags-delete-back = 其历史会保留，有推送权限的人可以从历史中恢复它。
tags-deleted = 已删除标签 { $tag }。
tags-moved-meanwhile = 打开此页面后该标签已变动。请查看它现在指向何处，然后再次确认。
tags-immutable-hint = 仓库管理员可以在设置中更改不可变标签的规则。
tags-history = 历史
tags-history-title = { $tag } 的历史
tags-history-of = <span class="mono">{ $tag }</span> 的历史
tags-moves = { $count } 次变动
tags-show-image = 查看镜像
tags-when = 时间
tags-who = 操作者
tags-from = 原摘要
tags-to = 新摘要
tags-somebody = 未知用户
tags-made = 新建
tags-what-changed = 变更内容
tags-restore = 恢复
tags-restore-to = 将 { $tag } 恢复到 { $digest }
tags-restored = 标签 { $tag } 已重新指向 { $digest }。

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
image-all-moves = 全部
image-also = 指向同一镜像的其他标签：
image-children = 此索引中的镜像
image-children-count = { $count } 个镜像
image-no-platform = 不针对任何平台
image-attached = 附加到此镜像的内容
image-attached-hint = 按其类型归类。本站只保存它们，不验证其声明。
image-kind = 种类
image-signature = 签名
image-bill = 软件物料清单
image-attestation = 证明
image-artifact = 其他
image-secrets = 以下环境变量看起来含有机密信息。凡能拉取此镜像的人都能读取，所有副本亦然；请更换它们，并改为在容器启动时提供：
image-compare-title = 比较 { $repository } 的镜像
image-compare = 比较两个镜像
image-compare-do = 比较
image-compare-hint = 输入此仓库的两个标签或摘要，查看它们之间的差异。
image-compare-missing = 这里没有“{ $name }”。请输入此仓库的标签或完整的摘要。
image-tag-or-digest = 标签或摘要
image-from-to = 从 <span class="mono">{ $from }</span> 到 <span class="mono">{ $to }</span>
image-same = 两者的层和配置完全相同。
image-shared = { $count ->
    [0] 没有相同的层
   *[other] { $count } 个相同的层，{ $size }
}
image-side = 镜像
image-layers-only = 仅 <span class="mono">{ $name }</span> 包含的层
image-setting = 设置
image-not-set = 未设置
image-no-common-platform = 两者没有共同的平台，无法比较。

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
insights-sizes = 各标签的存储空间
insights-sizes-hint = 最新的标签，压缩后大小。共用层的标签也共用存储空间。
insights-share-of-largest = 相对最大者的比例
