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
