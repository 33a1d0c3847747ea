## Ids begin with: frame-, ui-

frame-skip = 跳到正文
frame-explore = 探索

ui-ago-now = 刚刚
ui-ago-minutes = { $count } 分钟前
ui-ago-hours = { $count } 小时前
ui-ago-yesterday = 昨天
ui-ago-days = { $count } 天前
ui-ago-weeks = { $count } 周前
ui-ago-months = { $count } 个月前
ui-ago-years = { $count } 年前
ui-date = { $year } 年 { $month } 月 { $day } 日
