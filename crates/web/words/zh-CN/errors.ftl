## Ids begin with: error-

error-missing = 这里没有停泊任何东西
error-missing-why = 此页面或仓库不存在，或者它是私有的，而您没有访问权限。如果您认为应该能看到它，请检查名称，或换一个账户登录。
error-signed-out = 请先登录
error-forbidden = 您无权更改此内容
error-too-often = 请求过于频繁
error-refused = 无法按此要求操作
error-broken = 出了点问题
error-search-here = 本页
error-explore = 前往探索页
error-number = 错误 { $status }
