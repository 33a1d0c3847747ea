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
error-signed-out-why = 请用您的账户登录，然后回到此页面。
error-too-often-why = 您或与您使用同一地址的其他人在短时间内尝试的次数过多。
error-busy = 本站正忙。
error-full = 本站已没有剩余空间。请告知本站的维护者。
error-broken-why = 这不是您的错。请重试；如果再次发生，请把下面的参考编号告知本站的维护者。
error-wait-seconds = 请在 { $count } 秒后重试。
error-wait-minutes = 请在 { $count } 分钟后重试。
error-logged = 错误 { $status }，参考编号 <code>{ $request }</code>
error-elsewhere = 此表单由其他网站发送。请在这里打开页面并重新提交。
error-earlier = 此表单来自之前的登录会话；请重新打开页面，再提交一次。
error-too-long = 此表单过长，或未完整送达。请缩短文字。
error-form = 提交的内容不是此页面的表单。
